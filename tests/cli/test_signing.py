"""Signing on the command line: what is recorded is signed where the project signs, and nobody is asked elsewhere."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.conftest import REPOSITORY
from tests.in_process import Run, RunVetflow
from tests.signers import key_of
from tests.small_project import write_small_project
from tests.ssh_programs import SshKeygen, running_agent
from tests.stand_in import StandIn
from tests.unit.project.repository import Repository
from vetflow.formats.signatures_toml import SignatureRow, SignaturesFile, parse_signatures, write_signatures
from vetflow.sources.endpoints import API, INDEX

WHO = "Ada <ada@example.org>"
LOCKED = ("--locked", "--frozen")
CHECKSUM = "ab" * 32


class Project:
    """The small project in a git repository, with a key of Ada's that git signs with; vetflow in it."""

    def __init__(self, run: RunVetflow, folder: Path, key: Path) -> None:
        write_small_project(folder)
        lock = folder / "Cargo.lock"
        lock.write_text(lock.read_text().replace('-index"\n', f'-index"\nchecksum = "{CHECKSUM}"\n', 1))
        self._run = run
        self.folder = folder
        self.store = folder / "supply-chain"
        self.key = key
        (folder / ".gitconfig").write_text(
            f"[user]\nname = Ada\nemail = ada@example.org\nsigningKey = {key}\n[gpg]\nformat = ssh\n"
        )
        self.environ: dict[str, str] = {"GIT_CONFIG_NOSYSTEM": "1", "PATH": os.environ["PATH"]}
        self.repository = Repository(folder)
        self.commit()

    def __call__(self, *words: str) -> Run:
        return self._run(*words, "--cache-dir", "cache", environ=self.environ)

    def good(self, *words: str) -> Run:
        run = self(*words)
        assert run.exit == 0, run.stderr
        return run

    def commit(self) -> None:
        self.repository.commit({".gitignore": "cache\n.gitconfig\n"})

    def text(self, name: str) -> str:
        return (self.store / name).read_text()

    def edit(self, name: str, old: str, new: str) -> None:
        assert old in self.text(name)
        (self.store / name).write_text(self.text(name).replace(old, new))

    def rows(self) -> tuple[SignatureRow, ...]:
        return parse_signatures(self.text("signatures.toml"), "signatures.toml").rows

    def certify(self, *words: str) -> Run:
        return self("certify", "anvil", "1.0.0", *LOCKED, "--accept-all", *words)

    def findings(self, *words: str) -> list[str]:
        """Return the ids of what `verify` finds; its JSON must fit the schema."""
        run = self("verify", *words, "--output-format", "json")
        document = json.loads(run.stdout)
        jsonschema.validate(document, json.loads((REPOSITORY / "docs/schemas/verify.json").read_text()))
        assert run.exit == (0 if document["succeeded"] else 1)
        return [finding["id"].removeprefix("signatures/") for finding in document["findings"]]

    def statements(self) -> list[Any]:
        return [json.loads(row.statement) for row in self.rows()]


@pytest.fixture
def project(run_vetflow: RunVetflow, tmp_path: Path, ssh_keygen: SshKeygen) -> Project:
    return Project(run_vetflow, tmp_path, ssh_keygen.make())


@pytest.fixture
def signing(project: Project) -> Project:
    """The project once it signs."""
    project.good("keys", "init")
    project.commit()
    return project


