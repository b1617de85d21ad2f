"""Why a crate is not vetted, one situation each: `aa 2.0.0` needs safe-to-deploy and does not get it."""

from __future__ import annotations

import pytest

from tests.builders import (
    Packages,
    audits_file,
    delta,
    exempt,
    full,
    make_graph,
    make_store,
    published,
    trust,
    unpublished,
    violation,
    wildcard,
)
from vetflow.model.report import Miss, MissCause, OriginKind, VettingFailure
from vetflow.model.store import Policy, Store
from vetflow.model.version import parse_version
from vetflow.resolve.conclude import conclude
from vetflow.resolve.nearest_miss import nearest_miss

PACKAGES: Packages = {"members": {"root 0.1.0": ["aa"]}, "crates-io": {"aa 2.0.0": []}}
V2 = parse_version("2.0.0")


def miss(store: Store, packages: Packages = PACKAGES) -> Miss:
    resolution = conclude(make_graph(packages, store), store)
    assert isinstance(resolution.conclusion, VettingFailure)
    (failure,) = resolution.conclusion.failures
    return nearest_miss(resolution, failure.node)


def where(found: Miss) -> tuple[MissCause, str | None, str | None]:
    """Return the cause, where the nearest entry leads to, and where a delta from there would have to lead."""
    return (
        found.cause,
        str(found.step.version) if found.step else None,
        str(found.towards) if found.towards else None,
    )


def test_an_entry_for_weaker_criteria_is_named() -> None:
    found = miss(make_store(audits={"aa": [full("2.0.0", "safe-to-run")]}))
    assert where(found) == (MissCause.CRITERIA_TOO_WEAK, "2.0.0", None)
    assert found.step is not None
    assert found.step.entry == full("2.0.0", "safe-to-run")
    assert found.criterion == "safe-to-deploy"


def test_on_a_way_of_several_entries_the_weak_one_nearest_to_the_version_is_named() -> None:
    audits = [full("1.0.0", "safe-to-run"), delta("1.0.0", "1.5.0", "safe-to-run"), delta("1.5.0", "2.0.0")]
    assert where(miss(make_store(audits={"aa": audits}))) == (MissCause.CRITERIA_TOO_WEAK, "1.5.0", None)


def test_trust_of_weaker_criteria_is_too_weak() -> None:
    store = make_store(
        trusted={"aa": [trust(1, "safe-to-run")]},
        publishers={"aa": [published("2.0.0", by=1, on="2023-02-03")]},
    )
    found = miss(store)
    assert where(found) == (MissCause.CRITERIA_TOO_WEAK, "2.0.0", None)
    assert found.publisher == published("2.0.0", by=1, on="2023-02-03")


def test_the_first_missing_criterion_is_the_one_spoken_of() -> None:
    store = make_store(
        criteria={"extra": ()},
        policy={"root": Policy(criteria=("extra", "safe-to-deploy"))},
        audits={"aa": [full("2.0.0", "safe-to-deploy")]},
    )
    assert miss(store).criterion == "extra"
    both = make_store(criteria={"extra": ()}, policy={"root": Policy(criteria=("extra", "safe-to-deploy"))})
    assert miss(both).criterion == "safe-to-deploy"


@pytest.mark.parametrize("kind", ["wildcard", "trusted"])
@pytest.mark.parametrize(
    ("on", "cause"), [("2025-01-01", MissCause.TRUST_ENDED), ("2019-12-31", MissCause.TRUST_NOT_BEGUN)]
)
def test_trust_in_the_publisher_that_ended_or_had_not_begun_is_named_with_both(
    kind: str, on: str, cause: MissCause
) -> None:
    row = published("2.0.0", by=1, on=on)
    store = (
        make_store(wildcard_audits={"aa": [wildcard(1)]}, publishers={"aa": [row]})
        if kind == "wildcard"
        else make_store(trusted={"aa": [trust(1)]}, publishers={"aa": [row]})
    )
    found = miss(store)
    assert where(found) == (cause, "2.0.0", None)
    assert found.step is not None
    assert found.step.entry == (wildcard(1) if kind == "wildcard" else trust(1))
    assert found.publisher == row


def test_of_several_trusts_that_ended_the_last_one_is_named() -> None:
    entries = [trust(1, end="2021-01-01"), trust(1, end="2022-01-01"), trust(1, start="2024-01-01")]
    store = make_store(trusted={"aa": entries}, publishers={"aa": [published("2.0.0", by=1, on="2023-01-01")]})
    found = miss(store)
    assert (found.cause, found.step and found.step.entry) == (MissCause.TRUST_ENDED, entries[1])


