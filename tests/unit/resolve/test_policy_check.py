from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.builders import Packages, make_policy, make_workspace
from vetflow.errors import PolicyError
from vetflow.graph.package_graph import build_graph
from vetflow.model.store import Policy
from vetflow.resolve.policy_check import check_policies

AA_TWICE: Packages = {
    "members": {"root 0.1.0": ["aa 1.0.0", "aa 2.0.0"]},
    "crates-io": {"aa 1.0.0": [], "aa 2.0.0": []},
}
RELAXED = Policy(criteria=("safe-to-run",))
EDGE = Policy(dependency_criteria={"bb": ("safe-to-run",)})


def problems(packages: Packages, policies: Mapping[str, Policy]) -> list[str]:
    policy = make_policy(policies)
    with pytest.raises(PolicyError) as raised:
        check_policies(build_graph(make_workspace(packages), policy), policy)
    assert raised.value.message == "There are some issues with your third-party policy entries"
    assert all(problem.help for problem in raised.value.related)
    return [problem.message for problem in raised.value.related]


@pytest.mark.parametrize(
    "policies",
    [
        {},
        {"root": RELAXED},
        {"root:0.1.0": EDGE},
        {"aa:1.0.0": RELAXED},
        {"aa:1.0.0": EDGE, "aa:2.0.0": Policy()},
    ],
)
def test_policies_that_fit_the_packages_are_accepted(policies: Mapping[str, Policy]) -> None:
    policy = make_policy(policies)
    check_policies(build_graph(make_workspace(AA_TWICE), policy), policy)


def test_dependency_criteria_need_a_policy_for_every_version_of_a_crates_io_crate() -> None:
    assert problems(AA_TWICE, {"aa:1.0.0": EDGE}) == [
        "some crates have policies that are missing an associated version\n  aa:2.0.0"
    ]


def test_unversioned_dependency_criteria_are_reported_once_as_lacking_a_version() -> None:
    assert problems(AA_TWICE, {"aa": EDGE}) == [
        "some crates have policies that are missing an associated version\n  aa:1.0.0\n  aa:2.0.0"
    ]


def test_policies_of_nothing_in_use_are_reported_names_before_versions() -> None:
    policies = dict.fromkeys(("zz", "mm", "bb", "aa:10.0.0", "aa:9.0.0", "aa:3.0.0", "nope:1.0.0"), RELAXED)
    assert problems(AA_TWICE, policies) == [
        "\n  ".join(
            (
                "some versioned policy entries don't correspond to crates being used",
                *("bb", "mm", "nope", "zz", "aa:3.0.0", "aa:9.0.0", "aa:10.0.0", "nope:1.0.0"),
            )
        )
    ]


def test_an_unversioned_policy_of_a_crates_io_crate_must_be_versioned() -> None:
    assert problems(AA_TWICE, {"aa": RELAXED}) == [
        "some crates have unversioned policies that must be versioned\n  aa:1.0.0\n  aa:2.0.0"
    ]


def test_one_version_from_crates_io_is_enough_to_require_versions_of_all() -> None:
    packages: Packages = {
        "members": {"root 0.1.0": ["aa 1.0.0", "aa 2.0.0"]},
        "path": {"aa 1.0.0": []},
        "crates-io": {"aa 2.0.0": []},
    }
    assert problems(packages, {"aa": RELAXED}) == [
        "some crates have unversioned policies that must be versioned\n  aa:1.0.0\n  aa:2.0.0"
    ]


def test_a_crate_without_a_crates_io_version_needs_no_versions() -> None:
    policy = make_policy({"aa": EDGE})
    packages: Packages = {"members": {"root 0.1.0": ["aa"]}, "path": {"aa 1.0.0": []}}
    check_policies(build_graph(make_workspace(packages), policy), policy)


def test_a_second_package_of_the_same_name_and_version_finds_its_policy_taken() -> None:
    # cargo-vet takes a policy off its list at the first package, so the next one looks as if it had none.
    packages: Packages = {
        "members": {"root 0.1.0": []},
        "path": {"aa 1.0.0": []},
        "crates-io": {"aa 1.0.0": []},
    }
    assert problems(packages, {"aa:1.0.0": EDGE}) == [
        "some crates have policies that are missing an associated version\n  aa:1.0.0"
    ]


def test_all_kinds_of_problems_come_in_one_error_in_cargo_vets_order() -> None:
    packages: Packages = {
        "members": {"root 0.1.0": ["aa", "bb"]},
        "crates-io": {"aa 1.0.0": [], "bb 1.0.0": []},
    }
    assert [text.split("\n")[1] for text in problems(packages, {"aa": RELAXED, "bb": EDGE, "nope": RELAXED})] == [
        "  bb:1.0.0",
        "  nope",
        "  aa:1.0.0",
    ]
