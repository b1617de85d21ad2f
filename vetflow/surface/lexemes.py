"""The words of a file of Rust code, apart from its comments and literals, and the brackets around them.

Names are found in the text and not in the syntax tree: a tree that its author confused, and the flat tokens of macros,
hide nothing here. Comments and the contents of literals are blanked first, so that what is left can be searched with
regular expressions; every offset stays what it was.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from vetflow.surface.tokens import end_of_comment
from vetflow.surface.units import ParsedFile

IDENT: Final = rb"(?:r\#)?[A-Za-z_\x80-\xff][0-9A-Za-z_\x80-\xff]*"

_OPAQUE: Final = re.compile(
    rb"""
    (?P<line>//[^\n]*)
  | (?P<block>/\*)
  | (?P<string>"[^"\\]*(?:\\(?s:.)[^"\\]*)*")
  | (?P<char>'(?:\\(?s:.)[^'\n]*|[^\\'\x80-\xff]|[\xc2-\xf4][\x80-\xbf]{1,3})')
    """,
    re.VERBOSE,
)
# Looked for from the quote on: a search for what may begin with a letter would stop at every word.
_PREFIX: Final = re.compile(rb"(?<![0-9A-Za-z_\x80-\xff])(?:[bc]|[bc]?r(?P<hashes>#*))\Z")
_LONGEST_PREFIX: Final = 260
_MARK: Final = re.compile(
    rb"(?P<rules>\bmacro_rules\s*!\s*" + IDENT + rb")"
    rb"|(?P<name>(?:::\s*)?\$?" + IDENT + rb"(?:\s*::\s*\$?" + IDENT + rb")*)(?P<bang>\s*!(?=\s*[(\[{]))?"
    rb"|(?P<number>[0-9][0-9A-Za-z_]*)|(?P<hash>\#\s*!?\s*(?=\[))|(?P<open>[(\[{])|(?P<close>[)\]}])"
)
_DECORATION: Final = re.compile(rb"\s+|r#")
_NOT_A_BLANK: Final = re.compile(rb"[^\n]")


class Text(NamedTuple):
    """A string literal. start, end: with its quotes. value: what it stands for; bytes read as Latin-1."""

    start: int
    end: int
    value: str


class Bracket(NamedTuple):
    """What stands within brackets after a macro's name, after `#` or after `extern`. start, end: with the brackets."""

    kind: str
    name: str
    start: int
    end: int


class Lexemes(NamedTuple):
    """What one file says. code: its text without comments, literals and items for tests only.

    names: paths of names by their text without blanks and `r#`, each with where it begins; a name of a macro that is
    called ends with `!`. brackets: in the order in which they end.
    """

    code: bytes
    texts: tuple[Text, ...]
    names: Mapping[bytes, list[int]]
    brackets: tuple[Bracket, ...]

    def within(self, kind: str, names: Iterable[str] | None = None) -> Ranges:
        """Return where brackets of a kind are, of the given names only when there are any."""
        wanted = None if names is None else frozenset(names)
        return Ranges(
            (each.start, each.end) for each in self.brackets if each.kind == kind and _fits(each.name, wanted)
        )


def _fits(name: str, wanted: frozenset[str] | None) -> bool:
    return wanted is None or name in wanted


class Ranges:
    """Ranges of offsets, which may lie within one another."""

    def __init__(self, ranges: Iterable[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(ranges):
            if self._ends and start < self._ends[-1]:
                self._ends[-1] = max(end, self._ends[-1])
            else:
                self._starts.append(start)
                self._ends.append(end)

    def __contains__(self, offset: object) -> bool:
        """Whether an offset lies in one of them; logarithmic."""
        if not isinstance(offset, int):
            return False
        index = bisect_right(self._starts, offset) - 1
        return index >= 0 and offset < self._ends[index]


def read_lexemes(file: ParsedFile) -> Lexemes:
    """Split a file into what it says; linear in its size."""
    code, literals = _blanked(file.source)
    for start, end in file.test_only:
        code[start:end] = _blank(code[start:end])
    tests = Ranges(file.test_only)
    texts = tuple(
        Text(start, end, literal_value(file.source[start:end])) for start, end in literals if start not in tests
    )
    names, brackets = _marks(bytes(code))
    return Lexemes(bytes(code), texts, names, tuple(brackets))


def _blanked(source: bytes) -> tuple[bytearray, list[tuple[int, int]]]:
    """Return the text without comments and contents of literals, and where its strings are."""
    code = bytearray(source)
    strings = []
    position = 0
    while match := _OPAQUE.search(source, position):
        start, position = match.span()
        if match["block"]:
            position = end_of_comment(source, start)
        elif match["string"] or match["char"]:
            start, position = _literal(source, start, position)
        code[start:position] = _blank(code[start:position])
        if match["string"] or match["char"]:
            code[start] = code[position - 1] = match[0][0]  # a literal still stands between its quotes
            if match["string"]:
                strings.append((start, position))
    return code, strings


def _literal(source: bytes, quote: int, end: int) -> tuple[int, int]:
    """Return where a literal is, with what stands before its quote; a raw one ends elsewhere."""
    prefix = _PREFIX.search(source[max(0, quote - _LONGEST_PREFIX) : quote])
    if prefix is None:
        return quote, end
    start = quote - len(prefix[0])
    if prefix["hashes"] is not None and source[quote] == ord('"'):
        closing = source.find(b'"' + prefix["hashes"], quote + 1)
        return start, len(source) if closing < 0 else closing + 1 + len(prefix["hashes"])
    return start, end


def _blank(text: bytes | bytearray) -> bytes:
    return _NOT_A_BLANK.sub(b" ", text)


def _marks(code: bytes) -> tuple[dict[bytes, list[int]], list[Bracket]]:
    names: dict[bytes, list[int]] = {}
    brackets: list[Bracket] = []
    opened: list[tuple[int, str, str]] = []
    kind, name = "", ""  # of the bracket that comes next
    for match in _MARK.finditer(code):
        what = match.lastgroup
        if what == "open":
            opened.append((match.start(), kind, name))
        elif what == "close" and opened:
            start, kind, name = opened.pop()
            if kind:
                brackets.append(Bracket(kind, name, start, match.end()))
        elif what == "rules":
            kind, name = "macro", "macro_rules"
            continue
        elif what == "hash":
            kind, name = "attribute", ""
            continue
        elif what in {"bang", "name"}:
            text = match["name"]
            if _DECORATION.search(text):
                text = _DECORATION.sub(b"", text)
            if what == "bang":
                kind, name = "macro", decoded_name(text.rpartition(b":")[2])
                names.setdefault(text + b"!", []).append(match.start())
                continue
            names.setdefault(text, []).append(match.start())
            if text == b"extern":
                kind, name = "extern", ""
                continue
        kind, name = "", ""
    brackets += [Bracket(kind, name, start, len(code)) for start, kind, name in opened if kind]
    return names, brackets


def decoded_name(name: bytes) -> str:
    """Return one name as text, without the mark of a raw one or of a macro's variable."""
    return name.strip().decode("utf-8", "replace").removeprefix("r#")


_ESCAPE: Final = re.compile(rb"\\(?:x([0-9a-fA-F]{2})|u\{([0-9a-fA-F_]{1,8})\}|(\r?\n[ \t\r\n]*)|((?s:.)))")
_SIMPLE: Final = {b"n": "\n", b"r": "\r", b"t": "\t", b"0": "\0"}


def literal_value(literal: bytes) -> str:
    """Return what a string literal, also a raw or byte string, stands for; bytes above 127 escaped read as Latin-1."""
    prefix, _, body = literal.partition(b'"')
    if b"r" in prefix:
        return body[: len(body) - prefix.count(b"#") - 1].decode("utf-8", "replace")
    body = body.removesuffix(b'"')
    if b"\\" not in body:
        return body.decode("utf-8", "replace")
    return "".join(_unescaped(body))


def _unescaped(body: bytes) -> Iterator[str]:
    position = 0
    for match in _ESCAPE.finditer(body):
        yield body[position : match.start()].decode("utf-8", "replace")
        position = match.end()
        code, wide, continued, simple = match.groups()
        if code or wide:
            number = int((code or wide).replace(b"_", b"") or b"0", 16)
            yield chr(number) if number <= 0x10FFFF else "\ufffd"
        elif continued is None:
            yield _SIMPLE.get(simple) or simple.decode("latin-1")
    yield body[position:].decode("utf-8", "replace")


def lines_of(source: bytes) -> list[int]:
    """Return where each line begins, for `line_at`."""
    return [0, *[match.end() for match in re.finditer(rb"\n", source)]]


def line_at(starts: list[int], offset: int) -> int:
    """Return the line, counted from 1, in which an offset lies."""
    return bisect_right(starts, offset)