def test_of_several_trusts_that_had_not_begun_the_first_one_is_named() -> None:
    entries = [trust(1, start="2024-01-01"), trust(1, start="2023-06-01")]
    store = make_store(trusted={"aa": entries}, publishers={"aa": [published("2.0.0", by=1, on="2023-01-01")]})
    found = miss(store)
    assert found.step is not None
    assert (found.cause, found.step.entry, found.step.fresh) == (MissCause.TRUST_NOT_BEGUN, entries[1], False)


def test_trust_that_ended_is_nearer_than_an_audit_of_another_version() -> None:
    store = make_store(
        audits={"aa": [full("1.9.9")]},
        trusted={"aa": [trust(1)]},
        publishers={"aa": [published("2.0.0", by=1, on="2025-06-01")]},
    )
    assert miss(store).cause is MissCause.TRUST_ENDED


def test_another_publisher_is_named_with_the_trusted_one() -> None:
    before, now = published("1.9.0", by=1), published("2.0.0", by=2)
    peer = audits_file(wildcard_audits={"aa": [wildcard(1)]})
    found = miss(make_store(imports={"peer": peer}, publishers={"aa": [before, now]}))
    assert where(found) == (MissCause.OTHER_PUBLISHER, "1.9.0", "2.0.0")
    assert found.step is not None
    assert (found.step.origin.source, found.step.publisher, found.publisher) == ("peer", before, now)


def test_another_publisher_is_named_even_when_trust_never_covered_anything() -> None:
    now = published("2.0.0", by=2)
    found = miss(make_store(trusted={"aa": [trust(1), trust(3)]}, publishers={"aa": [now]}))
    assert where(found) == (MissCause.OTHER_PUBLISHER, "2.0.0", None)
    assert found.step is not None
    assert (found.step.entry, found.step.publisher, found.step.fresh) == (trust(1), None, False)
    assert found.publisher == now


def test_a_publisher_nobody_recorded_is_unknown() -> None:
    found = miss(make_store(trusted={"aa": [trust(1)]}, publishers={"aa": [published("1.9.0", by=1)]}))
    assert where(found) == (MissCause.PUBLISHER_UNKNOWN, "1.9.0", "2.0.0")
    assert found.publisher is None
    assert miss(make_store(wildcard_audits={"aa": [wildcard(1)]})).cause is MissCause.PUBLISHER_UNKNOWN


def test_trust_of_weaker_criteria_or_for_unknown_ones_is_no_trust() -> None:
    store = make_store(trusted={"aa": [trust(1, "safe-to-run"), trust(2, "odd")]})
    assert miss(store).cause is MissCause.NOTHING_KNOWN


def test_an_exemption_of_another_version_is_named() -> None:
    found = miss(make_store(exemptions={"aa": [exempt("1.9.0")]}))
    assert where(found) == (MissCause.OTHER_VERSION_EXEMPTED, "1.9.0", "2.0.0")


@pytest.mark.parametrize(
    ("audited", "nearest"),
    [
        (["1.0.0", "1.9.0"], "1.9.0"),
        (["1.9.0", "2.0.1"], "2.0.1"),
        (["1.0.0", "3.0.0"], "1.0.0"),
        (["2.1.0", "2.3.0"], "2.1.0"),
        (["2.0.0+build", "2.0.1"], "2.0.0+build"),
    ],
)
def test_the_nearest_audited_version_is_named_and_where_a_delta_is_missing(audited: list[str], nearest: str) -> None:
    found = miss(make_store(audits={"aa": [full(version) for version in audited]}))
    assert where(found) == (MissCause.NO_DELTA, nearest, "2.0.0")


def test_a_delta_upwards_is_missing_rather_than_one_downwards() -> None:
    found = miss(make_store(audits={"aa": [full("1.0.0"), delta("0.5.0", "2.0.0")]}))
    assert where(found) == (MissCause.NO_DELTA, "1.0.0", "2.0.0")


def test_the_entry_that_leads_to_the_nearest_version_is_named_not_its_base() -> None:
    found = miss(make_store(audits={"aa": [delta("1.0.0", "1.9.0")]}, exemptions={"aa": [exempt("1.0.0")]}))
    assert where(found) == (MissCause.NO_DELTA, "1.9.0", "2.0.0")
    assert found.step is not None
    assert found.step.entry == delta("1.0.0", "1.9.0")


def test_an_imported_audit_is_named_with_its_import() -> None:
    found = miss(make_store(imports={"peer": audits_file(audits={"aa": [full("1.9.0")]})}))
    assert found.step is not None
    assert (found.cause, found.step.origin.source) == (MissCause.NO_DELTA, "peer")


def test_the_missing_delta_may_lie_before_others_that_lead_on() -> None:
    audits = [full("1.0.0"), delta("1.8.0", "1.9.0"), delta("1.9.0", "2.0.0")]
    found = miss(make_store(audits={"aa": audits}))
    assert where(found) == (MissCause.NO_DELTA, "1.0.0", "1.8.0")


