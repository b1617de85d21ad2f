"""The tokens of Rust code: what a compiler is left with once layout and comments are gone.

Two texts with the same tokens are the same code. The lexer is the language's own, small enough to be checked by eye.
The leaves of tree-sitter's tree would not do: they leave text out, such as the separator of a macro's repetition, where
`$(x),*` and `$(x)*` look alike. Whatever no rule matches is a token of its own here, so nothing can hide in between;
white space beyond ASCII counts as part of a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import Final, NamedTuple


class TokenKind(Enum):
    """What a token is to those who compare code."""

    CODE = "code"
    DOC = "doc"
    """Documentation, which macros see as attributes."""


class Token(NamedTuple):
    """A token and the line it starts in. spaced: something separates it from the one before, and that may matter."""

    kind: TokenKind
    text: bytes
    line: int
    spaced: bool


_LEXER: Final = re.compile(
    rb"""
    (?P<space>[\t-\r\ ]+)
  | (?P<comment>//[^\n]*)
  | (?P<block>/\*)
  | (?P<raw>[bc]?r(?P<hashes>\#*)"(?s:.*?)"(?P=hashes))
  | (?P<string>[bc]?"(?:[^"\\]|\\(?s:.))*")
  | (?P<char>b?'(?:\\(?:[^u]|u\{[^}]*\})[^']*|[^\\'\n\x80-\xff]|[\xc2-\xf4][\x80-\xbf]+)')
  | (?P<word>(?:r\#)?[A-Za-z_\x80-\xff][\w\x80-\xff]*)
  | (?P<number>[0-9](?:\w|(?<=[eE])[+-](?=[0-9_]))*(?:\.[0-9](?:\w|(?<=[eE])[+-](?=[0-9_]))*|\.(?![.\w\x80-\xff]))?)
  | (?P<delimiter>[()\[\]{},;])
  | (?P<sign>(?s:.))
    """,
    re.VERBOSE,
)
_COMMENT_EDGE: Final = re.compile(rb"/\*|\*/")
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_PREFIXES: Final = frozenset({b"'", b"#"})
"""Signs that make another token of what follows them: `'a`, `r#type`, `r#"text"#`."""


def tokens(source: bytes) -> Iterator[Token]:
    """Yield the tokens of a file of Rust code. Nothing in a file makes it fail."""
    source = source.removeprefix(_BYTE_ORDER_MARK).replace(b"\r\n", b"\n")  # as the compiler reads it
    position, line, spaced = 0, 1, False
    last_kind, last = "delimiter", b""
    while match := _LEXER.match(source, position):
        kind, text = match.lastgroup or "sign", match[0]
        if kind == "block":
            text, kind = source[position : end_of_comment(source, position)], "comment"
        position += len(text)
        if kind == "comment" and _is_doc(text):
            yield Token(TokenKind.DOC, text, line, spaced=False)
        if kind in ("space", "comment"):
            spaced = True
        else:
            yield Token(TokenKind.CODE, text, line, spaced and _is_kept_apart(last_kind, last, kind, text))
            last_kind, last, spaced = kind, text, False
        line += text.count(b"\n")


def _is_kept_apart(last_kind: str, last: bytes, kind: str, text: bytes) -> bool:
    """Whether it may matter that something separates two tokens.

    It does where they could be read as one, and between signs, where macros are told. Beside a delimiter, and between a
    sign and a word or a string, it does not.
    """
    if "delimiter" in (last_kind, kind):
        return False
    if (last_kind == "sign") == (kind == "sign"):
        return True
    return "number" in (last_kind, kind) or last in _PREFIXES or text in _PREFIXES


def end_of_comment(source: bytes, start: int) -> int:
    """Return where a block comment ends; block comments nest. One that is never closed takes the rest."""
    depth = 0
    for edge in _COMMENT_EDGE.finditer(source, start):
        depth += 1 if edge[0] == b"/*" else -1
        if not depth:
            return edge.end()
    return len(source)


def _is_doc(comment: bytes) -> bool:
    if comment.startswith(b"//"):
        return comment.startswith((b"///", b"//!")) and not comment.startswith(b"////")
    return comment.startswith((b"/**", b"/*!")) and not comment.startswith((b"/***", b"/**/"))
