"""What ends soon, and the day on which something fails because of it."""

from __future__ import annotations

from vetflow.model.advisories import AdvisoryIgnore, AdvisoryPolicy
from vetflow.model.audits import TrustedEntry, WildcardAudit
from vetflow.model.dates import Date
from vetflow.model.decisions import Acceptance, Decisions
from vetflow.model.findings import Level
from vetflow.model.store import EMPTY_STORE, AuditsFile, ImportsFile, Store
from vetflow.trust.forecast import (
    Ending,
    Expiry,
    expiries,
    expiry_findings,
    failing_day_finding,
    first_failing_day,
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


def ends() -> tuple[Expiry, ...]:
    accepted = Acceptance("net", None, "r", ("ada",), until=Date(2026, 2, 28))
    policy = AdvisoryPolicy((AdvisoryIgnore("CVE-1", "not reached", Date(2026, 1, 31)),))
    return expiries(store(), {"anvil", "bramble", "cobalt"}, Decisions({"anvil": (accepted,)}), policy)


def test_everything_about_crates_in_use_that_ends_is_listed_by_the_first_day_without_it() -> None:
    assert [(str(each.day), each.ending) for each in ends()] == [
        ("2026-02-01", Ending.IGNORE),
        ("2026-02-01", Ending.WILDCARD),
        ("2026-03-01", Ending.ACCEPTANCE),
        ("2026-03-20", Ending.TRUST),
        ("2026-04-10", Ending.WILDCARD),
    ]
    assert ends()[-1].what == "peer's wildcard audit of cobalt: what is published from then on is to be read"


def test_it_is_sorted_into_thirty_sixty_and_ninety_days() -> None:
    assert {days: len(some) for days, some in within(ends(), TODAY).items()} == {30: 2, 60: 1, 90: 2}
    assert [each.level for each in expiry_findings(ends(), TODAY)] == [Level.WARN] * 2 + [Level.NOTE] * 3
    assert within(ends(), Date(2026, 4, 10)) == {30: (), 60: (), 90: ()}


def test_the_first_failing_day_is_found_by_asking() -> None:
    asked = []

    def fails(day: Date) -> bool:
        asked.append(day)
        return day >= Date(2026, 2, 20)

    assert first_failing_day(fails, ends(), TODAY) == Date(2026, 3, 1)
    assert asked == [TODAY, Date(2026, 2, 1), Date(2026, 3, 1)]


def test_beyond_the_horizon_nobody_asks() -> None:
    assert first_failing_day(lambda day: day > Date(2026, 3, 1), ends(), TODAY, 30) is None


def test_a_day_is_told_only_while_it_is_to_come() -> None:
    finding = failing_day_finding(Date(2026, 3, 1), "`vetflow ci`", TODAY)
    assert finding is not None
    assert finding.reason == "`vetflow ci` will fail from 2026-03-01 on, if nothing changes until then"
    assert failing_day_finding(TODAY, "x", TODAY) is None
    assert failing_day_finding(None, "x", TODAY) is None
