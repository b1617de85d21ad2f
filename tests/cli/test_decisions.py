"""`accept`, `hold` and `unhold`: written down beside the store, shown everywhere, and never an audit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.crate_workspace import CrateWorkspace
from tests.in_process import Run, RunVetflow

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "schemas"
SCRIPT = 'fn main() { std::process::Command::new("sh").status(); std::process::Command::new("perl").status(); }\n'
WHO = ("--who", "Ada <ada@example.org>")
EXEMPT = '\n[[exemptions.bellows]]\nversion = "1.0.0"\ncriteria = "safe-to-deploy"\n'


class Vetted:
    """A workspace with a store in which `bellows 1.0.0`, whose build script starts programs, is exempted."""

    def __init__(self, folder: Path, run_vetflow: RunVetflow) -> None:
        self.workspace = CrateWorkspace(folder)
        self._run_vetflow = run_vetflow
        self.workspace.lock(self.workspace.crate("bellows", files={"build.rs": SCRIPT}))
        self.store = self.workspace.store()
        config = self.store / "config.toml"
        config.write_text(config.read_text() + EXEMPT)
        self.file = self.store / "findings.toml"

    def run(self, *words: str) -> Run:
        return self.workspace.run(self._run_vetflow, *words)

    def check(self) -> Run:
        return self.run("check", "--locked")


@pytest.fixture
def vetted(tmp_path: Path, run_vetflow: RunVetflow) -> Vetted:
    return Vetted(tmp_path, run_vetflow)


def document(run: Run, schema: str) -> Any:
    assert (run.exit, run.stderr) == (0, "")
    found = json.loads(run.stdout)
    jsonschema.validate(found, json.loads((SCHEMAS / f"{schema}.json").read_text()))
    return found


class TestAccept:
    def test_it_writes_what_was_accepted_and_by_whom(self, vetted: Vetted) -> None:
        run = vetted.run("accept", "bellows", "process:perl", "--reason", "asks for the time", *WHO)
        assert (run.exit, run.stdout) == (0, "")
        assert run.stderr == "accepted of bellows: process: perl\nwrote findings.toml\n"
        assert vetted.file.read_text().partition("[[accept.bellows]]\n")[2] == (
            'capability = "process"\ndetail = "perl"\nreason = "asks for the time"\nby = "Ada <ada@example.org>"\n'
        )

    def test_a_finding_that_is_accepted_is_shown_as_such(self, vetted: Vetted) -> None:
        vetted.run("accept", "bellows", "process:perl", "--reason", "asks for the time", *WHO)
        found = document(vetted.run("surface", "bellows", "--output-format", "json"), "surface")
        accepted = {each["detail"]: each["accepted"] for each in found["findings"] if each["capability"] == "process"}
        assert accepted["perl"] == {"reason": "asks for the time", "by": ["Ada <ada@example.org>"]}
        assert accepted["sh"] is None
        assert "accepted: process: perl, because asks for the time" in vetted.run("surface", "bellows").stdout

    def test_a_capability_covers_all_its_details_and_the_crate_is_quiet(self, vetted: Vetted) -> None:
        vetted.run("accept", "bellows", "process", "--reason", "read it", *WHO)
        found = document(vetted.run("surface", "--output-format", "json"), "surface")
        assert found["grade"] == 0
        assert "2 accepted findings" in vetted.run("surface").stdout

    def test_an_id_stands_for_what_its_rule_found(self, vetted: Vetted) -> None:
        findings = document(vetted.run("surface", "bellows", "--output-format", "json"), "surface")["findings"]
        identifier = next(each["id"] for each in findings if each["detail"] == "sh")
        vetted.run("accept", "bellows", identifier, "--reason", "read it", *WHO)
        assert 'detail = "sh"' in vetted.file.read_text()

    def test_a_version_binds_it(self, vetted: Vetted) -> None:
        vetted.run("accept", "bellows@1.0.0", "process:sh", "--reason", "read it", *WHO)
        assert 'version = "1.0.0"\ncapability = "process"\n' in vetted.file.read_text()

    def test_said_again_it_replaces_what_was_said(self, vetted: Vetted) -> None:
        for reason in ("first", "second"):
            vetted.run("accept", "bellows", "process:sh", "--reason", reason, *WHO)
        assert vetted.file.read_text().count("[[accept.bellows]]") == 1
        assert 'reason = "second"' in vetted.file.read_text()

    def test_a_dry_run_shows_the_diff(self, vetted: Vetted) -> None:
        run = vetted.run("accept", "bellows", "process:sh", "--reason", "read it", "--dry-run", *WHO)
        assert "+[[accept.bellows]]" in run.stdout.splitlines()
        assert not vetted.file.exists()

    def test_a_dry_run_as_json_follows_the_schema_of_previews(self, vetted: Vetted) -> None:
        words = ("accept", "bellows", "process:sh", "--reason", "read it", "--dry-run", "--output-format", "json", *WHO)
        run = vetted.run(*words)
        found = document(run._replace(stderr=""), "preview")
        assert [each["name"] for each in found["files"]] == ["findings.toml"]
        assert "[[accept.bellows]]" in found["files"][0]["text"]

    @pytest.mark.parametrize(
        ("words", "code", "sentence"),
        [
            (["bellows", "network:perl", "--reason", "r"], 2, "bellows shows no finding 'network:perl'"),
            (["bellows", "process:wget", "--reason", "r"], 2, "there is process:perl, process:sh"),
            (["smith", "process:sh", "--reason", "r"], 3, "smith is not in Cargo.lock"),
            (["bellows", "process:sh", "--reason", " "], 2, "it must not be empty"),
            (["bellows", "process:sh"], 2, "--reason"),
            (["bellows", "process:sh", "--reason", "r", "--until", "2026-01-14"], 2, "2026-01-14 is past"),
        ],
    )
    def test_what_cannot_be_accepted(self, vetted: Vetted, words: list[str], code: int, sentence: str) -> None:
        run = vetted.run("accept", *words, *WHO)
        assert run.exit == code
        assert sentence in run.stderr
        assert not vetted.file.exists()

    def test_without_a_store_there_is_no_place_for_it(self, tmp_path: Path, run_vetflow: RunVetflow) -> None:
        workspace = CrateWorkspace(tmp_path)
        workspace.lock(workspace.crate("bellows", files={"build.rs": SCRIPT}))
        run = workspace.run(run_vetflow, "accept", "bellows", "process:sh", "--reason", "r", *WHO)
        assert run.exit == 2
        assert "`vetflow init` makes one" in run.stderr
        assert not (workspace.root / "supply-chain").exists()


HOLD = ("hold", "bellows", "--reason", "its table is unexplained", "--cleared-when", "upstream explains it", *WHO)


class TestHold:
    def test_it_writes_reason_and_what_would_clear_it(self, vetted: Vetted) -> None:
        run = vetted.run(*HOLD)
        assert (run.exit, run.stderr) == (0, "wrote findings.toml\n")
        assert vetted.file.read_text().partition("[[hold.bellows]]\n")[2] == (
            'reason = "its table is unexplained"\ncleared-when = "upstream explains it"\n'
            'by = "Ada <ada@example.org>"\nsince = "2026-01-15"\n'
        )

    def test_it_is_shown_and_changes_no_verdict(self, vetted: Vetted) -> None:
        before = vetted.check()
        vetted.run(*HOLD)
        after = vetted.check()
        assert (after.exit, after.stdout) == (before.exit, before.stdout)
        assert after.stderr == (
            "note: held back (read, not certified): bellows 1.0.0, because its table is unexplained\n"
        )
        as_json = vetted.run("check", "--locked", "--output-format", "json")
        assert as_json.stderr == ""

    def test_suggest_and_why_show_it(self, vetted: Vetted) -> None:
        vetted.run(*HOLD)
        assert "held back (read, not certified): bellows 1.0.0" in vetted.run("suggest").stderr
        assert "held back since 2026-01-15, because its table is unexplained" in vetted.run("why", "bellows").stdout
        (answer,) = document(vetted.run("why", "bellows", "--output-format", "json"), "why")["crates"]
        assert answer["hold"]["cleared_when"] == "upstream explains it"

    def test_the_surface_shows_it(self, vetted: Vetted) -> None:
        vetted.run(*HOLD)
        assert "held back: bellows 1.0.0, because its table is unexplained" in vetted.run("surface").stdout
        assert "held back since 2026-01-15" in vetted.run("surface", "bellows").stdout

    def test_a_hold_on_one_version_leaves_others_alone(self, vetted: Vetted) -> None:
        vetted.run("hold", "bellows@1.0.0", *HOLD[2:])
        vetted.workspace.lock(vetted.workspace.crate("bellows", "1.0.1"))
        assert "held back" not in vetted.check().stderr

    def test_a_new_hold_on_the_same_replaces_the_old(self, vetted: Vetted) -> None:
        vetted.run(*HOLD)
        vetted.run("hold", "bellows", "--reason", "other", "--cleared-when", "never", *WHO)
        assert vetted.file.read_text().count("[[hold.bellows]]") == 1

    def test_unhold_takes_it_back(self, vetted: Vetted) -> None:
        vetted.run(*HOLD)
        assert vetted.run("unhold", "bellows").exit == 0
        assert "bellows" not in vetted.file.read_text()
        assert vetted.check().stderr == ""

    def test_unhold_of_a_version_leaves_the_hold_on_the_crate(self, vetted: Vetted) -> None:
        vetted.run(*HOLD)
        vetted.run("hold", "bellows@1.0.0", *HOLD[2:])
        assert vetted.run("unhold", "bellows@1.0.0").exit == 0
        assert vetted.file.read_text().count("[[hold.bellows]]") == 1

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (("hold", "smith", *HOLD[2:]), "smith is not in this workspace"),
            (("hold", "bellows@9.0.0", *HOLD[2:]), "bellows 9.0.0 is not in this workspace"),
            (("unhold", "bellows"), "nobody holds back bellows"),
        ],
    )
    def test_what_is_not_there_is_named(self, vetted: Vetted, words: tuple[str, ...], sentence: str) -> None:
        run = vetted.run(*words)
        assert run.exit == 2
        assert sentence in run.stderr

    def test_cargo_vets_own_files_stay_as_they_are(self, vetted: Vetted) -> None:
        names = ("config.toml", "audits.toml", "imports.lock")
        before = [(vetted.store / name).read_bytes() for name in names]
        vetted.run(*HOLD)
        vetted.run("accept", "bellows", "process", "--reason", "read it", *WHO)
        assert [(vetted.store / name).read_bytes() for name in names] == before


def test_a_damaged_file_is_named_with_its_place(vetted: Vetted) -> None:
    vetted.file.write_text("[[hold.bellows]]\nreason = 1\n")
    run = vetted.run("surface")
    assert run.exit == 2
    assert "supply-chain/findings.toml:2" in run.stderr
