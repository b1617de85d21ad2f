"""Which audits are suggested, in which order, and what happens when sizes are unknown."""

from __future__ import annotations

from collections.abc import Mapping

from tests.builders import Packages, delta, exempt, full, make_graph, make_store, violation
from tests.suggesting import NOT_THERE, Measured, Published, delta_of, text_of
from vetflow.model.criteria import Criteria
from vetflow.model.report import Reach
from vetflow.model.store import Policy, Store
from vetflow.model.suggestions import DiffStat, Suggest, Suggestion, UnknownSize
from vetflow.model.version import parse_version
from vetflow.resolve.conclude import conclude
from vetflow.resolve.suggest import by_heading, cheapest, least_to_read, reached_versions, suggest

ONE: Packages = {"members": {"root 0.1.0": ["aa"]}, "crates-io": {"aa 2.0.0": []}}
NO_INDEX = Published({})
REVISION = "1.5.0@git:" + "c3" * 20
FORK: Packages = {
    "members": {"root 0.1.0": ["aa"]},
    f"git+https://forge.example/aa?rev=c3#{'c3' * 20}": {"aa 1.5.0": []},
}
AUDITED_FORK = {"aa": Policy(audit_as_crates_io=True)}


def suggested(store: Store, lines: Mapping[str, int], packages: Packages = ONE, index: Published = NO_INDEX) -> Suggest:
    found = suggest(conclude(make_graph(packages, store), store), Measured(lines), index)
    assert found is not None
    return found


def rows(suggestions: tuple[Suggestion, ...]) -> list[tuple[str, int | None]]:
    return [(text_of(each.delta), each.lines) for each in suggestions]


def test_the_smallest_candidate_is_suggested() -> None:
    store = make_store(audits={"aa": [full("1.0.0"), full("2.1.0")]})
    found = suggested(store, {"aa 1.0.0 -> 2.0.0": 60, "aa 2.1.0 -> 2.0.0": 5})
    assert rows(found.suggestions) == [("aa 2.1.0 -> 2.0.0", 5)]
    assert found.total_lines == 5


def test_of_two_equal_ones_the_one_from_below_is_suggested() -> None:
    store = make_store(audits={"aa": [full("1.0.0"), full("2.1.0")]})
    found = suggested(store, {"aa 1.0.0 -> 2.0.0": 5, "aa 2.1.0 -> 2.0.0": 5})
    assert rows(found.suggestions) == [("aa 1.0.0 -> 2.0.0", 5)]


def test_deleted_lines_have_to_be_read_too() -> None:
    sizes = {delta_of("aa 1.0.0"): DiffStat(9, 0, 1), delta_of("aa 2.0.0"): DiffStat(2, 8, 1)}
    assert cheapest(sizes, sizes) == (delta_of("aa 1.0.0"), DiffStat(9, 0, 1))


def test_nothing_is_suggested_for_a_success_or_a_violation() -> None:
    for audits in ([full("2.0.0")], [full("2.0.0"), violation("*")]):
        store = make_store(audits={"aa": audits})
        assert suggest(conclude(make_graph(ONE, store), store), Measured({}), NO_INDEX) is None


def test_index_and_sizes_are_asked_once_for_everything() -> None:
    packages: Packages = {"members": {"root 0.1.0": ["aa", "bb"]}, "crates-io": {"aa 2.0.0": [], "bb 1.0.0": []}}
    store = make_store(audits={"aa": [full("1.0.0"), full("3.0.0")]})
    sizes, index = Measured({}), Published({})
    suggest(conclude(make_graph(packages, store), store), sizes, index)
    assert sizes.asked == [["aa 1.0.0 -> 2.0.0", "aa 3.0.0 -> 2.0.0", "bb 1.0.0"]]
    assert index.asked == [frozenset({"aa", "bb"})]


def test_what_is_not_published_is_no_base() -> None:
    store = make_store(audits={"aa": [full("1.0.0"), full("1.9.0")]})
    index = Published({"aa": ["1.0.0", "2.0.0"]})
    assert rows(suggested(store, {"aa 1.0.0 -> 2.0.0": 60}, index=index).suggestions) == [("aa 1.0.0 -> 2.0.0", 60)]


def test_an_exempted_version_is_a_base() -> None:
    store = make_store(exemptions={"aa": [exempt("1.0.0")]})
    assert rows(suggested(store, {"aa 1.0.0 -> 2.0.0": 60}).suggestions) == [("aa 1.0.0 -> 2.0.0", 60)]


