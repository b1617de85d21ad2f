"""`vetflow advisories`: made-up advisories about made-up crates."""

from __future__ import annotations

import json
import os
import shlex
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.crate_workspace import CrateWorkspace
from tests.in_process import Run, RunVetflow
from tests.index_cache import IndexRow, write_index_cache
from tests.signers import ADA, signed
from tests.unit.project.repository import Repository
from tests.unit.sources.packing import write
from vetflow.formats.signatures_toml import SignaturesFile, write_signatures
from vetflow.model.audits import Audit, AuditKind
from vetflow.model.version import parse_version

SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "schemas" / "advisories.json"
NAME = "RUSTSEC-2026-0001"
PAGE = f"https://rustsec.org/advisories/{NAME}"
FRESH = 1_768_000_000
"""A few days before the day on which tests run."""
LONG_AGO = 1_700_000_000

AUDIT = """
# cargo-vet audits file

[[audits.anvil]]
who = "Ada <ada@example.com>"
criteria = "safe-to-deploy"
version = "1.0.0"

[[audits.anvil]]
who = "Ada <ada@example.com>"
criteria = "safe-to-deploy"
delta = "1.0.0 -> 1.0.3"
"""


class World:
    """A project that needs `anvil 1.0.0` and `bramble 2.0.0`, and a database beside it."""

    def __init__(self, folder: Path, run_vetflow: RunVetflow) -> None:
        self.workspace = CrateWorkspace(folder)
        self.database = folder / "advisories"
        self._run_vetflow = run_vetflow
        self.workspace.lock(self.workspace.crate("anvil"), self.workspace.crate("bramble", "2.0.0"))
        (self.database / "crates").mkdir(parents=True)

    def advise(
        self, crate: str, number: int, patched: str = ">=1.0.3", more: str = "", *, day: str = "2026-01-02"
    ) -> None:
        name = f"RUSTSEC-2026-{number:04}"
        path = self.database / "crates" / crate / f"{name}.md"
        front = f'[advisory]\nid = "{name}"\npackage = "{crate}"\ndate = "{day}"\n{more}\n[versions]\n'
        write(path, f'```toml\n{front}patched = ["{patched}"]\n```\n\n# Sharp edges\n\nMade up.\n')
        self.touch(FRESH)

    def touch(self, seconds: int) -> None:
        for path in self.database.rglob("*.md"):
            os.utime(path, (seconds, seconds))

    def checksums(self) -> list[str]:
        lines = (self.workspace.root / "Cargo.lock").read_text().splitlines()
        return [line.split('"')[1] for line in lines if line.startswith("checksum")]

    def run(self, *argv: str) -> Run:
        return self.workspace.run(self._run_vetflow, "advisories", "--db", str(self.database), *argv)

    def document(self, *argv: str) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.run(*argv, "--output-format", "json").stdout)
        jsonschema.validate(document, json.loads(SCHEMA.read_text()))
        return document


@pytest.fixture
def world(tmp_path: Path, run_vetflow: RunVetflow) -> World:
    return World(tmp_path, run_vetflow)


def test_a_vulnerability_fails_with_its_fix_and_the_offer_of_a_violation(world: World) -> None:
    world.advise("anvil", 1)
    run = world.run()
    assert run.exit == 1
    assert run.stdout.splitlines()[:3] == [
        f"error Cargo.lock:4: anvil 1.0.0 has a known vulnerability: {NAME}, Sharp edges [advisories/vulnerability]",
        "  settle: cargo update -p anvil@1.0.0 --precise 1.0.3; vetflow diff anvil 1.0.0 1.0.3",
        f"  if nobody may use these versions: vetflow record-violation anvil '<1.0.3' --notes '{NAME}: {PAGE}'",
    ]


