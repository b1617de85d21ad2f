"""`policy require` asks for more and never for less, in the tables cargo-vet has."""

from __future__ import annotations

import pytest

from tests.builders import Packages, make_graph, make_store
from vetflow.model.criteria import UnknownCriteriaError
from vetflow.model.packages import PackageGraph
from vetflow.model.store import Policy, Store
from vetflow.model.version import parse_version
from vetflow.resolve.policy_check import check_policies
from vetflow.resolve.required_policy import Scope, TableChange, not_reached, require
from vetflow.resolve.requirements import requirements

PACKAGES: Packages = {
    "members": {
        "app 0.1.0": ["core", "anvil", "cc build", "mock dev"],
        "core 0.1.0": ["bellows"],
        "testkit 0.1.0": ["anvil"],
    },
    "crates-io": {"anvil 1.0.0": [], "bellows 1.0.0": [], "cc 1.0.0": ["shlex"], "mock 1.0.0": [], "shlex 1.0.0": []},
}
CRITERIA = {"memory-ok": ()}


def policies(store: Store) -> dict[str, Policy]:
    """Return the tables by their keys in config.toml."""
    return {
        name if version is None else f"{name}:{version}": policy
        for name, tables in store.config.policy.by_name.items()
        for version, policy in tables.items()
    }


def required_of(graph: PackageGraph, store: Store) -> dict[str, tuple[str, ...]]:
    found = zip(graph.nodes, requirements(graph, store), strict=True)
    return {node.name: store.criteria.minimal_names(wanted) for node, wanted in found}


def test_every_member_gets_a_table_that_keeps_what_was_required() -> None:
    graph, store = make_graph(PACKAGES), make_store(criteria=CRITERIA)
    required = require(graph, store, ("memory-ok",), Scope.SHIPPED)
    both = ("safe-to-deploy", "memory-ok")
    assert policies(required.store) == dict.fromkeys(("app", "core", "testkit"), Policy(criteria=both))
    assert required.changes[0] == TableChange("app", Scope.SHIPPED, None, None, both)
    after = required_of(graph, required.store)
    assert {after[name] for name in ("anvil", "bellows", "cc", "shlex")} == {both}
    assert after["mock"] == ("safe-to-run",)
    assert not_reached(graph, required.store, ("memory-ok",), Scope.SHIPPED) == ()


def test_a_second_time_there_is_nothing_to_do() -> None:
    graph = make_graph(PACKAGES)
    once = require(graph, make_store(criteria=CRITERIA), ("memory-ok",), Scope.SHIPPED).store
    again = require(graph, once, ("memory-ok",), Scope.SHIPPED)
    assert again.store is once
    assert again.changes == ()


def test_other_keys_of_a_table_stay() -> None:
    policy = {"app": Policy(criteria=("safe-to-run",), notes="why", dependency_criteria={"anvil": ()})}
    store = make_store(criteria=CRITERIA, policy=policy)
    required = require(make_graph(PACKAGES, store), store, ("memory-ok",), Scope.SHIPPED, "app")
    expected = policy["app"]._replace(criteria=("safe-to-run", "memory-ok"))
    assert policies(required.store) == {"app": expected}


def test_one_member_alone() -> None:
    graph, store = make_graph(PACKAGES), make_store(criteria=CRITERIA)
    required = require(graph, store, ("memory-ok",), Scope.SHIPPED, "testkit").store
    assert list(policies(required)) == ["testkit"]
    after = required_of(graph, required)
    assert after["anvil"] == ("safe-to-deploy", "memory-ok")
    assert after["bellows"] == ("safe-to-deploy",)


def test_for_development_the_default_is_written_down_too() -> None:
    graph, store = make_graph(PACKAGES), make_store(criteria=CRITERIA)
    required = require(graph, store, ("memory-ok",), Scope.DEV).store
    assert policies(required)["app"] == Policy(dev_criteria=("safe-to-run", "memory-ok"))
    after = required_of(graph, required)
    assert after["mock"] == ("safe-to-run", "memory-ok")
    assert after["anvil"] == ("safe-to-deploy",)


def test_build_dependencies_are_named_one_by_one_and_what_they_need_follows() -> None:
    graph, store = make_graph(PACKAGES), make_store(criteria=CRITERIA)
    required = require(graph, store, ("memory-ok",), Scope.BUILD)
    both = ("safe-to-deploy", "memory-ok")
    assert required.changes == (TableChange("app", Scope.BUILD, "cc", None, both),)
    after = required_of(graph, required.store)
    assert (after["cc"], after["shlex"], after["anvil"]) == (both, both, ("safe-to-deploy",))


def test_a_build_dependency_that_needs_it_already_gets_no_table() -> None:
    store = make_store(criteria=CRITERIA, policy={"app": Policy(criteria=("safe-to-deploy", "memory-ok"))})
    assert require(make_graph(PACKAGES, store), store, ("memory-ok",), Scope.BUILD).changes == ()


def test_where_another_table_replaces_it_the_crate_is_named() -> None:
    policy = {"core": Policy(dependency_criteria={"bellows": ("safe-to-run",)})}
    store = make_store(criteria=CRITERIA, policy=policy)
    graph = make_graph(PACKAGES, store)
    required = require(graph, store, ("memory-ok",), Scope.SHIPPED).store
    unreached = not_reached(graph, required, ("memory-ok",), Scope.SHIPPED)
    assert [graph.nodes[node].name for node in unreached] == ["bellows"]


def test_a_member_whose_name_is_published_as_well_gets_a_table_of_its_version() -> None:
    packages: Packages = {"members": {"anvil 2.0.0": ["anvil 1.0.0"]}, "crates-io": {"anvil 1.0.0": []}}
    graph, store = make_graph(packages), make_store(criteria=CRITERIA)
    required = require(graph, store, ("memory-ok",), Scope.SHIPPED).store
    assert list(required.config.policy.by_name["anvil"]) == [parse_version("2.0.0")]
    check_policies(graph, required.config.policy)


def test_criteria_nobody_defined() -> None:
    with pytest.raises(UnknownCriteriaError):
        require(make_graph(PACKAGES), make_store(), ("memory-ok",), Scope.SHIPPED)