def test_small_audits_come_first_then_by_name_and_version() -> None:
    packages: Packages = {
        "members": {"root 0.1.0": ["cc", "bb 1.0.0", "bb 2.0.0", "aa"]},
        "crates-io": {"aa 2.0.0": [], "bb 1.0.0": [], "bb 2.0.0": [], "cc 1.0.0": []},
    }
    lines = {"aa 2.0.0": 100, "bb 2.0.0": 8, "bb 1.0.0": 8, "cc 1.0.0": 7}
    found = suggested(make_store(), lines, packages)
    assert rows(found.suggestions) == [("cc 1.0.0", 7), ("bb 1.0.0", 8), ("bb 2.0.0", 8), ("aa 2.0.0", 100)]
    assert found.total_lines == 123


def test_one_audit_that_serves_several_crates_stands_once_with_all_their_parents() -> None:
    packages: Packages = {
        "members": {"root 0.1.0": ["pp", "aa 1.5.0"]},
        "path": {"pp 0.1.0": ["aa 2.0.0"]},
        "crates-io": {"aa 1.5.0": [], "aa 2.0.0": []},
    }
    store = make_store(audits={"aa": [delta("1.0.0", "1.5.0"), delta("1.0.0", "2.0.0")]})
    found = suggested(store, {"aa 1.0.0": 3, "aa 1.5.0": 9, "aa 2.0.0": 9}, packages)
    assert rows(found.suggestions) == [("aa 1.0.0", 3)]
    assert found.suggestions[0].parents == ("pp", "root")
    assert found.total_lines == 3


def test_a_merged_audit_keeps_the_criteria_of_the_first_crate_as_with_cargo_vet() -> None:
    packages: Packages = {
        "members": {"root 0.1.0": ["aa 1.5.0", "aa 2.0.0 dev"]},
        "crates-io": {"aa 1.5.0": [], "aa 2.0.0": []},
    }
    store = make_store(audits={"aa": [delta("1.0.0", "1.5.0"), delta("1.0.0", "2.0.0")]})
    (merged,) = suggested(store, {"aa 1.0.0": 3}, packages).suggestions
    assert store.criteria.minimal_names(merged.missing) == ("safe-to-deploy",)


def test_parents_are_all_packages_that_depend_on_the_crate_whatever_for() -> None:
    packages: Packages = {
        "members": {"root 0.1.0": ["aa", "bb"], "bb 0.1.0": ["aa dev"]},
        "crates-io": {"aa 2.0.0": []},
    }
    assert suggested(make_store(), {"aa 2.0.0": 1}, packages).suggestions[0].parents == ("bb", "root")


def test_a_crate_nobody_could_measure_is_kept_apart_with_the_nearest_audit_and_the_reason() -> None:
    packages: Packages = {"members": {"root 0.1.0": ["aa", "bb"]}, "crates-io": {"aa 2.0.0": [], "bb 1.0.0": []}}
    store = make_store(audits={"aa": [full("1.0.0"), full("3.0.0")]})
    found = suggested(store, {"bb 1.0.0": 4}, packages)
    assert rows(found.suggestions) == [("bb 1.0.0", 4)]
    assert rows(found.unmeasured) == [("aa 1.0.0 -> 2.0.0", None)]
    assert found.unmeasured[0].size == NOT_THERE
    assert [text_of(delta) for delta, _ in found.failures] == ["aa 1.0.0 -> 2.0.0", "aa 3.0.0 -> 2.0.0"]


def test_a_candidate_nobody_could_measure_does_not_stand_in_the_way_of_another() -> None:
    store = make_store(audits={"aa": [full("1.0.0"), full("3.0.0")]})
    found = suggested(store, {"aa 3.0.0 -> 2.0.0": 70})
    assert rows(found.suggestions) == [("aa 3.0.0 -> 2.0.0", 70)]
    assert found.unmeasured == ()
    assert found.failures == ((delta_of("aa 1.0.0 -> 2.0.0"), NOT_THERE),)


def test_a_crate_without_any_source_is_kept_apart_and_nothing_is_measured_for_it() -> None:
    found = suggested(make_store(), {}, index=Published({"aa": ["1.0.0"]}))
    (left,) = found.unmeasured
    assert text_of(left.delta) == "aa 2.0.0"
    assert isinstance(left.size, UnknownSize)
    assert "published" in left.size.reason
    assert (found.suggestions, found.failures) == ((), ())


