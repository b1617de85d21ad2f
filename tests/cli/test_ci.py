"""`vetflow ci`: each made-up pull request gets the right decision, and the finding that leads to it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.crate_workspace import PROC_MACRO, QUIET_SCRIPT, REFUSED
from tests.fakes import FIXED_MOMENT
from tests.in_process import RunVetflow
from tests.proposals import ALL_NAMESPACES, STRICT, Proposal, ids
from tests.receipts import accept_everything
from tests.signers import line_of

NOISY_SCRIPT = 'fn main() { std::process::Command::new("curl").spawn().ok(); }\n'
YESTERDAY = "2026-01-14T12:00:00Z"


@pytest.fixture
def strict(tmp_path: Path, run_vetflow: RunVetflow) -> Proposal:
    """A project that signs and lets nothing pass: `anvil` has a build script, `bramble` none; both are audited."""
    proposal = Proposal(tmp_path, run_vetflow, signs=True, rules=STRICT)
    anvil, bramble = proposal.publish("anvil", "1.0.0", {"build.rs": QUIET_SCRIPT}), proposal.publish("bramble")
    proposal.vet(anvil, bramble)
    proposal.lock(anvil, bramble)
    proposal.base()
    return proposal


def test_nothing_new_needs_nothing(strict: Proposal) -> None:
    strict.commit()
    answer = strict.answer()
    assert (answer["decision"], answer["crates"], answer["undecided"]) == ("none", [], [])


def test_quiet_bumps_that_are_vetted_need_nothing(tmp_path: Path, run_vetflow: RunVetflow) -> None:
    proposal = Proposal(tmp_path, run_vetflow, signs=True, rules=STRICT)
    names = ("anvil", "bramble", "cobalt", "dunlin")
    old = [proposal.publish(name) for name in names]
    new = [proposal.publish(name, "1.0.1") for name in names]
    proposal.vet(*old, *new)
    proposal.lock(*old)
    proposal.base()
    proposal.lock(*new)
    proposal.commit()
    answer = proposal.answer()
    assert answer["decision"] == "none"
    assert [(crate["name"], crate["old"], crate["build_time"], crate["vetted"]) for crate in answer["crates"]] == [
        (name, "1.0.0", "none", True) for name in names
    ]


def test_a_changed_build_script_is_to_be_read(strict: Proposal) -> None:
    anvil = strict.publish("anvil", "1.0.1", {"build.rs": NOISY_SCRIPT})
    strict.lock(anvil, "bramble 1.0.0")
    strict.commit()
    answer = strict.answer()
    assert answer["decision"] == "review"
    assert {"vet/unvetted", "gate/unattested", "growth/capability"} <= ids(answer)
    (crate,) = answer["crates"]
    assert (crate["build_time"], crate["build_lines"], crate["delta"]) == ("changed", 2, {"from": "1.0.0", "lines": 4})
    assert crate["commands"][0] == "vetflow diff anvil 1.0.0 1.0.1"


def test_a_clean_bump_with_a_signed_audit_passes(strict: Proposal) -> None:
    anvil = strict.publish("anvil", "1.0.1", {"build.rs": QUIET_SCRIPT + "// quieter\n"})
    strict.vet(anvil, base="1.0.0")
    strict.lock(anvil, "bramble 1.0.0")
    strict.commit()
    answer = strict.answer()
    assert (answer["decision"], ids(answer)) == ("none", set())
    assert answer["audits_made"] == [{"audit": "anvil 1.0.0 -> 1.0.1", "holds": True}]
    (crate,) = answer["crates"]
    assert (crate["build_time"], crate["gate"], crate["audited_by"]) == ("changed", "attested", ["us"])


def test_unchanged_build_time_code_passes_the_gate_with_any_audit_of_the_rest(strict: Proposal) -> None:
    anvil = strict.publish("anvil", "1.0.1", {"build.rs": QUIET_SCRIPT, "src/new.rs": ""})
    strict.vet(anvil, base="1.0.0")
    strict.lock(anvil, "bramble 1.0.0")
    strict.commit()
    assert strict.answer()["crates"][0]["build_time"] == "same"


def test_a_dependency_that_runs_during_the_build_and_is_too_young_stops(strict: Proposal) -> None:
    maker = strict.publish("cobalt", "0.1.0", {"src/lib.rs": ""}, manifest=PROC_MACRO, at=YESTERDAY)
    strict.vet(maker)
    strict.lock("anvil 1.0.0", "bramble 1.0.0", maker)
    strict.commit()
    answer = strict.answer()
    assert answer["decision"] == "stop"
    assert "cool-down/too-young" in ids(answer)
    assert answer["crates"][0]["age_seconds"] == 86_400


@pytest.mark.parametrize("rules", [None, STRICT])
def test_a_patch_release_that_plants_a_build_script_stops_whatever_the_rules(
    tmp_path: Path, run_vetflow: RunVetflow, rules: str | None
) -> None:
    proposal = Proposal(tmp_path, run_vetflow, signs=True, rules=rules)
    anvil = proposal.publish("anvil")
    proposal.vet(anvil)
    proposal.lock(anvil)
    proposal.base()
    planted = proposal.publish("proc-macro9", "1.0.0", {"build.rs": NOISY_SCRIPT}, at=YESTERDAY)
    needs = '[dependencies]\nproc-macro9 = "1"\n'
    hijacked = proposal.publish("anvil", "1.0.1", manifest=needs, needs=[planted], at=YESTERDAY)
    proposal.lock(hijacked)
    proposal.commit()
    answer = proposal.answer()
    assert answer["decision"] == "stop"
    assert "drift/planted-dependency" in ids(answer)
    assert [crate["build_time"] for crate in answer["crates"]] == ["none", "new"]


def test_an_unsigned_entry_stops(strict: Proposal) -> None:
    bramble = strict.publish("bramble", "1.0.1")
    strict.vet(bramble, sign=False)
    strict.lock("anvil 1.0.0", bramble)
    strict.commit()
    answer = strict.answer()
    assert (answer["decision"], answer["verdict"]) == ("stop", "success")
    assert ids(answer) == {"signatures/unsigned"}


def test_a_widened_criterion_stops(tmp_path: Path, run_vetflow: RunVetflow) -> None:
    proposal = Proposal(tmp_path, run_vetflow, signs=True, rules=STRICT)
    bramble = proposal.publish("bramble")
    proposal.vet(bramble, criteria="safe-to-run")
    proposal.lock(bramble)
    proposal.base()
    proposal.write_audits(criteria='"safe-to-deploy"')
    proposal.commit()
    answer = proposal.answer()
    assert (answer["decision"], answer["verdict"]) == ("stop", "success")
    assert ids(answer) == {"signatures/claims-more-than-signed"}


class TestABaseThatWentOn:
    """What came into the base after the proposal began is no change of the proposal, and still rules over it."""

    HELD = '[[hold.bramble]]\nreason = "odd"\ncleared-when = "understood"\nby = "Ada"\nsince = "2026-01-15"\n'

    def proposed(self, strict: Proposal) -> None:
        """Let the base hold a crate back and lock another one after a proposal with one audit began."""
        strict.repository.git("checkout", "--quiet", "-b", "proposal")
        bramble = strict.publish("bramble", "1.0.1")
        strict.vet(bramble, base="1.0.0")
        strict.lock("anvil 1.0.0", bramble)
        strict.commit()
        strict.repository.git("checkout", "--quiet", "main")
        strict.write("findings.toml", self.HELD)
        strict.lock("anvil 1.0.0", "bramble 1.0.0", strict.publish("cobalt"))
        strict.commit()

    def test_its_decisions_hold_and_are_not_taken_for_the_proposals(self, strict: Proposal) -> None:
        self.proposed(strict)
        answer = strict.answer("--base", "main", "--rev", "proposal")
        assert answer["made_here"] == []
        assert "hold/held" in ids(answer)

    def test_what_it_locked_since_is_not_taken_for_removed(self, strict: Proposal) -> None:
        self.proposed(strict)
        answer = strict.answer("--base", "main", "--rev", "proposal")
        assert [crate["name"] for crate in answer["crates"]] == ["bramble"]


class TestImports:
    ROW = """
