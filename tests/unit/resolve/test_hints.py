"""Whom to trust, and whose audits to import, instead of reading `aa 2.0.0`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from tests.builders import (
    Packages,
    audits_file,
    delta,
    full,
    make_graph,
    make_store,
    published,
    trust,
    violation,
    wildcard,
)
from tests.suggesting import Measured, Published, text_of
from vetflow.model.audits import Publisher
from vetflow.model.store import AuditsFile, Policy, Store
from vetflow.model.suggestions import Hints, ImportHint
from vetflow.resolve.conclude import conclude
from vetflow.resolve.hints import hints
from vetflow.resolve.suggest import suggest

ONE: Packages = {"members": {"root 0.1.0": ["aa"]}, "crates-io": {"aa 2.0.0": []}}
REVISION = "1.5.0@git:" + "c3" * 20
FORK: Packages = {
    "members": {"root 0.1.0": ["aa"]},
    f"git+https://forge.example/aa?rev=c3#{'c3' * 20}": {"aa 1.5.0": []},
}
BY_ONE = [published("1.0.0", by=1), published("2.0.0", by=1)]
BY_TWO = [published("1.0.0", by=2), published("2.0.0", by=1)]
LINES = {"aa 2.0.0": 161, "aa 1.0.0 -> 2.0.0": 60, "aa 1.5.0 -> 2.0.0": 30}


def all_hints(
    store: Store,
    rows: Sequence[Publisher] = (),
    peers: Mapping[str, AuditsFile] | None = None,
    *,
    packages: Packages = ONE,
    lines: Mapping[str, int] = LINES,
    index: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Hints]:
    resolution = conclude(make_graph(packages, store), store)
    sizes, versions = Measured(lines), Published(index or {})
    found = suggest(resolution, sizes, versions)
    assert found is not None
    known = hints(resolution, found, {"aa": tuple(rows)}, peers or {}, sizes=sizes, index=versions)
    return {text_of(suggestion.delta): each for suggestion, each in known.items()}


def only(store: Store, rows: Sequence[Publisher] = (), peers: Mapping[str, AuditsFile] | None = None) -> Hints:
    (found,) = all_hints(store, rows, peers).values()
    return found


def test_the_publisher_is_that_of_the_version_the_audit_leads_to() -> None:
    assert only(make_store(), BY_TWO).publisher == BY_TWO[1]
    assert only(make_store(), [published("1.0.0", by=2)]).publisher is None
    assert only(make_store()) == Hints()


def test_who_published_the_version_may_be_trusted_already_with_any_crate() -> None:
    hint = only(make_store(trusted={"other": [trust(1)]}), BY_TWO).trust
    assert hint is not None
    assert (hint.trusted_by, hint.publisher, hint.is_exact, hint.is_sole) == ((None,), BY_TWO[1], True, False)


def test_dates_and_criteria_of_that_trust_do_not_matter() -> None:
    store = make_store(trusted={"other": [trust(1, "safe-to-run", start="2020-01-01", end="2020-01-02")]})
    assert only(store, BY_TWO).trust is not None


def test_the_only_publisher_of_a_crate_is_called_so() -> None:
    hint = only(make_store(trusted={"other": [trust(1)]}), BY_ONE).trust
    assert hint is not None
    assert hint.is_sole


def test_otherwise_it_is_who_published_the_highest_other_version() -> None:
    rows = [published("1.0.0", by=2), published("1.5.0", by=3), published("2.0.0", by=1), published("3.0.0", by=4)]
    hint = only(make_store(trusted={"other": [trust(2), trust(3)]}), rows).trust
    assert hint is not None
    assert (hint.publisher, hint.is_exact) == (rows[1], False)


def test_nobody_else_is_named_for_a_crate_that_somebody_is_trusted_with() -> None:
    assert only(make_store(trusted={"aa": [trust(2)]}), BY_TWO).trust is None
    assert only(make_store(trusted={"aa": [trust(2)], "other": [trust(1)]}), BY_TWO).trust is not None


def test_nobody_is_named_whom_nobody_trusts() -> None:
    assert only(make_store(trusted={"other": [trust(9)]}), BY_TWO).trust is None


def test_imports_are_named_only_where_the_project_itself_does_not_trust_them() -> None:
    peer = audits_file(trusted={"elsewhere": [trust(1), trust(1)]})
    store = make_store(imports={"peer-b": peer, "peer-a": peer})
    hint = only(store, BY_TWO).trust
    assert hint is not None
    assert hint.trusted_by == ("peer-a", "peer-b")
    own = only(make_store(imports={"peer": peer}, trusted={"other": [trust(1)]}), BY_TWO).trust
    assert own is not None
    assert own.trusted_by == (None,)


def test_peers_that_would_settle_it_come_first_then_those_that_leave_the_least() -> None:
    peers = {
        "far": audits_file(audits={"aa": [full("1.0.0")]}),
        "near": audits_file(audits={"aa": [full("1.5.0")]}),
        "there": audits_file(audits={"aa": [full("2.0.0")]}),
    }
    assert only(make_store(), peers=peers).imports == (
        ImportHint("there", 0),
        ImportHint("near", 30),
        ImportHint("far", 60),
    )


def test_a_peer_that_does_not_help_is_not_named() -> None:
    store = make_store(audits={"aa": [full("1.5.0")]})
    peers = {
        "nothing": audits_file(audits={"bb": [full("1.0.0")]}),
        "no-better": audits_file(audits={"aa": [full("1.0.0")]}),
        "as-good": audits_file(audits={"aa": [full("1.5.0")]}),
        "too-weak": audits_file(audits={"aa": [full("2.0.0", "safe-to-run")]}),
    }
    assert only(store, peers=peers).imports == ()


def test_a_peer_that_contradicts_what_is_known_is_not_named() -> None:
    store = make_store(audits={"aa": [full("1.0.0")]})
    peers = {"odd": audits_file(audits={"aa": [full("2.0.0"), violation("^1")]})}
    assert only(store, peers=peers).imports == ()


def test_a_peer_may_help_together_with_what_is_there() -> None:
    store = make_store(audits={"aa": [full("1.0.0")]})
    peers = {"peer": audits_file(audits={"aa": [delta("1.0.0", "2.0.0")]})}
    assert only(store, peers=peers).imports == (ImportHint("peer", 0),)


def test_a_wildcard_audit_of_a_peer_reaches_what_its_publisher_published() -> None:
    peers = {"peer": audits_file(wildcard_audits={"aa": [wildcard(1)]})}
    assert only(make_store(), BY_ONE, peers).imports == (ImportHint("peer", 0),)
    assert only(make_store(), peers=peers).imports == ()


def test_every_missing_criterion_counts() -> None:
    store = make_store(criteria={"extra": ()}, policy={"root": Policy(criteria=("safe-to-deploy", "extra"))})
    deploy = audits_file(audits={"aa": [full("2.0.0")]})
    both = audits_file(audits={"aa": [full("2.0.0", "safe-to-deploy", "extra")]})
    assert only(store, peers={"deploy": deploy, "both": both}).imports == (ImportHint("both", 0),)


def test_what_nobody_could_measure_gets_hints_as_well() -> None:
    peers = {
        "there": audits_file(audits={"aa": [full("2.0.0")]}),
        "near": audits_file(audits={"aa": [full("1.5.0")]}),
        "unknown": audits_file(audits={"aa": [full("1.9.0")]}),
    }
    found = all_hints(make_store(), BY_ONE, peers, lines={"aa 1.5.0 -> 2.0.0": 30})
    assert found["aa 2.0.0"].imports == (ImportHint("there", 0), ImportHint("near", 30))


def test_no_trust_and_no_import_extends_to_a_revision() -> None:
    store = make_store(policy={"aa": Policy(audit_as_crates_io=True)}, trusted={"other": [trust(1)]})
    rows = [published("1.0.0", by=1)]
    peers = {"peer": audits_file(audits={"aa": [full("1.0.0"), full(REVISION)]})}
    lines = {"aa 1.0.0": 41, f"aa 1.0.0 -> {REVISION}": 15}
    found = all_hints(store, rows, peers, packages=FORK, lines=lines, index={"aa": ["1.0.0"]})
    assert found[f"aa 1.0.0 -> {REVISION}"] == Hints()
    before = found["aa 1.0.0"]
    assert before.publisher == rows[0]
    assert before.trust is not None
    assert before.imports == (ImportHint("peer", 0),)


@pytest.mark.parametrize("peers", [{}, {"peer": audits_file(audits={"bb": [full("1.0.0")]})}])
def test_without_a_peer_that_knows_the_crate_nothing_more_is_measured(peers: Mapping[str, AuditsFile]) -> None:
    store = make_store()
    resolution = conclude(make_graph(ONE, store), store)
    sizes, index = Measured(LINES), Published({})
    found = suggest(resolution, sizes, index)
    assert found is not None
    hints(resolution, found, {}, peers, sizes=sizes, index=index)
    assert [asked for asked in sizes.asked if asked] == [["aa 2.0.0"]]
