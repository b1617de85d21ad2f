"""What runs at build time, as cargo and rustc see it: the roots of a package, and the files compiled from a root.

Both tools are asked about files of our own alone, from a folder that is not theirs.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from random import Random

import pytest

from tests.compat.module_trees import draw_tree
from tests.crates import contents_of
from tests.oracle import find_cargo
from vetflow.surface.analysis import read_manifest
from vetflow.surface.roots import find_roots
from vetflow.surface.rust import RustSources
from vetflow.surface.walk import walk

TREES = 60

PACKAGE = '[package]\nname = "wren-fold"\nversion = "1.0.0"\n'
MANIFESTS: tuple[tuple[str, list[str]], ...] = (
    (PACKAGE, ["build.rs"]),
    (PACKAGE, ["Build.rs"]),
    (PACKAGE + "build = false", ["build.rs"]),
    (PACKAGE + "build = true", []),
    (PACKAGE + 'build = "docs/CHANGELOG.md"', ["docs/CHANGELOG.md", "build.rs"]),
    (PACKAGE + 'build = "ci/./x/../make"', ["ci/make"]),
    (PACKAGE + 'links = "wren"', ["build.rs"]),
    (PACKAGE + "autolib = false", ["src/main.rs"]),
    (PACKAGE + "[lib]\nproc-macro = true", []),
    (PACKAGE + "[lib]\nproc_macro = true", []),
    (PACKAGE + '[lib]\ncrate-type = ["proc-macro"]', []),
    (PACKAGE + '[lib]\ncrate_type = ["proc-macro"]', []),
    (PACKAGE + "[lib]\nproc-macro = false\nproc_macro = true", []),
    (PACKAGE + '[lib]\ncrate-type = ["cdylib", "rlib"]', []),
    (PACKAGE + '[lib]\npath = "x/y.txt"', ["x/y.txt"]),
    (PACKAGE + '[lib]\nname = "other"', []),
    (PACKAGE.replace("[package]", "[project]") + 'build = "make.rs"', ["make.rs"]),
)


@pytest.fixture(scope="module")
def cargo() -> Path:
    try:
        return find_cargo()
    except FileNotFoundError as error:
        pytest.skip(f"{error}: agreement with cargo and rustc was NOT tested")


@pytest.mark.parametrize(("manifest", "paths"), MANIFESTS)
def test_cargo_takes_the_same_files_for_build_script_and_library(
    cargo: Path, tmp_path: Path, manifest: str, paths: list[str]
) -> None:
    files = {"Cargo.toml": manifest, "src/lib.rs": "", **dict.fromkeys(paths, "")}
    write(tmp_path / "package", files)
    told = subprocess.run(
        [cargo, "metadata", "--no-deps", "--format-version", "1", "--manifest-path", tmp_path / "package/Cargo.toml"],
        cwd=tmp_path, capture_output=True, check=True, text=True,
    )  # fmt: skip
    (package,) = json.loads(told.stdout)["packages"]
    targets = {
        str(Path(target["src_path"]).relative_to(tmp_path / "package")): set(target["kind"])
        for target in package["targets"]
    }
    roots = find_roots(read_manifest(contents_of(files)), files)
    assert set(roots.build_scripts) == {path for path, kinds in targets.items() if "custom-build" in kinds}
    assert roots.library == next((path for path, kinds in targets.items() if kinds & LIBRARIES), None)
    assert roots.proc_macro == any("proc-macro" in kinds for kinds in targets.values())
    assert roots.links == package["links"]


LIBRARIES = {"lib", "proc-macro", "rlib", "dylib", "cdylib", "staticlib"}


def test_what_rustc_compiles_is_reached(cargo: Path, tmp_path: Path) -> None:
    compiled = 0
    for seed in range(TREES):
        files = draw_tree(Random(seed))
        read = compiled_files(cargo.with_name("rustc"), tmp_path / str(seed), files)
        if read is None:
            continue
        compiled += 1
        contents = contents_of({"Cargo.toml": "", **files})
        found = walk("lib.rs", contents, RustSources(contents))
        assert read <= found.code.keys() | found.data.keys(), f"seed {seed}"
    assert compiled > TREES // 2


def compiled_files(rustc: Path, folder: Path, files: dict[str, str]) -> set[str] | None:
    """Return the files rustc read, None when it refused them."""
    write(folder / "src", files)
    run = subprocess.run(
        [rustc, "--edition=2021", "--crate-type=lib", "--cap-lints=allow", "--emit=dep-info", "-o", folder / "deps",
         folder / "src/lib.rs"],
        cwd=folder.parent, capture_output=True, check=False,
    )  # fmt: skip
    if run.returncode != 0:
        return None
    rows = [row.removesuffix(":") for row in (folder / "deps").read_text().splitlines() if row.endswith(".rs:")]
    return {str(Path(row).relative_to(folder / "src")) for row in rows}


def write(folder: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
