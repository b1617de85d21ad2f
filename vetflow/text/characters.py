"""Which characters must not reach a display as they are, and what stands for them there.

A terminal obeys some (controls), reorders others (bidirectional marks), and draws many as nothing at all. Two texts
that look alike and differ in such a character are the oldest way to hide code (shared spec ux 2).
"""

from __future__ import annotations

from enum import Enum
from typing import Final


class Kind(Enum):
    """Why something on display is not what stands in the text. All but `TAB` and `LINE_END` deserve attention."""

    CONTROL = "control"
    """A control character, which a terminal would obey."""
    BIDI = "bidi"
    """A mark that changes the order in which the characters around it are drawn."""
    INVISIBLE = "invisible"
    """A character that is drawn as nothing, as a blank of another kind, or in no agreed way."""
    INVALID = "invalid"
    """A byte that is no UTF-8, or half of a surrogate pair."""
    CUT = "cut"
    """The rest of a line that is too long to show."""
    TAB = "tab"
    LINE_END = "line end"
    """The carriage return of a line that ends in CR LF."""

    @property
    def is_suspicious(self) -> bool:
        """Whether a reviewer should look at it."""
        return self not in {Kind.TAB, Kind.LINE_END}


BIDI: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Unicode's characters with the property `Bidi_Control`."""

_IGNORABLE: Final = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
    + "".join(map(chr, range(0xFE00, 0xFE10)))  # variation selectors
    + "".join(map(chr, range(0xE0100, 0xE01F0)))
)
"""What `str.isprintable` takes for printable, and what has no shape of its own or looks like a blank."""
_DELETE: Final = "\x7f"
_CONTROL_PICTURES: Final = 0x2400
_DELETE_PICTURE: Final = "\u2421"
_BYTES: Final = range(0xDC80, 0xDD00)
"""The surrogates that stand for bytes which are no UTF-8 (`surrogateescape`)."""


def is_plain(text: str) -> bool:
    """Whether all of a text may be shown as it is. Fast for the texts that matter, which are ASCII."""
    return text.isprintable() and (text.isascii() or _IGNORABLE.isdisjoint(text))


def kind_of(character: str) -> Kind | None:
    """Return why a character must not be shown as it is; None when it may be."""
    if character < " " or "\x7f" <= character <= "\x9f":
        return Kind.CONTROL
    if character in BIDI:
        return Kind.BIDI
    if "\ud800" <= character <= "\udfff":
        return Kind.INVALID
    return None if is_plain(character) else Kind.INVISIBLE


def picture(character: str) -> str:
    """Return what stands for a character: a control picture, `<U+202E>`, or `<FF>` for a byte that is no UTF-8."""
    code = ord(character)
    if character < " ":
        return chr(_CONTROL_PICTURES + code)
    if character == _DELETE:
        return _DELETE_PICTURE
    return f"<{code - 0xDC00:02X}>" if code in _BYTES else f"<U+{code:04X}>"
