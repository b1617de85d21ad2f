"""Paths as source text writes them: a literal, or what `concat!` and `env!` make of literals when code is compiled."""

from __future__ import annotations

from collections.abc import Iterable
from posixpath import dirname, join
from typing import TYPE_CHECKING, Final, NamedTuple

from vetflow.surface.rust import COMMENTS, STRINGS, name_of, string_value, text_of

if TYPE_CHECKING:
    from tree_sitter import Node

GENERATED_FOLDER: Final = "OUT_DIR"
PACKAGE_FOLDER: Final = "CARGO_MANIFEST_DIR"

_LITERALS: Final = frozenset({"integer_literal", "float_literal", "char_literal", "boolean_literal"})
_PUNCTUATION: Final = frozenset({"(", ")", "[", "]", "{", "}", ","})


class ConstPath(NamedTuple):
    """A path that is known when code is compiled.

    variable: the environment variable whose value it starts with, None where it is relative to the source file.
    text: what follows; None where that is computed. A path with neither is computed as a whole.
    """

    variable: str | None
    text: str | None

    def in_package(self, source: str) -> str | None:
        """Return the path relative to the package's root, not normalised, as code in the file `source` means it.

        None where it cannot be known, or begins with a variable that does not name the package's root.
        """
        if self.text is None or self.variable not in {None, PACKAGE_FOLDER}:
            return None
        if self.variable is not None:
            return self.text.lstrip("/\\")
        return join(dirname(source), self.text)


COMPUTED: Final = ConstPath(None, None)


def const_path(tokens: Iterable[Node]) -> ConstPath:
    """Return the path that an expression of literals, `concat!` and `env!` stands for; linear in its tokens."""
    text = ""
    variable: str | None = None
    words = _leaves(tokens)
    index = 0
    while index < len(words):
        word = words[index]
        if word.type in STRINGS:
            text += string_value(word)
        elif word.type in _LITERALS:
            text += text_of(word).strip("'")
        elif text_of(word) == "env" and _is_call(words, index):
            if variable is not None or text:
                return ConstPath(variable, None)
            variable = string_value(words[index + 3])
            index += 4
        elif text_of(word) in {"concat", "!", "std", "core", "::"} or word.type in _PUNCTUATION:
            pass
        else:
            return ConstPath(variable, None)
        index += 1
    return ConstPath(variable, text) if text or variable is not None else COMPUTED


def _is_call(words: list[Node], index: int) -> bool:
    """Whether a word begins `env!("NAME")`."""
    return index + 4 < len(words) and text_of(words[index + 1]) == "!" and words[index + 3].type in STRINGS


def _leaves(tokens: Iterable[Node]) -> list[Node]:
    found = []
    stack = list(tokens)[::-1]
    while stack:
        node = stack.pop()
        if node.type in COMMENTS:
            continue
        if node.child_count and node.type not in STRINGS:
            stack.extend(reversed(node.children))
        else:
            found.append(node)
    return found


def attribute_paths(attribute: Node) -> list[ConstPath]:
    """Return the paths that a `#[path = …]` names, or a `#[cfg_attr(…, path = …)]`, in the order of the text."""
    words = _leaves([attribute])
    names = [name_of(word) for word in words if word.type == "identifier"]
    if not names or names[0] not in {"path", "cfg_attr"}:
        return []
    found = []
    for index, word in enumerate(words[:-1]):
        if word.type == "identifier" and name_of(word) == "path" and words[index + 1].type == "=":
            found.append(const_path(_argument(words, index + 2)))
    return found


def _argument(words: list[Node], start: int) -> list[Node]:
    """Return the words of one argument: up to the comma or bracket that ends it."""
    depth = 0
    for end in range(start, len(words)):
        kind = words[end].type
        depth += (kind == "(") - (kind == ")")
        if depth < 0 or kind == "]" or (depth == 0 and kind == ","):
            return words[start:end]
    return words[start:]


def is_conditional(attribute: Node) -> bool:
    """Whether an attribute is a `cfg_attr`, so that what it says may not hold."""
    return any(name_of(word) == "cfg_attr" for word in _leaves([attribute])[:4])
