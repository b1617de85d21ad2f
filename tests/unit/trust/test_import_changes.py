"""What a peer says now against what was accepted; the command's tests have the rest of the stops."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.builders import audits_file, full, violation, wildcard
from vetflow.formats.import_mapping import map_to_local
from vetflow.formats.import_receipts import Acceptance, Receipt
from vetflow.model.criteria import Criteria
from vetflow.model.dates import Date
from vetflow.model.store import AuditsFile, CriteriaEntry, Import
from vetflow.model.version import parse_version
from vetflow.trust.import_changes import BURST, Changes, Here, PeerSet, StopKind, changes
from vetflow.trust.receipts import accepted_rows, map_digest

HERE = Here(Criteria({}), {"anvil": {parse_version("1.0.0")}}, Date(2026, 1, 15))
THEN = audits_file(criteria={"weak": ()}, audits={"anvil": [full("1.0.0")], "elsewhere": [full("3.0.0")]})


SOURCE = Import(("https://peer.example",))


def peer(file: AuditsFile) -> PeerSet:
    return PeerSet("peer", SOURCE, [file], map_to_local("peer", file, SOURCE, HERE.criteria))


def receipt_of(accepted: PeerSet) -> Receipt:
    rows = accepted_rows(accepted.mapped, HERE.versions.keys())
    nobody = Acceptance("", "")
    return Receipt(accepted.source.url, (), map_digest(accepted.source), accepted.meanings(), rows, nobody)


def compare(now: AuditsFile, *, before: Sequence[AuditsFile] | None = (THEN,)) -> Changes:
    return changes(peer(now), receipt_of(peer(THEN)), before, HERE)


def kinds(now: AuditsFile, *, before: Sequence[AuditsFile] | None = (THEN,)) -> list[StopKind]:
    return [stop.kind for stop in compare(now, before=before).stops]


def test_rows_about_other_crates_are_counted_only() -> None:
    now = THEN._replace(audits={**THEN.audits, "elsewhere": (full("3.0.0"), full("3.0.1"))})
    assert compare(now) == Changes((), (), 2)


def test_new_rows_about_crates_in_use_are_listed() -> None:
    now = THEN._replace(audits={"anvil": (full("1.0.0"), full("1.1.0"))})
    assert [(crate, row.what) for crate, row in compare(now).rows] == [("anvil", "1.1.0")]


def test_at_the_first_time_everything_is_new_and_nothing_is_missing() -> None:
    now = THEN._replace(wildcard_audits={"anvil": (wildcard(7, end="2026-06-01"),)})
    found = changes(peer(now), None, None, HERE)
    assert [stop.kind for stop in found.stops] == [StopKind.WILDCARD]
    assert len(found.rows) == 2


@pytest.mark.parametrize(
    ("implies", "said"),
    [
        (("safe-to-deploy",), "it implied nothing, and implies safe-to-deploy now"),
        ((), 'it read "made up", and reads "other" now'),
    ],
)
def test_a_criterion_is_told_with_both_of_its_meanings(implies: tuple[str, ...], said: str) -> None:
    text = "made up" if implies else "other"
    now = THEN._replace(criteria={"weak": CriteriaEntry(text, implies=implies)})
    (stop,) = compare(now).stops
    assert stop.reason == f"peer changed weak: {said}"
    (stop,) = compare(now, before=None).stops
    assert "now" in stop.reason


def test_a_criterion_that_is_gone_is_told() -> None:
    assert kinds(THEN._replace(criteria={})) == [StopKind.CRITERION]


def test_what_an_implied_criterion_means_is_part_of_the_criterion() -> None:
    first = audits_file(criteria={"strong": ("weak",), "weak": ()}, audits={"anvil": [full("1.0.0")]})
    now = first._replace(criteria={**first.criteria, "weak": CriteriaEntry("other")})
    found = changes(peer(now), receipt_of(peer(first)), [first], HERE)
    assert [stop.reason.partition(":")[0] for stop in found.stops] == ["peer changed strong", "peer changed weak"]


def test_violations_say_whom_they_hit() -> None:
    now = THEN._replace(audits={"anvil": (full("1.0.0"), violation("<2"))})
    (stop,) = compare(now).stops
    assert stop.reason == "peer: anvil violation <2: it hits 1.0.0"


def test_a_burst_is_counted_over_all_crates_where_the_old_set_is_at_hand() -> None:
    many = tuple(full(f"9.0.{patch}", who=("Mallory",)) for patch in range(BURST))
    now = THEN._replace(audits={**THEN.audits, "elsewhere": many})
    assert kinds(now) == [StopKind.BURST]
    assert kinds(now, before=None) == []  # a receipt knows of crates in use only
    assert kinds(now._replace(audits={**THEN.audits, "elsewhere": many[1:]})) == []
