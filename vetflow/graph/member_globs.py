"""`workspace.members`: from patterns to folders, as cargo expands them.

`*`, `?` and `[...]` match within a name, leading dots included; `**` matches folders of any depth, but not the one it
starts from. Source: shared spec graph 1 and the `glob` crate cargo uses.
"""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterator, Sequence
from typing import Final

from vetflow.model.ports import FileTree

_RECURSIVE: Final = "**"
_SPECIAL: Final = frozenset("*?[")


class PatternError(ValueError):
    """The text is no pattern; the message says why."""


def expand_member(tree: FileTree, root: str, pattern: str) -> list[str]:
    """Return the folders a `members` entry stands for, normalised, in cargo's order.

    Files among the matches are ignored. An entry that matches nothing stands for itself, so that a missing folder is
    noticed. Raises PatternError.
    """
    if _SPECIAL.isdisjoint(pattern):
        path = os.path.normpath(os.path.join(root, pattern))
        return [] if tree.is_file(path) else [path]
    absolute = os.path.isabs(pattern)
    names = [name for name in pattern.split("/") if name]
    matchers = [_matcher(name) for name in names]
    found = list(_below(tree, "/" if absolute else root, names, matchers))
    if not found:
        return [os.path.normpath(os.path.join(root, pattern))]
    return [os.path.normpath(path) for path in found if tree.is_dir(path)]


def _below(
    tree: FileTree, folder: str, names: Sequence[str], matchers: Sequence[re.Pattern[str] | None]
) -> Iterator[str]:
    """Yield what the remaining names match inside `folder`."""
    if matchers[0] is None and names[0] != _RECURSIVE:
        path = os.path.join(folder, names[0])
        if tree.is_dir(path) or tree.is_file(path):
            if len(names) == 1:
                yield path
            else:
                yield from _below(tree, path, names[1:], matchers[1:])
    elif tree.is_dir(folder):
        for name in tree.list_dir(folder):
            yield from _visit(tree, folder, name, names, matchers)


def _visit(
    tree: FileTree, folder: str, name: str, names: Sequence[str], matchers: Sequence[re.Pattern[str] | None]
) -> Iterator[str]:
    """Yield what the remaining names match at, or below, one entry of a folder."""
    path = os.path.join(folder, name)
    recursive = names[0] == _RECURSIVE
    rest, rest_matchers = names, matchers
    if recursive:
        while rest and rest[0] == _RECURSIVE:
            rest, rest_matchers = rest[1:], rest_matchers[1:]
        if not rest:
            if tree.is_dir(path):
                yield path
                yield from _below(tree, path, names[-1:], matchers[-1:])
            return
    matcher = rest_matchers[0]
    if matcher.fullmatch(name) if matcher is not None else rest[0] == name:
        if len(rest) == 1:
            yield path
        else:
            yield from _below(tree, path, rest[1:], rest_matchers[1:])
    if recursive and tree.is_dir(path):
        yield from _below(tree, path, names, matchers)


def _matcher(name: str) -> re.Pattern[str] | None:
    """Compile one name of a pattern; None where it has nothing special, or is `**`."""
    if name == _RECURSIVE or _SPECIAL.isdisjoint(name):
        return None
    if _RECURSIVE in name:
        raise PatternError("`**` must stand alone between slashes")
    regex = []
    at = 0
    while at < len(name):
        character = name[at]
        at += 1
        if character == "*":
            regex.append(".*")
        elif character == "?":
            regex.append(".")
        elif character == "[":
            negated = name.startswith("!", at)
            start = at + negated
            # A bracket right at the start of a set belongs to it.
            end = name.find("]", start + 1)
            if end < 0:
                raise PatternError("a `[` is not closed")
            body = _set_body(name[start:end])
            never, any_character = "(?!)", "."
            regex.append(f"[{'^' if negated else ''}{body}]" if body else (any_character if negated else never))
            at = end + 1
        else:
            regex.append(re.escape(character))
    return re.compile("".join(regex), re.DOTALL)


def _set_body(text: str) -> str:
    """Escape a set for `re`, keeping ranges such as `a-z`; a range that ends before it starts matches nothing."""
    parts = []
    at = 0
    while at < len(text):
        if text[at + 1 : at + 2] == "-" and at + 2 < len(text):
            first, last = text[at], text[at + 2]
            if first <= last:
                parts.append(f"{re.escape(first)}-{re.escape(last)}")
            at += 3
        else:
            parts.append(re.escape(text[at]))
            at += 1
    return "".join(parts)
