from __future__ import annotations

import pytest

from vetflow.model.criteria import MAX_CRITERIA, Criteria, CriteriaError, UnknownCriteriaError


def test_built_in_criteria_come_first_then_names_by_bytes() -> None:
    criteria = Criteria({"zoned": [], "crypto": [], "Audited": []})

    assert criteria.names == ("safe-to-run", "safe-to-deploy", "Audited", "crypto", "zoned")
    assert len(criteria) == 5


def test_safe_to_deploy_implies_safe_to_run_and_nothing_else_does() -> None:
    criteria = Criteria({"crypto": []})

    assert criteria.closure("safe-to-deploy") == criteria.set(("safe-to-run", "safe-to-deploy"))
    assert criteria.closure("crypto") & criteria.closure("safe-to-run") == 0


def test_implications_are_followed_to_the_end() -> None:
    criteria = Criteria({"a": ["b"], "b": ["c", "safe-to-deploy"], "c": []})

    assert criteria.closure("a") == criteria.set(("a", "b", "c", "safe-to-deploy", "safe-to-run"))


def test_a_set_is_the_union_of_closures_and_empty_for_no_names() -> None:
    criteria = Criteria({"a": []})

    assert criteria.set(("a", "safe-to-run")) == criteria.closure("a") | criteria.closure("safe-to-run")
    assert criteria.set(()) == 0


def test_minimal_names_leave_out_what_others_imply_in_index_order() -> None:
    criteria = Criteria({"a0": [], "c1": ["safe-to-run"], "c2": ["c1"]})

    assert criteria.minimal_names(criteria.set(("c2", "a0", "safe-to-run"))) == ("a0", "c2")
    assert criteria.minimal_names(criteria.everything) == ("safe-to-deploy", "a0", "c2")


def test_indices_are_the_members_in_ascending_order() -> None:
    criteria = Criteria({"a": [], "b": []})

    assert criteria.indices(criteria.set(("b", "safe-to-deploy"))) == [0, 1, 3]


def test_known_names_are_contained() -> None:
    criteria = Criteria({"a": []})

    assert "a" in criteria
    assert "safe-to-run" in criteria
    assert "b" not in criteria


@pytest.mark.parametrize("implies", [{"a": ["a"]}, {"x": ["a"], "a": ["b"], "b": ["a"]}])
def test_a_criterion_may_not_imply_itself(implies: dict[str, list[str]]) -> None:
    with pytest.raises(CriteriaError, match="criteria 'a' implies itself") as raised:
        Criteria(implies)

    assert raised.value.name == "a"


def test_two_ways_to_imply_the_same_are_no_cycle() -> None:
    criteria = Criteria({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []})

    assert criteria.minimal_names(criteria.closure("a")) == ("a",)


@pytest.mark.parametrize("name", ["safe-to-run", "safe-to-deploy"])
def test_a_built_in_may_not_be_defined_again(name: str) -> None:
    with pytest.raises(CriteriaError, match=f"'{name}' is built in"):
        Criteria({name: []})


def test_unknown_names_are_told() -> None:
    with pytest.raises(UnknownCriteriaError) as raised:
        Criteria({"a": ["nobody"]})
    assert raised.value.name == "nobody"
    with pytest.raises(UnknownCriteriaError):
        Criteria({}).set(("nobody",))
    with pytest.raises(UnknownCriteriaError):
        Criteria({}).closure("nobody")


def test_64_criteria_are_the_limit() -> None:
    too_many: dict[str, list[str]] = {f"c{number}": [] for number in range(MAX_CRITERIA - 1)}

    with pytest.raises(CriteriaError, match="65 criteria are defined; cargo-vet can hold 64") as raised:
        Criteria(too_many)
    assert raised.value.name is None


def test_everything_is_empty_with_exactly_64_criteria_as_in_cargo_vet() -> None:
    criteria = Criteria({f"c{number}": [] for number in range(MAX_CRITERIA - 2)})
    one_less = Criteria({f"c{number}": [] for number in range(MAX_CRITERIA - 3)})

    assert criteria.everything == 0
    assert one_less.everything == one_less.set(one_less.names)
