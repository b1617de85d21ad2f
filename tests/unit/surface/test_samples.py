"""The labelled samples beside the checkout, and variants of our own: attacks reach their grade, honest code none."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.surfaces import STARTS_A_PROGRAM, analysed, published
from vetflow.model.contents import CrateFile, CrateFiles

SAMPLES = 73
MAIN = "fn main() { l::run(); }"


def sample_files(folder: Path) -> CrateFiles:
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name != "expected.toml"]
    files = [CrateFile(str(path.relative_to(folder)), executable=False, content=path.read_bytes()) for path in paths]
    return {file.path: file for file in files}


@pytest.mark.shared
@pytest.mark.parametrize("host_library", [False, True])
def test_each_labelled_sample_has_its_grade(shared: Path, host_library: bool) -> None:
    expectations = sorted((shared / "fixtures" / "surface").glob("*/expected.toml"))
    assert len(expectations) == SAMPLES
    wrong = {}
    for file in expectations:
        expected = tomllib.loads(file.read_text())
        analysis = analysed(sample_files(file.parent), host_library=host_library)
        lowest, highest = expected.get("min_grade", 0), expected.get("max_grade", 3)
        if not lowest <= analysis.grade <= highest:
            wrong[file.parent.name] = (analysis.grade, [(each.rule, each.grade) for each in analysis.evidence])
    assert wrong == {}


@pytest.mark.parametrize(
    ("script", "path"),
    [
        ('#[cfg_attr(all(), path = "x.md")] mod l;' + MAIN, "x.md"),
        ('#[cfg_attr(all(), cfg_attr(not(any()), path = "x.md"))] mod l;' + MAIN, "x.md"),
        ('#[path = "data"] mod d { #[path = "x.png"] pub mod l; } use d::l;' + MAIN, "data/x.png"),
        ('macro_rules! m { () => { #[path = "x.md"] mod l; } } m!();' + MAIN, "x.md"),
        ("cfg_if::cfg_if! { if #[cfg(unix)] { mod l; } }" + MAIN, "l.rs"),
        ("macro_rules! m { ($a:ident) => { mod $a; } } m!(l);" + MAIN, "l.rs"),
        ("fn main() { mod inner { pub mod l; } inner::l::run(); }", "inner/l.rs"),
        ('mod l { include!("x.md"); }' + MAIN, "x.md"),
        ('mod l { use core::include as text; text!("x.md"); }' + MAIN, "x.md"),
        ('mod l { include!(concat!("docs/", "x", ".md")); }' + MAIN, "docs/x.md"),
        ('mod l { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/x.md")); }' + MAIN, "docs/x.md"),
        ('macro_rules! m { ($f:literal) => { include!($f); } } mod l { m!("x.md"); }' + MAIN, "x.md"),
        ('#[path = "d\\\\x.md"] mod l;' + MAIN, "d/x.md"),
        ('#[cfg(windows)] #[path = "x.md"] mod l;' + MAIN, "x.md"),
        ("mod r#l;" + MAIN, "l.rs"),
    ],
)
def test_an_attack_is_found_wherever_its_code_lies(script: str, path: str) -> None:
    assert analysed(published({"build.rs": script, "src/lib.rs": "", path: STARTS_A_PROGRAM})).grade == 3


@pytest.mark.parametrize(
    ("package", "tables", "path"),
    [
        ('build = "ci/build/run"', "", "ci/build/run"),
        ('build = ["build.rs", "second.txt"]', "", "second.txt"),
        ("build = 'ci\\run.rs'", "", "ci/run.rs"),
        ("", '[lib]\nproc-macro = true\npath = "assets/icon.svg"', "assets/icon.svg"),
        ("", '[lib]\ncrate-type = ["proc-macro"]', "src/lib.rs"),
        ("", "[lib]\nproc_macro = true", "src/lib.rs"),
        ("", "", "Build.rs"),
    ],
)
def test_an_attack_is_found_whatever_its_root_is_called(package: str, tables: str, path: str) -> None:
    files = {"src/lib.rs": "", "build.rs": "fn main() {}", path: STARTS_A_PROGRAM}
    if path == "Build.rs":
        del files["build.rs"]
    assert analysed(published(files, package=package, tables=tables)).grade == 3


@pytest.mark.parametrize(
    "files",
    [
        {"tests/a.rs": STARTS_A_PROGRAM, "examples/b.rs": STARTS_A_PROGRAM, "benches/c.rs": STARTS_A_PROGRAM},
        {"build.rs": f"#[cfg(test)] mod t {{ {STARTS_A_PROGRAM} }} fn main() {{}}"},
        {"build.rs": "#[cfg(test)] mod t; fn main() {}", "t.rs": STARTS_A_PROGRAM},
        {"build.rs": "mod t; fn main() {}", "t.rs": f"#![cfg(test)]\n{STARTS_A_PROGRAM}"},
        {"build.rs": '//! mod l;\n/* include!("x.md"); */ fn main() { f("mod l;"); }', "l.rs": STARTS_A_PROGRAM},
        {"build.rs": '#![doc = include_str!("README.md")]\nfn main() {}', "README.md": "see https://docs.rs/x\n"},
        {"build.rs": "fn main() {\r\n    // Grüße \u26a0\ufe0f\r\n}\r\n"},
        {"build.rs": "\ufefffn main() {}"},
    ],
)
def test_honest_code_that_looks_like_an_attack_has_no_grade(files: dict[str, str | bytes]) -> None:
    assert analysed(published({"src/lib.rs": "", **files})).grade == 0
