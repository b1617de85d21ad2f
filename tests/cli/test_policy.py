"""`vetflow policy`: what the rules would do is shown before they do it, and people's comments survive every change."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.conftest import REPOSITORY
from tests.crate_workspace import QUIET_SCRIPT
from tests.in_process import RunVetflow
from tests.proposals import Proposal
from tests.ssh_programs import SshKeygen
from vetflow.formats.policy_toml import parse_rules
from vetflow.model.findings import Level
from vetflow.model.rules import RULES


@pytest.fixture
def backlog(tmp_path: Path, run_vetflow: RunVetflow) -> Proposal:
    """A project whose crate with a build script is only exempted."""
    proposal = Proposal(tmp_path, run_vetflow)
    anvil = proposal.publish("anvil", "1.0.0", {"build.rs": QUIET_SCRIPT})
    proposal.exempt(anvil)
    proposal.lock(anvil)
    proposal.base()
    return proposal


def explained(proposal: Proposal, *argv: str) -> dict[str, Any]:
    """Return each rule by name; the document must fit its schema."""
    run = proposal.run("policy", *argv, "--output-format", "json")
    assert run.exit == 0, run.stderr
    document = json.loads(run.stdout)
    jsonschema.validate(document, json.loads((REPOSITORY / "docs/schemas/policy-explain.json").read_text()))
    return {each["name"]: each for each in document["rules"]}


class TestInit:
    def test_it_says_what_turns_red_and_writes_rules_that_warn(self, backlog: Proposal) -> None:
        run = backlog.run("policy", "init")
        assert run.exit == 0, run.stderr
        assert "  gate.level: 1  somebody read all code that runs during a build" in run.stdout.splitlines()
        rules = parse_rules((backlog.store / "vetflow.toml").read_text(), "vetflow.toml")
        assert {rules.level(rule) for rule in RULES} == {Level.WARN}
        assert rules.levels.keys() == {rule.name for rule in RULES}

    def test_a_dry_run_writes_nothing(self, backlog: Proposal) -> None:
        assert "nothing was written" in backlog.run("policy", "init", "--dry-run").stderr
        assert not (backlog.store / "vetflow.toml").exists()

    def test_what_breaks_rules_today_only_warns_until_its_day(self, backlog: Proposal) -> None:
        explained(backlog, "init")
        assert 'until = "2026-04-15"' in (backlog.store / "policy-baseline.toml").read_text()
        assert backlog.run("policy", "set", "gate", "fail").exit == 0
        backlog.commit()
        assert backlog.run("ci").exit == 0
        assert backlog.run("ci", "--current-time", "2026-04-16T12:00:00Z").exit == 1

    def test_a_new_version_is_no_part_of_the_backlog(self, backlog: Proposal) -> None:
        explained(backlog, "init")
        backlog.run("policy", "set", "gate.level", "fail")
        backlog.commit()
        newer = backlog.publish("anvil", "1.0.1", {"build.rs": QUIET_SCRIPT + "// more\n"})
        backlog.lock(newer)
        backlog.commit()
        assert backlog.run("ci", "--base", "HEAD~1").exit == 1

    def test_twice_is_refused(self, backlog: Proposal) -> None:
        explained(backlog, "init")
        assert backlog.run("policy", "init").exit == 2


class TestExplain:
    def test_without_a_file_every_rule_warns(self, backlog: Proposal) -> None:
        rules = explained(backlog, "explain")
        assert {each["level"] for each in rules.values()} == {"warn"}
        assert [each["id"] for each in rules["gate.level"]["breaches"]] == ["gate/unattested"]
        lines = backlog.run("policy", "explain").stdout.splitlines()
        assert lines[0].startswith("there is no vetflow.toml")

    def test_what_cannot_be_told_of_a_workspace_is_not_taken_for_kept(self, backlog: Proposal) -> None:
        rules = explained(backlog, "explain")
        assert rules["gate.level"]["unasked"] is None
        assert rules["cool-down.level"]["unasked"] == "about what a proposal brings"
        assert rules["advisories.vulnerability"]["unasked"] == "no advisory database here"
        (line,) = [each for each in backlog.run("policy", "explain").stdout.splitlines() if "nothing breaks" in each]
        assert "holds.level" in line
        assert "cool-down" not in line

    def test_a_profile_is_explained_as_it_would_be_in_force(self, backlog: Proposal) -> None:
        backlog.write("vetflow.toml", 'version = 1\n[profile.release.gate]\nlevel = "fail"\n')
        assert explained(backlog, "explain", "--profile", "release")["gate.level"]["level"] == "fail"

    def test_an_allowed_breach_is_still_counted(self, backlog: Proposal) -> None:
        backlog.write("vetflow.toml", 'version = 1\n[gate]\nlevel = "allow"\n')
        rule = explained(backlog, "explain")["gate.level"]
        assert (rule["level"], len(rule["breaches"])) == ("allow", 1)


class TestChanging:
    TEXT = '# ours\nversion = 1\n\n[gate] # who reads what\nlevel = "warn" # for now\n'

    def test_a_level_is_changed_and_nothing_else(self, backlog: Proposal) -> None:
        backlog.write("vetflow.toml", self.TEXT)
        assert backlog.run("policy", "set", "gate", "fail").exit == 0
        assert (backlog.store / "vetflow.toml").read_text() == self.TEXT.replace('"warn"', '"fail"')
        assert backlog.run("policy", "set", "names.level", "fail").exit == 0
        assert (backlog.store / "vetflow.toml").read_text().endswith('[names]\nlevel = "fail"\n')

    def test_a_crate_is_allowed_with_a_reason_until_a_day(self, backlog: Proposal) -> None:
        backlog.write("vetflow.toml", self.TEXT)
        words = ("--reason", "soon gone", "--until", "2026-02-01")
        assert backlog.run("policy", "allow", "anvil", "^1", *words).exit == 0
        text = (backlog.store / "vetflow.toml").read_text()
        assert text.startswith(self.TEXT)
        (allowed,) = parse_rules(text, "vetflow.toml").gate.allow
        assert (allowed.crate, str(allowed.versions), allowed.reason) == ("anvil", "^1", "soon gone")
        assert explained(backlog, "explain")["gate.level"]["breaches"] == []

    def test_nothing_is_allowed_for_good(self, backlog: Proposal) -> None:
        assert backlog.run("policy", "allow", "anvil", "^1", "--reason", "so").exit == 2

    @pytest.mark.parametrize("words", [("gates", "fail"), ("gate", "deny")])
    def test_what_is_no_rule_or_level_is_refused(self, backlog: Proposal, words: tuple[str, str]) -> None:
        assert backlog.run("policy", "set", *words).exit == 2
        assert not (backlog.store / "vetflow.toml").exists()

    def test_a_file_that_cannot_be_read_is_not_touched(self, backlog: Proposal) -> None:
        backlog.write("vetflow.toml", "version = 1\n[gate]\nlevl = 1\n")
        run = backlog.run("policy", "set", "gate", "fail")
        assert run.exit == 2
        assert "unknown field `levl`" in run.stderr


class TestMirror:
    WHO = ("--who", "Ada <ada@example.org>")

    def test_a_machine_speaks_for_quiet_crates_and_names_those_to_read(self, backlog: Proposal) -> None:
        backlog.lock("anvil 1.0.0", backlog.publish("bramble"))
        run = backlog.run("policy", "mirror", *self.WHO)
        assert run.exit == 0, run.stderr
        assert run.stdout.splitlines() == [
            "1 crate with no code that runs during a build: a machine says so for cargo-vet",
            "1 crate with such code that nobody certified for build-time-reviewed:",
            "  anvil 1.0.0",
        ]
        audits = (backlog.store / "audits.toml").read_text()
        assert audits.count("importable = false") == 1
        assert "[[audits.bramble]]" in audits
        config = (backlog.store / "config.toml").read_text()
        assert 'criteria = ["safe-to-deploy", "build-time-reviewed"]' in config

    def test_where_the_project_signs_its_entries_are_signed(
        self, tmp_path: Path, run_vetflow: RunVetflow, ssh_keygen: SshKeygen
    ) -> None:
        proposal = Proposal(tmp_path, run_vetflow)
        key = ssh_keygen.make()
        public = key.with_name(f"{key.name}.pub").read_text()
        proposal.write("allowed_signers", f'ada@example.org namespaces="audit-v1@vetflow" {public}')
        proposal.lock(proposal.publish("bramble"))
        environ = {"PATH": os.environ["PATH"]}
        run = proposal.run("policy", "mirror", *self.WHO, "--key", str(key), environ=environ)
        assert run.exit == 0, run.stderr
        assert "wrote config.toml, audits.toml, signatures.toml" in run.stderr
        assert proposal.run("verify").stdout.startswith("1 of 1 entries are signed")

    def test_a_dry_run_writes_nothing(self, backlog: Proposal) -> None:
        before = (backlog.store / "audits.toml").read_text()
        assert "nothing was written" in backlog.run("policy", "mirror", *self.WHO, "--dry-run").stderr
        assert (backlog.store / "audits.toml").read_text() == before

    def test_what_could_not_be_read_is_not_taken_for_quiet(self, backlog: Proposal) -> None:
        bramble = backlog.publish("bramble")
        backlog.lock("anvil 1.0.0", bramble)
        backlog.workspace.forget(bramble)
        run = backlog.run("policy", "mirror", *self.WHO)
        assert run.exit == 3
        assert "bramble 1.0.0" in run.stderr
