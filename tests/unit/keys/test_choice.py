"""Which key signs: the named one, git's, an agent's; and in which way."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.signers import key_of
from tests.ssh_programs import SshKeygen, running_agent
from vetflow.errors import NotFoundError, UndecidedError
from vetflow.keys.agent import AgentKey
from vetflow.keys.choice import KeySource, choose_signer, own_key
from vetflow.keys.git_settings import key_settings
from vetflow.keys.key_file import FileKey
from vetflow.keys.ssh_keygen import ProgramKey
from vetflow.trust.public_keys import PublicKey, read_public_key
from vetflow.trust.sshsig import AUDIT_NAMESPACE, parse_signature, verify


def public(path: Path) -> PublicKey:
    return read_public_key(path.with_suffix(".pub").read_text())


class Home:
    """A home directory with a git configuration, and what is looked for from there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environ: dict[str, str] = {
            "HOME": str(folder),
            "PATH": os.environ["PATH"],
            "GIT_CONFIG_NOSYSTEM": "1",
        }

    def configure(self, text: str) -> None:
        (self.folder / ".gitconfig").write_text(text)

    def source(self, named: str | None = None, **environ: str) -> KeySource:
        return KeySource(named, str(self.folder), {**self.environ, **environ}, lambda _: None)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_the_named_key_is_used_or_refused(home: Home, ssh_keygen: SshKeygen) -> None:
    path = ssh_keygen.make()
    signer = choose_signer(home.source(str(path)), [public(path)], "ada@example.org")
    assert isinstance(signer, FileKey)
    with pytest.raises(UndecidedError, match="none of the keys at hand is one of ada") as caught:
        choose_signer(home.source(str(path)), [key_of().key], "ada@example.org")
    assert caught.value.causes == (f"at hand: {public(path).fingerprint}",)


@pytest.mark.parametrize("form", ["{path}", "{path}.pub", "key::{key}", "{key}"])
def test_git_s_key_is_found_in_all_forms_git_knows(home: Home, ssh_keygen: SshKeygen, form: str) -> None:
    path = ssh_keygen.make()
    home.configure(f'[gpg]\nformat = ssh\n[user]\nsigningKey = "{form.format(path=path, key=public(path))}"\n')
    assert own_key(home.source()) == public(path)


def test_a_path_below_home_is_git_s_way_to_write_it(home: Home, ssh_keygen: SshKeygen) -> None:
    key = public(ssh_keygen.make())
    (home.folder / "id.pub").write_text(f"{key}\n")
    home.configure("[gpg]\nformat = ssh\n[user]\nsigningKey = ~/id.pub\n")
    assert own_key(home.source()) == key
    with pytest.raises(UndecidedError, match=r"the private half of SHA256:\S+ is not at hand"):
        choose_signer(home.source(), [key], "ada@example.org")


def test_git_s_key_for_another_kind_of_signature_is_none(home: Home) -> None:
    home.configure("[user]\nsigningKey = 0xDEADBEEF\n")
    assert key_settings(str(home.folder), home.environ) == (None, None)
    with pytest.raises(NotFoundError, match="no SSH key of yours is known"):
        own_key(home.source())


def test_without_git_nothing_is_set(home: Home) -> None:
    assert key_settings(str(home.folder), {**home.environ, "PATH": "/nowhere"}) == (None, None)


def test_the_first_key_of_an_agent_that_counts_signs(home: Home, ssh_keygen: SshKeygen) -> None:
    first, second = ssh_keygen.make("ed25519"), ssh_keygen.make("ecdsa-256")
    with running_agent(first, second) as path:
        source = home.source(SSH_AUTH_SOCK=path)
        signer = choose_signer(source, [public(second)], "ada@example.org")
        assert isinstance(signer, AgentKey)
        assert signer.key == public(second)
        by_name = home.source(public(first).fingerprint, SSH_AUTH_SOCK=path)
        assert choose_signer(by_name, [public(first)], "ada@example.org").key == public(first)


def test_an_agent_spares_the_passphrase(home: Home, ssh_keygen: SshKeygen) -> None:
    locked = ssh_keygen.make(locked_with="open sesame")
    with pytest.raises(UndecidedError, match="is encrypted"):
        choose_signer(home.source(str(locked)), [public(locked)], "ada@example.org")
    ssh_keygen("-q", "-p", "-P", "open sesame", "-N", "", "-f", str(locked))
    with running_agent(locked) as path:
        ssh_keygen("-q", "-p", "-N", "open sesame", "-f", str(locked))
        signer = choose_signer(home.source(str(locked), SSH_AUTH_SOCK=path), [public(locked)], "ada@example.org")
        assert isinstance(signer, AgentKey)


def test_a_fingerprint_is_one_of_an_agent_s_keys(home: Home) -> None:
    with pytest.raises(NotFoundError, match="no ssh-agent holds SHA256:"):
        own_key(home.source(key_of().key.fingerprint))


def test_halves_of_two_keys_do_not_sign(home: Home, ssh_keygen: SshKeygen) -> None:
    path = ssh_keygen.make()
    path.with_suffix(".pub").write_text(f"{key_of().key}\n")
    with pytest.raises(UndecidedError, match="are not halves of one key"):
        choose_signer(home.source(str(path)), [key_of().key], "ada@example.org")


def test_a_program_of_git_s_configuration_signs_in_ssh_keygen_s_place(home: Home, ssh_keygen: SshKeygen) -> None:
    path = ssh_keygen.make()
    program = home.folder / "my-signer"
    program.write_text(f'#!/bin/sh\ntouch "$HOME/asked"\nexec {ssh_keygen.program} "$@"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    home.configure(f'[gpg]\nformat = ssh\n[gpg "ssh"]\nprogram = {program}\n[user]\nsigningKey = {path}\n')
    signer = choose_signer(home.source(), [public(path)], "ada@example.org")
    verify(parse_signature(signer.sign(b"x", AUDIT_NAMESPACE)), b"x", AUDIT_NAMESPACE)
    assert (home.folder / "asked").exists()


@pytest.mark.parametrize(
    ("program", "reason"),
    [("/nowhere/signer", "it is not installed"), ("/bin/true", "it left no signature, exit code 0")],
)
def test_a_program_that_does_not_sign_is_an_error(home: Home, program: str, reason: str) -> None:
    environ: Mapping[str, str] = home.environ
    with pytest.raises(UndecidedError, match="did not sign with SHA256:") as caught:
        ProgramKey(key_of().key, None, program, environ).sign(b"x", AUDIT_NAMESPACE)
    assert caught.value.causes == (reason,)


def test_a_key_that_only_an_agent_has_is_given_to_the_program_as_such(home: Home, ssh_keygen: SshKeygen) -> None:
    path = ssh_keygen.make()
    with running_agent(path) as agent:
        signer = ProgramKey(public(path), None, ssh_keygen.program, {**home.environ, "SSH_AUTH_SOCK": agent})
        verify(parse_signature(signer.sign(b"x", AUDIT_NAMESPACE)), b"x", AUDIT_NAMESPACE)
