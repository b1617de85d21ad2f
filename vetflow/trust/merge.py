"""Three-way merging of files that say what they say in entries: what both sides want, or why that cannot be had.

A file is taken apart into groups of values. What only one side changed is taken over; what both only added to is
united; anything else is a conflict, because to choose would undo what somebody decided: an audit that one side narrowed
and the other edited must not come out wide. Merging does not depend on which side is whose.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeAlias


class Group(NamedTuple):
    """What is taken over or refused as one: the table, a name in it, and which of the entries of that name.

    is_list: its values are entries that may stand side by side; otherwise each part has one value.
    """

    table: str
    name: str
    entry: str = ""
    is_list: bool = False

    def __str__(self) -> str:
        """Return what messages call it."""
        return " ".join(part for part in (self.table, self.name, self.entry) if part)


Parts: TypeAlias = Mapping[str, Sequence[Any]]
"""The values of a group, by part: for a list all entries under the empty name, else one value for each field."""
Groups: TypeAlias = Mapping[Group, Parts]

ALL: Final = ""
"""The one part of a group that is a list, or is taken as a whole."""


class MergeConflict(NamedTuple):
    """Something that cannot be merged, and why."""

    what: str
    reason: str


class Merged(NamedTuple):
    """The result. ours, theirs: what comes out if each conflict is decided for one side; the same without any."""

    ours: Groups
    theirs: Groups
    conflicts: tuple[MergeConflict, ...]


class _Choice(NamedTuple):
    ours: Sequence[Any]
    theirs: Sequence[Any]
    reason: str | None = None


_BOTH: Final = "both sides changed it, and differently"
_REMOVED: Final = "one side removed it, and the other changed it"


def merge_groups(base: Groups, ours: Groups, theirs: Groups) -> Merged:
    """Merge what two sides made of the same file. Linear in the number of groups."""
    mine: dict[Group, Parts] = {}
    other: dict[Group, Parts] = {}
    conflicts: list[MergeConflict] = []
    for group in sorted({*base, *ours, *theirs}):
        sides = tuple(side.get(group, {}) for side in (base, ours, theirs))
        left, right, reason = _merge_group(group, *sides)
        if left:
            mine[group] = left
        if right:
            other[group] = right
        if reason is not None:
            conflicts.append(MergeConflict(str(group), reason))
    return Merged(mine, other, tuple(conflicts))


def _merge_group(group: Group, base: Parts, ours: Parts, theirs: Parts) -> tuple[Parts, Parts, str | None]:
    if ours in (base, theirs):
        return theirs, theirs, None
    if base == theirs:
        return ours, ours, None
    if base and bool(ours) != bool(theirs):
        kept = ours or theirs
        same = all(_same(base.get(part, ()), kept.get(part, ())) for part in {*base, *kept})  # in another order
        return ({}, {}, None) if same else (ours, theirs, _REMOVED)
    mine, other, reasons = {}, {}, []
    for part in sorted({*base, *ours, *theirs}):
        choice = _merge_values(group, *(side.get(part, ()) for side in (base, ours, theirs)))
        if choice.ours:
            mine[part] = choice.ours
        if choice.theirs:
            other[part] = choice.theirs
        if choice.reason is not None:
            reasons.append(f"{part}: {choice.reason}" if part else choice.reason)
    return mine, other, "; ".join(reasons) or None


def _merge_values(group: Group, base: Sequence[Any], ours: Sequence[Any], theirs: Sequence[Any]) -> _Choice:
    if _same(base, ours) or _same(ours, theirs):
        return _Choice(theirs, theirs)
    if _same(base, theirs):
        return _Choice(ours, ours)
    if group.is_list:
        if not _without(base, ours) and not _without(base, theirs):
            added = _without(ours, base)
            united = sorted((*base, *added, *_without(_without(theirs, base), added)), key=repr)
            return _Choice(united, united)
        renewed = _renewed(base, ours, theirs)
        if renewed:
            return _Choice(renewed, renewed)
    return _Choice(ours, theirs, _BOTH)


def _renewed(base: Sequence[Any], ours: Sequence[Any], theirs: Sequence[Any]) -> Sequence[Any]:
    """Return the entry that ends last, where both sides did nothing but let one entry end later."""
    if not len(base) == len(ours) == len(theirs) == 1 or not hasattr(base[0], "end"):
        return ()
    later = (each[0] for each in (ours, theirs))
    if any(each._replace(end=base[0].end) != base[0] or each.end < base[0].end for each in later):
        return ()
    return (max(ours[0], theirs[0], key=lambda each: each.end),)


def _same(some: Sequence[Any], others: Sequence[Any]) -> bool:
    return len(some) == len(others) and not _without(some, others)


def _without(some: Sequence[Any], others: Sequence[Any]) -> Sequence[Any]:
    """Return the entries that have no equal among the others, each of which accounts for one."""
    left = list(others)
    rest = []
    for entry in some:
        if entry in left:
            left.remove(entry)
        else:
            rest.append(entry)
    return rest