class TestBeginning:
    def test_one_step_from_git_s_configuration(self, project: Project) -> None:
        project.repository.git("remote", "add", "origin", "git@forge.example:anvil/app.git")
        run = project.good("keys", "init")
        assert "ada@example.org signs with SHA256:" in run.stderr
        line = project.text("allowed_signers").splitlines()[-1]
        namespaces = "audit-v1@vetflow,import-v1@vetflow,attest-v1@vetflow,git"
        assert line.startswith(f'ada@example.org namespaces="{namespaces}",valid-after="2026')
        assert 'audience = "forge.example/anvil/app"' in project.text("signatures.toml")
        assert project.good("keys", "check").stdout.rstrip().endswith("counts")

    def test_before_there_is_a_store_it_is_refused(self, project: Project) -> None:
        for path in project.store.iterdir():
            path.unlink()
        project.store.rmdir()
        run = project("keys", "init")
        assert run.exit == 2
        assert "You must run 'vetflow init'" in run.stderr
        assert not project.store.exists()

    def test_twice_is_refused(self, signing: Project) -> None:
        before = signing.text("allowed_signers")
        assert signing("keys", "init").exit == 2
        assert signing.text("allowed_signers") == before

    def test_without_a_key_it_says_how_to_get_one(self, project: Project) -> None:
        (project.folder / ".gitconfig").write_text("[user]\nname = Ada\nemail = ada@example.org\n")
        run = project("keys", "init")
        assert run.exit == 2
        assert "ssh-keygen -t ed25519" in run.stderr

    def test_what_is_older_needs_no_signature_as_long_as_it_stays(self, project: Project) -> None:
        assert project.certify("--notes", "fine").exit == 0
        project.good("keys", "init")
        assert project.findings() == []
        project.edit("audits.toml", "fine", "very fine")
        assert project.findings() == ["unsigned"]

    def test_signing_an_old_entry_shrinks_the_baseline(self, project: Project) -> None:
        assert project.certify().exit == 0
        project.good("keys", "init")
        assert "anvil 1.0.0" in project.text("signatures-baseline.txt")
        assert "nothing to sign" in project.good("sign", "--accept-all").stderr
        project.good("sign", "anvil", "--accept-all")
        assert "anvil" not in project.text("signatures-baseline.txt")
        assert project.findings() == []


