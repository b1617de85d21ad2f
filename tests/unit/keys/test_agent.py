"""ssh-agent: the real one, and ones that answer nonsense."""

from __future__ import annotations

import socket
import struct
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.signers import key_of
from tests.ssh_programs import KINDS, SshKeygen, running_agent
from vetflow.errors import UndecidedError
from vetflow.keys.agent import AgentKey, agent_keys
from vetflow.trust.public_keys import read_public_key
from vetflow.trust.sshsig import AUDIT_NAMESPACE, parse_signature, verify
from vetflow.trust.wire import string, uint32


def test_every_kind_of_key_signs_in_the_agent(ssh_keygen: SshKeygen) -> None:
    paths = [ssh_keygen.make(kind) for kind in KINDS]
    with running_agent(*paths) as path:
        held = agent_keys(path)
        assert {key.key for key in held} == {read_public_key(each.with_suffix(".pub").read_text()) for each in paths}
        for key in held:
            armour = key.sign(b"x", AUDIT_NAMESPACE)
            verify(parse_signature(armour), b"x", AUDIT_NAMESPACE)
            allowed = f"ada@example.org {key.key}\n"
            assert ssh_keygen.accepts(allowed, "ada@example.org", armour, b"x", AUDIT_NAMESPACE)


def test_without_an_agent_there_are_no_keys() -> None:
    assert agent_keys(None) == ()
    assert agent_keys("") == ()
    assert agent_keys("/nowhere/agent") == ()


@contextmanager
def answering(*answers: bytes) -> Iterator[str]:
    """Give the socket of an agent that answers each connection with one of these."""
    with tempfile.TemporaryDirectory(prefix="vf-") as folder, socket.socket(socket.AF_UNIX) as server:
        path = f"{folder}/agent"
        server.bind(path)
        server.listen()

        def serve() -> None:
            for answer in answers:
                connection, _ = server.accept()
                with connection:
                    (length,) = struct.unpack(">I", connection.recv(4))
                    connection.recv(length)
                    connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield path
        thread.join()


def packet(kind: int, content: bytes = b"") -> bytes:
    return struct.pack(">IB", len(content) + 1, kind) + content


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\x00\x00",
        packet(5),
        packet(12),
        packet(12, uint32(3) + string(b"")),
        struct.pack(">I", 0),
        struct.pack(">I", 2**31),
        struct.pack(">I", 100) + b"short",
    ],
    ids=["hangs up", "hangs up soon", "fails", "empty", "too few", "length zero", "too long", "cut off"],
)
def test_nonsense_is_an_error_and_not_a_crash(answer: bytes) -> None:
    with answering(answer) as path, pytest.raises(UndecidedError, match="did not list its keys"):
        agent_keys(path)


def test_keys_of_unknown_kinds_are_left_out() -> None:
    keys = string(string("ssh-dss")) + string("old") + string(key_of().key.blob) + string("new")
    with answering(packet(12, uint32(2) + keys)) as path:
        assert [key.key for key in agent_keys(path)] == [key_of().key]


@pytest.mark.parametrize("answer", [packet(5), packet(14), packet(14, string(b"x") + b"more")])
def test_an_agent_that_does_not_sign_is_an_error(answer: bytes) -> None:
    with answering(answer) as path, pytest.raises(UndecidedError, match="did not sign with SHA256:"):
        AgentKey(path, key_of().key).sign(b"x", AUDIT_NAMESPACE)
