"""What means more together: capabilities that are ordinary one by one, and in one unit the parts of an attack."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vetflow.surface.evidence import Evidence
from vetflow.surface.rules import Rules
from vetflow.surface.units import Role


def find_combinations(evidence: Sequence[Evidence], role: Role, rules: Rules) -> Iterator[Evidence]:
    """Yield one sentence for each combination of the table that the evidence of a unit completes.

    Its place is that of the most serious part; the chain names a place for every part.
    """
    for combination in rules.combinations:
        worth = combination.rule.worth.get(role)
        parts = [_most_serious(evidence, need) for need in combination.needs]
        found = [part for part in parts if part is not None]
        if worth is None or len(found) < len(parts):
            continue
        place = max(found, key=lambda each: (each.grade_when_new, each.grade))
        yield place._replace(
            rule=combination.rule.id,
            capability=combination.rule.capability,
            detail=" + ".join(dict.fromkeys(each.rule for each in found)),
            grade=worth.grade,
            sentence=combination.rule.sentence,
            chain=tuple(f"{each.path}:{each.line}: {each.sentence} ({each.detail})" for each in found),
            when_new=worth.when_new,
        )


def _most_serious(evidence: Sequence[Evidence], need: frozenset[str]) -> Evidence | None:
    fitting = [each for each in evidence if each.rule in need or each.capability in need]
    return max(fitting, key=lambda each: (each.grade_when_new, each.grade), default=None)
