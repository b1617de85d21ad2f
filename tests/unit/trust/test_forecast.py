"""What ends soon, and the day on which something fails because of it."""

from __future__ import annotations

from vetflow.model.advisories import AdvisoryIgnore, AdvisoryPolicy
from vetflow.model.audits import TrustedEntry, WildcardAudit
from vetflow.model.dates import Date
from vetflow.model.decisions import Acceptance, Decisions
from vetflow.model.findings import Level
from vetflow.model.requirement import parse_requirement
from vetflow.model.rules import AdvisoryRules, AllowedCrate, Backlog, GateRules, ProjectRules
from vetflow.model.store import EMPTY_STORE, AuditsFile, ImportsFile, Store
from vetflow.trust.forecast import (
    Dated,
    Ending,
    Expiry,
    HoldingUp,
    expiries,
    expiry_findings,
    failing_day_finding,
    within,
)

TODAY = Date(2026, 1, 15)
START = Date(2025, 1, 1)
SAFE = ("safe-to-deploy",)


def store() -> Store:
    own = AuditsFile(
        {},
        {
            "anvil": (WildcardAudit(SAFE, 1, START, Date(2026, 2, 1)),),
            "unused": (WildcardAudit(SAFE, 1, START, TODAY),),
        },
        {},
        {"bramble": (TrustedEntry(SAFE, 1, START, Date(2026, 3, 20)),)},
    )
    peer = AuditsFile({}, {"cobalt": (WildcardAudit(SAFE, 1, START, Date(2026, 4, 10)),)}, {}, {})
    return EMPTY_STORE._replace(audits=own, imports=ImportsFile({}, {}, {"peer": peer}))


ACCEPTED = Acceptance("net", None, "r", ("ada",), until=Date(2026, 2, 28))
IGNORED = AdvisoryIgnore("CVE-1", "not reached", Date(2026, 1, 31))
ALLOWED = AllowedCrate("anvil", parse_requirement("^1"), "soon gone", Date(2026, 4, 1))
BACKLOG = Backlog(frozenset({("gate/unattested", "x")}), Date(2026, 4, 14))


def ends(holding_up: HoldingUp | None = None) -> tuple[Expiry, ...]:
    rules = ProjectRules(
        gate=GateRules(allow=(ALLOWED, ALLOWED._replace(crate="unused"))),
        advisories=AdvisoryRules(policy=AdvisoryPolicy((IGNORED,))),
    )
    decisions = Decisions({"anvil": (ACCEPTED,)})
    dated = Dated(store(), {"anvil", "bramble", "cobalt"}, decisions, rules, BACKLOG)
    return expiries(dated, holding_up or HoldingUp())


def test_everything_about_crates_in_use_that_ends_is_listed_by_the_first_day_without_it() -> None:
    assert [(str(each.day), each.ending) for each in ends()] == [
        ("2026-02-01", Ending.IGNORE),
        ("2026-02-01", Ending.WILDCARD),
        ("2026-03-01", Ending.ACCEPTANCE),
        ("2026-03-20", Ending.TRUST),
        ("2026-04-02", Ending.ALLOWED),
        ("2026-04-10", Ending.WILDCARD),
        ("2026-04-15", Ending.BACKLOG),
    ]
    assert ends()[-2].what == "peer's wildcard audit of cobalt: what is published from then on is to be read"


def test_it_is_sorted_into_thirty_sixty_and_ninety_days() -> None:
    assert {days: len(some) for days, some in within(ends(), TODAY).items()} == {30: 2, 60: 1, 90: 4}
    assert [each.level for each in expiry_findings(ends(), TODAY)] == [Level.WARN] * 2 + [Level.NOTE] * 5
    assert within(ends(), Date(2026, 4, 15)) == {30: (), 60: (), 90: ()}


class TestTheDayOnWhichARunBeginsToFail:
    def test_it_is_the_first_on_which_what_holds_something_up_ends(self) -> None:
        found = failing_day_finding(ends(HoldingUp(accepted=(ACCEPTED,), allowed=(ALLOWED,))), TODAY)
        assert found is not None
        assert found.reason == (
            "`vetflow ci` will fail from 2026-03-01 on, if nothing changes until then: "
            "on that day ends the accepted finding net of anvil"
        )

    def test_what_ends_and_holds_nothing_up_fails_nothing(self) -> None:
        assert failing_day_finding(ends(), TODAY) is None

    def test_a_day_that_is_far_away_or_over_is_not_told(self) -> None:
        held = ends(HoldingUp(ignored=(IGNORED,), backlog=True))
        assert failing_day_finding(held, Date(2025, 11, 1)) is None
        found = failing_day_finding(held, Date(2026, 2, 1))
        assert found is not None
        assert "from 2026-04-15 on" in found.reason
        assert failing_day_finding(held, Date(2026, 4, 15)) is None
