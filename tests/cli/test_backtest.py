"""`vetflow backtest`: the exact list of what a policy would have said of a history that is made here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import pytest

from tests.conftest import REPOSITORY
from tests.crate_workspace import PROC_MACRO, QUIET_SCRIPT, REFUSED
from tests.in_process import RunVetflow
from tests.proposals import Proposal
from tests.unit.sources.packing import write
from vetflow.cli.render.backtest import NOT_JUDGED

SCHEMA = REPOSITORY / "docs/schemas/backtest.json"
DEPENDS = '[dependencies]\npayload = "0.1"\n'
SCRIPT_OF_TWO = 'fn main() {\n    println!("cargo:rerun-if-changed=build.rs");\n}\n'
MACRO = {"src/lib.rs": "extern crate proc_macro;\n"}


class Past:
    """A project whose commits have days; `events()` are those of a backtest, each in a few words."""

    def __init__(self, folder: Path, run_vetflow: RunVetflow) -> None:
        self.project = Proposal(folder, run_vetflow)
        self.publish = self.project.publish
        self.root = self.project.root

    def lock(self, day: str, *crates: str) -> str:
        """Lock crates in a commit made at noon of a day; return its name."""
        self.project.lock(*crates)
        return self.commit(day)

    def commit(self, day: str) -> str:
        return self.project.repository.commit({}, at=f"{day}T12:00:00Z")

    def document(self, *argv: str) -> dict[str, Any]:
        words = argv or ("--since", "2025-10-02")
        run = self.project.run("backtest", *words, "--output-format", "json")
        assert (run.exit, run.stderr) == (0, "")
        document: dict[str, Any] = json.loads(run.stdout)
        jsonschema.validate(document, json.loads(SCHEMA.read_text()))
        return document

    def events(self, *argv: str) -> list[tuple[str, ...]]:
        return [told(event) for event in self.document(*argv)["events"]]


def told(event: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the day, the change, the decision, the minutes, and what was found."""
    change = f"{event['crate']} {event['old']} -> {event['new']}"
    ids = (each["id"] for each in event["findings"])
    return event["at"][:10], change, event["decision"], str(event["minutes"]), *dict.fromkeys(ids)


@pytest.fixture
def past(tmp_path: Path, run_vetflow: RunVetflow) -> Past:
    return Past(tmp_path, run_vetflow)


class Crates(NamedTuple):
    """What the first lock has: nothing of `anvil` runs during the build."""

    anvil: str
    bramble: str
    cobble: str


@pytest.fixture
def first(past: Past) -> Crates:
    anvil = past.publish("anvil")
    bramble = past.publish("bramble", files={"build.rs": QUIET_SCRIPT})
    cobble = past.publish("cobble", files=MACRO, manifest=PROC_MACRO)
    past.lock("2025-10-01", anvil, bramble, cobble)
    return Crates(anvil, bramble, cobble)


def test_the_exact_list_of_a_made_up_history(past: Past, first: Crates) -> None:
    anvil, bramble, cobble = first
    anvil = past.publish("anvil", "1.0.1", {"src/lib.rs": "pub fn strike(_: u8) {}\n"})
    past.lock("2025-10-10", anvil, bramble, cobble)  # nothing of it runs during the build
    bramble = past.publish("bramble", "1.0.1", {"build.rs": QUIET_SCRIPT, "src/lib.rs": "pub fn other() {}\n"})
    past.lock("2025-10-11", anvil, bramble, cobble)  # its build script is the same
    bramble = past.publish("bramble", "1.0.2", {"build.rs": SCRIPT_OF_TWO})
    past.lock("2025-10-12", anvil, bramble, cobble)
    anvil = past.publish("anvil", "1.0.2", at="2025-10-12T12:00:00Z")
    past.lock("2025-10-13", anvil, bramble, cobble)
    payload = past.publish("payload", "0.1.0", {"build.rs": QUIET_SCRIPT}, at="2025-11-01T11:00:00Z")
    anvil = past.publish("anvil", "1.0.3", manifest=DEPENDS, needs=[payload])
    past.lock("2025-11-01", anvil, bramble, cobble)
    brambel = past.publish("brambel")
    past.lock("2025-11-06", anvil, bramble, cobble, brambel)
    lock = past.root / "Cargo.lock"
    lock.write_text(lock.read_text().replace(past.project.workspace.checksum(cobble), "0" * 64))
    past.commit("2025-11-10")
    document = past.document("--since", "2025-10-02")
    assert [told(event) for event in document["events"]] == [
        ("2025-10-12", "bramble 1.0.1 -> 1.0.2", "review", "1.3", "gate/unattested"),
        ("2025-10-13", "anvil 1.0.1 -> 1.0.2", "stop", "0.0", "cool-down/too-young"),
        (
            *("2025-11-01", "payload None -> 0.1.0", "stop", "3.1"),
            *("drift/planted-dependency", "cool-down/too-young", "growth/new-package", "gate/unattested"),
        ),
        ("2025-11-06", "brambel None -> 1.0.0", "stop", "2.0", "names/look-alike"),
        ("2025-11-10", "cobble 1.0.0 -> 1.0.0", "stop", "2.0", "lock/checksum-changed"),
    ]
    assert document["total"] == {
        "commits": 7,
        "changes": 7,
        "bumps": 5,
        "passed": 3,
        "unknown": 0,
        "reviews": 1,
        "stops": 4,
        "minutes": 8.3,
        "unmeasured": 0,
    }
    assert [(row["month"], row["commits"], row["stops"]) for row in document["months"]] == [
        ("2025-10", 4, 1),
        ("2025-11", 3, 3),
    ]
    assert document["unread"] == []


