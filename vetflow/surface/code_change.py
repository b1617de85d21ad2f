"""Whether a delta changes any code: the same tokens in every Rust file, and no other file that could matter.

Most of what a release changes is not code, and a reviewer is told so only where nothing is left to doubt: what differs
all the same, and could be seen by a macro or a program, is named.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from enum import Enum
from itertools import zip_longest
from typing import Final, NamedTuple

from vetflow.model.contents import CrateFiles
from vetflow.surface.tokens import TokenKind, tokens


class ExceptionKind(Enum):
    """What differs although no code does; the value is the sentence people read."""

    DOC_TEXT = "documentation changed, which macros can see"
    LINE_NUMBERS = "line numbers changed, and the code asks for its own"
    INCLUDED = "changed, and the code names it: it may be included"
    DOCUMENT = "changed, and is no code"


class CodeException(NamedTuple):
    """Something that differs although no code does. line: None for a whole file."""

    kind: ExceptionKind
    path: str
    line: int | None = None


class CodeChange(NamedTuple):
    """What a delta changes for the compiler.

    changed: paths whose difference is, or may be, one of code; empty means there is no code change. compared: how many
    Rust files differ in their text and have the same tokens. exceptions: what differs all the same.
    """

    changed: tuple[str, ...]
    compared: int
    exceptions: tuple[CodeException, ...]

    @property
    def is_none(self) -> bool:
        """Whether no code changed."""
        return not self.changed


_MANIFEST: Final = "Cargo.toml"
_DOCUMENT: Final = re.compile(
    r"\.cargo_vcs_info\.json|Cargo\.lock|Cargo\.toml\.orig|\.github/.*|(?:.*/)?\.git[^/]*"
    r"|(?:.*/)?(?:LICEN[CS]E|COPYING|COPYRIGHT|AUTHORS|NOTICE|CONTRIBUTORS|UNLICENSE)[^/]*|.*\.(?:md|MD|markdown|adoc|rst)"
)
_OWN_PLACE: Final = frozenset({b"line", b"column", b"Location"})


def code_change(old: CrateFiles, new: CrateFiles, *, manifest_differs: bool, code: Collection[str] = ()) -> CodeChange:
    """Compare two versions of a crate as code.

    manifest_differs: whether the effective manifests do, apart from the version; the text of the manifest does not
    count. code: paths of Rust source that are not called `.rs`. Linear in the files that differ, and in those that
    mention a document that does.
    """
    changed: list[str] = [_MANIFEST] if manifest_differs else []
    exceptions: list[CodeException] = []
    compared = 0
    for path in sorted((old.keys() | new.keys()) - {_MANIFEST}):
        before, after = old.get(path), new.get(path)
        if before == after:
            continue
        if before and after and (path.endswith(".rs") or path in code):
            differences = _rust_exceptions(path, before.content, after.content)
            compared += differences is not None
            changed += [path] if differences is None else []
            exceptions += differences or ()
        elif _DOCUMENT.fullmatch(path) and path not in code:
            kind = ExceptionKind.INCLUDED if _is_named(path, new, code) else ExceptionKind.DOCUMENT
            exceptions.append(CodeException(kind, path))
        else:
            changed.append(path)
    return CodeChange(tuple(sorted(changed)), compared, tuple(exceptions))


def _rust_exceptions(path: str, old: bytes, new: bytes) -> list[CodeException] | None:
    """Return what differs between two Rust files with the same tokens; None, at the first that differs, otherwise."""
    before, after = _Seen([], [], []), _Seen([], [], [])
    if any(one != other for one, other in zip_longest(_code(old, before), _code(new, after))):
        return None
    found: list[CodeException] = []
    docs = zip_longest(before.docs, after.docs)
    doc = next((one or other for one, other in docs if _text(one) != _text(other)), None)
    if doc is not None:
        found.append(CodeException(ExceptionKind.DOC_TEXT, path, doc.line))
    if before.lines != after.lines and after.own_places:
        found.append(CodeException(ExceptionKind.LINE_NUMBERS, path, after.own_places[0]))
    return found


class _Doc(NamedTuple):
    """A piece of documentation. before: how many tokens of code come before it."""

    before: int
    text: bytes
    line: int


class _Seen(NamedTuple):
    """What was seen on the way through a file. own_places: the lines in which it asks where it is."""

    lines: list[int]
    docs: list[_Doc]
    own_places: list[int]


def _code(source: bytes, seen: _Seen) -> Iterator[tuple[bytes, bool]]:
    """Yield the code of a file, and note the rest."""
    for token in tokens(source):
        if token.kind is TokenKind.DOC:
            seen.docs.append(_Doc(len(seen.lines), token.text, token.line))
            continue
        if token.text in _OWN_PLACE:
            seen.own_places.append(token.line)
        seen.lines.append(token.line)
        yield token.text, token.spaced


def _text(doc: _Doc | None) -> tuple[int, bytes] | None:
    return doc and (doc.before, doc.text)


def _is_named(path: str, files: CrateFiles, code: Collection[str]) -> bool:
    """Whether a string in some Rust file contains the name of a file."""
    name = path.rpartition("/")[2].encode("utf-8", "surrogateescape")
    return any(
        name in token.text
        for file in files.values()
        if (file.path.endswith(".rs") or file.path in code) and name in file.content
        for token in tokens(file.content)
        if token.kind is TokenKind.CODE
    )