[[audits.peer.audits.bramble]]
who = "Bert <bert@peer.example>"
criteria = "safe-to-{}"
version = "{}"
"""

    @pytest.fixture
    def importing(self, tmp_path: Path, run_vetflow: RunVetflow) -> Proposal:
        """A project that rests on what a peer says, which somebody accepted."""
        proposal = Proposal(tmp_path, run_vetflow, signs=True, rules=STRICT)
        config = (proposal.store / "config.toml").read_text()
        proposal.write("config.toml", f'{config}\n[imports.peer]\nurl = "https://peer.example/audits.toml"\n')
        self.write(proposal, self.ROW.format("deploy", "1.0.0"))
        proposal.lock(proposal.publish("bramble"))
        proposal.write_audits()
        accept_everything(proposal.root, proposal.workspace.home)
        proposal.base()
        return proposal

    def write(self, proposal: Proposal, rows: str) -> None:
        proposal.write("imports.lock", f"\n# cargo-vet imports lock\n{rows}")

    def test_what_was_accepted_needs_nothing(self, importing: Proposal) -> None:
        importing.commit()
        assert importing.answer()["decision"] == "none"

    def test_a_forged_row_stops(self, importing: Proposal) -> None:
        self.write(importing, self.ROW.format("deploy", "1.0.0") + self.ROW.format("deploy", "1.0.1"))
        importing.lock(importing.publish("bramble", "1.0.1"))
        importing.commit()
        answer = importing.answer()
        assert (answer["decision"], answer["verdict"]) == ("stop", "success")
        assert ids(answer) == {"imports/row-not-accepted"}

    def test_a_receipt_that_nobody_of_the_base_signed_accepts_nothing(self, importing: Proposal) -> None:
        self.write(importing, self.ROW.format("deploy", "1.0.0") + self.ROW.format("deploy", "1.0.1"))
        importing.lock(importing.publish("bramble", "1.0.1"))
        accept_everything(importing.root, importing.workspace.home, number=2)
        importing.write("allowed_signers", line_of(number=2, options=ALL_NAMESPACES))
        importing.commit()
        answer = importing.answer()
        assert answer["decision"] == "stop"
        assert {"imports/bad-receipt", "signatures/policy-changed"} <= ids(answer)


def test_a_changed_list_of_keys_stops_and_the_bases_counts(strict: Proposal) -> None:
    strict.write("allowed_signers", "")
    strict.commit()
    answer = strict.answer()
    assert answer["decision"] == "stop"
    assert ids(answer) == {"signatures/policy-changed"}


def test_the_same_version_with_another_checksum_stops(strict: Proposal) -> None:
    lock = strict.root / "Cargo.lock"
    text = lock.read_text()
    other = strict.publish("bramble", "1.0.0", {"src/lib.rs": "fn other() {}\n"})
    strict.lock("anvil 1.0.0", other)
    assert lock.read_text() != text
    strict.commit()
    answer = strict.answer()
    assert answer["decision"] == "stop"
    assert "lock/checksum-changed" in ids(answer)


def test_an_allow_entry_that_has_ended_is_to_be_settled(tmp_path: Path, run_vetflow: RunVetflow) -> None:
    def allow(until: str) -> str:
        entry = f'[[gate.allow]]\ncrate = "anvil"\nversions = "^1"\nreason = "soon gone"\nuntil = "{until}"\n'
        return STRICT + entry

    proposal = Proposal(tmp_path, run_vetflow, rules=allow("2026-01-15"))
    anvil = proposal.publish("anvil", "1.0.0", {"build.rs": QUIET_SCRIPT})
    proposal.vet(anvil, criteria="safe-to-run")
    config = (proposal.store / "config.toml").read_text()
    proposal.write("config.toml", f'{config}\n[policy.app]\ncriteria = "safe-to-run"\n')
    proposal.lock(anvil)
    proposal.base()
    proposal.commit()
    assert proposal.answer()["decision"] == "none"
    late = proposal.answer("--base", "HEAD~1", "--current-time", "2026-01-16T12:00:00Z")
    assert late["decision"] == "review"
    (found,) = [each for each in late["findings"] if each["id"] == "gate/unattested"]
    assert found["reason"].endswith("it was allowed until 2026-01-15")


class TestAcceptedInTheSamePullRequest:
    @pytest.fixture
    def growing(self, strict: Proposal) -> Proposal:
        anvil = strict.publish("anvil", "1.0.1", {"build.rs": NOISY_SCRIPT})
        strict.vet(anvil, base="1.0.0")
        strict.lock(anvil, "bramble 1.0.0")
        run = strict.run("surface", "anvil@1.0.1", "--output-format", "json")
        assert run.exit == 0, run.stderr
        for detail in self.growth(strict):
            capability, what = detail.split(": ", 1)
            accepted = f'[[accept.anvil]]\ncapability = "{capability}"\ndetail = "{what}"\n'
            strict.write("findings.toml", accepted + 'reason = "it asks the compiler"\nby = "Ada <ada@example.org>"\n')
        return strict

    def growth(self, proposal: Proposal) -> list[str]:
        found = proposal.answer("--base", "HEAD")["findings"]
        return [each["reason"].split("): ")[1] for each in found if each["id"] == "growth/capability"]

    def test_unsigned_it_does_not_count_and_is_listed_first(self, growing: Proposal) -> None:
        growing.commit()
        answer = growing.answer()
        assert answer["decision"] == "review"
        (made,) = answer["made_here"]
        assert (made["kind"], made["crate"], made["counts"]) == ("accepted", "anvil", False)
        assert made["why_not"].endswith("is not signed")
        assert "growth/capability" in ids(answer)
        lines = growing.run("ci", "--base", "HEAD~1").stdout.splitlines()
        assert lines[0].startswith("Decision: review")
        assert lines[2].startswith("  accepted here by Ada <ada@example.org>: anvil")

    def test_signed_by_a_key_of_the_base_it_counts(self, growing: Proposal) -> None:
        growing.commit(signed_by=1)
        answer = growing.answer()
        assert (answer["decision"], answer["made_here"][0]["counts"]) == ("none", True)

    def test_signed_by_any_other_key_it_does_not(self, growing: Proposal) -> None:
        growing.commit(signed_by=2)
        assert growing.answer()["made_here"][0]["counts"] is False

    def test_what_is_not_committed_yet_does_not_count(self, growing: Proposal) -> None:
        assert growing.answer("--base", "HEAD")["made_here"][0]["why_not"] == "it is not committed yet"


def test_a_hold_counts_whoever_makes_it(strict: Proposal) -> None:
    held = 'reason = "odd"\ncleared-when = "understood"\nby = "Eve <eve@example.org>"\nsince = "2026-01-15"\n'
    strict.write("findings.toml", f"[[hold.bramble]]\n{held}")
    strict.commit()
    answer = strict.answer()
    assert (answer["decision"], ids(answer)) == ("review", {"hold/held"})
    assert answer["made_here"][0]["counts"] is True


def test_after_a_push_that_moves_a_version_the_audit_that_is_left_behind_is_named(strict: Proposal) -> None:
    first, second = strict.publish("bramble", "1.0.1"), strict.publish("bramble", "1.0.2")
    anvil = strict.publish("anvil", "1.0.1", {"build.rs": QUIET_SCRIPT})
    strict.vet(first, anvil, base="1.0.0")
    strict.lock(anvil, second)
    strict.commit()
    answer = strict.answer()
    assert answer["decision"] == "review"
    assert ids(answer) == {"vet/unvetted", "audits/outdated"}
    assert sorted((each["audit"], each["holds"]) for each in answer["audits_made"]) == [
        ("anvil 1.0.0 -> 1.0.1", True),
        ("bramble 1.0.0 -> 1.0.1", False),
    ]
    (moved,) = [crate for crate in answer["crates"] if crate["name"] == "bramble"]
    assert moved["delta"]["from"] == "1.0.1"
    summary = strict.run("ci", "--base", "HEAD~1").stdout.splitlines()[1]
    assert summary.endswith("audits made for this still cover: 1 of 2; bramble moved to 1.0.2")


def test_a_proposal_cannot_rule_on_itself(strict: Proposal) -> None:
    strict.write("vetflow.toml", 'version = 1\n[signatures]\nlevel = "allow"\nrequire = "off"\n')
    bramble = strict.publish("bramble", "1.0.1")
    strict.vet(bramble, sign=False)
    strict.lock("anvil 1.0.0", bramble)
    strict.commit()
    answer = strict.answer()
    assert answer["decision"] == "stop"
    assert ids(answer) == {"signatures/unsigned", "signatures/policy-changed"}


def test_its_surface_lock_does_not_vouch_for_it_either(strict: Proposal) -> None:
    anvil = strict.publish("anvil", "1.0.1", {"build.rs": NOISY_SCRIPT})
    strict.lock(anvil, "bramble 1.0.0")
    assert strict.run("baseline").exit == 0
    pinned = (strict.store / "surface.lock").read_text()
    strict.write("surface.lock", pinned.replace("build-script = true\n", ""))
    strict.commit()
    assert "gate/unattested" in ids(strict.answer())


def test_what_was_in_breach_before_decides_nothing(tmp_path: Path, run_vetflow: RunVetflow) -> None:
    proposal = Proposal(tmp_path, run_vetflow)
    anvil = proposal.publish("anvil", "1.0.0", {"build.rs": QUIET_SCRIPT})
    proposal.exempt(anvil)
    proposal.lock(anvil)
    proposal.base()
    proposal.commit()
    answer = proposal.answer()
    assert answer["decision"] == "none"
    assert "gate/unattested" in ids(answer, deciding=False)


def test_a_stricter_profile_of_the_base_is_judged_by(tmp_path: Path, run_vetflow: RunVetflow) -> None:
    profile = '[profile.release.signatures]\nlevel = "fail"\n'
    proposal = Proposal(tmp_path, run_vetflow, signs=True, rules=f"version = 1\n{profile}")
    anvil, newer = proposal.publish("anvil"), proposal.publish("anvil", "1.0.1")
    proposal.vet(anvil)
    proposal.lock(anvil)
    proposal.base()
    proposal.vet(newer, sign=False)
    proposal.lock(newer)
    proposal.commit()
    words = ("--base", "HEAD~1", "--rev", "HEAD")
    assert proposal.answer(*words)["decision"] == "review"
    answer = proposal.answer(*words, "--profile", "release")
    assert (answer["decision"], answer["profile"]) == ("stop", "release")


def test_one_exemption_more_is_told_and_fails_where_they_may_only_become_fewer(
    tmp_path: Path, run_vetflow: RunVetflow
) -> None:
    proposal = Proposal(tmp_path, run_vetflow, rules='version = 1\n[debt]\nlevel = "fail"\n')
    anvil, newer = proposal.publish("anvil"), proposal.publish("anvil", "1.0.1")
    proposal.vet(anvil)
    proposal.lock(anvil)
    proposal.base()
    proposal.exempt(newer)
    proposal.lock(newer)
    proposal.commit()
    answer = proposal.answer()
    assert (answer["decision"], answer["verdict"]) == ("stop", "success")
    assert ids(answer) == {"debt/exemptions", "debt/new"}


def test_a_contradicted_violation_stops(strict: Proposal) -> None:
    audits = (strict.store / "audits.toml").read_text()
    warning = '[[audits.bramble]]\nwho = "Ada <ada@example.org>"\ncriteria = "safe-to-deploy"\nviolation = "^1"\n'
    strict.write("audits.toml", f"{audits}\n{warning}")
    strict.commit()
    answer = strict.answer()
    assert (answer["decision"], answer["verdict"]) == ("stop", "failure")
    assert "vet/violation" in ids(answer)


def test_settings_that_change_what_a_build_runs_are_to_be_looked_at(strict: Proposal) -> None:
    (strict.root / ".cargo").mkdir()
    (strict.root / ".cargo/config.toml").write_text('[build]\nrustc-wrapper = "./wrapper.sh"\n')
    strict.commit()
    answer = strict.answer()
    assert (answer["decision"], ids(answer)) == ("review", {"settings/program"})


class TestAFixThatIsYoung:
    """A version that fixes a known vulnerability may skip the wait, if somebody says so with their signature."""

    SKIP = '[[cool-down.skip]]\ncrate = "bramble"\nversion = "1.0.1"\nreason = "it fixes what was found"\n'
    RULES = f'{STRICT}[advisories]\nvulnerability = "fail"\ndatabases = "../advisory-db"\n'

    @pytest.fixture
    def fixing(self, tmp_path: Path, run_vetflow: RunVetflow) -> Proposal:
        proposal = Proposal(tmp_path, run_vetflow, signs=True, rules=self.RULES)
        path = tmp_path / "advisory-db/crates/bramble/RUSTSEC-2026-0001.md"
        path.parent.mkdir(parents=True)
        path.write_text(
            '```toml\n[advisory]\nid = "RUSTSEC-2026-0001"\npackage = "bramble"\ndate = "2026-01-10"\n'
            '[versions]\npatched = [">= 1.0.1"]\n```\n\n# It bites\n'
        )
        os.utime(path, (FIXED_MOMENT, FIXED_MOMENT))
        bramble = proposal.publish("bramble")
        proposal.vet(bramble)
        proposal.lock(bramble)
        proposal.base()
        newer = proposal.publish("bramble", "1.0.1", at=YESTERDAY)
        proposal.vet(newer, base="1.0.0")
        proposal.lock(newer)
        return proposal

    def test_it_waits_like_any_other(self, fixing: Proposal) -> None:
        fixing.commit()
        assert ids(fixing.answer()) == {"cool-down/too-young-fix"}

    def test_it_need_not_wait_when_somebody_signs_for_that(self, fixing: Proposal) -> None:
        fixing.write("vetflow.toml", self.RULES + self.SKIP)
        fixing.commit(signed_by=1)
        answer = fixing.answer()
        assert (answer["decision"], answer["made_here"][0]["counts"]) == ("none", True)

    def test_a_signature_of_nobody_skips_nothing(self, fixing: Proposal) -> None:
        fixing.write("vetflow.toml", self.RULES + self.SKIP)
        fixing.commit()
        assert "cool-down/too-young-fix" in ids(fixing.answer())

    def test_a_database_that_is_not_there_leaves_it_undecided(self, fixing: Proposal, tmp_path: Path) -> None:
        (tmp_path / "advisory-db").rename(tmp_path / "elsewhere")
        fixing.commit()
        assert len(fixing.answer()["undecided"]) == 1


class TestTheWorkspaceByItself:
    def test_everything_decides(self, tmp_path: Path, run_vetflow: RunVetflow) -> None:
        proposal = Proposal(tmp_path, run_vetflow)
        anvil = proposal.publish("anvil", "1.0.0", {"build.rs": QUIET_SCRIPT})
        proposal.vet(anvil, criteria="safe-to-run")
        proposal.lock(anvil)
        proposal.base()
        answer = proposal.answer("--locked")
        assert (answer["base"], answer["commit"], answer["decision"]) == (None, None, "review")
        assert {"vet/unvetted", "gate/unattested"} <= ids(answer)

    def test_without_a_store_it_says_what_to_do(self, tmp_path: Path, run_vetflow: RunVetflow) -> None:
        proposal = Proposal(tmp_path, run_vetflow)
        proposal.lock(proposal.publish("anvil"))
        for path in proposal.store.iterdir():
            path.unlink()
        proposal.store.rmdir()
        run = proposal.run("ci")
        assert run.exit == 2
        assert "vetflow init" in run.stderr


def test_a_crate_of_which_nothing_is_known_is_named_and_leaves_it_undecided(
    tmp_path: Path, run_vetflow: RunVetflow
) -> None:
    proposal = Proposal(tmp_path, run_vetflow)
    anvil, later = proposal.publish("anvil"), proposal.publish("anvil", "1.0.1")
    proposal.vet(anvil, later)
    proposal.lock(anvil)
    proposal.base()
    proposal.lock(later)
    proposal.workspace.forget(later)
    proposal.commit()
    answer = proposal.answer()
    assert answer["decision"] == "review"
    assert len(answer["undecided"]) == 1
    assert answer["undecided"][0].startswith("what of anvil 1.0.1 runs during the build is not known")


def test_a_crate_that_is_refused_stops_and_the_others_are_judged(strict: Proposal) -> None:
    hostile, anvil = strict.publish("cobalt", files=REFUSED), strict.publish("anvil", "1.0.1", {"build.rs": ""})
    strict.vet(hostile)
    strict.lock(anvil, "bramble 1.0.0", hostile)
    strict.commit()
    answer = strict.answer()
    assert (answer["decision"], answer["undecided"]) == ("stop", [])
    assert answer["findings"][0]["id"] == "archive/refused"
    assert "cobalt 1.0.0 must not be built: the crate is refused: " in answer["findings"][0]["reason"]
    assert "vet/unvetted" in ids(answer)
    assert [(each["name"], each["build_time"]) for each in answer["crates"]] == [
        ("anvil", "changed"),
        ("cobalt", "unknown"),
    ]


def test_a_shallow_clone_is_told_what_to_fetch(strict: Proposal, tmp_path: Path, run_vetflow: RunVetflow) -> None:
    strict.commit()
    clone = tmp_path / "clone"
    strict.repository.git("clone", "--quiet", "--depth=1", f"file://{strict.root}", str(clone))
    run = run_vetflow("ci", "--base", "origin/stable", "--offline", cwd=clone)
    assert run.exit == 3
    assert "git fetch --depth=1 origin stable:refs/remotes/origin/stable" in run.stderr


def test_a_base_that_nobody_knows_is_bad_input(strict: Proposal) -> None:
    assert strict.run("ci", "--base", "no-such-branch").exit == 2


def test_the_base_of_a_github_job_is_taken(strict: Proposal) -> None:
    strict.repository.git("update-ref", "refs/remotes/origin/main", "HEAD")
    strict.commit()
    run = strict.run("ci", environ={"GITHUB_BASE_REF": "main"})
    assert run.stdout.splitlines()[1].startswith("since ")


class TestFormats:
    @pytest.fixture
    def read(self, strict: Proposal) -> Proposal:
        anvil = strict.publish("anvil", "1.0.1", {"build.rs": NOISY_SCRIPT})
        strict.lock(anvil, "bramble 1.0.0")
        strict.commit()
        return strict

    def write(self, proposal: Proposal, output_format: str) -> str:
        run = proposal.run("ci", "--base", "HEAD~1", "--output-format", output_format)
        assert (run.exit, run.stderr) == (1, "")
        return run.stdout

    def test_github(self, read: Proposal) -> None:
        lines = self.write(read, "github").splitlines()
        assert any(line.startswith("::error file=Cargo.lock,line=") and "gate/unattested" in line for line in lines)

    def test_sarif(self, read: Proposal) -> None:
        rules = json.loads(self.write(read, "sarif"))["runs"][0]["tool"]["driver"]["rules"]
        assert "gate/unattested" in {rule["id"] for rule in rules}

    def test_junit(self, read: Proposal) -> None:
        suite = ET.fromstring(self.write(read, "junit"))  # noqa: S314  vetflow wrote it
        cases = suite.findall("testcase")
        assert suite.get("tests") == str(len(cases))
        assert suite.get("failures") == str(len(suite.findall("testcase/failure"))) != "0"
        assert cases[0].get("name") == "decision: review"

    def test_markdown(self, read: Proposal) -> None:
        lines = self.write(read, "markdown").splitlines()
        assert lines[0] == "## vetflow: review"
        assert "| anvil 1.0.0 -> 1.0.1 | changed 2 lines | 4 lines | 228 days |  |  |" in lines
        assert "- `vetflow diff anvil 1.0.0 1.0.1`" in lines