class TestRecording:
    def test_where_nobody_signs_nothing_happens(self, project: Project) -> None:
        run = project.certify()
        assert run.exit == 0
        assert "sign" not in run.stderr
        assert not (project.store / "signatures.toml").exists()
        assert project.good("verify").stdout.startswith("nothing is signed in this project")

    def test_an_audit_is_signed_with_what_was_said_about_it(self, signing: Project) -> None:
        run = signing.certify("--notes", "fine", "--assisted-by", "bot")
        assert run.exit == 0, run.stderr
        assert "signing as ada@example.org with SHA256:" in run.stderr
        assert "(config.toml, audits.toml, signatures.toml)" in run.stderr
        (statement,) = signing.statements()
        assert statement["artifacts"] == {"1.0.0": f"sha256:{CHECKSUM}"}
        assert statement["assisted-by"] == ["bot"]
        assert statement["who"] == [WHO]
        assert statement["signed-at"] == "2026-01-15T12:00:00Z"
        assert signing.findings() == []

    def test_ssh_keygen_verifies_what_is_kept(self, signing: Project, ssh_keygen: SshKeygen) -> None:
        signing.certify()
        (row,) = signing.rows()
        allowed, at = signing.text("allowed_signers"), ("-O", "verify-time=20260115120000")
        text, namespace = row.statement.encode(), "audit-v1@vetflow"
        assert ssh_keygen.accepts(allowed, row.signer, row.signature, text, namespace, *at)

    def test_a_violation_is_signed(self, signing: Project) -> None:
        signing.good("record-violation", "anvil", "<0.9")
        assert [statement["claim"]["kind"] for statement in signing.statements()] == ["violation"]
        assert signing.findings() == []

    def test_no_sign_is_said_and_found(self, signing: Project) -> None:
        run = signing.certify("--no-sign")
        assert "not signed (--no-sign)" in run.stderr
        assert signing.findings() == ["unsigned"]

    def test_somebody_without_a_key_is_told_and_records(self, signing: Project) -> None:
        run = signing.certify("--who", "Bert <bert@example.org>")
        assert run.exit == 0
        assert "not signed: allowed_signers lists no key of Bert <bert@example.org>" in run.stderr

    def test_a_preview_signs_nothing_and_asks_nobody(self, signing: Project) -> None:
        (signing.folder / ".gitconfig").write_text("[user]\nname = Ada\nemail = ada@example.org\n")
        run = signing.certify("--dry-run")
        assert run.exit == 0, run.stderr
        assert signing.rows() == ()

    def test_when_the_key_is_not_at_hand_nothing_is_written(self, signing: Project) -> None:
        (signing.folder / ".gitconfig").write_text("[user]\nname = Ada\nemail = ada@example.org\n")
        before = signing.text("audits.toml")
        run = signing.certify()
        assert run.exit == 3
        assert "none of the keys at hand" in run.stderr
        assert "--no-sign" in run.stderr
        assert signing.text("audits.toml") == before

    def test_another_key_than_the_person_s_is_refused(self, signing: Project, ssh_keygen: SshKeygen) -> None:
        other = ssh_keygen.make("ecdsa-256")
        assert signing.certify("--key", str(other)).exit == 3

    def test_an_archive_nobody_knows_is_not_signed_for(self, signing: Project) -> None:
        before = signing.text("audits.toml")
        run = signing("certify", "anvil", "0.9.0", "1.0.0", *LOCKED, "--accept-all", "--criteria", "safe-to-run")
        assert run.exit == 3
        assert "anvil 0.9.0 cannot be signed for: it is not known which archive it is" in run.stderr
        assert signing.text("audits.toml") == before

    def test_an_archive_that_cargo_has_is_known(self, signing: Project) -> None:
        cache = signing.folder / ".cargo/registry/cache/index.example"
        cache.mkdir(parents=True)
        (cache / "anvil-0.9.0.crate").write_bytes(b"")
        words = ("certify", "anvil", "0.9.0", "1.0.0", *LOCKED, "--accept-all", "--criteria", "safe-to-run")
        assert signing(*words).exit == 0
        (statement,) = signing.statements()
        assert set(statement["artifacts"]) == {"0.9.0", "1.0.0"}

    def test_an_agent_signs(self, signing: Project) -> None:
        (signing.folder / ".gitconfig").write_text("[user]\nname = Ada\nemail = ada@example.org\n")
        with running_agent(signing.key) as path:
            signing.environ["SSH_AUTH_SOCK"] = path
            assert signing.certify().exit == 0
        assert signing.findings() == []

    def test_an_encrypted_key_without_anybody_to_ask_writes_nothing(
        self, signing: Project, ssh_keygen: SshKeygen
    ) -> None:
        ssh_keygen("-q", "-p", "-a", "1", "-N", "open sesame", "-f", str(signing.key))
        before = signing.text("audits.toml")
        run = signing.certify()
        assert run.exit == 3
        assert "is encrypted, and there was no passphrase that opens it" in run.stderr
        assert signing.text("audits.toml") == before

    def test_key_and_no_sign_exclude_each_other(self, signing: Project) -> None:
        assert signing.certify("--no-sign", "--key", str(signing.key)).exit == 2

    def test_a_key_where_nobody_signs_is_a_mistake(self, project: Project) -> None:
        run = project.certify("--key", str(project.key))
        assert run.exit == 2
        assert "begin with `vetflow keys init`" in run.stderr

    def test_an_allowed_signers_that_is_not_understood_stops_everything(self, signing: Project) -> None:
        (signing.store / "allowed_signers").write_text("nonsense\n")
        for run in (signing.certify(), signing("verify"), signing("keys", "check")):
            assert run.exit == 2
            assert "supply-chain/allowed_signers:1" in run.stderr


NETWORK: dict[str, Any] = {
    "crates": {"anvil": {"versions": {"1.0.0": ["2025-12-20", 7, 12]}, "desc": "Anvils"}},
    "users": {"7": ["ada-l", "Ada"]},
    "files": {},
}