def test_a_person_is_told_what_passed_and_what_it_would_have_cost(past: Past, first: Crates) -> None:
    bramble = past.publish("bramble", "1.0.2", {"build.rs": SCRIPT_OF_TWO})
    commit = past.lock("2025-10-12", past.publish("anvil", "1.0.1"), bramble, first.cobble)
    run = past.project.run("backtest", "--since", "2025-10-02")
    assert run.stdout.splitlines() == [
        f"Cargo.lock from 2025-10-02 to {commit[:12]}, judged by strict rules, as there is no vetflow.toml here",
        "No advisory database was asked: there is none at hand",
        f"2025-10-12 12:00  {commit[:12]}  review     1 min  bramble 1.0.0 -> 1.0.2  gate",
        "",
        "         commits  changes  passed  reviews  stops  unknown  minutes",
        "2025-10        1        2       1        1      0        0        1",
        " in all        1        2       1        1      0        0        1",
        "",
        "1 of 2 changes would have passed without a human (2 bumps, 0 new crates).",
        "1 review and 0 stops, about 1 minute of reading in all; waiting costs none.",
        "By rule: gate 1.",
        "What was locked at the beginning counts as read, and so does whatever was asked for, from then on.",
        "",
        f"Not judged: {', '.join(NOT_JUDGED)}.",
    ]


def test_a_workspace_that_was_moved_is_judged_where_it_lay(past: Past, first: Crates) -> None:
    bramble = past.publish("bramble", "1.0.2", {"build.rs": SCRIPT_OF_TWO})
    past.lock("2025-10-10", first.anvil, bramble, first.cobble)
    past.project.repository.git("checkout", "--quiet", "-b", "moved")
    (past.root / "rust").mkdir()
    past.project.repository.git("mv", "Cargo.toml", "Cargo.lock", "src", "rust/")
    past.commit("2025-10-11")
    document = past.document("--since", "2025-10-02", "--manifest-path", "rust/Cargo.toml")
    assert [told(event)[:2] for event in document["events"]] == [("2025-10-10", "bramble 1.0.0 -> 1.0.2")]
    assert (document["total"]["commits"], document["unread"]) == (2, [])


def test_locks_that_cannot_be_read_are_named_and_nothing_of_what_they_hid_is_lost(past: Past, first: Crates) -> None:
    bramble = past.publish("bramble", "1.0.2", {"build.rs": SCRIPT_OF_TWO})
    past.project.lock(first.anvil, bramble, first.cobble)
    lock = past.root / "Cargo.lock"
    text = lock.read_text()
    lock.write_text(f"<<<<<<< ours\n{text}=======\n>>>>>>> theirs\n")
    conflict = past.commit("2025-10-10")
    lock.write_text(text.replace("version = 4", "version = 99"))
    unknown = past.commit("2025-10-11")
    lock.unlink()
    removed = past.commit("2025-10-12")
    lock.write_text(text.replace('name = "cobble"', 'name = "cobbles"'))
    stale = past.commit("2025-10-13")
    lock.write_text(text)
    past.commit("2025-10-14")
    document = past.document("--since", "2025-10-02")
    assert {each["commit"] for each in document["unread"]} == {conflict, unknown, removed, stale}
    whys = " | ".join(each["why"] for each in document["unread"])
    assert all(word in whys for word in ("merge conflict", "version 99", "removed", "does not list it"))
    assert [told(event)[:2] for event in document["events"]] == [("2025-10-14", "bramble 1.0.0 -> 1.0.2")]