def test_who_vetted_it_is_told_and_that_the_fix_is_vetted_already(world: World) -> None:
    write(world.workspace.store() / "audits.toml", AUDIT)
    world.advise("anvil", 1)
    (row,) = world.document()["advisories"]
    assert row["vetted_by"] == ["your own full audit of 1.0.0 by Ada <ada@example.com>"]
    assert (row["fix"], row["fix_vetted"]) == ("1.0.3", True)
    assert "  1.0.3 fixes it, and is vetted already" in world.run().stdout.splitlines()


@pytest.mark.parametrize(("day", "when"), [("2026-01-20", "before"), ("2026-01-02", "after")])
def test_a_signed_audit_tells_whether_it_is_older_than_what_is_known(world: World, day: str, when: str) -> None:
    store = world.workspace.store()
    write(store / "audits.toml", AUDIT.replace("ada@example.com", "ada@example.org"))
    audit = Audit(AuditKind.FULL, ("safe-to-deploy",), version=parse_version("1.0.0"), who=(ADA,))
    write(store / "signatures.toml", write_signatures(SignaturesFile((signed("anvil", audit),))))
    world.advise("anvil", 1, day=day)
    (row,) = world.document()["advisories"]
    assert row["vetted_by"] == [f"your own full audit of 1.0.0 by {ADA} (signed on 2026-01-15, {when} this was known)"]


def test_what_only_informs_is_a_warning_and_no_failure(world: World) -> None:
    world.advise("bramble", 1, ">=9", 'informational = "unmaintained"')
    run = world.run()
    assert (run.exit, run.stdout.split(":")[0]) == (0, "warning Cargo.lock")
    assert "bramble 2.0.0 is not maintained any more" in run.stdout


def test_yanked_versions_are_told_and_fixes_are_versions_that_can_be_had(world: World) -> None:
    anvil, bramble = world.checksums()
    write_index_cache(
        world.workspace.home,
        "anvil",
        [IndexRow("1.0.0", anvil), IndexRow("1.0.3", "0" * 64, yanked=True), IndexRow("1.0.4", "1" * 64)],
    )
    write_index_cache(world.workspace.home, "bramble", [IndexRow("2.0.0", bramble, yanked=True)])
    world.advise("anvil", 1)
    document = world.document()
    assert document["advisories"][0]["fix"] == "1.0.4"
    assert document["yanked"] == [{"name": "bramble", "version": "2.0.0"}]
    assert [each["id"] for each in document["findings"]] == ["advisories/vulnerability", "advisories/yanked"]


def test_without_an_index_it_is_told_that_nobody_knows_what_was_yanked(world: World) -> None:
    world.advise("bramble", 1)
    (finding,) = world.document()["findings"]
    assert (finding["id"], finding["level"]) == ("advisories/yanked-unknown", "note")
    assert world.run().exit == 0


def test_a_database_that_is_too_old_decides_nothing(world: World) -> None:
    world.advise("bramble", 1)
    world.touch(LONG_AGO)
    run = world.run()
    assert run.exit == 3
    assert "was last brought up to date on 2023-11-14, more than 30 days ago" in run.stdout
    assert world.run("--stale").exit == 0


def test_the_last_commit_of_a_checkout_tells_its_age_and_not_its_files(world: World, monkeypatch: Any) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", f"{FRESH} +0000")
    world.advise("bramble", 1)
    Repository(world.database).commit({})
    world.touch(LONG_AGO)
    assert world.document()["databases"] == [{"path": str(world.database), "updated": "2026-01-09"}]


@pytest.mark.parametrize("crate", ["anvil", "bramble"])
def test_an_advisory_about_a_locked_crate_that_cannot_be_read_leaves_it_undecided(world: World, crate: str) -> None:
    world.advise(crate, 1, "soon")
    run = world.run()
    assert run.exit == 3
    assert f"{crate}/RUSTSEC-2026-0001.md cannot be understood: `soon` is no version requirement" in run.stdout


def test_what_is_about_other_crates_is_not_even_read(world: World) -> None:
    world.advise("cobalt", 1, "soon")
    assert world.run().exit == 0


