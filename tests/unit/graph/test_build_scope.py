"""What a build compiles, on small graphs; tests/compat/test_build_scope.py asks the real cargo about many more."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.unit.graph.crates import crate_graph, named, needs, proc_macro, script
from vetflow.graph.build_scope import build_scope
from vetflow.graph.feature_resolution import BuildRequest
from vetflow.graph.platforms import platform_of

LINUX = platform_of("x86_64-unknown-linux-gnu")
WINDOWS = platform_of("x86_64-pc-windows-msvc")
UNKNOWN = platform_of("xtensa-esp32-none-elf")
REQUEST = BuildRequest((0,), LINUX, resolver=2)


def compiled(crates: Mapping[str, str], request: BuildRequest = REQUEST) -> tuple[set[str], set[str]]:
    """Everything that is compiled, and what of it for the host; the member is `app`, the first."""
    graph = crate_graph(crates)
    scope = build_scope(graph, request)
    return named(graph, scope.all) - {"app"}, named(graph, scope.host) - {"app"}


def optional(*names: str) -> str:
    return "[dependencies]\n" + "".join(f'{name} = {{ version = "1", optional = true }}\n' for name in names)


def feature(name: str, *values: str) -> str:
    return f"[features]\n{name} = {list(values)!r}\n"


TABLES = "[target.'cfg(windows)'.dependencies]\nwin = \"1\"\n[target.'cfg(unix)'.dependencies]\nnix = \"1\"\n"
ON_TWO_PLATFORMS = {"app": script(TABLES), "win": "", "nix": ""}
BOTH_SIDES = {
    "app": needs("derive") + '[dependencies.x]\nversion = "1"\nfeatures = ["std"]\n',
    "derive": proc_macro(needs("x")),
    "x": optional("deep") + feature("std", "deep"),
    "deep": "",
}
OTHER_PLATFORM = {
    "app": needs("x") + '[target.\'cfg(windows)\'.dependencies.y]\npackage = "x"\nversion = "1"\nfeatures = ["std"]\n',
    "x": optional("deep") + feature("std", "deep"),
    "deep": "",
}
FOR_TESTS = {
    "app": needs("x") + '[dev-dependencies]\nx = { version = "1", features = ["std"] }\n',
    "x": optional("deep") + feature("std", "deep"),
    "deep": "",
}
WITH_A_STRANGER = {
    "app": needs("strange"),
    "strange": needs("x"),
    "x": optional("deep") + feature("std", "deep"),
    "deep": "",
}


class TestWhatIsBuilt:
    def test_build_dependencies_are_compiled_for_a_build_script_and_otherwise_not_at_all(self) -> None:
        tools = needs("tool", section="build-dependencies")
        assert compiled({"app": script(tools), "tool": ""}) == ({"tool"}, {"tool"})
        assert compiled({"app": tools, "tool": ""}) == (set(), set())

    def test_a_proc_macro_and_what_it_needs_are_compiled_for_the_host(self) -> None:
        crates = {"app": needs("derive", "plain"), "derive": proc_macro(needs("syn")), "syn": "", "plain": ""}
        assert compiled(crates) == ({"derive", "syn", "plain"}, {"derive", "syn"})

    def test_a_member_that_is_a_proc_macro_is_compiled_for_the_host(self) -> None:
        assert compiled({"app": proc_macro(needs("syn")), "syn": ""}) == ({"syn"}, {"syn"})

    def test_members_that_nobody_asks_for_are_left_out(self) -> None:
        graph = crate_graph({"app": "", "other": needs("plain"), "plain": ""}, members=("app", "other"))
        assert named(graph, build_scope(graph, REQUEST).all) == {"app"}
        assert named(graph, build_scope(graph, REQUEST._replace(packages=(0, 1))).all) == {"app", "other", "plain"}

    def test_tests_bring_in_dependencies_for_development_of_what_was_asked_for_alone(self) -> None:
        dev = needs("quick", section="dev-dependencies")
        graph = crate_graph({"app": dev + needs("other"), "other": dev, "quick": ""}, members=("app", "other"))
        tested = REQUEST._replace(dev=True)
        assert "quick" not in named(graph, build_scope(graph, REQUEST).all)
        assert "quick" in named(graph, build_scope(graph, tested).all)
        graph = crate_graph({"app": needs("other"), "other": dev, "quick": ""}, members=("app", "other"))
        assert "quick" not in named(graph, build_scope(graph, tested).all)


class TestPlatforms:
    def test_only_tables_that_hold_count(self) -> None:
        assert compiled(ON_TWO_PLATFORMS)[0] == {"nix"}

    def test_another_target_has_other_tables_and_several_targets_have_those_of_each(self) -> None:
        assert compiled(ON_TWO_PLATFORMS, REQUEST._replace(targets=(WINDOWS,)))[0] == {"win"}
        assert compiled(ON_TWO_PLATFORMS, REQUEST._replace(targets=(WINDOWS, LINUX)))[0] == {"win", "nix"}

    def test_what_is_for_the_host_stays_what_it_is_whatever_the_target(self) -> None:
        crates = {"app": needs("derive"), "derive": proc_macro(TABLES), "win": "", "nix": ""}
        assert compiled(crates, REQUEST._replace(targets=(WINDOWS,)))[0] == {"derive", "nix"}
        tools = TABLES.replace(".dependencies", ".build-dependencies")
        assert compiled({"app": script(tools), "win": "", "nix": ""}, REQUEST._replace(targets=(WINDOWS,)))[1] == {
            "nix"
        }

    def test_conditions_that_cannot_be_decided_count_as_fulfilled_and_are_named(self) -> None:
        graph = crate_graph(ON_TWO_PLATFORMS)
        scope = build_scope(graph, REQUEST._replace(targets=(UNKNOWN,)))
        assert named(graph, scope.all) == {"app", "win", "nix"}
        assert scope.unclear == {"cfg(windows)", "cfg(unix)"}
        assert not scope.is_complete


class TestFeatures:
    @pytest.mark.parametrize(
        ("features", "is_on"),
        [
            ('default = ["x"]', True),
            ('default = ["dep:x"]', True),
            ('default = ["more"]\nmore = ["x"]', True),
            ('default = ["x/std"]', True),
            ('default = ["x?/std"]', False),
            ('default = ["x?/std", "more"]\nmore = ["dep:x"]', True),
            ('more = ["x"]', False),
        ],
    )
    def test_an_optional_dependency_needs_a_feature(self, features: str, is_on: bool) -> None:
        crates = {"app": optional("x") + f"[features]\n{features}\n", "x": feature("std")}
        assert (compiled(crates)[0] == {"x"}) is is_on

    def test_a_weak_wish_waits_for_somebody_to_switch_the_dependency_on(self) -> None:
        inner = optional("deep") + feature("std", "dep:deep")
        wishes = ('"x?/std", "late"', '"late", "x?/std"')
        for wish in wishes:
            app = optional("x") + f'[features]\ndefault = [{wish}]\nlate = ["dep:x"]\n'
            assert compiled({"app": app, "x": inner, "deep": ""})[0] == {"x", "deep"}

    def test_a_dependency_may_be_asked_for_without_its_default_features(self) -> None:
        inner = optional("deep") + feature("default", "deep")
        assert compiled({"app": needs("x"), "x": inner, "deep": ""})[0] == {"x", "deep"}
        without = '[dependencies]\nx = { version = "1", default-features = false }\n'
        assert compiled({"app": without, "x": inner, "deep": ""})[0] == {"x"}

    def test_features_go_by_the_name_in_the_manifest(self) -> None:
        app = '[dependencies]\nalias = { package = "x", version = "1" }\n' + feature("default", "alias/std")
        assert compiled({"app": app, "x": optional("deep") + feature("std", "deep"), "deep": ""})[0] == {"x", "deep"}

    def test_resolver_2_keeps_the_features_of_the_host_apart_and_resolver_1_does_not(self) -> None:
        assert compiled(BOTH_SIDES)[1] == {"derive", "x"}
        assert compiled(BOTH_SIDES, REQUEST._replace(resolver=1))[1] == {"derive", "x", "deep"}

    def test_resolver_1_joins_the_features_that_other_platforms_ask_for(self) -> None:
        assert compiled(OTHER_PLATFORM)[0] == {"x"}
        assert compiled(OTHER_PLATFORM, REQUEST._replace(resolver=1))[0] == {"x", "deep"}

    def test_resolver_1_joins_the_features_that_only_tests_ask_for(self) -> None:
        assert compiled(FOR_TESTS)[0] == {"x"}
        assert compiled(FOR_TESTS, REQUEST._replace(dev=True))[0] == {"x", "deep"}
        assert compiled(FOR_TESTS, REQUEST._replace(resolver=1))[0] == {"x", "deep"}

    def test_resolver_1_joins_what_the_package_in_the_current_folder_asks_for_even_if_it_is_not_built(self) -> None:
        crates = {
            "app": needs("x"),
            "current": '[dependencies.x]\nversion = "1"\nfeatures = ["std"]\n',
            "x": optional("deep") + feature("std", "deep"),
            "deep": "",
        }
        graph = crate_graph(crates, members=("app", "current"))
        for resolver, expected in ((1, {"app", "x", "deep"}), (2, {"app", "x"})):
            scope = build_scope(graph, REQUEST._replace(resolver=resolver, current=1))
            assert named(graph, scope.all) == expected


class TestMissingFacts:
    def test_a_package_without_facts_is_taken_to_use_everything_everywhere_and_is_named(self) -> None:
        graph = crate_graph(WITH_A_STRANGER, unknown=("strange",))
        scope = build_scope(graph, REQUEST)
        assert named(graph, scope.all) == {"app", "strange", "x", "deep"}
        assert named(graph, scope.host) == named(graph, scope.presumed) == {"strange", "x", "deep"}
        assert named(graph, scope.lacking) == {"strange"}

    def test_what_is_below_it_counts_on_both_platforms(self) -> None:
        crates = {"app": needs("strange"), "strange": needs("x"), "x": TABLES, "win": "", "nix": ""}
        graph = crate_graph(crates, unknown=("strange",))
        scope = build_scope(graph, REQUEST._replace(targets=(WINDOWS,)))
        assert named(graph, scope.all) == {"app", "strange", "x", "win", "nix"}
        assert named(graph, scope.host) == {"strange", "x", "nix"}

    def test_with_facts_about_everything_nothing_is_presumed(self) -> None:
        graph = crate_graph(WITH_A_STRANGER)
        scope = build_scope(graph, REQUEST)
        assert named(graph, scope.all) == {"app", "strange", "x"}
        assert scope.is_complete
        assert scope.presumed == frozenset()
