from __future__ import annotations

from tests.builders import Packages, make_graph, make_store
from vetflow.model.store import Policy, Store
from vetflow.resolve.requirements import requirements


def required(packages: Packages, store: Store) -> dict[str, tuple[str, ...]]:
    graph = make_graph(packages, store)
    return {
        f"{node.name} {node.version}": store.criteria.minimal_names(criteria)
        for node, criteria in zip(graph.nodes, requirements(graph, store), strict=True)
    }


RUN, DEPLOY, NOTHING = ("safe-to-run",), ("safe-to-deploy",), ()


def test_normal_and_build_dependencies_inherit_and_dev_dependencies_get_safe_to_run() -> None:
    packages: Packages = {
        "members": {"root 0.1.0": ["nn", "bb build", "dd dev"]},
        "crates-io": {
            "nn 1.0.0": ["tt"],
            "bb 1.0.0": [],
            "tt 1.0.0": [],
            "dd 1.0.0": ["below"],
            "below 1.0.0": [],
        },
    }
    assert required(packages, make_store()) == {
        "root 0.1.0": DEPLOY,
        "nn 1.0.0": DEPLOY,
        "bb 1.0.0": DEPLOY,
        "tt 1.0.0": DEPLOY,
        "dd 1.0.0": RUN,
        "below 1.0.0": RUN,
    }


def test_a_crate_needed_normally_and_for_tests_gets_the_union() -> None:
    packages: Packages = {
        "members": {"one 0.1.0": ["aa"], "two 0.1.0": ["aa dev", "bb dev"]},
        "crates-io": {"aa 1.0.0": [], "bb 1.0.0": ["aa"]},
    }
    found = required(packages, make_store())
    assert (found["aa 1.0.0"], found["bb 1.0.0"]) == (DEPLOY, RUN)


def test_a_policy_replaces_what_parents_hand_down_and_passes_its_own_on() -> None:
    packages: Packages = {
        "members": {"root 0.1.0": ["aa"]},
        "crates-io": {"aa 1.0.0": ["bb"], "bb 1.0.0": []},
    }
    store = make_store(policy={"aa:1.0.0": Policy(criteria=RUN)})
    assert required(packages, store) == {"root 0.1.0": DEPLOY, "aa 1.0.0": RUN, "bb 1.0.0": RUN}


def test_an_empty_policy_requires_nothing_where_an_absent_one_requires_safe_to_deploy() -> None:
    packages: Packages = {"members": {"root 0.1.0": ["aa"]}, "crates-io": {"aa 1.0.0": []}}
    assert required(packages, make_store(policy={"root": Policy(criteria=())}))["aa 1.0.0"] == NOTHING
    assert required(packages, make_store(policy={"root": Policy()}))["aa 1.0.0"] == DEPLOY


def test_a_policy_of_a_dev_dependency_replaces_the_dev_requirement() -> None:
    packages: Packages = {"members": {"root 0.1.0": ["aa dev"]}, "crates-io": {"aa 1.0.0": []}}
    store = make_store(policy={"aa:1.0.0": Policy(criteria=())})
    assert required(packages, store)["aa 1.0.0"] == NOTHING


def test_dependency_criteria_change_one_edge_for_every_version_of_that_name() -> None:
    packages: Packages = {
        "members": {"one 0.1.0": ["aa 1.0.0", "aa 2.0.0"], "two 0.1.0": ["aa 2.0.0"]},
        "crates-io": {"aa 1.0.0": ["bb"], "aa 2.0.0": [], "bb 1.0.0": []},
    }
    store = make_store(policy={"one": Policy(dependency_criteria={"aa": RUN})})
    found = required(packages, store)
    assert (found["aa 1.0.0"], found["bb 1.0.0"], found["aa 2.0.0"]) == (RUN, RUN, DEPLOY)


def test_empty_dependency_criteria_ask_nothing_of_that_edge() -> None:
    packages: Packages = {
        "members": {"root 0.1.0": ["aa", "bb"]},
        "crates-io": {"aa 1.0.0": ["own"], "own 1.0.0": [], "bb 1.0.0": []},
    }
    store = make_store(policy={"root": Policy(dependency_criteria={"aa": ()})})
    found = required(packages, store)
    assert (found["aa 1.0.0"], found["own 1.0.0"], found["bb 1.0.0"]) == (NOTHING, NOTHING, DEPLOY)


def test_dependency_criteria_outweigh_dev_criteria_on_a_dev_edge() -> None:
    packages: Packages = {
        "members": {"root 0.1.0": ["aa dev", "bb dev"]},
        "crates-io": {"aa 1.0.0": [], "bb 1.0.0": []},
    }
    store = make_store(policy={"root": Policy(dev_criteria=(), dependency_criteria={"aa": DEPLOY})})
    found = required(packages, store)
    assert (found["aa 1.0.0"], found["bb 1.0.0"]) == (DEPLOY, NOTHING)


def test_dev_criteria_of_a_policy_replace_safe_to_run() -> None:
    packages: Packages = {"members": {"root 0.1.0": ["aa dev"]}, "crates-io": {"aa 1.0.0": []}}
    store = make_store(policy={"root": Policy(dev_criteria=DEPLOY)})
    assert required(packages, store)["aa 1.0.0"] == DEPLOY


def test_requirements_of_several_roots_are_united() -> None:
    packages: Packages = {
        "members": {"one 0.1.0": ["aa"], "two 0.1.0": ["aa"]},
        "crates-io": {"aa 1.0.0": []},
    }
    store = make_store(
        criteria={"strong": DEPLOY, "other": ()},
        policy={"one": Policy(criteria=("strong",)), "two": Policy(criteria=("other", "safe-to-run"))},
    )
    assert required(packages, store)["aa 1.0.0"] == ("other", "strong")


def test_a_root_must_also_be_what_members_that_test_with_it_ask() -> None:
    packages: Packages = {"members": {"one 0.1.0": ["two dev"], "two 0.1.0": ["aa"]}, "crates-io": {"aa 1.0.0": []}}
    store = make_store(criteria={"extra": ()}, policy={"one": Policy(dev_criteria=("extra",))})
    assert required(packages, store)["aa 1.0.0"] == ("safe-to-deploy", "extra")


def test_a_member_that_another_member_needs_is_no_root_and_inherits() -> None:
    packages: Packages = {
        "members": {"top 0.1.0": ["low"], "low 0.1.0": ["aa"]},
        "crates-io": {"aa 1.0.0": []},
    }
    store = make_store(policy={"top": Policy(criteria=RUN)})
    assert required(packages, store)["aa 1.0.0"] == RUN