@pytest.fixture(scope="module")
def server(shared: Path) -> Iterator[StandIn]:
    with StandIn(shared, NETWORK, {url.split("/")[2] for url in (INDEX, API)}) as running:
        yield running


@pytest.mark.shared
@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (("trust", "anvil"), "trusted"),
        (("certify", "anvil", "--wildcard", "ada-l", "--accept-all"), "wildcard"),
    ],
)
def test_trust_in_a_publisher_is_signed_for_this_project(
    project: Project, server: StandIn, words: tuple[str, ...], kind: str
) -> None:
    project.repository.git("remote", "add", "origin", "https://forge.example/anvil/app.git")
    project.good("keys", "init")
    project.environ |= server.environ
    project.good(*words)
    (statement,) = project.statements()
    assert statement["claim"]["kind"] == kind
    assert statement["audience"] == "forge.example/anvil/app"
    assert project.findings() == []
    project.edit("signatures.toml", 'audience = "forge.example/anvil/app"', 'audience = "forge.example/other/app"')
    assert project.findings() == ["claims-more-than-signed"]


def test_renewing_a_wildcard_audit_signs_it_anew(signing: Project) -> None:
    entry = '[[wildcard-audits.anvil]]\nwho = "{}"\ncriteria = "safe-to-deploy"\nuser-id = 7\n'
    days = 'start = "2024-01-01"\nend = "2026-02-01"\n\n'
    others = entry.format("Bert <bert@example.org>").replace("anvil", "bellows") + days
    signing.edit("audits.toml", "\n[audits]\n", f"\n{entry.format(WHO)}{days}{others}[audits]\n")
    signing.good("sign", "--accept-all")
    assert signing.findings() == ["unsigned"]
    signing.good("renew", "--expiring", *LOCKED)
    assert [statement["claim"]["end"] for statement in signing.statements()] == ["2026-02-01", "2027-01-15"]
    assert signing.findings() == ["unsigned", "orphan-signature"]


