from __future__ import annotations

from tests.unit.graph.crates import crate_graph, named, needs, proc_macro
from vetflow.graph.host_closure import host_closure


def test_what_a_build_script_needs_runs_on_the_host_with_all_below_it() -> None:
    graph = crate_graph(
        {
            "app": needs("plain") + needs("cc", section="build-dependencies"),
            "plain": "",
            "cc": needs("jobs"),
            "jobs": "",
        }
    )
    closure = host_closure(graph, dev=True)
    assert named(graph, closure.all) == {"app", "plain", "cc", "jobs"}
    assert named(graph, closure.host) == {"cc", "jobs"}
    assert closure.is_complete


def test_a_proc_macro_runs_on_the_host_with_all_below_it() -> None:
    graph = crate_graph({"app": needs("derive"), "derive": proc_macro(needs("syn")), "syn": ""})
    assert named(graph, host_closure(graph, dev=True).host) == {"derive", "syn"}


def test_a_library_used_on_both_sides_belongs_to_the_host_closure() -> None:
    graph = crate_graph({"app": needs("derive", "shared"), "derive": proc_macro(needs("shared")), "shared": ""})
    assert "shared" in named(graph, host_closure(graph, dev=True).host)


def test_a_member_is_built_for_the_target_even_if_it_is_a_proc_macro() -> None:
    graph = crate_graph({"app": proc_macro(needs("syn")), "syn": ""})
    assert named(graph, host_closure(graph, dev=True).host) == set()


def test_dependencies_for_development_count_for_members_and_can_be_left_out() -> None:
    graph = crate_graph({"app": needs("derive", section="dev-dependencies"), "derive": proc_macro()})
    assert named(graph, host_closure(graph, dev=True).host) == {"derive"}
    assert named(graph, host_closure(graph, dev=False).all) == {"app"}


def test_everything_below_a_package_without_facts_is_presumed_to_run_and_the_package_is_named() -> None:
    graph = crate_graph(
        {"app": needs("strange", "plain"), "strange": needs("below"), "below": "", "plain": ""}, unknown=("strange",)
    )
    closure = host_closure(graph, dev=True)
    assert named(graph, closure.host) == named(graph, closure.presumed) == {"strange", "below"}
    assert named(graph, closure.lacking) == {"strange"}
    assert not closure.is_complete


def test_what_certainly_runs_is_not_presumed_to_do_so() -> None:
    graph = crate_graph(
        {"app": needs("strange", "derive"), "strange": needs("syn"), "derive": proc_macro(needs("syn")), "syn": ""},
        unknown=("strange",),
    )
    closure = host_closure(graph, dev=True)
    assert named(graph, closure.host) == {"strange", "derive", "syn"}
    assert named(graph, closure.presumed) == {"strange"}


def test_facts_missing_of_packages_that_nothing_reaches_do_not_make_it_incomplete() -> None:
    graph = crate_graph({"app": needs("strange", section="dev-dependencies"), "strange": ""}, unknown=("strange",))
    assert host_closure(graph, dev=False).is_complete
    assert not host_closure(graph, dev=True).is_complete
