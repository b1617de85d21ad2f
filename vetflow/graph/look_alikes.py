"""Names that resemble those of well-known crates: the oldest trick to get somebody else's code into a build.

A resemblance is a question for a person, never a verdict, and only worth asking of names that are new in a graph.
crates.io itself refuses names that differ from another only in case or between `-` and `_`; so these are equal here.
Source: shared spec trust 3.4.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Final, NamedTuple

from vetflow.model.names import CrateName

_GLYPHS: Final = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("0", "o"), ("1", "l"), ("i", "l"), ("5", "s"), ("3", "e"))
"""What a reader may take for what, each replaced by the other."""
_AFFIXES: Final = ("rust-", "rs-", "-rust", "-rs", "-lib", "-crate")
_SHORTEST_EDITED: Final = 5
_SHORTEST_SWAPPED: Final = 4


class Resemblance(Enum):
    """What sets two names apart; the value completes "it differs from X only ..."."""

    SEPARATORS = "in where it has separators"
    GLYPHS = "in characters that look alike"
    ORDER = "in the order of its words"
    EDIT = "in one character"
    AFFIX = "by what is put before or after it"


class LookAlike(NamedTuple):
    """A name, the well-known one it resembles, and what sets them apart."""

    name: CrateName
    known: CrateName
    how: Resemblance


class KnownNames:
    """Names that are what they seem: well-known crates, and those the project has had before."""

    def __init__(self, names: Iterable[CrateName]) -> None:
        """Take the names; linear in their number."""
        spelled = {_normal(name): name for name in names}
        self._spelled = spelled
        self._compact = {name.replace("-", ""): name for name in spelled}
        self._drawn = {_drawn(name): name for name in spelled}
        self._words = {_words(name): name for name in spelled if "-" in name}

    def resembled_by(self, name: CrateName) -> LookAlike | None:
        """Return which known name another one resembles, the closest way first; None for a name that is known.

        Linear in the number of known names.
        """
        normal = _normal(name)
        if normal in self._spelled:
            return None
        ways = (
            (self._compact.get(normal.replace("-", "")), Resemblance.SEPARATORS),
            (self._drawn.get(_drawn(normal)), Resemblance.GLYPHS),
            (self._words.get(_words(normal)), Resemblance.ORDER),
            (self._edited(normal), Resemblance.EDIT),
            (self._without_affix(normal), Resemblance.AFFIX),
        )
        return next((LookAlike(name, self._spelled[known], how) for known, how in ways if known is not None), None)

    def _edited(self, name: str) -> str | None:
        return next((known for known in self._spelled if _is_one_edit(name, known)), None)

    def _without_affix(self, name: str) -> str | None:
        stripped = [name.removeprefix(affix).removesuffix(affix) for affix in _AFFIXES]
        stripped.append(name.removesuffix("s"))
        return next((each for each in stripped if each != name and each in self._spelled), None)


def _normal(name: CrateName) -> str:
    return name.lower().replace("_", "-")


def _drawn(name: str) -> str:
    """Return what a name looks like at a glance."""
    name = name.replace("-", "")
    for seen, taken_for in _GLYPHS:
        name = name.replace(seen, taken_for)
    return name


def _words(name: str) -> tuple[str, ...]:
    return tuple(sorted(name.split("-")))


def _is_one_edit(name: str, known: str) -> bool:
    """Whether one insertion, deletion, replacement or swap of neighbours leads from one name to the other.

    Of short names, for which that is no wonder, only a swap counts.
    """
    if abs(len(name) - len(known)) > 1 or len(known) < _SHORTEST_SWAPPED:
        return False
    start = next((i for i, (a, b) in enumerate(zip(name, known, strict=False)) if a != b), min(len(name), len(known)))
    left, right = name[start:], known[start:]
    if left[:2] == right[1::-1] and len(right) > 1 and left[2:] == right[2:]:
        return True
    return len(known) >= _SHORTEST_EDITED and (left[1:] == right[1:] or left[1:] == right or left == right[1:])
