"""The risk of an unaudited change: a number with its parts, from signals and a table of weights.

The number orders work and never decides anything. It is the sum of its parts, none is negative, and each grows with the
number of things it counts: more evidence never lowers it. Source: DESIGN.md 1, issue 5 item 6.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from vetflow.formats.risk_toml import Weight

_NAMED: Final = 3
_LONGEST: Final = 60


class Signal(NamedTuple):
    """A kind of thing that is known of a change. id: of a weight. number: how many; details: in words."""

    id: str
    number: int
    details: tuple[str, ...] = ()


class RiskPart(NamedTuple):
    """What one signal counts. reason: in words, with what it is about; it may quote the crate."""

    id: str
    points: int
    reason: str


class Risk(NamedTuple):
    """A risk, opened into its parts, the heaviest first."""

    parts: tuple[RiskPart, ...] = ()

    @property
    def points(self) -> int:
        """The number: the sum of the parts."""
        return sum(part.points for part in self.parts)


def risk(signals: Iterable[Signal], weights: Mapping[str, Weight]) -> Risk:
    """Weigh signals, at most one of each kind; raises KeyError for one the table does not know."""
    parts = [RiskPart(each.id, weights[each.id].of(each.number), _reason(each, weights[each.id])) for each in signals]
    return Risk(tuple(sorted((part for part in parts if part.points), key=lambda part: (-part.points, part.id))))


def _reason(signal: Signal, weight: Weight) -> str:
    if not signal.details:
        return weight.says
    named = ", ".join(map(_shortened, signal.details[:_NAMED]))
    more = len(signal.details) - _NAMED
    return f"{weight.says}: {named}{f' and {more} more' if more > 0 else ''}"


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