def test_a_lock_of_the_first_version_has_its_checksums_elsewhere_and_nothing_changed(past: Past, first: Crates) -> None:
    lock = past.root / "Cargo.lock"
    checksums = {crate.split()[0]: past.project.workspace.checksum(crate) for crate in first}
    source = "registry+https://github.com/rust-lang/crates.io-index"
    lines = [line for line in lock.read_text().splitlines() if not line.startswith(("version = 4", "checksum"))]
    lines += ["", "[metadata]"] + [f'"checksum {name} 1.0.0 ({source})" = "{each}"' for name, each in checksums.items()]
    lock.write_text("\n".join(lines) + "\n")
    past.commit("2025-10-10")
    document = past.document("--since", "2025-10-02")
    assert (document["total"]["commits"], document["events"], document["unread"]) == (1, [], [])


def test_what_nobody_can_tell_counts_as_unknown_and_never_as_passed(past: Past, first: Crates) -> None:
    unread = past.publish("anvil", "1.0.1")
    past.lock("2025-10-10", unread, first.bramble, first.cobble)
    past.project.workspace.forget(unread)
    document = past.document("--since", "2025-10-02")
    assert (document["total"]["unknown"], document["total"]["passed"], document["events"]) == (1, 0, [])
    assert [(each["name"], each["version"]) for each in document["lacking"]] == [("anvil", "1.0.1")]
    run = past.project.run("backtest", "--since", "2025-10-02")
    assert "Not known of 1 of 4 packages: what of them ran during a build" in run.stdout
    assert "Of 1 change nobody can tell: they count for nothing here." in run.stdout


def test_what_is_refused_counts_as_unknown_and_the_others_are_judged(past: Past, first: Crates) -> None:
    hostile = past.publish("dunnock", files=REFUSED)
    past.lock("2025-10-10", first.anvil, first.bramble, first.cobble, hostile)
    document = past.document("--since", "2025-10-02")
    assert document["total"]["unknown"] == 1
    (row,) = document["lacking"]
    assert row["name"] == "dunnock"
    assert "the crate is refused" in json.dumps(row)


def test_an_old_copy_of_the_index_tells_how_old_the_versions_are_that_it_knows(past: Past, first: Crates) -> None:
    known = past.publish("anvil", "1.0.1", at="2025-10-09T12:00:00Z")
    past.lock("2025-10-10", known, first.bramble, first.cobble)
    newer = past.project.workspace.crate("anvil", "1.0.2")
    past.lock("2025-10-11", newer, first.bramble, first.cobble)
    document = past.document("--since", "2025-10-02")
    assert [told(event)[1] for event in document["events"]] == ["anvil 1.0.0 -> 1.0.1"]
    assert [each["version"] for each in document["undated"]] == ["1.0.2"]
    assert document["total"]["unknown"] == 1


def test_an_archive_that_must_not_be_read_ends_nothing_and_is_unknown(past: Past, first: Crates) -> None:
    past.lock("2025-10-10", past.publish("anvil", "1.0.1", {"../../escape": ""}), first.bramble, first.cobble)
    document = past.document("--since", "2025-10-02")
    assert [each["version"] for each in document["lacking"]] == ["1.0.1"]
    assert document["total"]["unknown"] == 1


def test_rules_of_the_workspace_count_as_they_are_today_and_a_file_in_their_place(past: Past, first: Crates) -> None:
    bramble = past.publish("bramble", "1.0.2", {"build.rs": SCRIPT_OF_TWO}, at="2025-10-12T00:00:00Z")
    past.lock("2025-10-12", first.anvil, bramble, first.cobble)
    past.project.write("vetflow.toml", 'version = 1\n[gate]\nlevel = "allow"\n')
    assert past.events() == []
    past.project.write("vetflow.toml", 'version = 1\n[gate]\nlevel = "warn"\n')
    assert [event[2:] for event in past.events()] == [("review", "1.3", "gate/unattested")]
    write(past.root / "other.toml", 'version = 1\n[cool-down]\nlevel = "fail"\nmin-age = "3 days"\n')
    found = past.events("--since", "2025-10-02", "--policy", "other.toml")
    assert [event[2:] for event in found] == [("stop", "1.3", "cool-down/too-young", "gate/unattested")]


