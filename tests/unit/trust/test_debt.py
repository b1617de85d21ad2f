"""Exemptions may only become fewer."""

from __future__ import annotations

from vetflow.model.audits import Exemption
from vetflow.model.findings import Level
from vetflow.model.version import parse_version
from vetflow.trust.debt import debt, debt_findings


def exempt(*texts: str) -> dict[str, tuple[Exemption, ...]]:
    rows: dict[str, tuple[Exemption, ...]] = {}
    for text in texts:
        crate, version = text.split()
        rows[crate] = (*rows.get(crate, ()), Exemption(parse_version(version), ("safe-to-deploy",)))
    return rows


def test_fewer_and_as_many_are_fine() -> None:
    assert list(debt_findings(debt(exempt("anvil 1.0.0", "bramble 1.0.0"), exempt("anvil 1.0.0")), None)) == []
    moved = debt(exempt("anvil 1.0.0"), exempt("anvil 1.0.1"))
    assert (moved.before, moved.after, [str(entry.version) for _, entry in moved.new]) == (1, 1, ["1.0.1"])
    assert list(debt_findings(moved, None)) == []


def test_more_than_before_is_a_finding_that_names_the_new_ones() -> None:
    (finding,) = debt_findings(debt(exempt("anvil 1.0.0"), exempt("anvil 1.0.0", "anvil 1.0.1")), None, Level.FAIL)
    assert (finding.id, finding.level) == ("debt/exemptions", Level.FAIL)
    assert finding.reason == "there are 2 exemptions, 1 more than before; new: anvil 1.0.1"


def test_other_criteria_make_another_exemption() -> None:
    weak = {"anvil": (Exemption(parse_version("1.0.0"), ("safe-to-run",)),)}
    assert len(debt(weak, exempt("anvil 1.0.0")).new) == 1
