"""The colours of the review, by what they mean; tests hold their contrast, also as colour-blind eyes see them.

No meaning rests on a colour alone: each has a sign or a letter beside it. Added is blue and removed is orange, because
red and green of the usual darkness are one colour for every twentieth reader (shared spec ux 6.3).
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Ground(NamedTuple):
    """A colour to write on, and the stronger one for the words of a line that differ; `#rrggbb`."""

    line: str
    word: str


class Palette(NamedTuple):
    """A set of colours for one kind of terminal. The last five are written on `background` or `panel`."""

    background: str
    panel: str
    text: str
    added: Ground
    removed: Ground
    good: str
    bad: str
    build_time: str
    dim: str
    accent: str


DARK: Final = Palette(
    background="#101418",
    panel="#1a2027",
    text="#d8dee4",
    added=Ground("#0d2f52", "#1d5fa8"),
    removed=Ground("#4a2806", "#8f4e0c"),
    good="#56b4e9",
    bad="#e8743b",
    build_time="#e69f00",
    dim="#8b96a1",
    accent="#cc79a7",
)
LIGHT: Final = Palette(
    background="#ffffff",
    panel="#eef1f4",
    text="#1b1f24",
    added=Ground("#d6e8ff", "#9cc7ff"),
    removed=Ground("#ffe6cc", "#ffc489"),
    good="#0b62a8",
    bad="#a33d00",
    build_time="#805300",
    dim="#5c6670",
    accent="#8c3a6b",
)
