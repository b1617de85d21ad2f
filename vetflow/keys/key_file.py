"""Private key files as ssh-keygen writes them, encrypted or not, used in this process.

Keys whose private half is elsewhere (security keys, an agent's) and files of another format are not opened here: for
these there are `keys.agent` and `keys.ssh_keygen`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from vetflow.errors import NotFoundError, UndecidedError
from vetflow.keys.signer import AskPassphrase
from vetflow.trust.public_keys import RSA, KeyFormatError, PublicKey, read_public_key
from vetflow.trust.sshsig import make_armour, signed_data
from vetflow.trust.wire import mpint, string

if TYPE_CHECKING:  # loads OpenSSL, which only a signature needs
    from cryptography.hazmat.primitives.serialization.ssh import SSHPrivateKeyTypes

_LARGEST: Final = 64 * 1024
_TRIES: Final = 3
_RSA_ALGORITHM: Final = "rsa-sha2-512"


class FileKey(NamedTuple):
    """A private key that was opened."""

    key: PublicKey
    private: SSHPrivateKeyTypes

    def sign(self, text: bytes, namespace: str) -> str:
        """Sign a text."""
        data = signed_data(text, namespace)
        algorithm, signature = _sign(self.private, data)
        if self.key.kind != RSA:
            algorithm = self.key.kind
        return make_armour(self.key, namespace, string(algorithm) + string(signature))


def public_key_of(path: str) -> PublicKey:
    """Return the public half of a key file, from the `.pub` beside it or from itself where it is one.

    Raises NotFoundError when it is not there, UndecidedError when it cannot be understood.
    """
    problem: Exception | None = None
    for candidate in (path, f"{path}.pub"):
        try:
            return read_public_key(_read(candidate).decode(errors="replace").strip())
        except KeyFormatError as error:
            problem = error
        except FileNotFoundError as error:
            if candidate == path:
                raise NotFoundError(f"there is no key file {path}", help="name another one with --key") from error
    raise UndecidedError(
        f"the public half of {path} is not known",
        help=f"write it beside it: `ssh-keygen -y -f {path} > {path}.pub`",
        causes=(str(problem),),
    )


def open_key_file(path: str, ask: AskPassphrase) -> FileKey | None:
    """Open a private key; None for a file that only ssh-keygen can use. Raises UndecidedError.

    ask: called when the file is encrypted, again after a wrong answer, three times at most.
    """
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415  loads OpenSSL
    from cryptography.hazmat.primitives.serialization import load_ssh_private_key  # noqa: PLC0415

    try:
        content = _read(path)
    except OSError as error:
        raise UndecidedError(f"the key file {path} cannot be read", causes=(error.strerror or str(error),)) from error
    passphrase: bytes | None = None
    for tries in range(_TRIES + 1):
        try:
            private = load_ssh_private_key(content, passphrase)
            return FileKey(_public_half(private), private)
        except (UnsupportedAlgorithm, KeyFormatError):
            return None
        except TypeError:  # it is encrypted
            pass
        except ValueError:
            if passphrase is None:
                return None
        if tries < _TRIES:
            answer = ask(path)
            if answer is None:
                break
            passphrase = answer.encode()
    raise UndecidedError(
        f"the key file {path} is encrypted, and there was no passphrase that opens it",
        help=f"load it once with `ssh-add {path}`, or leave the entry unsigned with --no-sign",
    )


def _public_half(private: SSHPrivateKeyTypes) -> PublicKey:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: PLC0415  loads OpenSSL

    return read_public_key(private.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode())


def _sign(private: SSHPrivateKeyTypes, data: bytes) -> tuple[str, bytes]:
    """Return the algorithm, as far as it is not the key's type, and the signature in SSH's form."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa  # noqa: PLC0415  loads OpenSSL
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature  # noqa: PLC0415
    from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm  # noqa: PLC0415

    if isinstance(private, ed25519.Ed25519PrivateKey):
        return "", private.sign(data)
    if isinstance(private, rsa.RSAPrivateKey):
        return _RSA_ALGORITHM, private.sign(data, padding.PKCS1v15(), SHA512())
    if isinstance(private, ec.EllipticCurvePrivateKey):
        by_size: Mapping[int, HashAlgorithm] = {256: SHA256(), 384: SHA384(), 521: SHA512()}
        r, s = decode_dss_signature(private.sign(data, ec.ECDSA(by_size[private.key_size])))
        return "", mpint(r) + mpint(s)
    raise UndecidedError("keys of this kind cannot sign", help="use an ed25519, ECDSA or RSA key")


def _read(path: str) -> bytes:
    with open(os.path.expanduser(path), "rb") as file:
        return file.read(_LARGEST)
