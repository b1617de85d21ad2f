from __future__ import annotations

import pytest

from tests.unit.graph.crates import facts, manifest
from vetflow.errors import WorkspaceError
from vetflow.formats.cargo_toml import parse_manifest
from vetflow.graph.crate_facts import CrateDependency, published_facts
from vetflow.model.packages import DependencyKind, Targets
from vetflow.model.requirement import parse_requirement


@pytest.mark.parametrize(
    ("text", "paths", "targets"),
    [
        ("", ("src/lib.rs",), Targets(True, False, False)),
        ("", ("src/main.rs",), Targets(False, False, False)),
        ("autolib = false", ("src/lib.rs",), Targets(False, False, False)),
        ('[lib]\npath = "code.txt"', ("code.txt",), Targets(True, False, False)),
        ("[lib]\nproc-macro = true", ("src/lib.rs",), Targets(True, True, False)),
        ("[lib]\nproc_macro = true", ("src/lib.rs",), Targets(True, True, False)),
        ('[lib]\ncrate-type = ["proc-macro"]', ("src/lib.rs",), Targets(True, True, False)),
        ("", ("src/lib.rs", "build.rs"), Targets(True, False, True)),
        ("build = false", ("src/lib.rs", "build.rs"), Targets(True, False, False)),
        ('build = "scripts/x"', ("src/lib.rs",), Targets(True, False, True)),
        ("build = true", ("src/lib.rs",), Targets(True, False, True)),
    ],
)
def test_what_runs_follows_from_the_manifest_and_the_names_of_the_files(
    text: str, paths: tuple[str, ...], targets: Targets
) -> None:
    assert published_facts(manifest(text), paths).targets == targets


def test_a_dependency_keeps_its_name_in_the_manifest_and_everything_it_asks_for() -> None:
    known = facts(
        """links = "z"
[target.'cfg(unix)'.build-dependencies]
zed = { package = "zlib", version = "1.2", optional = true, default-features = false, features = ["std"] }
"""
    )
    assert known.links == "z"
    requirement = parse_requirement("1.2")
    assert known.dependencies == (
        CrateDependency("zed", "zlib", requirement, DependencyKind.BUILD, "cfg(unix)", True, False, ("std",)),
    )


def test_what_a_published_crate_needs_for_its_own_tests_is_no_fact_about_it() -> None:
    known = facts('[dev-dependencies]\nquick = "1"\n[dependencies]\nslow = "1"')
    assert [each.key for each in known.dependencies] == ["slow"]


def test_an_optional_dependency_is_a_feature_unless_dep_hides_it_or_a_feature_has_its_name() -> None:
    known = facts(
        """[dependencies]
plain = { version = "1", optional = true }
hidden = { version = "1", optional = true }
named = { version = "1", optional = true }
always = "1"
[features]
full = ["dep:hidden"]
named = ["dep:named", "full"]
"""
    )
    assert known.feature_table() == {
        "plain": ("dep:plain",),
        "full": ("dep:hidden",),
        "named": ("dep:named", "full"),
    }


def test_a_manifest_without_a_package_is_refused() -> None:
    with pytest.raises(WorkspaceError, match=r"/x/Cargo\.toml has no \[package\]"):
        published_facts(parse_manifest("[workspace]", "/x/Cargo.toml"), ())