def test_audits_of_before_count_and_those_that_came_with_the_step_are_the_work(past: Past, first: Crates) -> None:
    bramble = past.publish("bramble", "1.0.2", {"build.rs": SCRIPT_OF_TWO})
    past.project.vet(bramble)
    past.lock("2025-10-12", first.anvil, bramble, first.cobble)
    assert [event[1] for event in past.events()] == ["bramble 1.0.0 -> 1.0.2"]
    later = past.publish("bramble", "1.0.3", {"build.rs": f"{SCRIPT_OF_TWO}\n"})
    past.project.vet(later)
    anvil = past.publish("anvil", "1.0.1")
    past.lock("2025-10-13", anvil, bramble, first.cobble)
    past.lock("2025-10-14", anvil, later, first.cobble)
    assert [event[1] for event in past.events()] == ["bramble 1.0.0 -> 1.0.2"]


def test_advisories_are_told_on_the_day_they_became_known(past: Past, first: Crates) -> None:
    database = past.root.parent / "advisories"
    for crate, day, number in (("anvil", "2025-10-08", 1), ("cobble", "2025-11-03", 2), ("bramble", "2025-09-01", 3)):
        front = f'[advisory]\nid = "RUSTSEC-2025-000{number}"\npackage = "{crate}"\ndate = "{day}"\n[versions]\n'
        write(
            database / f"crates/{crate}/RUSTSEC-2025-000{number}.md",
            f'```toml\n{front}patched = [">=2.0.0"]\n```\n\n# Sharp\n',
        )
    rules = 'version = 1\n[advisories]\nvulnerability = "fail"\ndatabases = ["../advisories"]\n'
    past.project.write("vetflow.toml", rules)
    past.lock("2025-10-12", past.publish("anvil", "1.0.1"), first.bramble, first.cobble)
    events = past.events()
    assert [(event[0], event[1], event[4]) for event in events] == [
        ("2025-10-08", "anvil 1.0.0 -> 1.0.0", "advisories/vulnerability"),
        ("2025-10-12", "anvil 1.0.0 -> 1.0.1", "advisories/vulnerability"),
        ("2025-11-03", "cobble 1.0.0 -> 1.0.0", "advisories/vulnerability"),
    ]


def test_an_injected_attack_is_stopped_and_counted_apart(past: Past, first: Crates) -> None:
    document = past.document("--since", "2025-10-02", "--with-incident")
    (carrier, payload) = sorted(document["incident"], key=lambda event: event["crate"])
    assert (carrier["crate"], carrier["old"], carrier["new"]) == ("anvil", "1.0.0", "1.0.1")
    assert (payload["crate"], payload["decision"]) == ("proc-macro1", "stop")
    assert {"drift/planted-dependency", "names/look-alike", "gate/unattested"} <= {
        each["id"] for each in payload["findings"]
    }
    assert (document["events"], document["total"]["stops"]) == ([], 0)


def test_a_shallow_clone_without_a_past_is_told_the_line_that_brings_it(past: Past, first: Crates) -> None:
    past.lock("2025-10-10", first.anvil, first.bramble)
    past.project.repository.git("clone", "--quiet", "--depth=1", f"file://{past.root}", str(past.root.parent / "clone"))
    past.project.workspace.root = past.root.parent / "clone"
    run = past.project.run("backtest", "--since", "2025-10-02")
    assert run.exit == 3
    assert "this clone is shallow" in run.stderr
    assert "git fetch --unshallow" in run.stderr


@pytest.mark.parametrize("since", ["yesterday", "2025-02-30", "99999999-01-01"])
def test_a_day_that_is_none_is_told_with_what_one_looks_like(past: Past, since: str) -> None:
    run = past.project.run("backtest", "--since", since)
    assert run.exit == 2
    assert "--since 2026-01-31" in run.stderr


def test_nothing_is_checked_out_or_written(past: Past, first: Crates) -> None:
    past.lock("2025-10-10", first.anvil, first.bramble)
    before = {path: path.read_bytes() for path in past.root.rglob("*") if path.is_file()}
    past.document()
    assert {path: path.read_bytes() for path in past.root.rglob("*") if path.is_file()} == before
