"""From the versions that RustSec's advisories call patched or unaffected to the ranges that are affected.

What is affected is everything else, by the order of versions. The rules are those of the rustsec crate, which
`cargo audit` is made of: a requirement is an interval, `> V` begins at the lowest version above V, and upper ends that
`^` and `~` imply leave out the pre-releases of the version they end at (shared spec trust 3.1).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from vetflow.model.advisories import AdvisorySyntaxError, AffectedRange, next_version
from vetflow.model.requirement import Comparator, RequirementSyntaxError, VersionReq, parse_requirement
from vetflow.model.version import VetVersion, parse_version

_ALONE: Final = ("=", "^", "~")
_LOWER: Final = (">", ">=")
_UPPER: Final = ("<", "<=")


class _Interval(NamedTuple):
    """Versions from `start` until before `end`; None is open."""

    start: VetVersion | None
    end: VetVersion | None


def affected_ranges(unaffected: Iterable[str]) -> tuple[AffectedRange, ...]:
    """Return what lies outside of all these requirements, in ascending order; everything when there are none.

    Raises AdvisorySyntaxError for a requirement that is no interval, such as `1.*` or one with two lower ends.
    """
    intervals = sorted(map(_interval, unaffected), key=lambda each: (each.start is not None, each.start or ()))
    if not intervals:
        return (AffectedRange(None, None),)
    ranges = []
    introduced: VetVersion | None = None
    reached_end = False
    for start, end in intervals:
        if reached_end:
            break
        if start is not None and (introduced is None or introduced < start):
            ranges.append(AffectedRange(introduced, start))
        if end is None:
            reached_end = True
        elif introduced is None or introduced < end:
            introduced = end
    if not reached_end:
        ranges.append(AffectedRange(introduced, None))
    return tuple(ranges)


def _interval(text: str) -> _Interval:
    try:
        requirement = parse_requirement(text)
    except RequirementSyntaxError as error:
        raise AdvisorySyntaxError(f"`{text}` is no version requirement: {error}") from None
    interval = _only_bound(requirement) or _bounds(requirement)
    if interval.start is not None and interval.end is not None and interval.start >= interval.end:
        raise AdvisorySyntaxError(f"`{text}` fits no version")
    return interval


def _only_bound(requirement: VersionReq) -> _Interval | None:
    """Return the interval of a comparator that has both ends; None where there is none."""
    both = [each for each in requirement.comparators if each.operator not in (*_LOWER, *_UPPER)]
    if not both:
        return None
    if len(requirement.comparators) > 1 or both[0].operator not in _ALONE:
        raise AdvisorySyntaxError(f"`{requirement}` is no interval that advisories may use")
    start = _version(both[0])
    return _Interval(start, next_version(start) if both[0].operator == "=" else _implied_end(both[0]))


def _bounds(requirement: VersionReq) -> _Interval:
    """Return the interval of at most one lower and one upper end."""
    lower = [each for each in requirement.comparators if each.operator in _LOWER]
    upper = [each for each in requirement.comparators if each.operator in _UPPER]
    if len(lower) > 1 or len(upper) > 1:
        raise AdvisorySyntaxError(f"`{requirement}` has the same end of an interval twice")
    return _Interval(
        next((next_version(_version(each)) if each.operator == ">" else _version(each) for each in lower), None),
        next((next_version(_version(each)) if each.operator == "<=" else _version(each) for each in upper), None),
    )


def _version(comparator: Comparator) -> VetVersion:
    """Return the version of a comparator; parts that are not there are zero, also after `>` and in `=1`."""
    major, minor, patch = (*comparator.numbers, 0, 0)[:3]
    text = f"{major}.{minor}.{patch}"
    pre = ".".join(identifier[2] for identifier in comparator.pre[1])
    return parse_version(f"{text}-{pre}" if pre else text)


def _implied_end(comparator: Comparator) -> VetVersion:
    numbers = comparator.numbers
    if comparator.operator == "~":
        kept = min(2, len(numbers))
    else:
        kept = next((place for place, number in enumerate(numbers, 1) if number), len(numbers))
    raised = [*numbers[: kept - 1], numbers[kept - 1] + 1]
    major, minor, patch = (*raised, 0, 0)[:3]
    return parse_version(f"{major}.{minor}.{patch}-0")
