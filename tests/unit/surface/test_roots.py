from __future__ import annotations

import pytest

from tests.surfaces import published
from vetflow.surface.analysis import read_manifest
from vetflow.surface.roots import find_roots, hidden_build_scripts, leaves_package
from vetflow.surface.tiers import Roots


def roots(*paths: str, package: str = "", tables: str = "") -> Roots:
    files = published(dict.fromkeys(paths, ""), package=package, tables=tables)
    return find_roots(read_manifest(files), files)


@pytest.mark.parametrize(
    ("package", "paths", "expected"),
    [
        ("", ["build.rs"], ["build.rs"]),
        ("", ["src/build.rs"], []),
        ("build = false", ["build.rs"], []),
        ("build = true", [], ["build.rs"]),
        ('build = "docs/CHANGELOG.md"', ["docs/CHANGELOG.md", "build.rs"], ["docs/CHANGELOG.md"]),
        ('build = "ci/make"', [], ["ci/make"]),
        ('build = "./ci//make.rs"', [], ["ci/make.rs"]),
        ('build = "ci/../make.rs"', [], ["make.rs"]),
        ('build = "../outside.rs"', [], ["../outside.rs"]),
        ('build = "/srv/outside.rs"', [], ["/srv/outside.rs"]),
        ("build = 'ci\\make.rs'", ["ci/make.rs"], ["ci/make.rs"]),
        ("build = 'ci\\make.rs'", ["ci\\make.rs"], ["ci\\make.rs"]),
        ('build = ["a.rs", "b.rs"]', ["a.rs"], ["a.rs", "b.rs"]),
        ("", ["Build.rs"], []),
        ("", ["build.rs/inner.rs"], []),
    ],
)
def test_the_manifest_names_the_build_script_or_a_file_of_its_name_is_there(
    package: str, paths: list[str], expected: list[str]
) -> None:
    assert roots("src/lib.rs", *paths, package=package).build_scripts == tuple(expected)


@pytest.mark.parametrize(
    ("table", "proc_macro"),
    [
        ("proc-macro = true", True),
        ("proc_macro = true", True),
        ('crate-type = ["proc-macro"]', True),
        ('crate_type = ["proc-macro"]', True),
        ("proc-macro = false\nproc_macro = true", False),
        ('crate-type = ["cdylib", "rlib"]', False),
        ("", False),
    ],
)
def test_a_library_is_a_proc_macro_in_any_of_four_spellings(table: str, proc_macro: bool) -> None:
    assert roots("src/lib.rs", tables=f"[lib]\n{table}").proc_macro is proc_macro


@pytest.mark.parametrize(
    ("package", "tables", "paths", "library"),
    [
        ("", "", ["src/lib.rs"], "src/lib.rs"),
        ("", "", ["src/main.rs"], None),
        ("autolib = false", "", ["src/lib.rs"], None),
        ("", '[lib]\npath = "x/y.txt"', ["src/lib.rs"], "x/y.txt"),
        ("", "[lib]", [], "src/lib.rs"),
        ("", "[lib]", ["src/wrenfold.rs"], "src/wrenfold.rs"),
        ("", '[lib]\nname = "other"', ["src/other.rs"], "src/other.rs"),
    ],
)
def test_a_library_may_be_any_file(package: str, tables: str, paths: list[str], library: str | None) -> None:
    assert roots(*paths, package=package, tables=tables).library == library


def test_an_old_manifest_calls_its_package_a_project() -> None:
    text = '[project]\nname = "wrenfold"\nversion = "1.0.0"\nbuild = "make.rs"\nlinks = "wren"\n'
    files = published({"Cargo.toml": text})
    assert find_roots(read_manifest(files), files) == Roots(("make.rs",), None, proc_macro=False, links="wren")


@pytest.mark.parametrize(
    ("package", "paths", "hidden"),
    [
        ("", ["Build.rs", "BUILD.RS"], ["BUILD.RS", "Build.rs"]),
        ("", ["Build.rs", "build.rs"], []),
        ("build = false", ["Build.rs"], []),
        ('build = "make.rs"', ["Build.rs"], []),
        ("", ["src/Build.rs"], []),
    ],
)
def test_another_spelling_is_a_build_script_where_the_disk_ignores_case(
    package: str, paths: list[str], hidden: list[str]
) -> None:
    files = published(dict.fromkeys(paths, ""), package=package)
    assert hidden_build_scripts(read_manifest(files), files) == tuple(hidden)


@pytest.mark.parametrize(
    ("path", "outside"),
    [("../x", True), ("..", True), ("/x", True), ("C:/x", True), ("..x/y", False), ("a/b", False)],
)
def test_a_path_that_leads_out_of_the_package_is_told_on_any_system(path: str, outside: bool) -> None:
    assert leaves_package(path) is outside