def test_a_revision_is_suggested_together_with_the_published_version_before_it() -> None:
    store = make_store(policy=AUDITED_FORK)
    index = Published({"aa": ["1.0.0", "2.0.0"]})
    found = suggested(store, {"aa 1.0.0": 41, f"aa 1.0.0 -> {REVISION}": 15}, FORK, index)
    assert rows(found.suggestions) == [(f"aa 1.0.0 -> {REVISION}", 15), ("aa 1.0.0", 41)]
    assert [each.target for each in found.suggestions] == [parse_version(REVISION), parse_version("1.0.0")]
    assert found.total_lines == 56


def test_a_revision_is_not_listed_alone_when_what_comes_before_it_is_unknown() -> None:
    index = Published({"aa": ["1.0.0"]})
    found = suggested(make_store(policy=AUDITED_FORK), {f"aa 1.0.0 -> {REVISION}": 15}, FORK, index)
    assert found.suggestions == ()
    assert rows(found.unmeasured) == [("aa 1.0.0", None), (f"aa 1.0.0 -> {REVISION}", 15)]


def test_what_comes_before_a_revision_is_listed_when_the_size_of_the_revision_is_unknown() -> None:
    index = Published({"aa": ["1.0.0"]})
    found = suggested(make_store(policy=AUDITED_FORK), {"aa 1.0.0": 41}, FORK, index)
    assert rows(found.suggestions) == [("aa 1.0.0", 41)]
    assert rows(found.unmeasured) == [(f"aa 1.0.0 -> {REVISION}", None)]


TWO: Packages = {"members": {"root 0.1.0": ["aa", "bb"]}, "crates-io": {"aa 2.0.0": [], "bb 1.0.0": []}}


def test_what_is_least_to_read_is_told_by_crate_and_left_out_where_nobody_can_tell() -> None:
    store = make_store(audits={"aa": [full("1.0.0")]})
    resolution = conclude(make_graph(TWO, store), store)
    failing = {node.name: index for index, node in enumerate(resolution.graph.nodes) if node.is_third_party}
    sizes = Measured({"aa 1.0.0 -> 2.0.0": 7})
    assert least_to_read(resolution, failing.values(), sizes, NO_INDEX) == {failing["aa"]: DiffStat(7, 0, 1)}
    assert least_to_read(resolution, [failing["bb"]], sizes, NO_INDEX) == {}


def test_nothing_is_left_to_read_where_nothing_fails() -> None:
    store = make_store(audits={"aa": [full("2.0.0")]})
    assert least_to_read(conclude(make_graph(ONE, store), store), [1], Measured({}), NO_INDEX) == {}


def test_the_versions_that_matter_are_those_one_gets_to_from_either_end() -> None:
    nothing, one, two, three = None, *map(parse_version, ("1.0.0", "2.0.0", "3.0.0"))
    reaches = [Reach(frozenset({nothing, one}), frozenset({two, three})), Reach(frozenset({nothing}), frozenset({two}))]
    assert reached_versions([("aa", reaches), ("bb", []), ("aa", [])]) == {"aa": {one, two, three}, "bb": set()}


def heading(criteria: Mapping[str, tuple[str, ...]], *missing: str) -> str:
    known = Criteria(criteria)
    one = Suggestion(0, delta_of("aa 1.0.0"), NOT_THERE, parse_version("1.0.0"), known.set(missing), ())
    (only,) = by_heading([one], known)
    return only


def test_a_heading_names_the_minimal_criteria_and_what_implies_each() -> None:
    assert heading({}, "safe-to-deploy") == "safe-to-deploy"
    assert heading({}, "safe-to-run") == "safe-to-run (or safe-to-deploy)"
    assert heading({"c1": ("safe-to-run",)}, "safe-to-run") == "safe-to-run (or safe-to-deploy, or c1)"
    assert heading({"c1": ()}, "safe-to-deploy", "c1") == "safe-to-deploy, c1"
    chain = {"c1": (), "c2": ("c1",), "c3": ("c2",)}
    assert heading(chain, "c1", "safe-to-run") == "safe-to-run (or safe-to-deploy), c1 (or c2, or c3)"


def test_groups_are_sorted_by_heading_and_keep_the_order_within() -> None:
    packages: Packages = {
        "members": {"root 0.1.0": ["aa dev", "bb", "cc"]},
        "crates-io": {"aa 2.0.0": [], "bb 1.0.0": [], "cc 1.0.0": []},
    }
    store = make_store()
    found = suggested(store, {"aa 2.0.0": 1, "bb 1.0.0": 3, "cc 1.0.0": 2}, packages)
    groups = by_heading(found.suggestions, store.criteria)
    assert [(name, [each.delta.name for each in group]) for name, group in groups.items()] == [
        ("safe-to-deploy", ["cc", "bb"]),
        ("safe-to-run (or safe-to-deploy)", ["aa"]),
    ]
