"""The bundled workspace is what its script makes, and its crates show what they are to show."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.data import make_demo
from vetflow.formats.store_files import canonical_texts, parse_store
from vetflow.model.packages import Targets
from vetflow.model.store import STORE_FILES
from vetflow.sources.archives import CrateArchive, find_archive
from vetflow.sources.crate_targets import read_targets
from vetflow.sources.tarball import read_crate

DEMO = make_demo.DEMO
LOCKED = {
    package["name"]: package
    for package in tomllib.loads((DEMO / "Cargo.lock").read_text(encoding="utf-8"))["package"]
    if "source" in package
}


def locked(name: str) -> CrateArchive:
    """Return the archive of the version in Cargo.lock, verified."""
    package = LOCKED[name]
    search = find_archive(name, package["version"], package["checksum"], (str(DEMO / "crates"),))
    assert isinstance(search.crate, CrateArchive)
    assert not search.findings
    return search.crate


def contents(stem: str) -> dict[str, bytes]:
    archive = (DEMO / "crates" / f"{stem}.crate").read_bytes()
    return {file.path: file.content for file in read_crate(archive, stem, stem).values()}


def changed_lines(name: str, old: str, new: str) -> dict[str, int]:
    """Return how many lines each file lost and gained; lines are compared as sets, which suffices here."""
    before, after = contents(f"{name}-{old}"), contents(f"{name}-{new}")
    changes = {}
    for path in before.keys() | after.keys():
        lost, gained = (side.get(path, b"").split(b"\n") for side in (before, after))
        changes[path] = len(set(lost) ^ set(gained))
    return {path: count for path, count in changes.items() if count}


def test_the_committed_files_are_those_the_script_makes() -> None:
    made = make_demo.made_files()
    committed = {
        path.relative_to(DEMO).as_posix(): path.read_bytes()
        for path in (DEMO / "Cargo.lock", *(DEMO / "crates").rglob("*"))
        if path.is_file()
    }
    assert sorted(committed) == sorted(made)
    assert [path for path, content in made.items() if committed[path] != content] == []


def test_the_bundled_workspace_is_small() -> None:
    assert sum(path.stat().st_size for path in DEMO.rglob("*")) < 600_000


@pytest.mark.parametrize("name", sorted(LOCKED))
def test_every_locked_crate_has_an_archive_of_the_locked_checksum(name: str) -> None:
    assert read_targets(locked(name)).has_library


@pytest.mark.parametrize(
    ("name", "targets"),
    [
        ("copperwren-sys", Targets(has_library=True, proc_macro=False, build_script=True)),
        ("glyphderive", Targets(has_library=True, proc_macro=True, build_script=False)),
        ("pewterloom", Targets(has_library=True, proc_macro=False, build_script=True)),
        ("plovercast", Targets(has_library=True, proc_macro=False, build_script=False)),
    ],
)
def test_what_runs_when_it_is_built_is_known(name: str, targets: Targets) -> None:
    assert read_targets(locked(name)) == targets


def test_one_delta_changes_a_build_script_and_brings_a_new_package() -> None:
    assert changed_lines("copperwren-sys", "0.6.1", "0.6.2")["build.rs"] > 10
    manifest = contents("copperwren-sys-0.6.2")["Cargo.toml"]
    assert manifest is not None
    assert b"[build-dependencies.plovercast]" in manifest


def test_one_delta_of_a_procedural_macro_touches_five_files_that_run_and_others() -> None:
    changed = changed_lines("glyphderive", "1.2.0", "1.3.0").keys()
    sources = {path for path in changed if path.startswith("src/")}
    assert sources == {f"src/{name}.rs" for name in ("attr", "case", "emit", "lib", "parse")}
    assert {"README.md", "CHANGELOG.md", "tests/derive.rs"} <= changed - sources


def test_one_delta_has_binary_files() -> None:
    old, new = contents("inkwharf-0.5.0"), contents("inkwharf-0.5.1")
    assert old["assets/palette.bin"] != new["assets/palette.bin"]
    assert b"\0" in (new["assets/palette.bin"] or b"")
    assert "assets/inkpress" not in old
    assert new["assets/inkpress"] == b"\x7fELF\x02\x01\x01\0"


def test_one_delta_has_twenty_thousand_lines() -> None:
    changed = changed_lines("brinetables", "1.0.0", "1.1.0")
    assert sum(count for path, count in changed.items() if path.startswith("src/")) == 20_000


def test_the_hostile_crate_has_every_trick_and_the_repository_none() -> None:
    hostile = contents("vexlantern-0.2.1")
    code, library, manifest = (hostile[path] or b"" for path in ("src/code.rs", "src/lib.rs", "Cargo.toml"))
    assert b"*.rs binary" in (hostile[".gitattributes"] or b"")
    assert b"\0" in code
    assert "\u200b".encode() in code
    assert b"\x1b[" in library
    for file in (code, library):
        assert b"\r" in file.replace(b"\r\n", b"")
        assert "\u202e".encode() in file
    assert b"[@click=app.quit]" in manifest
    assert b"\\u001B[" in manifest
    script = Path(make_demo.__file__).parent
    for path in (*script.rglob("*.py"), *(p for p in DEMO.rglob("*") if p.suffix in {".toml", ".rs", ".md"})):
        assert path.read_bytes().replace(b"\n", b"").isascii(), path
        assert not set(path.read_bytes()) & {0, 0x0D, 0x1B}, path


def test_the_store_is_in_canonical_form() -> None:
    texts = {name: (DEMO / "supply-chain" / name).read_text(encoding="utf-8") for name in STORE_FILES}
    assert canonical_texts(parse_store("supply-chain", texts, locked=True)) == texts
