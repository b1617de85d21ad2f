"""`audits/risk.toml`: how much each thing known of an unaudited change counts, and how fast people read.

`[weight.ID]` has `points`, `further`, `most` (whole numbers, none negative) and `says`; `[pace]` has minutes and lines
for each minute. The file itself explains them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from vetflow.errors import WorkspaceError
from vetflow.formats.cargo_text import parse_workspace_toml, value_place

_WEIGHT: Final = "weight"
_PACE: Final = "pace"
_PACE_KEYS: Final = (
    "minutes-per-crate",
    "minutes-per-finding",
    "build-time-lines-per-minute",
    "lines-per-minute",
)


class Weight(NamedTuple):
    """What one kind of thing counts: `points` for the first, `further` for each further one, never over `most`."""

    points: int
    further: int
    most: int
    says: str

    def of(self, count: int) -> int:
        """Return what so many of them count; never less for more."""
        return min(self.most, self.points + self.further * (count - 1)) if count > 0 else 0


class Pace(NamedTuple):
    """How fast somebody reads. build_lines, lines: in a minute."""

    crate: float
    finding: float
    build_lines: float
    lines: float


class RiskRules(NamedTuple):
    """The file."""

    weights: Mapping[str, Weight]
    pace: Pace


def parse_risk(text: str, file: str) -> RiskRules:
    """Read the file; raises WorkspaceError with the place of the first mistake."""
    table = parse_workspace_toml(text, file)
    if sorted(table) != [_PACE, _WEIGHT] or not all(isinstance(each, dict) for each in table.values()):
        raise WorkspaceError(
            f"it needs the tables `{_WEIGHT}` and `{_PACE}` and no other", place=value_place(text, file, ())
        )
    weights = {}
    for name, entry in table[_WEIGHT].items():
        try:
            weights[name] = _weight(entry)
        except ValueError as error:
            place = value_place(text, file, (_WEIGHT, name))
            raise WorkspaceError(f"the weight is malformed: {error}", place=place) from None
    pace = table[_PACE]
    if sorted(pace) != sorted(_PACE_KEYS) or not all(_is_positive(value) for value in pace.values()):
        message = f"the pace needs positive numbers {', '.join(_PACE_KEYS)} and no other key"
        raise WorkspaceError(message, place=value_place(text, file, (_PACE,)))
    return RiskRules(weights, Pace(*(float(pace[key]) for key in _PACE_KEYS)))


def _weight(entry: Any) -> Weight:
    if not isinstance(entry, dict) or set(entry) != set(Weight._fields):
        raise ValueError(f"it needs the keys {', '.join(Weight._fields)} and no other")
    points, further, most, says = (entry[key] for key in Weight._fields)
    if not isinstance(says, str) or not all(type(each) is int and each >= 0 for each in (points, further, most)):
        raise ValueError("its numbers must be whole and not negative, `says` a sentence")
    return Weight(points, further, most, says)


def _is_positive(value: Any) -> bool:
    return type(value) in {int, float} and value > 0