class TestAttacks:
    """Stores that somebody has tampered with, and what is found."""

    @pytest.fixture
    def signed(self, signing: Project) -> Project:
        config = '\n[criteria.crypto]\ndescription = "knows its ciphers"\n'
        signing.edit("audits.toml", "\n[audits]\n", f"{config}\n[audits]\n")
        words = ("--criteria", "safe-to-run", "--criteria", "crypto", "--notes", "fine")
        assert signing.certify(*words).exit == 0
        assert signing.findings() == []
        signing.commit()
        return signing

    @pytest.mark.parametrize(
        ("old", "new", "wanted"),
        [
            ('["safe-to-run", "crypto"]', '["safe-to-deploy", "crypto"]', "claims-more-than-signed"),
            ('["safe-to-run", "crypto"]', '"crypto"', None),
            ('version = "1.0.0"', 'version = "1.0.1"', "unsigned"),
            ('version = "1.0.0"', 'delta = "0.9.0 -> 1.0.0"', "unsigned"),
            ('"fine"', '"finer"', "notes-mismatch"),
            ("Ada <ada", "Mallory <ada", "who-mismatch"),
            ("knows its ciphers", "has heard of ciphers", "criterion-redefined"),
            ('"knows its ciphers"', '"knows its ciphers"\nimplies = "safe-to-deploy"', "criterion-redefined"),
        ],
    )
    def test_an_edited_entry(self, signed: Project, old: str, new: str, wanted: str | None) -> None:
        signed.edit("audits.toml", old, new)
        found = signed.findings()
        assert found[:1] == ([wanted] if wanted else [])
        assert set(found) <= {wanted, "orphan-signature"}
        assert set(found[:1]) <= set(signed.findings("--since", "HEAD"))

    def test_an_entry_in_somebody_s_name(self, signed: Project) -> None:
        entry = f'\n[[audits.anvil]]\nwho = "{WHO}"\ncriteria = "safe-to-deploy"\nversion = "6.6.6"\n'
        (signed.store / "audits.toml").write_text(signed.text("audits.toml") + entry)
        assert signed.findings() == ["unsigned"]
        assert signed.findings("--since", "HEAD") == ["unsigned"]

    def test_another_archive_under_the_same_version(self, signed: Project) -> None:
        lock = signed.folder / "Cargo.lock"
        lock.write_text(lock.read_text().replace(CHECKSUM, "cd" * 32))
        assert signed.findings() == ["artifact-mismatch"]

    def test_a_proposal_cannot_allow_its_own_key(self, signed: Project) -> None:
        mallory = key_of(9)
        line = f'ada@example.org namespaces="audit-v1@vetflow" {mallory.key}\n'
        (signed.store / "allowed_signers").write_text(signed.text("allowed_signers") + line)
        (row,) = signed.rows()
        forged = row._replace(signature=mallory.sign(row.statement.encode(), "audit-v1@vetflow"))
        (signed.store / "signatures.toml").write_text(write_signatures(SignaturesFile((forged,))))
        assert signed.findings() == []  # by the keys it brings itself
        assert signed.findings("--since", "HEAD") == ["policy-changed", "unknown-key"]

    def test_a_proposal_cannot_bring_a_baseline(self, signed: Project) -> None:
        (signed.store / "signatures.toml").unlink()
        (signed.store / "allowed_signers").rename(signed.folder / "kept")
        (signed.store / "signatures-baseline.txt").unlink()
        signed.good("keys", "init")
        (signed.folder / "kept").rename(signed.store / "allowed_signers")
        assert signed.findings() == []
        assert signed.findings("--since", "HEAD") == ["policy-changed", "unsigned"]

    def test_another_policy_is_named(self, signed: Project) -> None:
        policy = '\n[imports.peer]\nurl = "https://peer.example/audits.toml"\n\n[policy.app]\ncriteria = []\n'
        version = 'version = "0.10"\n'
        signed.edit("config.toml", version, f"{version}{policy}")
        (signed.store / "vetflow.toml").write_text("version = 1\n")
        assert signed.findings() == []
        assert signed.findings("--since", "HEAD") == ["policy-changed"] * 3

    def test_a_removed_violation(self, signed: Project) -> None:
        signed.good("record-violation", "anvil", "<0.9")
        signed.commit()
        whole = signed.text("audits.toml")
        (signed.store / "audits.toml").write_text(whole[: whole.rindex("\n[[audits.anvil]]")])
        assert signed.findings() == ["orphan-signature"]
        assert signed.findings("--since", "HEAD") == ["violation-removed"]

    def test_a_removed_signature(self, signed: Project) -> None:
        (signed.store / "signatures.toml").write_text("version = 1\n")
        assert signed.findings("--since", "HEAD") == ["unsigned"]

    def test_signing_again_is_only_done_when_said(self, signed: Project) -> None:
        signed.edit("audits.toml", '"fine"', '"finer"')
        run = signed.good("sign", "--accept-all")
        assert "left out: anvil 1.0.0: its notes are not those that ada@example.org signed" in run.stderr
        signed.good("sign", "--resign", "--accept-all")
        assert len(signed.rows()) == 1
        assert signed.findings() == []

    def test_nothing_is_signed_without_a_word(self, signed: Project) -> None:
        signed.edit("audits.toml", '"fine"', '"finer"')
        before = signed.text("signatures.toml")
        assert signed("sign", "--resign").exit == 2
        assert signed.text("signatures.toml") == before

    def test_nobody_signs_for_others(self, signed: Project) -> None:
        entry = '\n[[audits.anvil]]\nwho = "Bert <bert@example.org>"\ncriteria = "safe-to-run"\nversion = "1.0.0"\n'
        (signed.store / "audits.toml").write_text(signed.text("audits.toml") + entry)
        assert "nothing to sign" in signed.good("sign", "--accept-all").stderr


