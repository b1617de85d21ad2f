"""`vetflow attest`: what `ci` found of a release, stated, signed, and checked by others, OpenSSH among them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.conftest import REPOSITORY
from tests.crate_workspace import QUIET_SCRIPT
from tests.in_process import Run, RunVetflow
from tests.proposals import STRICT, Proposal
from tests.ssh_programs import SshKeygen

NAMESPACES = "audit-v1@vetflow,attest-v1@vetflow,git"


class Release:
    """A project that lets nothing pass, and Ada, who attests what it releases."""

    def __init__(self, folder: Path, run: RunVetflow, key: Path) -> None:
        self.proposal = Proposal(folder, run, rules=f"{STRICT}[profile.release.holds]\nlevel = 'fail'\n")
        self.file = folder / "project/verdict.json"
        self._config = folder / "gitconfig"
        self._config.write_text(
            f"[user]\nname = Ada\nemail = ada@example.org\nsigningKey = {key}\n[gpg]\nformat = ssh\n"
        )
        public = key.with_name(f"{key.name}.pub").read_text()
        self.proposal.write("allowed_signers", f'ada@example.org namespaces="{NAMESPACES}" {public}')
        anvil = self.proposal.publish("anvil", "1.0.0", {"build.rs": QUIET_SCRIPT})
        self.proposal.write("signatures-baseline.txt", "")
        self.proposal.vet(anvil)
        self.proposal.lock(anvil)
        self.sign()
        self.proposal.base()

    @property
    def environ(self) -> Mapping[str, str]:
        nothing = {"GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"]}
        return {"GIT_CONFIG_GLOBAL": str(self._config), **nothing}

    def run(self, *words: str) -> Run:
        return self.proposal.run(*words, environ=self.environ)

    def sign(self) -> None:
        run = self.run("sign", "--accept-all")
        assert run.exit == 0, run.stderr

    def attest(self, *words: str, code: int = 0) -> dict[str, Any]:
        return self._document(self.run("attest", self.file.name, *words, "--output-format", "json"), code)

    def verify(self, *words: str) -> list[str]:
        """Return the ids of what does not hold."""
        run = self.run("attest", "--verify", self.file.name, *words, "--output-format", "json")
        found = self._document(run, run.exit)
        assert run.exit == (1 if found["findings"] else 0)
        return [finding["id"] for finding in found["findings"]]

    def _document(self, run: Run, code: int) -> dict[str, Any]:
        assert (run.exit, "error" in run.stdout[:20]) == (code, False), run
        found: dict[str, Any] = json.loads(run.stdout)
        jsonschema.validate(found, json.loads((REPOSITORY / "docs/schemas/attest.json").read_text()))
        return found


@pytest.fixture
def release(tmp_path: Path, run_vetflow: RunVetflow, ssh_keygen: SshKeygen) -> Release:
    return Release(tmp_path, run_vetflow, _key(ssh_keygen))


def _key(ssh_keygen: SshKeygen) -> Path:
    path = ssh_keygen.folder / "id_ed25519"
    return path if path.exists() else ssh_keygen.make()


def test_what_is_stated_is_the_lock_the_rules_and_what_holds(release: Release) -> None:
    found = release.attest("--rev", "HEAD")["statement"]
    predicate = found["predicate"]
    assert found["subject"][0]["name"] == "Cargo.lock"
    assert predicate["timeCreated"] == "2026-01-15T12:00:00Z"
    assert predicate["properties"][0] == "VETFLOW_VETTED"
    assert {"VETFLOW_RULE_SIGNATURES_LEVEL", "VETFLOW_RULE_GATE_GROWTH"} <= set(predicate["properties"])
    own = predicate["urn:vetflow:ci:1"]
    assert (own["decision"], own["signer"]) == ("none", "ada@example.org")
    assert own["commit"] == release.proposal.repository.git("rev-parse", "HEAD")
    assert json.loads(release.file.read_text()) == found


def test_whoever_has_the_keys_and_the_lock_can_check_it(release: Release, ssh_keygen: SshKeygen) -> None:
    release.attest()
    assert release.verify() == []
    assert release.verify("--rev", "HEAD") == []
    keys, armour = (release.proposal.store / "allowed_signers").read_text(), Path(f"{release.file}.sig").read_text()
    words = (keys, "ada@example.org", armour, release.file.read_bytes())
    assert ssh_keygen.accepts(*words, "attest-v1@vetflow")
    assert not ssh_keygen.accepts(*words, "audit-v1@vetflow")


def test_a_profile_of_stricter_rules_is_named(release: Release) -> None:
    predicate = release.attest("--profile", "release")["statement"]["predicate"]
    assert predicate["urn:vetflow:ci:1"]["profile"] == "release"
    assert "VETFLOW_RULE_HOLDS_LEVEL" in predicate["properties"]


def test_where_something_fails_there_is_nothing_to_attest(release: Release) -> None:
    release.proposal.vet(release.proposal.publish("bramble"))
    release.proposal.lock("anvil 1.0.0", "bramble 1.0.0")
    found = release.attest(code=1)
    assert [finding["id"] for finding in found["findings"]] == ["signatures/unsigned"]
    assert not release.file.exists()


def test_what_is_not_known_is_not_attested_either(release: Release) -> None:
    later = release.proposal.publish("anvil", "1.0.1", {"build.rs": QUIET_SCRIPT})
    release.proposal.vet(later)
    release.sign()
    release.proposal.lock(later)
    release.proposal.workspace.forget(later)
    run = release.run("attest", release.file.name)
    assert run.exit == 3
    assert "anvil 1.0.1" in run.stderr
    assert not release.file.exists()


class TestWhatDoesNotHold:
    def test_another_lock(self, release: Release) -> None:
        release.attest()
        lock = release.proposal.root / "Cargo.lock"
        lock.write_text(lock.read_text() + "\n# one line more\n")
        assert release.verify() == ["attest/other-lock"]

    def test_other_rules(self, release: Release) -> None:
        release.attest()
        release.proposal.write("vetflow.toml", "version = 1\n")
        assert release.verify() == ["attest/other-policy"]

    def test_milder_rules_than_are_asked_for(self, release: Release) -> None:
        release.attest()
        assert release.verify("--profile", "release") == ["attest/other-profile"]
        release.attest("--profile", "release")
        assert release.verify("--profile", "release") == []

    def test_a_word_that_was_changed(self, release: Release) -> None:
        release.attest()
        release.file.write_text(release.file.read_text().replace("GATE_GROWTH", "HOLDS_LEVEL"))
        assert release.verify() == ["attest/signature"]

    def test_no_signature(self, release: Release) -> None:
        release.attest("--no-sign")
        assert release.verify() == ["attest/signature"]

    def test_a_signature_made_for_audits(self, release: Release, ssh_keygen: SshKeygen) -> None:
        release.attest()
        armour = ssh_keygen.sign(_key(ssh_keygen), release.file.read_bytes(), "audit-v1@vetflow")
        Path(f"{release.file}.sig").write_text(armour)
        assert release.verify() == ["attest/signature"]

    @pytest.mark.parametrize("text", ["{}", "[1]", "no json", '{"_type": "https://in-toto.io/Statement/v1"}'])
    def test_what_is_no_statement(self, release: Release, text: str) -> None:
        release.file.write_text(text)
        assert release.verify() == ["attest/not-understood"]


def test_a_key_can_be_for_verdicts_alone(release: Release) -> None:
    keys = release.proposal.store / "allowed_signers"
    keys.write_text(keys.read_text().replace(NAMESPACES, "attest-v1@vetflow"))
    assert release.run("keys", "check").stdout.rstrip().endswith("  counts")


def test_a_line_of_allowed_signers_that_is_not_for_that_is_named_with_the_way_out(release: Release) -> None:
    keys = release.proposal.store / "allowed_signers"
    keys.write_text(keys.read_text().replace("attest-v1@vetflow,", ""))
    run = release.run("attest", release.file.name)
    assert run.exit == 2
    assert "needs attest-v1@vetflow among its namespaces" in run.stderr
