"""How a peer's criteria count here, and where a criteria map makes more of them than the peer says.

Only the built-in criteria mean the same everywhere. A map raises where it makes a built-in criterion out of one that by
the peer's own word does not include it: nobody who recorded those audits vouched for that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from vetflow.model.audits import Audit, WildcardAudit
from vetflow.model.criteria import Criteria
from vetflow.model.names import SAFE_TO_DEPLOY, SAFE_TO_RUN, CriteriaName
from vetflow.model.store import AuditsFile

_BUILT_IN: Final = (SAFE_TO_DEPLOY, SAFE_TO_RUN)
"""The strongest first."""


class MappedCriterion(NamedTuple):
    """One criterion of a peer.

    ours: what it counts as, by the map or as a built-in; empty when as nothing. entries: how many audits and wildcard
    audits name it. raised: the built-in criterion that the map adds to what the peer says, the strongest of several.
    is_defined: the peer has such a criterion; a map of another one does nothing.
    """

    theirs: CriteriaName
    ours: tuple[CriteriaName, ...]
    entries: int
    raised: CriteriaName | None
    is_defined: bool


def mapped_criteria(
    files: Iterable[AuditsFile], criteria_map: Mapping[CriteriaName, tuple[CriteriaName, ...]], local: Criteria
) -> tuple[MappedCriterion, ...]:
    """Return each criterion a peer defines, uses or is mapped by, the most used first.

    Precondition: the peer's criteria do not contradict themselves (`import_mapping.map_to_local` sees to that).
    """
    files = tuple(files)
    theirs = Criteria({name: entry.implies for file in files for name, entry in file.criteria.items()})
    uses: dict[CriteriaName, int] = {}
    for entry in _entries(files):
        for name in entry.criteria:
            uses[name] = uses.get(name, 0) + 1
    names = ({*theirs.names} - {*_BUILT_IN}) | uses.keys() | criteria_map.keys()
    found = []
    for name in sorted(names):
        ours = criteria_map.get(name, (name,) if name in _BUILT_IN else ())
        raised = _raised(name, ours, theirs, local)
        found.append(MappedCriterion(name, ours, uses.get(name, 0), raised, is_defined=name in theirs))
    return tuple(sorted(found, key=lambda each: -each.entries))


def _entries(files: Iterable[AuditsFile]) -> Iterator[Audit | WildcardAudit]:
    for file in files:
        for audits in file.audits.values():
            yield from audits
        for wildcard_audits in file.wildcard_audits.values():
            yield from wildcard_audits


def _raised(
    name: CriteriaName, ours: tuple[CriteriaName, ...], theirs: Criteria, local: Criteria
) -> CriteriaName | None:
    said = theirs.closure(name) if name in theirs else 0
    made = local.set(ours)
    for each in _BUILT_IN:
        if made & local.closure(each) == local.closure(each) and said & theirs.closure(each) != theirs.closure(each):
            return each
    return None
