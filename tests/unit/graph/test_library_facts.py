from __future__ import annotations

from tests.unit.graph.workspaces import CHECKSUM, edges, entry, load, lock, package, published
from vetflow.formats.facts_toml import NoLibrary
from vetflow.graph.library_facts import LibraryFacts, apply_library_facts
from vetflow.model.packages import Targets, Workspace
from vetflow.model.requirement import parse_requirement

NOTHING = LibraryFacts()
OTHER = CHECKSUM[::-1]


def by_name(versions: str) -> LibraryFacts:
    return LibraryFacts(without_library={"tool": (NoLibrary(parse_requirement(versions), "it is a program"),)})


def workspace() -> Workspace:
    """`tool` is needed by `app` and leads to `deep`; `tiny` is needed by both."""
    return load(
        {
            "/ws/Cargo.toml": package("app", body='[dependencies]\ntool = "1"\ntiny = "1"\n'),
            "/ws/Cargo.lock": lock(
                entry("app", "0.1.0", "tiny", "tool"),
                published("deep", "1.0.0"),
                published("tiny", "1.0.0"),
                published("tool", "1.2.0", "deep", "tiny").replace(CHECKSUM, OTHER),
            ),
        }
    )


def test_a_published_crate_is_presumed_to_have_a_library() -> None:
    assert apply_library_facts(workspace(), NOTHING) == workspace()


def test_an_edge_to_a_package_without_a_library_goes_with_all_that_only_it_leads_to() -> None:
    assert edges(apply_library_facts(workspace(), by_name("*"))) == {"app 0.1.0": {"tiny 1.0.0": 1}, "tiny 1.0.0": {}}


def test_a_named_fact_is_about_the_versions_it_names() -> None:
    assert "tool 1.2.0" in edges(apply_library_facts(workspace(), by_name("<1.2")))


def test_what_was_seen_in_an_archive_wins_over_a_name() -> None:
    seen = Targets(has_library=True, proc_macro=True, build_script=False)
    found = apply_library_facts(workspace(), by_name("*").with_targets(OTHER, seen))
    assert next(package for package in found.packages if package.name == "tool").targets == seen
    assert edges(found) == edges(workspace())


def test_a_further_fact_is_applied_to_the_whole_workspace_anew() -> None:
    whole = workspace()
    first = apply_library_facts(whole, NOTHING)
    second = apply_library_facts(whole, NOTHING.with_targets(OTHER, Targets(has_library=False)))
    assert len(first.packages) == 4
    assert [package.name for package in second.packages] == ["app", "tiny"]
    assert (second.members, second.nodes) == ((0,), (0, 1))


def test_local_packages_without_a_library_stay_when_they_are_members() -> None:
    files = {
        "/ws/Cargo.toml": package("app", body='[workspace]\n[dependencies]\ntool = { path = "tool" }\n'),
        "/ws/tool/Cargo.toml": package("tool", body='[dependencies]\ntiny = "1"\n'),
        "/ws/tool/src/main.rs": "",
        "/ws/Cargo.lock": lock(
            entry("app", "0.1.0", "tool"), published("tiny", "1.0.0"), entry("tool", "0.1.0", "tiny")
        ),
    }
    found = apply_library_facts(load(files), NOTHING)
    assert edges(found) == {"app 0.1.0": {}, "tiny 1.0.0": {}, "tool 0.1.0": {"tiny 1.0.0": 1}}
    outside = {
        path.replace("/ws/tool", "/tool"): text.replace('"tool" }', '"../tool" }') for path, text in files.items()
    }
    assert list(edges(apply_library_facts(load(outside), NOTHING))) == ["app 0.1.0"]
