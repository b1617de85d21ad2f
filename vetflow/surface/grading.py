"""What sightings are worth, by where the code runs: evidence, and the way it is put before a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from vetflow.surface.evidence import Evidence
from vetflow.surface.rules import Rule, Worth
from vetflow.surface.sighting import Sighting
from vetflow.surface.tiers import Grade
from vetflow.surface.unit_code import FileCode, UnitCode
from vetflow.surface.units import Role

_LONGEST_TEXT: Final = 500
_RUN_THEMSELVES: Final = frozenset({Role.BUILD_SCRIPT, Role.PROC_MACRO})
_EMITTED: Final = "it stands in code that a macro gives out, and runs where that is used"


def grade(code: UnitCode, file: FileCode, sightings: Iterable[Sighting]) -> list[Evidence]:
    """Return the evidence of one file, each line once; of what is expected, one line for each detail."""
    found: dict[tuple[object, ...], Evidence] = {}
    for sighting in sorted(sightings, key=lambda each: each.offset):
        rule = code.rules.by_id[sighting.rule]
        worth = worth_of(rule, code.unit.role, sighting)
        if worth is None:
            continue
        evidence = _evidence(code, file, sighting, worth)
        is_expected = worth.grade is Grade.EXPECTED and worth.when_new < Grade.REVIEW
        place = None if is_expected else evidence.line
        found.setdefault((evidence.rule, evidence.detail, place, evidence.grade), evidence)
    return list(found.values())


def worth_of(rule: Rule, role: Role, sighting: Sighting) -> Worth | None:
    """Return what a sighting is worth; None where the rule does not look at such code.

    What a macro gives out runs in the product: it is worth what new code of a library at run time is.
    """
    if sighting.emitted and role in _RUN_THEMSELVES:
        given_out = rule.worth.get(Role.RUNTIME)
        return None if given_out is None else Worth(given_out.when_new, given_out.when_new)
    worth = rule.worth.get(role)
    if worth is None or not sighting.at_least:
        return worth
    grade = max(worth.grade, sighting.at_least) if role in _RUN_THEMSELVES else worth.grade
    return Worth(grade, max(worth.when_new, sighting.at_least))


def _evidence(code: UnitCode, file: FileCode, sighting: Sighting, worth: Worth) -> Evidence:
    rule = code.rules.by_id[sighting.rule]
    line = file.syntax.line(sighting.offset)
    chain = (*sighting.chain, _EMITTED) if sighting.emitted else sighting.chain
    return Evidence(
        rule=rule.id,
        capability=rule.capability,
        detail=sighting.detail,
        grade=worth.grade,
        tier=code.unit.role.tier,
        path=file.path,
        line=line,
        text=file.syntax.line_text(line)[:_LONGEST_TEXT],
        sentence=rule.sentence,
        chain=chain,
        when_new=worth.when_new,
    )


class EvidenceGroup(NamedTuple):
    """Evidence of one capability in one file, the most serious first."""

    capability: str
    path: str
    grade: Grade
    evidence: tuple[Evidence, ...]


class EvidenceSummary(NamedTuple):
    """Evidence as a person reads it: groups that deserve a look, and how often each expected thing was seen."""

    groups: tuple[EvidenceGroup, ...]
    expected: tuple[tuple[str, int], ...]


def summarise(evidence: Sequence[Evidence]) -> EvidenceSummary:
    """Merge evidence by capability and file, the most serious first; count what is expected by its sentence."""
    groups: dict[tuple[str, str], list[Evidence]] = {}
    expected: dict[str, int] = {}
    for each in evidence:
        if each.grade is Grade.EXPECTED:
            expected[each.sentence] = expected.get(each.sentence, 0) + 1
        else:
            groups.setdefault((each.capability, each.path), []).append(each)
    merged = [
        EvidenceGroup(capability, path, max(each.grade for each in group), tuple(sorted(group, key=_by_grade)))
        for (capability, path), group in groups.items()
    ]
    return EvidenceSummary(
        groups=tuple(sorted(merged, key=lambda group: (-group.grade, group.path, group.capability))),
        expected=tuple(sorted(expected.items())),
    )


def _by_grade(evidence: Evidence) -> tuple[int, int, str]:
    return -evidence.grade, evidence.line or 0, evidence.detail
