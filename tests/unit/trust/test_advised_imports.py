"""Advisories about what a peer vouches for."""

from __future__ import annotations

import pytest

from tests.builders import audits_file, delta, full, violation, wildcard
from vetflow.formats.import_mapping import map_to_local
from vetflow.model.advisories import DEFAULT_ADVISORY_POLICY, Advisory, AdvisoryKind, AffectedRange
from vetflow.model.audits import Audit
from vetflow.model.criteria import Criteria
from vetflow.model.dates import Date
from vetflow.model.names import CRATES_IO
from vetflow.model.packages import Package
from vetflow.model.store import AuditsFile, Import
from vetflow.model.version import parse_version
from vetflow.trust.advised_imports import advised_stops
from vetflow.trust.advisories import match_advisories
from vetflow.trust.import_changes import PeerSet
from vetflow.trust.receipts import accepted_rows

SHARP = Advisory(
    "RUSTSEC-2026-9001", "anvil", AdvisoryKind.VULNERABILITY, "Sharp", (AffectedRange(None, parse_version("1.0.1")),)
)


def stops(file: AuditsFile, advisory: Advisory = SHARP, *, new: bool = True) -> list[str]:
    source = Import(("https://peer.example",))
    peer = PeerSet("peer", source, [file], map_to_local("peer", file, source, Criteria({})))
    packages = [Package("anvil", parse_version("1.0.0"), CRATES_IO)]
    matches = match_advisories(packages, {"anvil": [advisory]}, {}, DEFAULT_ADVISORY_POLICY, Date(2026, 1, 15))
    rows = [(crate, row) for crate, found in accepted_rows(peer.mapped, {"anvil"}).items() for row in found]
    return [stop.reason for stop in advised_stops(peer, rows if new else [], matches)]


@pytest.mark.parametrize(
    ("entry", "named"),
    [
        (full("1.0.0"), True),
        (delta("0.9.0", "1.0.0"), True),
        (delta("1.0.0", "1.0.1"), False),
        (full("0.9.0"), False),
        (violation("<2"), False),
        (full("1.0.0", "unheard-of"), False),
    ],
)
def test_an_audit_that_leads_to_a_locked_version_is_named(entry: Audit, named: bool) -> None:
    assert bool(stops(audits_file(criteria={"unheard-of": ()}, audits={"anvil": [entry]}))) is named


def test_it_says_what_and_by_whom() -> None:
    (reason,) = stops(audits_file(audits={"anvil": [full("1.0.0")]}))
    assert reason == "peer vouches for anvil 1.0.0, and RUSTSEC-2026-9001 is about that version: Sharp"


def test_what_was_accepted_is_not_named_again() -> None:
    assert stops(audits_file(audits={"anvil": [full("1.0.0")]}), new=False) == []


def test_a_notice_is_no_reason_to_stop_and_malice_always_is() -> None:
    file = audits_file(audits={"anvil": [full("1.0.0")]})
    notice = SHARP._replace(kind=AdvisoryKind.NOTICE)
    assert stops(file, notice) == []
    assert len(stops(file, notice._replace(malicious=True))) == 1


def test_a_wildcard_vouches_for_no_version_in_particular() -> None:
    assert stops(audits_file(wildcard_audits={"anvil": [wildcard(7)]})) == []
