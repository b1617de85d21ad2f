"""Who must say whether it is audited as a published crate, and the repair by a guess (shared spec resolver 12.5)."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.builders import Packages, audits_file, exempt, full, make_store, make_workspace, trust, wildcard
from vetflow.errors import PolicyError
from vetflow.model.packages import Package
from vetflow.model.report import CrateVersion
from vetflow.model.store import Policy, Store
from vetflow.model.upstream import CrateDescription
from vetflow.model.version import VetVersion, parse_version
from vetflow.resolve.audit_as import (
    AuditAsProblems,
    check_audit_as,
    find_audit_as_problems,
    names_to_describe,
    repair_audit_as,
)

LOCAL: Packages = {"members": {"root 0.1.0": ["vend"]}, "path": {"vend 2.5.0": []}}
TWO_LOCAL: Packages = {
    "members": {"root 0.1.0": ["vend 1.0.0", "vend 1.5.0"]},
    "path": {"vend 1.0.0": [], "vend 1.5.0": []},
}
WITH_CRATES_IO: Packages = {
    "members": {"root 0.1.0": ["vend 1.0.0", "vend 2.0.0"]},
    "path": {"vend 1.0.0": []},
    "crates-io": {"vend 2.0.0": []},
}
HAMMER, AXE = CrateDescription("a hammer"), CrateDescription("an axe")
TRUE, FALSE = Policy(audit_as_crates_io=True), Policy(audit_as_crates_io=False)
KNOWN: Mapping[str, CrateDescription | None] = {"vend": HAMMER, "root": None}
UNKNOWN_CRATE: Mapping[str, CrateDescription | None] = {"vend": None, "root": None}


def packages_of(workspace: Packages) -> tuple[Package, ...]:
    return make_workspace(workspace).packages


def described(**versions: CrateDescription) -> dict[CrateVersion, CrateDescription]:
    """Return descriptions of versions of vend, `v1_0_0` for 1.0.0."""
    return {CrateVersion("vend", version(key[1:].replace("_", "."))): about for key, about in versions.items()}


def version(text: str) -> VetVersion:
    return parse_version(text)


def problems(
    store: Store,
    ours: CrateDescription = HAMMER,
    theirs: Mapping[str, CrateDescription | None] = KNOWN,
    workspace: Packages = LOCAL,
) -> AuditAsProblems:
    about = {CrateVersion(package.name, package.version): ours for package in packages_of(workspace)}
    return find_audit_as_problems(packages_of(workspace), store, about, theirs)


def names(found: tuple[CrateVersion, ...]) -> list[str]:
    return [f"{crate.name} {crate.version}" for crate in found]


def test_a_local_package_that_resembles_a_published_crate_needs_a_value() -> None:
    assert names(problems(make_store()).needed) == ["vend 2.5.0"]
    assert names(problems(make_store(), ours=AXE).needed) == []
    assert names(problems(make_store(), theirs=UNKNOWN_CRATE).needed) == []


@pytest.mark.parametrize("value", [TRUE, FALSE])
def test_either_value_will_do(value: Policy) -> None:
    assert problems(make_store(policy={"vend": value})) == AuditAsProblems((), (), ())


@pytest.mark.parametrize(
    "store",
    [
        make_store(audits={"vend": [full("1.0.0")]}),
        make_store(wildcard_audits={"vend": [wildcard(1)]}),
        make_store(trusted={"vend": [trust(1)]}),
        make_store(exemptions={"vend": [exempt("1.0.0")]}),
        make_store(imports={"ant": audits_file(audits={"vend": [full("1.0.0")]})}),
        make_store(imports={"ant": audits_file(wildcard_audits={"vend": [wildcard(1)]})}),
        make_store(imports={"ant": audits_file(trusted={"vend": [trust(1)]})}),
    ],
)
def test_a_name_that_the_store_has_entries_about_needs_a_value_whatever_crates_io_says(store: Store) -> None:
    assert names(problems(store, theirs={}).needed) == ["vend 2.5.0"]
    assert "vend" not in names_to_describe(packages_of(LOCAL), store)


def test_a_package_that_resembles_no_published_crate_cannot_be_audited_as_one() -> None:
    store = make_store(policy={"vend": TRUE})
    assert names(problems(store, ours=AXE).unfit) == ["vend 2.5.0"]
    assert names(problems(store, theirs=UNKNOWN_CRATE).unfit) == ["vend 2.5.0"]
    assert names(problems(store).unfit) == []


def test_nothing_is_said_of_a_package_that_crates_io_could_not_be_asked_about() -> None:
    assert problems(make_store(policy={"vend": TRUE}), theirs={}) == AuditAsProblems((), (), ())
    assert problems(make_store(), theirs={}) == AuditAsProblems((), (), ())


def test_crates_io_is_asked_about_local_packages_without_the_value_false() -> None:
    assert names_to_describe(packages_of(TWO_LOCAL), make_store()) == ["root", "vend"]
    assert names_to_describe(packages_of(TWO_LOCAL), make_store(policy={"vend": FALSE})) == ["root"]
    assert names_to_describe(packages_of(TWO_LOCAL), make_store(policy={"root": FALSE, "vend": TRUE})) == ["vend"]


def test_a_value_for_something_that_is_not_local_is_unused() -> None:
    store = make_store(
        policy={
            "vend:2.0.0": FALSE,
            "vend:1.0.0": FALSE,
            "vend:3.0.0": TRUE,
            "gone": TRUE,
            "other": Policy(criteria=()),
        }
    )
    assert problems(store, workspace=WITH_CRATES_IO).unused == (
        ("gone", None),
        ("vend", version("2.0.0")),
        ("vend", version("3.0.0")),
    )


def test_every_kind_of_problem_is_an_error_of_its_own() -> None:
    crate = CrateVersion("vend", version("2.5.0"))
    with pytest.raises(PolicyError) as caught:
        check_audit_as(AuditAsProblems((("gone", None), ("vend", version("1.0.0"))), (crate,), (crate,)))
    assert [problem.message for problem in caught.value.related] == [
        "some audit-as-crates-io policies don't match first-party crates\n  gone\n  vend:1.0.0",
        "Some non-crates.io-fetched packages match published crates.io versions\n  vend:2.5.0",
        "some audit-as-crates-io packages don't match published crates.io versions\n  vend:2.5.0",
    ]
    assert all(problem.help for problem in caught.value.related)


def test_no_problem_is_no_error() -> None:
    check_audit_as(AuditAsProblems((), (), ()))


def repaired(
    workspace: Packages,
    store: Store,
    ours: Mapping[CrateVersion, CrateDescription],
    theirs: Mapping[str, CrateDescription | None] = KNOWN,
) -> dict[str, bool | None]:
    """Return the values of all policies of vend after the repair, by key."""
    packages = packages_of(workspace)
    found = find_audit_as_problems(packages, store, ours, theirs)
    table = repair_audit_as(packages, store.config.policy, found, ours, theirs)
    return {
        "vend" if key is None else f"vend:{key}": policy.audit_as_crates_io
        for key, policy in table.by_name.get("vend", {}).items()
    }


# The keys were measured with cargo-vet 0.10.3.


def test_a_missing_value_is_true_for_what_resembles_the_published_crate() -> None:
    assert repaired(LOCAL, make_store(), described(v2_5_0=HAMMER)) == {"vend": True}


def test_it_is_false_for_what_only_the_store_takes_for_published() -> None:
    exempted = make_store(exemptions={"vend": [exempt("1.0.0")]})
    assert repaired(LOCAL, exempted, described(v2_5_0=AXE)) == {"vend": False}
    assert repaired(LOCAL, exempted, described(v2_5_0=HAMMER), {}) == {"vend": False}


def test_one_policy_without_a_version_serves_all_local_versions() -> None:
    assert repaired(TWO_LOCAL, make_store(), described(v1_0_0=HAMMER, v1_5_0=AXE)) == {"vend": True}


def test_policies_that_name_versions_already_go_on_doing_so() -> None:
    store = make_store(policy={"vend:1.5.0": Policy(criteria=())})
    values = repaired(TWO_LOCAL, store, described(v1_0_0=HAMMER, v1_5_0=HAMMER))
    assert values == {"vend:1.5.0": True, "vend:1.0.0": True}


def test_beside_a_version_from_crates_io_every_version_gets_a_policy() -> None:
    values = repaired(WITH_CRATES_IO, make_store(), described(v1_0_0=HAMMER, v2_0_0=HAMMER))
    assert values == {"vend:1.0.0": True, "vend:2.0.0": None}


def test_a_policy_without_a_version_then_becomes_that_of_every_version() -> None:
    packages = packages_of(WITH_CRATES_IO)
    store = make_store(policy={"vend": Policy(criteria=("safe-to-run",), notes="why")})
    ours = described(v1_0_0=HAMMER)
    found = find_audit_as_problems(packages, store, ours, KNOWN)
    assert repair_audit_as(packages, store.config.policy, found, ours, KNOWN).by_name["vend"] == {
        version("1.0.0"): Policy(True, criteria=("safe-to-run",), notes="why"),
        version("2.0.0"): Policy(criteria=("safe-to-run",), notes="why"),
    }


def test_a_version_from_crates_io_counts_among_those_that_may_resemble_the_crate() -> None:
    store = make_store(exemptions={"vend": [exempt("1.0.0")]})
    assert repaired(WITH_CRATES_IO, store, described(v1_0_0=AXE, v2_0_0=HAMMER))["vend:1.0.0"] is True
    assert repaired(WITH_CRATES_IO, store, described(v1_0_0=AXE, v2_0_0=AXE))["vend:1.0.0"] is False
    assert repaired(WITH_CRATES_IO, store, described(v1_0_0=AXE))["vend:1.0.0"] is True, "it is taken to"


def test_a_value_that_does_not_fit_becomes_false() -> None:
    assert repaired(LOCAL, make_store(policy={"vend": TRUE}), described(v2_5_0=AXE)) == {"vend": False}


def test_an_unused_value_goes_and_its_policy_stays() -> None:
    store = make_store(policy={"vend:0.1.0": TRUE, "vend:2.5.0": TRUE})
    assert repaired(LOCAL, store, described(v2_5_0=HAMMER)) == {"vend:0.1.0": None, "vend:2.5.0": True}