def test_deltas_without_a_vetted_start_are_named() -> None:
    weak, strong = delta("1.9.0", "2.0.0", "safe-to-run"), delta("1.9.0", "2.0.0", "strong")
    store = make_store(criteria={"strong": ("safe-to-deploy",)}, audits={"aa": [delta("1.8.0", "1.9.0"), weak, strong]})
    found = miss(store)
    assert where(found) == (MissCause.BASE_NOT_VETTED, "2.0.0", None)
    assert found.step is not None
    assert found.step.entry == strong


@pytest.mark.parametrize("criterion", ["safe-to-run", "unrelated"])
def test_another_version_for_weaker_criteria_is_named(criterion: str) -> None:
    found = miss(make_store(criteria={"unrelated": ()}, audits={"aa": [full("1.9.0", criterion)]}))
    assert where(found) == (MissCause.OTHER_VERSION_TOO_WEAK, "1.9.0", None)


LOCAL: Packages = {"members": {"root 0.1.0": ["aa"]}, "path": {"aa 2.0.0": []}}
AUDITED_LOCAL = {"aa": Policy(audit_as_crates_io=True)}


def test_a_local_version_that_was_never_published_is_said_to_be_that() -> None:
    found = miss(make_store(policy=AUDITED_LOCAL, audits={"aa": [full("1.9.0")]}), LOCAL)
    assert where(found) == (MissCause.NOT_PUBLISHED, "1.9.0", "2.0.0")
    assert where(miss(make_store(policy=AUDITED_LOCAL), LOCAL)) == (MissCause.NOT_PUBLISHED, None, None)


def test_a_git_revision_is_nearest_to_its_published_version() -> None:
    source = "git+https://git.example/aa#" + "a" * 40
    packages: Packages = {"members": {"root 0.1.0": ["aa"]}, source: {"aa 2.0.0": []}}
    store = make_store(policy=AUDITED_LOCAL, audits={"aa": [full("1.9.0"), full("2.0.0")]})
    found = miss(store, packages)
    assert where(found) == (MissCause.NOT_PUBLISHED, "2.0.0", f"2.0.0@git:{'a' * 40}")


def test_an_unpublished_row_moves_the_gap_to_the_published_version() -> None:
    store = make_store(
        policy=AUDITED_LOCAL,
        audits={"aa": [full("1.8.0")]},
        unpublished={"aa": [unpublished("2.0.0", "1.9.0")]},
    )
    assert where(miss(store, LOCAL)) == (MissCause.NO_DELTA, "1.8.0", "1.9.0")
    alone = make_store(policy=AUDITED_LOCAL, unpublished={"aa": [unpublished("2.0.0", "1.9.0")]})
    assert where(miss(alone, LOCAL)) == (MissCause.BASE_NOT_VETTED, "2.0.0", None)


def test_imports_that_leave_the_crate_out_are_named() -> None:
    store = make_store(exclude={"zebra": ("aa",), "ant": ("bb", "aa"), "other": ("bb",)})
    found = miss(store)
    assert (found.cause, found.imports) == (MissCause.IMPORT_EXCLUDES, ("ant", "zebra"))


def test_imports_that_contribute_nothing_at_all_are_named() -> None:
    peers = {"zebra": audits_file(), "bee": audits_file(audits={"bb": [full("1.0.0")]}), "ant": audits_file()}
    found = miss(make_store(imports=peers))
    assert (found.cause, found.imports) == (MissCause.IMPORT_EMPTY, ("ant", "zebra"))


def test_nothing_known_is_said_when_nothing_is_known() -> None:
    found = miss(make_store(audits={"aa": [violation("<1")], "bb": [full("2.0.0")]}))
    assert found == Miss(MissCause.NOTHING_KNOWN, "safe-to-deploy")


def test_every_cause_has_a_test_in_this_module() -> None:
    with open(__file__, encoding="utf-8") as file:
        text = file.read()
    assert [cause.name for cause in MissCause if f"MissCause.{cause.name}" not in text] == []


def test_a_node_that_does_not_fail_has_no_miss() -> None:
    store = make_store(exemptions={"aa": [exempt("2.0.0")]})
    with pytest.raises(KeyError):
        nearest_miss(conclude(make_graph(PACKAGES, store), store), 0)


def test_a_trusted_base_with_a_delta_missing_before_others_is_no_question_of_publishers() -> None:
    store = make_store(
        trusted={"aa": [trust(1)]},
        publishers={"aa": [published("1.0.0", by=1)]},
        audits={"aa": [delta("1.8.0", "2.0.0")]},
    )
    found = miss(store)
    assert where(found) == (MissCause.NO_DELTA, "1.0.0", "1.8.0")
    assert found.step is not None
    assert found.step.origin.kind is OriginKind.TRUSTED
