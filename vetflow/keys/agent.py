"""ssh-agent: keys it holds, and signatures it makes; the private halves stay with it.

The protocol is OpenSSH's (draft-miller-ssh-agent): a length, a type, fields. Answers are small, so anything large is no
agent's; a person may be asked to touch a key or to confirm, so that an answer may take a while.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

from vetflow.errors import UndecidedError
from vetflow.trust.public_keys import RSA, KeyFormatError, PublicKey, parse_public_key
from vetflow.trust.sshsig import make_armour, signed_data
from vetflow.trust.wire import Fields, WireError, string, uint32

_LIST: Final = 11
_LISTED: Final = 12
_SIGN: Final = 13
_SIGNED: Final = 14
_RSA_SHA2_512: Final = 4
_LARGEST_ANSWER: Final = 256 * 1024
_MOST_KEYS: Final = 2048
_SECONDS: Final = 120.0


class AgentKey(NamedTuple):
    """A key in an agent. path: the agent's socket."""

    path: str
    key: PublicKey

    def sign(self, text: bytes, namespace: str) -> str:
        """Let the agent sign; raises UndecidedError when it does not."""
        flags = _RSA_SHA2_512 if self.key.kind == RSA else 0
        request = string(self.key.blob) + string(signed_data(text, namespace)) + uint32(flags)
        try:
            with _connected(self.path) as connection:
                answer = Fields(_ask(connection, _SIGN, request, _SIGNED))
            signature = answer.string()
            answer.end()
        except (OSError, WireError) as error:
            raise _unusable(f"did not sign with {self.key.fingerprint}", error) from error
        return make_armour(self.key, namespace, signature)


def agent_keys(path: str | None) -> tuple[AgentKey, ...]:
    """Return the keys of the agent at a socket, those of a kind that vetflow does not know left out.

    path: `SSH_AUTH_SOCK`. None where there is no agent: then there are no keys, and no more where nobody answers.
    Raises UndecidedError for an answer that makes no sense.
    """
    if not path:
        return ()
    try:
        with _connected(path) as connection:
            answer = _ask(connection, _LIST, b"", _LISTED)
    except OSError:  # the agent of a session that has ended
        return ()
    except WireError as error:
        raise _unusable("did not list its keys", error) from error
    return tuple(AgentKey(path, key) for key in _keys(answer))


def _keys(answer: bytes) -> Iterator[PublicKey]:
    try:
        fields = Fields(answer)
        for _ in range(min(fields.uint32(), _MOST_KEYS)):
            blob, _comment = fields.string(), fields.string()
            try:
                yield parse_public_key(blob)
            except KeyFormatError:
                continue
    except WireError as error:
        raise _unusable("did not list its keys", error) from error


@contextmanager
def _connected(path: str) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(_SECONDS)
        connection.connect(path)
        yield connection


def _ask(connection: socket.socket, kind: int, content: bytes, expected: int) -> bytes:
    """Return the fields of an answer of the expected type; raises OSError and WireError."""
    connection.sendall(struct.pack(">IB", len(content) + 1, kind) + content)
    length = Fields(_receive(connection, 4)).uint32()
    if not 1 <= length <= _LARGEST_ANSWER:
        raise WireError("its answer has an impossible length")
    answer = _receive(connection, length)
    if answer[0] != expected:
        raise WireError("it refused")
    return answer[1:]


def _receive(connection: socket.socket, length: int) -> bytes:
    received = bytearray()
    while len(received) < length:
        part = connection.recv(length - len(received))
        if not part:
            raise WireError("it hung up")
        received += part
    return bytes(received)


def _unusable(what: str, error: Exception) -> UndecidedError:
    return UndecidedError(
        f"the ssh-agent {what}",
        help="see what `ssh-add -L` says, or name a key file with --key",
        causes=(str(error),),
    )