class TestKeys:
    @pytest.fixture
    def signed(self, signing: Project) -> Project:
        assert signing.certify().exit == 0
        return signing

    def rotate(self, project: Project, ssh_keygen: SshKeygen) -> tuple[str, str]:
        new = ssh_keygen.make("ecdsa-256")
        project.good("keys", "rotate", "--key", str(new), "--current-time", "2026-03-01T00:00:00Z")
        return ("--key", str(new))

    LATER = ("--current-time", "2026-04-01T00:00:00Z")

    def test_a_rotated_key_counts_for_what_was_merged_before(
        self, signed: Project, ssh_keygen: SshKeygen, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        new_key = self.rotate(signed, ssh_keygen)
        assert signed.findings(*self.LATER) == ["out-of-window"]
        monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-02-01T00:00:00Z")
        signed.commit()
        assert signed.findings(*self.LATER) == []
        assert "nothing to sign" in signed.good("sign", "--resign", "--accept-all", *self.LATER, *new_key).stderr

    def test_a_rotated_key_does_not_count_for_what_came_later(
        self, signed: Project, ssh_keygen: SshKeygen, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.rotate(signed, ssh_keygen)
        monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-03-02T00:00:00Z")
        signed.commit()
        assert signed.findings(*self.LATER) == ["out-of-window"]
        checked = signed.good("keys", "check", *self.LATER).stdout
        assert "does not count: it has ended, and counts for what was seen before" in checked

    def test_a_lost_key_counts_for_nothing_after_the_loss(
        self, signed: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-02-01T00:00:00Z")
        signed.commit()
        signed.good("keys", "revoke", "ada@example.org", "--since", "2026-02-02", "--reason", "left on a train")
        assert signed.findings(*self.LATER) == []
        signed.good("keys", "revoke", "ada@example.org", "--since", "2026-01-31")
        assert signed.findings(*self.LATER) == ["revoked"]
        assert "revoked_signers names it" in signed.good("keys", "check", *self.LATER).stdout

    def test_a_key_may_be_revoked_by_each_of_its_names(self, signed: Project) -> None:
        public = signed.key.with_suffix(".pub").read_text().strip()
        for words in ((public,), ("--key", str(signed.key))):
            signed.good("keys", "revoke", *words)
            assert signed.findings() == ["revoked"]
            (signed.store / "revoked_signers").unlink()
        assert signed("keys", "revoke").exit == 2
        assert signed("keys", "revoke", "nobody@example.org").exit == 2

    def test_another_person_s_key_is_added(self, signed: Project, ssh_keygen: SshKeygen) -> None:
        other = ssh_keygen.make("ecdsa-384")
        signed.good("keys", "add", "bert@example.org", "--key", f"{other}.pub")
        assert signed("keys", "add", "bert@example.org", "--key", f"{other}.pub").exit == 2
        words = ("--who", "Bert <bert@example.org>", "--key", str(other), "--criteria", "safe-to-run")
        assert signed.certify(*words).exit == 0
        assert signed.findings() == []

    def test_lines_that_do_not_count_are_named(self, signed: Project) -> None:
        key = key_of().key
        lines = (
            f'a@example.org {key}\n*@example.org namespaces="*" {key}\nb@example.org namespaces="git" {key}\n'
            f'c@example.org cert-authority,namespaces="*" {key}\n'
        )
        (signed.store / "allowed_signers").write_text(signed.text("allowed_signers") + lines)
        document = json.loads(signed.good("keys", "check", "--output-format", "json").stdout)
        jsonschema.validate(document, json.loads((REPOSITORY / "docs/schemas/keys.json").read_text()))
        assert [line["counts"] for line in document["keys"]] == [True, False, False, False, False]
