"""What cargo compiles and runs of a crate is read from the crate as cargo reads it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.sources.packing import STEM, crate, digest, write
from vetflow.errors import VetflowError
from vetflow.model.packages import Targets
from vetflow.sources.archives import CrateArchive, find_archive
from vetflow.sources.crate_targets import read_targets
from vetflow.sources.refusal import RefusedArchiveError

LIBRARY = Targets(has_library=True, proc_macro=False, build_script=False)


def manifest(package: str = "", rest: str = "") -> str:
    return f'[package]\nname = "oddlamp"\nversion = "1.2.3"\n{package}\n{rest}\n'


def targets(text: str, *paths: str) -> Targets:
    files = {"Cargo.toml": text} | dict.fromkeys(paths, "")
    return read_targets(CrateArchive("/cache/oddlamp.crate", STEM, crate(files)))


@pytest.mark.parametrize(
    ("package", "rest", "paths", "has_library"),
    [
        ("", "", ("src/lib.rs",), True),
        ("", "", ("src/main.rs",), False),
        ("autolib = false", "", ("src/lib.rs",), False),
        ("autolib = true", "", ("src/lib.rs",), True),
        ("autolib = false", '[lib]\npath = "odd.rs"', ("odd.rs",), True),
        ("", '[lib]\npath = "odd.rs"', ("odd.rs",), True),
        ("", "", ("lib/src/lib.rs",), False),
    ],
)
def test_a_library_is_declared_or_inferred(package: str, rest: str, paths: tuple[str, ...], has_library: bool) -> None:
    assert targets(manifest(package, rest), *paths).has_library is has_library


@pytest.mark.parametrize(
    "library",
    [
        "proc-macro = true",
        "proc_macro = true",
        'crate-type = ["proc-macro"]',
        'crate_type = ["proc-macro"]',
    ],
)
def test_a_procedural_macro_is_declared_in_four_ways(library: str) -> None:
    found = targets(manifest(rest=f"[lib]\n{library}"), "src/lib.rs")
    assert found == Targets(has_library=True, proc_macro=True, build_script=False)


@pytest.mark.parametrize("library", ["", "proc-macro = false", 'crate-type = ["rlib"]'])
def test_any_other_library_is_no_procedural_macro(library: str) -> None:
    assert targets(manifest(rest=f"[lib]\n{library}"), "src/lib.rs") == LIBRARY


@pytest.mark.parametrize(
    ("package", "paths", "build_script"),
    [
        ("", ("build.rs",), True),
        ("", (), False),
        ("", ("src/build.rs", "tools/build.rs"), False),
        ("build = false", ("build.rs",), False),
        ("build = true", (), True),
        ('build = "docs/CHANGELOG.md"', ("docs/CHANGELOG.md",), True),
        ('build = ["a.rs", "b.rs"]', ("a.rs", "b.rs"), True),
    ],
)
def test_a_build_script_is_named_or_inferred(package: str, paths: tuple[str, ...], build_script: bool) -> None:
    assert targets(manifest(package), "src/lib.rs", *paths).build_script is build_script


def test_the_old_name_of_the_package_table_counts() -> None:
    text = manifest('build = "b.rs"').replace("[package]", "[project]")
    assert targets(text, "src/lib.rs").build_script


def test_an_archive_without_a_manifest_is_refused() -> None:
    with pytest.raises(RefusedArchiveError, match=r"it has no Cargo\.toml"):
        read_targets(CrateArchive("/cache/oddlamp.crate", STEM, crate({"src/lib.rs": ""})))


def test_a_workspace_manifest_is_no_package() -> None:
    with pytest.raises(RefusedArchiveError, match="has no"):
        targets("[workspace]\n")


def test_a_second_manifest_that_takes_the_library_away_is_refused() -> None:
    # Cargo unpacks both, the later over the earlier: the crate would have a build script nobody was told of.
    archive = crate({"Cargo.toml": manifest("build = false"), "src/lib.rs": "", "cargo.toml": manifest()})
    with pytest.raises(RefusedArchiveError, match="only one of them can be the manifest"):
        read_targets(CrateArchive("/cache/oddlamp.crate", STEM, archive))


@pytest.mark.parametrize("text", ["[package", manifest().replace('"1.2.3"', '"one"')])
def test_a_manifest_that_cannot_be_read_is_an_error_with_a_place(text: str) -> None:
    with pytest.raises(VetflowError) as raised:
        targets(text)
    assert raised.value.place is not None
    assert raised.value.place.file == "/cache/oddlamp.crate/Cargo.toml"


def vendor(folder: Path, text: str, listed: str) -> Targets:
    write(folder / "oddlamp" / "Cargo.toml", text)
    checksums = {"files": {"Cargo.toml": digest(listed.encode())}, "package": "0" * 64}
    write(folder / "oddlamp" / ".cargo-checksum.json", json.dumps(checksums))
    found = find_archive("oddlamp", "1.2.3", "0" * 64, (str(folder),))
    assert found.crate is not None
    return read_targets(found.crate)


def test_a_vendored_package_is_read_where_it_lies(tmp_path: Path) -> None:
    write(tmp_path / "oddlamp" / "src" / "lib.rs", "")
    write(tmp_path / "oddlamp" / "build.rs", "fn main() {}")
    found = vendor(tmp_path, manifest(), manifest())
    assert found == Targets(has_library=True, proc_macro=False, build_script=True)


def test_a_vendored_manifest_that_was_changed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedArchiveError, match="the vendored package was changed"):
        vendor(tmp_path, manifest("build = false"), manifest())


def test_a_vendored_package_whose_manifest_is_gone_is_refused(tmp_path: Path) -> None:
    checksums = json.dumps({"files": {}, "package": "0" * 64})
    write(tmp_path / "oddlamp" / ".cargo-checksum.json", checksums)
    found = find_archive("oddlamp", "1.2.3", "0" * 64, (str(tmp_path),))
    assert found.crate is not None
    with pytest.raises(RefusedArchiveError, match="cannot be read"):
        read_targets(found.crate)
