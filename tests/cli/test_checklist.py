"""`checklist`: the plain twin of the pane in a review. It shows answers and cannot make any."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.builders import full
from tests.conftest import REPOSITORY
from tests.in_process import Run, RunVetflow
from tests.signers import ADA, line_of, signed
from tests.small_project import write_small_project
from tests.tui.demo_desk import lay_out, open_desk
from tests.unit.sources.packing import write
from vetflow.app.updating import silent
from vetflow.formats.signatures_toml import SignaturesFile, write_signatures
from vetflow.review.session import Pair, Tick, Verdict
from vetflow.trust.statement import CheckedItems

OLD = {"Cargo.toml": '[package]\nname = "oddlamp"\nversion = "1.0.0"\n', "src/lib.rs": "pub fn on() {}\n"}
NEW = {
    "Cargo.toml": '[package]\nname = "oddlamp"\nversion = "1.0.1"\n',
    "src/lib.rs": "pub fn on() {\n    unsafe { off() }\n}\n",
}


@pytest.fixture
def run(run_vetflow: RunVetflow, tmp_path: Path) -> Any:
    for name, files in (("old", OLD), ("new", NEW)):
        for path, text in files.items():
            write(tmp_path / name / path, text)

    def run(*words: str) -> Run:
        return run_vetflow("checklist", *words, "--offline", cwd=tmp_path, environ={"PATH": "/usr/bin:/bin"})

    return run


def document(found: Run) -> Any:
    assert (found.exit, found.stderr) == (0, "")
    shown = json.loads(found.stdout)
    jsonschema.validate(shown, json.loads((REPOSITORY / "docs/schemas/checklist.json").read_text()))
    return shown


def test_a_delta_is_asked_about_item_by_item_with_its_places(run: Any) -> None:
    found = run("./old", "./new")
    assert (found.exit, found.stderr) == (0, "")
    lines = found.stdout.splitlines()
    assert lines[0].startswith("oddlamp 1.0.0 -> 1.0.1  checks 0/")
    at = lines.index("[ ] unsafe.delta  Is each new or changed piece of unsafe code sound, small, and explained?")
    assert lines[at + 1 : at + 3] == [
        "      1 in delta, 1 in 1.0.1",
        "          src/lib.rs:2  unsafe block, no comment on its safety (in delta)",
    ]
    assert "      no evidence found (16 rules, not a proof)" in lines
    assert "safe" not in found.stdout.replace("unsafe", "").replace("its safety", "")


def test_for_programs_every_place_has_a_key_and_says_whether_it_is_asked_about(run: Any) -> None:
    shown = document(run("./old", "./new", "--criteria", "ub-risk-0", "--output-format", "json"))
    (none,) = [each for each in shown["questions"] if each["id"] == "unsafe.none"]
    assert none["counts"] == {"delta": 1, "near": 0, "elsewhere": 0}
    assert none["standing"] == {"verdict": "open", "done": 0, "of": 1, "words": []}
    (place,) = none["places"]
    assert (place["path"], place["line"], place["where"], place["asked"]) == ("src/lib.rs", 2, "delta", True)


def test_one_path_is_a_whole_version(run: Any) -> None:
    shown = document(run("./new", "--output-format", "json"))
    assert (shown["base"], shown["version"]) == (None, "1.0.1")
    assert "unsafe.near" not in {each["id"] for each in shown["questions"]}


def test_items_that_a_project_takes_out_are_named(run_vetflow: RunVetflow, tmp_path: Path) -> None:
    write_small_project(tmp_path)
    item = 'id = "unsafe.delta"\nsubject = "unsafe"\ntext = "Is it sound?"\nfor = []\n'
    write(tmp_path / "supply-chain/checklists/ours.toml", f"[[item]]\n{item}")
    for path, text in NEW.items():
        write(tmp_path / "new" / path, text)
    words = ("checklist", "./new", "--offline")
    lines = run_vetflow(*words, cwd=tmp_path).stdout.splitlines()
    assert "Of vetflow's items the project words these itself, or never asks them: unsafe.delta" in lines
    assert document(run_vetflow(*words, "--output-format", "json", cwd=tmp_path))["replaced"] == ["unsafe.delta"]


def test_three_versions_are_too_many(run: Any) -> None:
    found = run("oddlamp", "1", "2", "3")
    assert found.exit == 2
    assert "one version, two, or none" in found.stderr


def test_it_shows_what_was_answered_in_a_review(run_vetflow: RunVetflow, tmp_path: Path) -> None:
    folder, home = lay_out(tmp_path / "demo"), tmp_path / "home"
    pair = Pair("copperwren-sys", "0.6.1", "0.6.2")
    with open_desk(folder, home) as desk:
        desk.delta(pair, silent)
        (question,) = [each for each in desk.checklist(pair).asked.questions if each.item.id == "build.programs"]
        for key in question.keys:
            desk.keep(Tick(pair.crate, question.item.id, key, Verdict.CONCERN, "why curl?", "2026-01-02T03:04:05Z"))
    environ = {"HOME": str(home), "CARGO_HOME": str(home / ".cargo"), "PATH": "/usr/bin:/bin"}
    words = ("copperwren-sys", "0.6.1", "0.6.2", "--offline", "--locked", "--cache-dir", str(home / "cache"))
    lines = run_vetflow("checklist", *words, cwd=folder, environ=environ).stdout.splitlines()
    at = lines.index(
        "[!] build.programs  Which programs or libraries does the build script start or load, and are they expected?"
    )
    assert lines[at + 1 : at + 5] == [
        "      1 in delta, 1 in 0.6.2",
        "      a concern:",
        "      why curl?",
        "      !   build.rs:23  curl (in delta)",
    ]


AUDITS = """
# cargo-vet audits file

[[audits.anvil]]
who = "Ada <ada@example.org>"
criteria = "safe-to-deploy"
version = "1.0.0"
"""
CHECKED = CheckedItems(
    f"sha256:{'cd' * 32}", ("build.network",), ("unsafe.delta",), ("people.age", "rest.out-of-place")
)


def test_verify_shows_what_a_signer_did_not_consider(run_vetflow: RunVetflow, tmp_path: Path) -> None:
    write_small_project(tmp_path)
    store = tmp_path / "supply-chain"
    entry = full("1.0.0", who=(ADA,))
    row = signed("anvil", entry, checklists={"anvil": CHECKED})
    (store / "audits.toml").write_text(AUDITS)
    (store / "allowed_signers").write_text(line_of())
    (store / "signatures.toml").write_text(write_signatures(SignaturesFile(rows=(row,))))
    words = ("verify", "--locked", "--frozen", "--current-time", "2026-01-16T00:00:00Z")
    lines = run_vetflow(*words).stdout.splitlines()
    assert lines == [
        "1 of 1 entries are signed, 0 are from before signing began, 0 are not signed as they stand",
        "anvil 1.0.0: ada@example.org considered 2 of 4 items of the checklist",
        "  concerns: unsafe.delta",
        "  not considered: people.age, rest.out-of-place",
    ]
    document = json.loads(run_vetflow(*words, "--output-format", "json").stdout)
    jsonschema.validate(document, json.loads((REPOSITORY / "docs/schemas/verify.json").read_text()))
    assert document["entries"][0]["checklists"] == [{"signer": "ada@example.org", **CHECKED.as_json()}]
