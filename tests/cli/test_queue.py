"""`queue`: what nobody has read yet, the most urgent first, asked of the bundled workspace without any network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.crate_workspace import QUIET_SCRIPT, REFUSED, CrateWorkspace
from tests.in_process import RunVetflow
from tests.small_project import write_small_project
from vetflow.app.demo import lay_out_demo

SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "docs" / "schemas" / "queue.json").read_text())
OFFLINE = ("queue", "--locked", "--offline")
HOLD = """
[[hold.copperwren-sys]]
version = "0.6.2"
reason = "it asks the network"
cleared-when = "a release that does not"
by = "Ada <ada@example.invalid>"
since = "2026-01-01"
"""


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    return Path(lay_out_demo(str(tmp_path / "demo")).folder)


def document(run_vetflow: RunVetflow, demo: Path, *words: str) -> dict[str, Any]:
    run = run_vetflow(*OFFLINE, "--output-format", "json", *words, cwd=demo)
    assert run.exit == 0, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    jsonschema.validate(found, SCHEMA)
    return found


def test_the_riskiest_comes_first_with_the_reasons(run_vetflow: RunVetflow, demo: Path) -> None:
    run = run_vetflow(*OFFLINE, cwd=demo)
    assert run.exit == 0
    lines = run.stdout.splitlines()
    assert "to read for 13 crates" in lines[0]
    first = next(place for place, line in enumerate(lines) if "copperwren-sys" in line)
    assert "0.6.1 > 0.6.2" in lines[first]
    assert lines[first - 1].split()[0] == "RISK"
    assert "new in build-time code, deserves an alert" in lines[first + 1]


def test_the_document_follows_its_schema_and_its_numbers_add_up(run_vetflow: RunVetflow, demo: Path) -> None:
    found = document(run_vetflow, demo, "--minutes", "20")
    assert found["lines"] == sum(row["lines"] for row in found["rows"])
    for row in found["rows"]:
        assert row["risk"] == sum(part["points"] for part in row["parts"])
        assert row["build_lines"] <= row["lines"]
    planned = [found["rows"][place] for place in found["session"]["rows"]]
    assert planned[0]["crate"] == "copperwren-sys"
    assert sum(row["minutes"] for row in planned) <= 20.5


def test_a_change_of_build_time_code_is_told_with_its_finding_and_place(run_vetflow: RunVetflow, demo: Path) -> None:
    (row,) = (row for row in document(run_vetflow, demo)["rows"] if row["crate"] == "copperwren-sys")
    assert (row["base"], row["version"], row["failing"]) == ("0.6.1", "0.6.2", True)
    assert "B" in row["build"]
    assert any((each["grade"], each["path"]) == (3, "build.rs") and each["line"] for each in row["findings"])
    assert row["commands"][0] == "vetflow diff copperwren-sys 0.6.1 0.6.2"
    assert row["others"] is None


def test_a_session_is_a_list_with_ready_commands(run_vetflow: RunVetflow, demo: Path) -> None:
    run = run_vetflow(*OFFLINE, "--minutes", "15", cwd=demo)
    assert "  1. copperwren-sys 0.6.1 -> 0.6.2, about" in run.stdout
    assert "vetflow certify copperwren-sys 0.6.1 0.6.2 --criteria safe-to-deploy" in run.stdout
    assert "that do not fit" in run.stdout


def test_a_checklist_has_a_box_for_each_row(run_vetflow: RunVetflow, demo: Path) -> None:
    run = run_vetflow(*OFFLINE, "--output-format", "markdown", cwd=demo)
    boxes = [line for line in run.stdout.splitlines() if line.startswith("- [ ] **")]
    assert len(boxes) == len(document(run_vetflow, demo)["rows"])
    assert "`vetflow diff copperwren-sys 0.6.1 0.6.2`" in run.stdout


def test_what_is_not_on_this_machine_comes_last_and_says_so(run_vetflow: RunVetflow, demo: Path) -> None:
    (demo / "crates" / "copperwren-sys-0.6.2.crate").unlink()
    last = document(run_vetflow, demo)["rows"][-1]
    assert last["crate"] == "copperwren-sys"
    assert (last["risk"], last["lines"]) == (None, None)
    assert last["lacking"]


def test_offline_the_imports_are_those_of_the_lock(run_vetflow: RunVetflow, demo: Path) -> None:
    run = run_vetflow("queue", "--offline", cwd=demo)
    assert run.exit == 0
    assert "imports.lock is taken as it is" in run.stderr
    assert "copperwren-sys" in run.stdout


def test_what_is_held_is_shown_as_held_and_never_planned(run_vetflow: RunVetflow, demo: Path) -> None:
    (demo / "supply-chain" / "findings.toml").write_text(HOLD)
    run = run_vetflow(*OFFLINE, cwd=demo)
    assert "held: it asks the network; cleared when a release that does not" in run.stdout
    assert "copperwren" not in run_vetflow(*OFFLINE, "--minutes", "600", cwd=demo).stdout


def test_without_anything_to_compare_a_row_stays_in_the_queue(run_vetflow: RunVetflow, tmp_path: Path) -> None:
    write_small_project(tmp_path)
    (row,) = document(run_vetflow, tmp_path)["rows"]
    assert (row["crate"], row["failing"], row["lines"]) == ("anvil", False, None)


def test_what_is_refused_comes_first_and_keeps_nothing_else_from_being_read(
    run_vetflow: RunVetflow, tmp_path: Path
) -> None:
    workspace = CrateWorkspace(tmp_path)
    workspace.lock(
        workspace.crate("anvil", files={"build.rs": QUIET_SCRIPT}),
        workspace.crate("zander", files=REFUSED),
        workspace.crate("readme", files={"README.md": "one", "readme.md": "other"}),
    )
    workspace.store()
    run = workspace.run(run_vetflow, *OFFLINE)
    assert run.exit == 3
    heading = run.stdout.splitlines()[0]
    assert heading.startswith("3 to read for 3 crates, at least ")
    assert heading.endswith(" lines, 3 of them fail the check, 1 must not be built")
    found = json.loads(workspace.run(run_vetflow, *OFFLINE, "--output-format", "json").stdout)
    jsonschema.validate(found, SCHEMA)
    first, *rest = found["rows"]
    assert (first["crate"], first["refused"], first["risk"], first["lines"]) == ("zander", True, None, None)
    assert "escape.rs" in first["lacking"]
    assert [(each["crate"], each["refused"], each["lacking"]) for each in rest] == [
        ("anvil", False, None),
        ("readme", False, None),
    ]
    boxes = workspace.run(run_vetflow, *OFFLINE, "--output-format", "markdown").stdout
    assert "nobody can read it, so do not build it: " in boxes
    assert "certify zander" not in boxes


@pytest.mark.parametrize("minutes", ["0", "-5", "soon", "1.5", "٣"])
def test_minutes_are_a_number(run_vetflow: RunVetflow, minutes: str) -> None:
    run = run_vetflow("queue", f"--minutes={minutes}")
    assert run.exit == 2
    assert "is no number of minutes" in run.stderr


def test_an_exemption_that_nothing_needs_is_free_to_drop(run_vetflow: RunVetflow, tmp_path: Path) -> None:
    write_small_project(tmp_path)
    audits = tmp_path / "supply-chain" / "audits.toml"
    audits.write_text(
        '\n# cargo-vet audits file\n\n[[audits.anvil]]\nwho = "Ada <ada@example.invalid>"\n'
        'criteria = "safe-to-deploy"\nversion = "1.0.0"\n'
    )
    found = document(run_vetflow, tmp_path)
    assert found["needless_exemptions"] == [{"crate": "anvil", "version": "1.0.0"}]
    assert found["rows"] == []
    run = run_vetflow(*OFFLINE, cwd=tmp_path)
    assert run.stdout.splitlines() == [
        "Nothing to read: all 1 crates are vetted without exemptions",
        "Free: 1 exemption is not needed any more: vetflow prune",
    ]
