"""`vetflow baseline` and `surface --check`: only growth of build-time code fails, and nothing else ever does."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from tests.crate_workspace import PROC_MACRO, QUIET_SCRIPT, REFUSED, CrateWorkspace
from tests.in_process import Run, RunVetflow
from vetflow.formats.surface_lock import parse_surface_lock

SCHEMAS = Path(__file__).resolve().parents[2] / "docs" / "schemas"
SPAWNING = 'fn main() { std::process::Command::new("sh").arg("-c").arg("true").status().unwrap(); }\n'
ELF = b"\x7fELF\x02\x01\x01" + bytes(64)
WHO = ("--who", "Ada <ada@example.org>")


class Pinned:
    """A workspace in which `anvil 1.0.0` (plain) and `bellows 1.0.0` (a quiet build script) are pinned."""

    def __init__(self, folder: Path, run_vetflow: RunVetflow) -> None:
        self.workspace = CrateWorkspace(folder)
        self._run_vetflow = run_vetflow
        self.anvil = self.workspace.crate("anvil")
        self.bellows = self.workspace.crate("bellows", files={"build.rs": QUIET_SCRIPT})
        self.workspace.lock(self.anvil, self.bellows)

    def run(self, *words: str) -> Run:
        return self.workspace.run(self._run_vetflow, *words)

    def baseline(self) -> Path:
        assert self.run("baseline").exit == 0
        found = list(self.workspace.root.rglob("surface.lock"))
        assert len(found) == 1
        return found[0]

    def check(self) -> Run:
        return self.run("surface", "--check")

    def grown(self) -> list[tuple[str, str, str]]:
        """Return crate, id, and `capability:detail` of everything that fails."""
        run = self.run("surface", "--check", "--output-format", "json")
        found = json.loads(run.stdout)
        jsonschema.validate(found, json.loads((SCHEMAS / "surface-check.json").read_text()))
        rows = [each for each in found["growth"] if each["accepted"] is None]
        assert run.exit == (1 if rows else 0)
        assert found["conclusion"] == ("growth" if rows else "no growth")
        return [(each["name"], each["id"], f"{each['capability']}:{each['detail']}") for each in rows]


@pytest.fixture
def pinned(tmp_path: Path, run_vetflow: RunVetflow) -> Pinned:
    made = Pinned(tmp_path, run_vetflow)
    made.baseline()
    return made


class TestBaseline:
    def test_without_a_store_the_file_lies_beside_the_lock(self, tmp_path: Path, run_vetflow: RunVetflow) -> None:
        made = Pinned(tmp_path, run_vetflow)
        before = set(made.workspace.root.rglob("*"))
        file = made.baseline()
        assert file == made.workspace.root / "surface.lock"
        assert set(made.workspace.root.rglob("*")) - before == {file}

    def test_with_a_store_it_lies_in_there(self, tmp_path: Path, run_vetflow: RunVetflow) -> None:
        made = Pinned(tmp_path, run_vetflow)
        made.workspace.store()
        assert made.baseline() == made.workspace.root / "supply-chain" / "surface.lock"

    def test_a_file_from_before_the_store_is_named(self, pinned: Pinned) -> None:
        store = pinned.workspace.store()
        run = pinned.run("baseline")
        assert (store / "surface.lock").exists()
        assert "note: surface.lock is from before there was a store and is not read any more" in run.stdout

    def test_it_pins_every_crate_by_its_checksum(self, pinned: Pinned) -> None:
        lock = parse_surface_lock((pinned.workspace.root / "surface.lock").read_text(), "surface.lock")
        assert sorted(lock.crates) == ["anvil", "bellows"]
        (bellows,) = lock.crates["bellows"]
        assert bellows.targets.build_script
        assert bellows.surface is not None
        assert lock.crates["anvil"][0].surface is None
        assert f'checksum = "{bellows.checksum}"' in (pinned.workspace.root / "Cargo.lock").read_text()

    def test_a_second_time_there_is_nothing_to_write(self, pinned: Pinned) -> None:
        before = (pinned.workspace.root / "surface.lock").read_bytes()
        assert pinned.run("baseline").stdout == "surface.lock is up to date: nothing to write\n"
        assert (pinned.workspace.root / "surface.lock").read_bytes() == before

    def test_a_dry_run_writes_nothing_and_shows_the_file(self, tmp_path: Path, run_vetflow: RunVetflow) -> None:
        made = Pinned(tmp_path, run_vetflow)
        run = made.run("baseline", "--dry-run", "--output-format", "json")
        found = json.loads(run.stdout)
        jsonschema.validate(found, json.loads((SCHEMAS / "baseline.json").read_text()))
        assert not found["written"]
        assert not (made.workspace.root / "surface.lock").exists()
        made.baseline()
        assert (made.workspace.root / "surface.lock").read_text() == found["text"]

    def test_it_says_what_is_newly_taken_as_known(self, pinned: Pinned) -> None:
        pinned.workspace.lock(pinned.anvil, pinned.workspace.crate("bellows", "1.0.1", {"build.rs": SPAWNING}))
        run = pinned.run("baseline")
        assert "Newly taken as known (1)" in run.stdout
        assert "  bellows 1.0.1: can do something new (alert): process: sh" in run.stdout
        assert pinned.grown() == []

    def test_half_a_workspace_is_not_pinned(self, tmp_path: Path, run_vetflow: RunVetflow) -> None:
        made = Pinned(tmp_path, run_vetflow)
        made.workspace.forget(made.anvil)
        run = made.run("baseline")
        assert run.exit == 3
        assert "anvil 1.0.0: " in run.stderr
        assert not (made.workspace.root / "surface.lock").exists()

    def test_a_damaged_file_is_written_anew(self, pinned: Pinned) -> None:
        file = pinned.workspace.root / "surface.lock"
        whole = file.read_text()
        file.write_text(f"<<<<<<< ours\n{whole}")
        assert pinned.check().exit == 2
        assert pinned.run("baseline").exit == 0
        assert file.read_text() == whole


class TestWithoutGrowth:
    def test_nothing_changed(self, pinned: Pinned) -> None:
        run = pinned.check()
        assert (run.exit, run.stderr) == (0, "")
        assert run.stdout.splitlines() == [
            "No growth of build-time code since surface.lock was written",
            "2 crates compared with surface.lock; 0 not pinned there, 0 of them not read",
        ]

    def test_what_is_pinned_needs_no_archive(self, pinned: Pinned) -> None:
        pinned.workspace.forget(pinned.anvil)
        pinned.workspace.forget(pinned.bellows)
        assert pinned.check().exit == 0

    def test_a_new_plain_crate(self, pinned: Pinned) -> None:
        pinned.workspace.lock(pinned.anvil, pinned.bellows, pinned.workspace.crate("tongs"))
        assert pinned.grown() == []

    def test_a_bump_that_can_do_no_more(self, pinned: Pinned) -> None:
        script = QUIET_SCRIPT.replace("fn main", "// Now with a comment.\nfn main")
        pinned.workspace.lock(pinned.anvil, pinned.workspace.crate("bellows", "1.0.1", {"build.rs": script}))
        assert pinned.grown() == []

    def test_build_time_code_that_goes_away(self, pinned: Pinned) -> None:
        pinned.workspace.lock(pinned.anvil, pinned.workspace.crate("bellows", "1.0.1"))
        assert pinned.grown() == []

    def test_a_capability_it_had(self, tmp_path: Path, run_vetflow: RunVetflow) -> None:
        made = Pinned(tmp_path, run_vetflow)
        made.workspace.lock(made.anvil, made.workspace.crate("bellows", "1.0.0", {"build.rs": SPAWNING}))
        made.baseline()
        script = SPAWNING.replace("fn main", "\n\nfn main")
        made.workspace.lock(made.anvil, made.workspace.crate("bellows", "1.0.1", {"build.rs": script}))
        assert made.grown() == []


class TestGrowth:
    def test_a_new_package_with_a_build_script(self, pinned: Pinned) -> None:
        tongs = pinned.workspace.crate("tongs", files={"build.rs": QUIET_SCRIPT})
        pinned.workspace.lock(pinned.anvil, pinned.bellows, tongs)
        assert pinned.grown() == [("tongs", "growth/new-package", "build-time:build script")]

    def test_the_same_deep_below_a_bumped_crate(self, pinned: Pinned) -> None:
        """What happened to arrayref: its own code stayed as it was, and it gained a dependency."""
        payload = pinned.workspace.crate("proc-anvil", files={"build.rs": SPAWNING})
        needs = '[dependencies]\nproc-anvil = "1"\n'
        pinned.workspace.lock(pinned.workspace.crate("anvil", "1.0.1", manifest=needs, needs=[payload]), pinned.bellows)
        assert pinned.grown() == [
            ("proc-anvil", "growth/new-package", "build-time:build script"),
            ("proc-anvil", "growth/capability", "process:sh"),
        ]

    def test_a_build_script_where_there_was_none(self, pinned: Pinned) -> None:
        pinned.workspace.lock(pinned.workspace.crate("anvil", "1.0.1", {"build.rs": QUIET_SCRIPT}), pinned.bellows)
        assert pinned.grown() == [("anvil", "growth/became-build-time", "build-time:build script")]

    def test_a_library_that_becomes_a_proc_macro(self, pinned: Pinned) -> None:
        pinned.workspace.lock(pinned.workspace.crate("anvil", "1.0.1", manifest=PROC_MACRO), pinned.bellows)
        assert pinned.grown() == [("anvil", "growth/became-build-time", "build-time:proc macro")]

    def test_a_library_that_a_build_script_begins_to_use(self, pinned: Pinned) -> None:
        manifest = '[build-dependencies]\nanvil = "1"\n'
        bellows = pinned.workspace.crate(
            "bellows", "1.0.1", {"build.rs": QUIET_SCRIPT}, manifest=manifest, needs=[pinned.anvil]
        )
        pinned.workspace.lock(pinned.anvil, bellows)
        assert pinned.grown() == [("anvil", "growth/became-build-time", "build-time:library used during the build")]

    def test_a_pinned_build_dependency_is_known_without_archives(self, tmp_path: Path, run_vetflow: RunVetflow) -> None:
        made = Pinned(tmp_path, run_vetflow)
        manifest = '[build-dependencies]\nanvil = "1"\n'
        bellows = made.workspace.crate(
            "bellows", "1.0.1", {"build.rs": QUIET_SCRIPT}, manifest=manifest, needs=[made.anvil]
        )
        made.workspace.lock(made.anvil, bellows)
        made.baseline()
        made.workspace.forget(made.anvil)
        made.workspace.forget(bellows)
        assert made.grown() == []

    def test_a_new_capability(self, pinned: Pinned) -> None:
        pinned.workspace.lock(pinned.anvil, pinned.workspace.crate("bellows", "1.0.1", {"build.rs": SPAWNING}))
        assert pinned.grown() == [("bellows", "growth/capability", "process:sh")]

    def test_another_shipped_binary(self, tmp_path: Path, run_vetflow: RunVetflow) -> None:
        made = Pinned(tmp_path, run_vetflow)
        files: dict[str, str | bytes] = {"build.rs": QUIET_SCRIPT, "tools/helper": ELF}
        made.workspace.lock(made.anvil, made.workspace.crate("bellows", "1.0.0", files))
        made.baseline()
        made.workspace.lock(made.anvil, made.workspace.crate("bellows", "1.0.1", {**files, "tools/helper": ELF + b"x"}))
        ((crate, identifier, named),) = made.grown()
        assert (crate, identifier) == ("bellows", "growth/binary")
        assert named.startswith("shipped-binary:tools/helper ")

    def test_people_are_told_what_and_how_to_settle_it(self, pinned: Pinned) -> None:
        pinned.workspace.lock(pinned.anvil, pinned.workspace.crate("bellows", "1.0.1", {"build.rs": SPAWNING}))
        run = pinned.check()
        assert run.exit == 1
        lines = run.stdout.splitlines()
        assert lines[0] == "Build-time code has grown in 1 crate"
        assert "bellows 1.0.1 (was 1.0.0)" in lines
        assert "  can do something new (alert): process: sh" in lines
        assert "`vetflow baseline`" in run.stdout

    def test_the_gravest_comes_first_and_libraries_are_one_line(self, pinned: Pinned) -> None:
        cc, tongs = pinned.workspace.crate("ccc"), pinned.workspace.crate("ttt")
        quiet = pinned.workspace.crate(
            "aaa",
            files={"build.rs": QUIET_SCRIPT},
            manifest='[build-dependencies]\nccc = "1"\nttt = "1"\n',
            needs=[cc, tongs],
        )
        pinned.workspace.lock(pinned.anvil, pinned.workspace.crate("bellows", "1.0.1", {"build.rs": SPAWNING}), quiet)
        lines = pinned.check().stdout.splitlines()
        assert lines.index("bellows 1.0.1 (was 1.0.0)") < lines.index("aaa 1.0.0 (new)")
        assert lines[lines.index("2 further libraries linked into build-time code now") + 1] == "  ccc 1.0.0, ttt 1.0.0"

    @pytest.mark.parametrize("output_format", ["github", "sarif"])
    def test_machines_are_told_the_line_of_the_lock(self, pinned: Pinned, output_format: str) -> None:
        pinned.workspace.lock(pinned.anvil, pinned.workspace.crate("bellows", "1.0.1", {"build.rs": SPAWNING}))
        run = pinned.run("surface", "--check", "--output-format", output_format)
        assert run.exit == 1
        assert "growth/capability" in run.stdout
        assert "Cargo.lock" in run.stdout


class TestVendored:
    @pytest.fixture
    def vendored(self, tmp_path: Path, run_vetflow: RunVetflow) -> Pinned:
        made = Pinned(tmp_path, run_vetflow)
        made.workspace.vendor(made.anvil)
        made.workspace.vendor(made.bellows)
        made.baseline()
        return made

    def test_what_was_vendored_stays_as_it_was(self, vendored: Pinned) -> None:
        assert vendored.grown() == []

    def test_a_changed_copy_is_seen_though_its_checksum_is_pinned(self, vendored: Pinned) -> None:
        """Nothing but its own list of checksums says what a vendored crate is, and whoever changes it changes that."""
        (vendored.workspace.root / "vendor/bellows/build.rs").write_text(SPAWNING)
        vendored.workspace.seal(vendored.bellows)
        assert vendored.grown() == [("bellows", "growth/capability", "process:sh")]

    def test_a_copy_that_is_not_what_its_list_says_is_refused(self, vendored: Pinned) -> None:
        (vendored.workspace.root / "vendor/bellows/build.rs").write_text(SPAWNING)
        run = vendored.check()
        assert run.exit == 3
        assert "the vendored package was changed" in run.stdout


class TestAcceptances:
    def test_an_accepted_finding_does_not_fail(self, pinned: Pinned) -> None:
        pinned.workspace.store()
        pinned.workspace.lock(pinned.anvil, pinned.workspace.crate("bellows", "1.0.1", {"build.rs": SPAWNING}))
        assert pinned.run("accept", "bellows", "process:sh", "--reason", "read it", *WHO).exit == 0
        assert pinned.grown() == []
        assert "1 accepted finding left out" in pinned.check().stdout

    def test_becoming_build_time_can_be_accepted(self, pinned: Pinned) -> None:
        pinned.workspace.store()
        pinned.workspace.lock(pinned.workspace.crate("anvil", "1.0.1", {"build.rs": QUIET_SCRIPT}), pinned.bellows)
        words = ("accept", "anvil@1.0.1", "build-time:build script", "--reason", "read it", *WHO)
        assert pinned.run(*words).exit == 0
        assert pinned.grown() == []

    def test_machine_code_is_accepted_by_the_rule_that_shows_it_and_only_as_it_is(self, pinned: Pinned) -> None:
        pinned.workspace.store()
        script = 'fn main() { let _ = include_bytes!("helper"); }\n'
        files: dict[str, str | bytes] = {"build.rs": script, "helper": b"\x7fELF\x02"}
        pinned.workspace.lock(pinned.anvil, pinned.workspace.crate("bellows", "1.0.1", files))
        assert [kind for _, kind, _ in pinned.grown()] == ["growth/binary"]
        assert pinned.run("accept", "bellows", "blob/executable", "--reason", "read it", *WHO).exit == 0
        assert pinned.grown() == []
        changed = pinned.workspace.crate("bellows", "1.0.2", {**files, "helper": b"\x7fELF\x01"})
        pinned.workspace.lock(pinned.anvil, changed)
        assert [kind for _, kind, _ in pinned.grown()] == ["growth/binary"]

    def test_without_a_store_nobody_is_told_to_accept_anything(self, pinned: Pinned) -> None:
        pinned.workspace.lock(pinned.anvil, pinned.workspace.crate("bellows", "1.0.1", {"build.rs": SPAWNING}))
        assert "vetflow accept" not in pinned.check().stdout
        pinned.workspace.store()
        assert "vetflow accept CRATE FINDING" in pinned.check().stdout

    def test_an_acceptance_that_has_run_out_counts_no_more(self, pinned: Pinned) -> None:
        store = pinned.workspace.store()
        pinned.workspace.lock(pinned.anvil, pinned.workspace.crate("bellows", "1.0.1", {"build.rs": SPAWNING}))
        words = ("accept", "bellows", "process:sh", "--reason", "read it", "--until", "2026-01-15", *WHO)
        assert pinned.run(*words).exit == 0
        file = store / "findings.toml"
        file.write_text(file.read_text().replace("2026-01-15", "2026-01-14"))
        assert [crate for crate, _, _ in pinned.grown()] == ["bellows"]


class TestWithoutAnAnswer:
    def test_without_surface_lock(self, tmp_path: Path, run_vetflow: RunVetflow) -> None:
        run = Pinned(tmp_path, run_vetflow).check()
        assert run.exit == 2
        assert "there is no surface.lock to compare with" in run.stderr
        assert "vetflow baseline" in run.stderr

    def test_a_new_crate_that_cannot_be_had(self, pinned: Pinned) -> None:
        tongs = pinned.workspace.crate("tongs")
        pinned.workspace.lock(pinned.anvil, pinned.bellows, tongs)
        pinned.workspace.forget(tongs)
        run = pinned.check()
        assert run.exit == 3
        assert run.stdout.splitlines()[0] == "Undecided: some crates could not be read"
        assert "not read: tongs 1.0.0 (" in run.stdout

    def test_growth_is_certain_whatever_else_is_missing(self, pinned: Pinned) -> None:
        tongs = pinned.workspace.crate("tongs")
        bellows = pinned.workspace.crate("bellows", "1.0.1", {"build.rs": SPAWNING})
        pinned.workspace.lock(pinned.anvil, bellows, tongs)
        pinned.workspace.forget(tongs)
        assert pinned.check().exit == 1

    def test_a_refused_archive(self, pinned: Pinned) -> None:
        pinned.workspace.lock(pinned.anvil, pinned.bellows, pinned.workspace.crate("tongs", files=REFUSED))
        run = pinned.check()
        assert run.exit == 3
        assert "not read: tongs 1.0.0 (the crate is refused: " in run.stdout
        run = pinned.run("surface", "--check", "--output-format", "github")
        assert "tongs 1.0.0 must not be built: the crate is refused" in run.stdout
        run = pinned.run("baseline")
        assert run.exit == 3
        assert "do not build what is refused" in run.stderr


class TestOtherRules:
    def test_predecessors_are_looked_at_again(self, tmp_path: Path, run_vetflow: RunVetflow) -> None:
        """A capability that the older rules did not see is not new because the crate was bumped."""
        made = Pinned(tmp_path, run_vetflow)
        made.workspace.lock(made.anvil, made.workspace.crate("bellows", "1.0.0", {"build.rs": SPAWNING}))
        file = made.baseline()
        blind = [line for line in file.read_text().splitlines() if not line.startswith(("capabilities", "    ", "]"))]
        file.write_text("\n".join('rules = "older"' if line.startswith("rules") else line for line in blind))
        script = SPAWNING.replace("fn main", "\n\nfn main")
        made.workspace.lock(made.anvil, made.workspace.crate("bellows", "1.0.1", {"build.rs": script}))
        assert made.grown() == []

    def test_where_that_cannot_be_done_it_is_said(self, tmp_path: Path, run_vetflow: RunVetflow) -> None:
        made = Pinned(tmp_path, run_vetflow)
        file = made.baseline()
        lines = ['rules = "older"' if line.startswith("rules") else line for line in file.read_text().splitlines()]
        file.write_text("\n".join(lines))
        made.workspace.lock(made.anvil, made.workspace.crate("bellows", "1.0.1", {"build.rs": SPAWNING}))
        made.workspace.forget(made.bellows)
        run = made.check()
        assert run.exit == 1
        assert "was written with other rules" in run.stdout
