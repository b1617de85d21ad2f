"""Private key files: opened in this process, encrypted ones with a passphrase that the caller asks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ssh_programs import KINDS, SshKeygen
from vetflow.errors import NotFoundError, UndecidedError
from vetflow.keys.key_file import open_key_file, public_key_of
from vetflow.trust.public_keys import read_public_key
from vetflow.trust.sshsig import AUDIT_NAMESPACE, parse_signature, verify


def nobody(path: str) -> None:
    raise AssertionError(path)


@pytest.mark.parametrize("kind", KINDS)
def test_an_encrypted_key_signs_once_its_passphrase_is_known(ssh_keygen: SshKeygen, kind: str) -> None:
    path = ssh_keygen.make(kind, locked_with="open sesame")
    answers = iter(["wrong", "open sesame"])
    key = open_key_file(str(path), lambda _: next(answers))
    assert key is not None
    verify(parse_signature(key.sign(b"x", AUDIT_NAMESPACE)), b"x", AUDIT_NAMESPACE)


@pytest.mark.parametrize(("answer", "asked"), [("wrong", 3), (None, 1)])
def test_without_the_passphrase_it_does_not(ssh_keygen: SshKeygen, answer: str | None, asked: int) -> None:
    path = ssh_keygen.make(locked_with="open sesame")
    asks: list[str] = []

    def ask(which: str) -> str | None:
        asks.append(which)
        return answer

    with pytest.raises(UndecidedError, match="no passphrase that opens it") as caught:
        open_key_file(str(path), ask)
    assert asks == [str(path)] * asked
    assert "ssh-add" in str(caught.value.help)


def test_an_open_key_asks_nobody(ssh_keygen: SshKeygen) -> None:
    assert open_key_file(str(ssh_keygen.make()), nobody) is not None


@pytest.mark.parametrize("content", [b"", b"-----BEGIN CERTIFICATE-----\n", b"\xff\xfe"])
def test_a_file_of_another_kind_is_left_to_ssh_keygen(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "key").write_bytes(content)
    assert open_key_file(str(tmp_path / "key"), nobody) is None


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UndecidedError, match="cannot be read"):
        open_key_file(str(tmp_path / "key"), nobody)
    with pytest.raises(NotFoundError, match="there is no key file"):
        public_key_of(str(tmp_path / "key"))


def test_the_public_half_is_beside_the_private_one_or_is_what_was_named(ssh_keygen: SshKeygen) -> None:
    path = ssh_keygen.make()
    key = read_public_key(path.with_suffix(".pub").read_text())
    assert public_key_of(str(path)) == public_key_of(f"{path}.pub") == key
    path.with_suffix(".pub").unlink()
    with pytest.raises(UndecidedError, match="is not known") as caught:
        public_key_of(str(path))
    assert "ssh-keygen -y" in str(caught.value.help)
