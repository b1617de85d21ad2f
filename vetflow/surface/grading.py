"""What sightings are worth, by where the code runs: evidence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from vetflow.surface.evidence import Evidence
from vetflow.surface.rules import Rule, Worth
from vetflow.surface.sighting import Sighting
from vetflow.surface.tiers import Grade
from vetflow.surface.unit_code import FileCode, UnitCode
from vetflow.surface.units import Role

_LONGEST_TEXT: Final = 500
_RUN_THEMSELVES: Final = frozenset({Role.BUILD_SCRIPT, Role.PROC_MACRO})
_EXPECTED: Final = Worth(Grade.EXPECTED, Grade.EXPECTED)
_EMITTED: Final = "it stands in code that a macro gives out, and runs where that is used"


def grade(
    code: UnitCode, file: FileCode, sightings: Iterable[Sighting], *, every_place: bool = False
) -> list[Evidence]:
    """Return the evidence of one file, each line once; of what is expected, one line for each detail.

    every_place: all lines, also of what is expected and of what a rule does not look at in such code.
    """
    found: dict[tuple[object, ...], Evidence] = {}
    for sighting in sorted(sightings, key=lambda each: each.offset):
        rule = code.rules.by_id[sighting.rule]
        worth = worth_of(rule, code.unit.role, sighting)
        if worth is None:
            if not every_place:
                continue
            worth = _EXPECTED
        evidence = _evidence(code, file, sighting, worth)
        is_expected = not every_place and worth.grade is Grade.EXPECTED and worth.when_new < Grade.REVIEW
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
