"""`vetflow ci` against somebody who writes the pull request to pass: what it says of itself never makes it pass."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.crate_workspace import CRATES_IO, QUIET_SCRIPT
from tests.in_process import RunVetflow
from tests.proposals import STRICT, Proposal, ids

WRAPPER = '[build]\nrustc-wrapper = "./evil"\n'
WILDCARD = """
[[wildcard-audits.bramble]]
who = "Ada <ada@example.org>"
criteria = "safe-to-deploy"
user-id = 7 # Eve (eve)
start = "2020-01-01"
end = "2026-06-01"
"""
TRUSTED = """
[[trusted.bramble]]
criteria = "safe-to-deploy"
user-id = 7 # Eve (eve)
start = "2020-01-01"
end = "2026-06-01"
"""
PUBLISHED = """
[[publisher.bramble]]
version = "1.0.1"
when = "2025-06-01"
user-id = 7
user-login = "eve"
user-name = "Eve"
"""
PEER = '\n[imports.peer]\nurl = "https://peer.example/audits.toml"\n'
ROW = """
[[audits.peer.audits.bramble]]
who = "Bert <bert@peer.example>"
criteria = "safe-to-deploy"
version = "{}"
"""
VIOLATION = """
[[audits.bramble]]
who = "Ada <ada@example.org>"
criteria = "safe-to-deploy"
violation = "^2"
"""


def begin(
    folder: Path, run: RunVetflow, *, signs: bool = True, rules: str | None = STRICT, audits: str = ""
) -> Proposal:
    """Make a project that locks `anvil` with a build script and `bramble`, both audited; `bramble 1.0.1` is out."""
    proposal = Proposal(folder, run, signs=signs, rules=rules)
    anvil, bramble = proposal.publish("anvil", "1.0.0", {"build.rs": QUIET_SCRIPT}), proposal.publish("bramble")
    proposal.publish("bramble", "1.0.1")
    proposal.vet(anvil, bramble)
    proposal.lock(anvil, bramble)
    add(proposal, "audits.toml", audits)
    proposal.base()
    return proposal


def add(proposal: Proposal, name: str, text: str) -> None:
    path = proposal.store / name
    path.write_text(path.read_text() + text)


def bump(proposal: Proposal) -> None:
    proposal.lock("anvil 1.0.0", "bramble 1.0.1")


def ask_less(proposal: Proposal, text: str = "Is the weather fine?") -> None:
    (proposal.store / "checklists").mkdir(exist_ok=True)
    item = f'[[item]]\nid = "build.network"\ntext = "{text}"\nfor = []\nanswer = "yes-no-na"\n'
    proposal.write("checklists/ours.toml", item)


def judge(proposal: Proposal) -> tuple[str, set[str]]:
    proposal.commit()
    answer = proposal.answer()
    return answer["decision"], ids(answer)


@pytest.fixture
def strict(tmp_path: Path, run_vetflow: RunVetflow) -> Proposal:
    return begin(tmp_path, run_vetflow)


@pytest.fixture
def unsigned(tmp_path: Path, run_vetflow: RunVetflow) -> Proposal:
    """A project with neither keys nor rules: everything only warns."""
    return begin(tmp_path, run_vetflow, signs=False, rules=None)


class TestTheStoreItself:
    def test_taken_away_it_is_the_bases_that_answers(self, strict: Proposal) -> None:
        bump(strict)
        shutil.rmtree(strict.store)
        assert judge(strict) == ("stop", {"policy/store-removed", "vet/unvetted"})

    def test_a_link_is_no_store(self, strict: Proposal) -> None:
        strict.store.rename(strict.root / "other")
        strict.store.symlink_to("other")
        assert judge(strict) == ("stop", {"policy/store-removed"})

    def test_moved_it_is_told(self, unsigned: Proposal) -> None:
        shutil.copytree(unsigned.store, unsigned.root / "elsewhere")
        manifest = unsigned.root / "Cargo.toml"
        manifest.write_text(manifest.read_text() + '\n[package.metadata.vet]\nstore = { path = "elsewhere" }\n')
        decision, found = judge(unsigned)
        assert decision == "review"
        assert "policy/changed" in found

    def test_a_file_that_is_a_link_is_not_followed(self, strict: Proposal) -> None:
        (strict.store / "audits.toml").rename(strict.root / "audits.toml")
        (strict.store / "audits.toml").symlink_to("../audits.toml")
        strict.commit()
        run = strict.run("ci", "--base", "HEAD~1", "--rev", "HEAD")
        assert run.exit == 2
        assert "symbolic link" in run.stderr

    @pytest.mark.parametrize("name", ["vetflow.toml", "allowed_signers"])
    def test_rules_and_keys_that_are_gone_still_count(self, strict: Proposal, name: str) -> None:
        bump(strict)
        strict.vet("bramble 1.0.1", sign=False)
        (strict.store / name).unlink()
        assert judge(strict) == ("stop", {"signatures/policy-changed", "signatures/unsigned"})

    def test_a_violation_that_is_gone_is_missed(self, tmp_path: Path, run_vetflow: RunVetflow) -> None:
        proposal = begin(tmp_path, run_vetflow, signs=False, rules=None, audits=VIOLATION)
        audits = proposal.store / "audits.toml"
        audits.write_text(audits.read_text().replace(VIOLATION, ""))
        assert judge(proposal) == ("review", {"signatures/violation-removed"})


class TestWhatDecides:
    def test_a_checklist_that_asks_for_less(self, strict: Proposal) -> None:
        ask_less(strict)
        assert judge(strict) == ("stop", {"signatures/policy-changed"})

    def test_a_checklist_that_changes_after_somebody_vouched_for_it(self, strict: Proposal) -> None:
        ask_less(strict)
        strict.commit(signed_by=1)
        assert strict.answer()["decision"] == "none"
        ask_less(strict, text="Is it?")
        run = strict.run("ci", "--base", "HEAD~1", "--output-format", "json")
        assert json.loads(run.stdout)["decision"] == "stop"

    @pytest.mark.parametrize("signs", [True, False])
    def test_a_policy_that_asks_for_less(self, tmp_path: Path, run_vetflow: RunVetflow, signs: bool) -> None:
        proposal = begin(tmp_path, run_vetflow, signs=signs)
        bump(proposal)
        add(proposal, "config.toml", "\n[policy.app]\ncriteria = []\n")
        assert judge(proposal) == ("stop", {"signatures/policy-changed"})

    def test_a_criterion_that_means_more_than_it_did(self, tmp_path: Path, run_vetflow: RunVetflow) -> None:
        proposal = Proposal(tmp_path, run_vetflow)
        proposal.lock(proposal.publish("bramble"))
        audits = (
            '\n# cargo-vet audits file\n\n[criteria.light]\ndescription = "looked at"\n{}'
            '\n[[audits.bramble]]\nwho = "Ada <ada@example.org>"\ncriteria = "light"\nversion = "1.0.0"\n'
        )
        proposal.write("audits.toml", audits.format(""))
        proposal.base()
        proposal.write("audits.toml", audits.format('implies = "safe-to-deploy"\n'))
        assert judge(proposal) == ("review", {"signatures/policy-changed"})

    def test_a_list_of_what_only_warns(self, strict: Proposal) -> None:
        bump(strict)
        strict.vet("bramble 1.0.1", sign=False)
        known = 'known = ["signatures/unsigned bramble 1.0.1: nobody signed it"]\n'
        strict.write("policy-baseline.toml", f'until = "2026-03-01"\n{known}')
        assert judge(strict) == ("stop", {"signatures/unsigned", "policy/unvouched"})


class TestEntriesOfItsOwn:
    @pytest.mark.parametrize("entry", [WILDCARD, TRUSTED])
    def test_trust_in_its_publisher(self, strict: Proposal, entry: str) -> None:
        bump(strict)
        audits = strict.store / "audits.toml"
        if entry is WILDCARD:
            audits.write_text(audits.read_text().replace("file\n", f"file\n{entry}", 1))
        else:
            add(strict, "audits.toml", entry)
        add(strict, "imports.lock", PUBLISHED)
        assert judge(strict) == ("stop", {"signatures/unsigned", "imports/new-rows"})

    def test_where_nobody_signs_somebody_must_look_at_who_made_them(self, unsigned: Proposal) -> None:
        bump(unsigned)
        unsigned.vet("bramble 1.0.1")
        assert judge(unsigned) == ("review", {"signatures/nobody-signs"})

    def test_unless_the_project_says_that_it_does_not_want_signatures(
        self, tmp_path: Path, run_vetflow: RunVetflow
    ) -> None:
        proposal = begin(tmp_path, run_vetflow, signs=False, rules='version = 1\n[signatures]\nrequire = "off"\n')
        bump(proposal)
        proposal.vet("bramble 1.0.1")
        assert judge(proposal) == ("none", set())

    def test_rows_of_a_peer_that_nobody_accepted(self, tmp_path: Path, run_vetflow: RunVetflow) -> None:
        proposal = Proposal(tmp_path, run_vetflow)
        add(proposal, "config.toml", PEER)
        add(proposal, "imports.lock", ROW.format("1.0.0"))
        proposal.lock(proposal.publish("bramble"))
        proposal.base()
        add(proposal, "imports.lock", ROW.format("1.0.1"))
        proposal.lock(proposal.publish("bramble", "1.0.1"))
        assert judge(proposal) == ("review", {"imports/new-rows"})

    def test_an_exemption_in_the_place_of_another(self, tmp_path: Path, run_vetflow: RunVetflow) -> None:
        proposal = Proposal(tmp_path, run_vetflow, rules='version = 1\n[debt]\nlevel = "fail"\n')
        config = (proposal.store / "config.toml").read_text()
        exempted = '\n[[exemptions.bramble]]\nversion = "{}"\ncriteria = "safe-to-deploy"\n'
        proposal.write("config.toml", config + exempted.format("1.0.0"))
        proposal.lock(proposal.publish("bramble"))
        proposal.base()
        proposal.write("config.toml", config + exempted.format("1.0.1"))
        proposal.lock(proposal.publish("bramble", "1.0.1"))
        assert judge(proposal) == ("review", {"debt/new"})

    def test_an_exemption_that_somebody_signs_for(self, strict: Proposal) -> None:
        bump(strict)
        add(strict, "config.toml", '\n[[exemptions.bramble]]\nversion = "1.0.1"\ncriteria = "safe-to-deploy"\n')
        strict.commit(signed_by=1)
        assert ids(strict.answer()) == {"debt/exemptions"}


class TestWhatLaterRunsWouldBelieve:
    """Merged by itself and without a look, it would let the next proposal pass."""

    ACCEPTED = '[[accept.anvil]]\ncapability = "process"\nreason = "r"\nby = "Ada <ada@example.org>"\n'
    BACKLOG = 'until = "{}"\nknown = ["gate/unattested anvil 2.0.0 runs during the build"]\n'

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("findings.toml", ACCEPTED),
            ("policy-baseline.toml", BACKLOG.format("2026-03-01")),
            ("publishers.toml", PUBLISHED),
        ],
    )
    def test_it_is_told_unless_somebody_signs_for_it(self, strict: Proposal, name: str, text: str) -> None:
        strict.write(name, text)
        strict.commit()
        assert ids(strict.answer()) == {"policy/unvouched"}
        strict.repository.git("reset", "--quiet", "--soft", "HEAD~1")
        strict.commit(signed_by=1)
        assert ids(strict.answer()) == set()

    def test_a_hold_that_is_let_go(self, strict: Proposal) -> None:
        held = '[[hold.cobalt]]\nreason = "odd"\ncleared-when = "understood"\nby = "Ada"\nsince = "2026-01-15"\n'
        strict.write("findings.toml", held)
        strict.commit()
        (strict.store / "findings.toml").unlink()
        assert judge(strict) == ("review", {"policy/unvouched"})

    def test_a_list_that_shrinks_is_no_news(self, strict: Proposal) -> None:
        strict.write("policy-baseline.toml", self.BACKLOG.format("2026-03-01"))
        strict.commit()
        strict.write("policy-baseline.toml", self.BACKLOG.format("2026-02-01"))
        assert judge(strict) == ("none", set())

    def test_a_violation_of_a_peer_that_is_gone(self, tmp_path: Path, run_vetflow: RunVetflow) -> None:
        proposal = Proposal(tmp_path, run_vetflow)
        add(proposal, "config.toml", PEER)
        row = ROW.format("1").replace("version", "violation")
        empty = (proposal.store / "imports.lock").read_text()
        add(proposal, "imports.lock", row.replace('"1"', '"^1.0.1"'))
        proposal.vet(proposal.publish("bramble"))
        proposal.lock("bramble 1.0.0")
        proposal.base()
        proposal.write("imports.lock", f"{empty}\n[audits.peer.audits]\n")
        assert judge(proposal) == ("review", {"imports/violation-missing"})


class TestFactsOfItsOwn:
    def test_a_build_script_that_is_said_not_to_be_there(self, strict: Proposal) -> None:
        text = (strict.store / "surface.lock").read_text()
        strict.write("surface.lock", text.replace("build-script = true\n", ""))
        assert judge(strict) == ("review", {"growth/unfounded-pin"})

    def test_something_its_next_release_is_said_to_do_already(self, strict: Proposal) -> None:
        text = (strict.store / "surface.lock").read_text()
        forged = 'build-script = true\ncapabilities = ["T1 3 process curl"]\n'
        strict.write("surface.lock", text.replace("build-script = true\n", forged))
        assert judge(strict) == ("review", {"growth/unfounded-pin"})

    def test_what_baseline_writes_is_borne_out(self, strict: Proposal) -> None:
        bump(strict)
        strict.vet("bramble 1.0.1")
        assert strict.run("baseline").exit == 0
        assert judge(strict) == ("none", set())


class TestWhereCodeComesFrom:
    def swap(self, proposal: Proposal, source: str, manifest: str) -> None:
        lock, found = proposal.root / "Cargo.lock", proposal.workspace.checksum("bramble 1.0.0")
        registry = f'source = "{CRATES_IO}"\nchecksum = "{found}"\n'
        lock.write_text(lock.read_text().replace(registry, source))
        path = proposal.root / "Cargo.toml"
        path.write_text(f"{path.read_text()}\n[patch.crates-io]\nbramble = {{ {manifest} }}\n")

    def test_a_repository_instead_of_the_registry(self, strict: Proposal) -> None:
        commit = "ab" * 20
        url = "https://evil.example/bramble"
        self.swap(strict, f'source = "git+{url}#{commit}"\n', f'git = "{url}"')
        strict.commit()
        answer = strict.answer()
        assert answer["decision"] == "review"
        assert ids(answer) == {"drift/other-source", "lock/unexpected-source"}
        assert commit in answer["undecided"][0]

    def test_a_copy_in_the_proposal_itself(self, strict: Proposal) -> None:
        self.swap(strict, "", 'path = "bramble"')
        folder = strict.root / "bramble"
        (folder / "src").mkdir(parents=True)
        (folder / "src/lib.rs").write_text("")
        (folder / "build.rs").write_text("fn main() {}\n")
        (folder / "Cargo.toml").write_text('[package]\nname = "bramble"\nversion = "1.0.0"\nedition = "2021"\n')
        assert judge(strict) == ("review", {"drift/other-source", "drift/became-privileged"})

    def test_a_submodule_is_not_taken_for_code_that_was_seen(self, strict: Proposal) -> None:
        self.swap(strict, "", 'path = "bramble"')
        strict.commit()
        tip = strict.repository.git("rev-parse", "HEAD")
        strict.repository.git("update-index", "--add", "--cacheinfo", f"160000,{tip},bramble")
        strict.repository.git("commit", "--quiet", "--message=x")
        run = strict.run("ci", "--base", "HEAD~2", "--rev", "HEAD")
        assert run.exit == 2
        assert "bramble" in run.stderr

    def test_a_dependency_under_another_name(self, strict: Proposal) -> None:
        strict.lock("anvil 1.0.0", strict.publish("brambel"))
        manifest = strict.root / "Cargo.toml"
        renamed = 'bramble = { version = "1.0.0", package = "brambel" }'
        manifest.write_text(manifest.read_text().replace('brambel = "1.0.0"', renamed))
        assert judge(strict) == ("review", {"vet/unvetted", "names/look-alike"})

    def test_a_second_lock_is_not_covered_by_the_answer_about_the_first(self, strict: Proposal) -> None:
        folder = strict.root / "fuzz"
        folder.mkdir()
        (folder / "Cargo.toml").write_text('[package]\nname = "fuzz"\nversion = "0.1.0"\n[workspace]\n')
        (folder / "Cargo.lock").write_text('version = 4\n[[package]]\nname = "fuzz"\nversion = "0.1.0"\n')
        assert judge(strict) == ("review", {"lock/other-changed"})
        assert judge(strict) == ("none", set())

    def test_no_lock_is_no_answer(self, strict: Proposal) -> None:
        (strict.root / "Cargo.lock").unlink()
        strict.commit()
        run = strict.run("ci", "--base", "HEAD~1", "--rev", "HEAD")
        assert run.exit == 2
        assert "there is no Cargo.lock" in run.stderr


class TestSettings:
    def link_file(self, root: Path) -> None:
        (root / ".cargo").mkdir()
        (root / "plain.toml").write_text(WRAPPER)
        (root / ".cargo/config.toml").symlink_to("../plain.toml")

    def link_folder(self, root: Path) -> None:
        (root / "plain").mkdir()
        (root / "plain/config.toml").write_text(WRAPPER)
        (root / ".cargo").symlink_to("plain")

    def test_behind_a_link(self, strict: Proposal) -> None:
        makers: tuple[Callable[[Path], None], ...] = (self.link_file, self.link_folder)
        for make in makers:
            make(strict.root)
            assert judge(strict) == ("review", {"settings/unreadable"})
            strict.repository.git("reset", "--quiet", "--hard", "HEAD~1")
            shutil.rmtree(strict.root / ".cargo", ignore_errors=True)

    def test_in_a_file_that_is_included(self, tmp_path: Path, run_vetflow: RunVetflow) -> None:
        (tmp_path / "project/.cargo").mkdir(parents=True)
        (tmp_path / "project/.cargo/config.toml").write_text('include = ["more.toml"]\n')
        (tmp_path / "project/.cargo/more.toml").write_text("")
        proposal = begin(tmp_path, run_vetflow)
        (proposal.root / ".cargo/more.toml").write_text(WRAPPER)
        assert judge(proposal) == ("review", {"settings/program"})


class TestWhoMayCertify:
    @pytest.mark.parametrize(("word", "decision"), [("refuse", "stop"), ("mark", "none"), ("allow", "none")])
    def test_a_machine_that_helped(self, tmp_path: Path, run_vetflow: RunVetflow, word: str, decision: str) -> None:
        proposal = begin(tmp_path, run_vetflow, rules=f'assisted = "{word}"\n{STRICT}')
        bump(proposal)
        proposal.vet("bramble 1.0.1", assisted_by=("a-reading-machine",))
        assert judge(proposal)[0] == decision

    def rules(self, **more: str) -> str:
        rule = "".join(f"{key.replace('_', '-')} = {value}\n" for key, value in more.items())
        return f'{STRICT}[signers]\nlevel = "fail"\n[[signatures.rule]]\n{rule}'

    def test_whoever_brought_the_version_does_not_vouch_for_it(self, tmp_path: Path, run_vetflow: RunVetflow) -> None:
        proposal = begin(tmp_path, run_vetflow, rules=self.rules(not_author_of_bump="true"))
        bump(proposal)
        proposal.vet("bramble 1.0.1")
        proposal.commit(signed_by=1)
        assert ids(proposal.answer()) == {"signers/too-few"}

    def test_what_runs_during_the_build_takes_more_people(self, tmp_path: Path, run_vetflow: RunVetflow) -> None:
        proposal = begin(tmp_path, run_vetflow, rules=self.rules(privileged="true", min_signers="2"))
        proposal.lock(proposal.publish("anvil", "1.0.1", {"build.rs": QUIET_SCRIPT}), "bramble 1.0.1")
        proposal.vet("anvil 1.0.1", "bramble 1.0.1")
        proposal.commit()
        found = [each["reason"] for each in proposal.answer()["findings"] if each["id"] == "signers/too-few"]
        assert found == ["anvil 1.0.1 is signed by 1 of 2 people"]


def test_a_commit_that_git_would_not_have_written_is_signed_by_nobody(strict: Proposal) -> None:
    accepted = '[[accept.anvil]]\ncapability = "process"\nreason = "r"\nby = "Ada <ada@example.org>"\n'
    strict.write("findings.toml", accepted)
    strict.commit()
    content = strict.repository.git("cat-file", "commit", "HEAD")
    lines = ("committer nobody" if line.startswith("committer ") else line for line in content.split("\n"))
    strict.write("odd", "\n".join(lines) + "\n")
    words = ("hash-object", "-t", "commit", "-w", "--literally", "supply-chain/odd")
    name = strict.repository.git(*words)
    (made,) = strict.answer("--base", "HEAD~1", "--rev", name)["made_here"]
    assert made["counts"] is False


def test_the_day_on_which_this_begins_to_fail_is_told_ahead(tmp_path: Path, run_vetflow: RunVetflow) -> None:
    allowed = '[[gate.allow]]\ncrate = "anvil"\nversions = "^1"\nreason = "soon gone"\nuntil = "2026-02-15"\n'
    proposal = Proposal(tmp_path, run_vetflow, rules=STRICT + allowed)
    proposal.write("config.toml", f"{(proposal.store / 'config.toml').read_text()}\n[policy.app]\ncriteria = []\n")
    proposal.lock(proposal.publish("anvil", "1.0.0", {"build.rs": QUIET_SCRIPT}))
    proposal.base()
    proposal.commit()
    told = (
        "`vetflow ci` will fail from 2026-02-16 on, if nothing changes until then: "
        "on that day ends what lets anvil ^1 pass the gate: soon gone"
    )
    words = ("ci", "--base", "HEAD~1", "--rev", "HEAD")
    assert told in proposal.run(*words).stdout.splitlines()
    markdown = proposal.run(*words, "--output-format", "markdown").stdout.splitlines()
    assert any(line.startswith("- soon:") and "will fail from" in line for line in markdown)
    (found,) = [each for each in proposal.answer()["findings"] if each["id"] == "expiry/fails"]
    assert (found["level"], found["decides"]) == ("warning", False)


def test_the_file_of_a_hostile_size_is_no_answer(strict: Proposal) -> None:
    add(strict, "audits.toml", "#" * 3_000_000)
    strict.commit()
    run = strict.run("ci", "--base", "HEAD~1", "--rev", "HEAD", "--output-format", "json")
    assert run.exit == 2
    assert len(json.dumps(json.loads(run.stdout))) < 10_000