def test_an_archive_of_osv_records_is_a_database_too(world: World, tmp_path: Path) -> None:
    part = {
        "package": {"ecosystem": "crates.io", "name": "anvil"},
        "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.0.3"}]}],
    }
    record = {"id": "GHSA-made-up", "modified": "2026-01-10T00:00:00Z", "summary": "Sharp", "affected": [part]}
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("GHSA-made-up.json", json.dumps(record))
    world.database = tmp_path / "all.zip"
    document = world.document()
    assert [(each["id"], each["fix"]) for each in document["advisories"]] == [("GHSA-made-up", "1.0.3")]
    assert document["databases"][0]["updated"] == "2026-01-10"


def test_several_databases_tell_each_problem_once(world: World, tmp_path: Path) -> None:
    world.advise("anvil", 1, more='aliases = ["GHSA-made-up"]')
    record = {"id": "GHSA-made-up", "modified": "2026-01-10T00:00:00Z"}
    record |= {"affected": [{"package": {"ecosystem": "crates.io", "name": "anvil"}, "versions": ["1.0.0"]}]}  # type: ignore[dict-item]  # JSON
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("GHSA-made-up.json", json.dumps(record))
    document = world.document("--db", str(tmp_path / "all.zip"))
    assert [each["id"] for each in document["advisories"]] == ["RUSTSEC-2026-0001"]


def broken_archive(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04 no archive")


def nothing(path: Path) -> None:
    assert not path.exists()


@pytest.mark.parametrize("make", [broken_archive, nothing])
def test_what_is_no_database_is_told(world: World, tmp_path: Path, make: Callable[[Path], None]) -> None:
    world.database = tmp_path / "all.zip"
    make(world.database)
    run = world.run()
    assert run.exit == 2
    assert str(world.database) in run.stderr


def test_without_a_path_the_database_of_cargo_audit_is_meant(world: World, run_vetflow: RunVetflow) -> None:
    run = world.workspace.run(run_vetflow, "advisories")
    assert run.exit == 2
    assert "advisory-db, where `cargo audit` keeps its own" in run.stderr
    world.advise("anvil", 1)
    world.database.rename(world.workspace.home / "advisory-db")
    assert world.workspace.run(run_vetflow, "advisories").exit == 1


RULES = """version = 1

[advisories]
databases = ["../advisories"]
vulnerability = "fail"

[[advisories.ignore]]
id = "{}"
reason = "not reached here"
until = "2026-02-01"
"""


@pytest.mark.parametrize(("name", "exit_code"), [(NAME, 0), ("RUSTSEC-2026-0002", 1)])
def test_vetflow_toml_names_databases_and_what_is_ignored(
    world: World, run_vetflow: RunVetflow, name: str, exit_code: int
) -> None:
    write(world.workspace.store() / "vetflow.toml", RULES.format(name))
    world.advise("anvil", 1)
    run = world.workspace.run(run_vetflow, "advisories")
    assert run.exit == exit_code, run.stderr
    assert ("[advisories/ignored]" in run.stdout) is (exit_code == 0)
    assert ("[advisories/unused-ignore]" in run.stdout) is (exit_code == 1)


def test_texts_of_an_advisory_cannot_act_in_the_terminal_or_in_an_offered_command(world: World) -> None:
    name = "RUSTSEC-2026-0001'; rm -rf ~; '"
    front = f'id = "{name}"\npackage = "anvil"\n[versions]\npatched = [">=1.0.3"]'
    write(
        world.database / "crates" / "anvil" / "RUSTSEC-2026-0001.md", f"```toml\n{front}\n```\n\n# \x1b[2JSharp\n\nx\n"
    )
    world.touch(FRESH)
    run = world.run()
    assert "\x1b" not in run.stdout
    (command,) = world.document()["advisories"][0]["violations"]
    assert shlex.split(command)[:3] == ["vetflow", "record-violation", "anvil"]
    assert len(shlex.split(command)) == 6
