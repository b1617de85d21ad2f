"""SSHSIG: signatures over texts as `ssh-keygen -Y` makes and checks them (OpenSSH's PROTOCOL.sshsig).

A signature names its key, a namespace (what kind of statement the text is) and a hash; all of it is signed. Which
namespace is expected and which keys count is never taken from the signature: the caller says both.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from vetflow.trust import public_keys
from vetflow.trust.public_keys import KeyFormatError, PublicKey, SignatureError
from vetflow.trust.wire import Fields, WireError, string, uint32

AUDIT_NAMESPACE: Final = "audit-v1@vetflow"
IMPORT_NAMESPACE: Final = "import-v1@vetflow"
ATTEST_NAMESPACE: Final = "attest-v1@vetflow"
HASH: Final = "sha512"
"""What our own signatures hash with, as ssh-keygen does."""

_MAGIC: Final = b"SSHSIG"
_VERSION: Final = 1
_HASHES: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "sha256": lambda text: hashlib.sha256(text).digest(),
    "sha512": lambda text: hashlib.sha512(text).digest(),
}
_BEGIN: Final = "-----BEGIN SSH SIGNATURE-----\n"
_END: Final = "-----END SSH SIGNATURE-----\n"
_WIDTH: Final = 70
_LARGEST: Final = 32 * 1024
_ARMOUR: Final = re.compile(r"\s*-----BEGIN SSH SIGNATURE-----\s([A-Za-z0-9+/=\s]+)-----END SSH SIGNATURE-----\s*\Z")


class SshSignature(NamedTuple):
    """What a signature says about itself; nothing of it is checked yet. signature: the key's own bytes."""

    key: PublicKey
    namespace: str
    hash: str
    signature: bytes


def parse_signature(armour: str) -> SshSignature:
    """Take a signature apart; raises SignatureError, also for armour that ssh-keygen would not have written so."""
    blob = unwrap(armour)
    if wrap(blob) != armour:
        raise SignatureError("is not armoured as ssh-keygen does it")
    return parse_blob(blob)


def parse_blob(blob: bytes) -> SshSignature:
    """Take a signature's bytes apart; raises SignatureError."""
    try:
        fields = Fields(blob)
        if fields.raw(len(_MAGIC)) != _MAGIC or fields.uint32() != _VERSION:
            raise SignatureError("is no SSH signature of version 1")
        key = public_keys.parse_public_key(fields.string())
        namespace, reserved, hash_name = fields.text(), fields.string(), fields.text()
        signature = fields.string()
        fields.end()
    except WireError as error:
        raise SignatureError(f"is malformed: {error}") from None
    except KeyFormatError as error:
        raise SignatureError(f"names a key that does not count: {error}") from None
    if not namespace or reserved or hash_name not in _HASHES:
        raise SignatureError("has no namespace, a reserved field, or an unknown hash")
    return SshSignature(key, namespace, hash_name, signature)


def verify(signature: SshSignature, text: bytes, namespace: str, *, require_touch: bool = True) -> None:
    """Check that the signature's key signed `text` in `namespace`; raises SignatureError.

    Whose key that is, and whether it counts, is another question (`trust.allowed_signers`).
    """
    if signature.namespace != namespace:
        raise SignatureError(f"was made for {signature.namespace}, not for {namespace}")
    data = signed_data(text, namespace, signature.hash)
    public_keys.verify(signature.key, signature.signature, data, require_touch=require_touch)


def signed_data(text: bytes, namespace: str, hash_name: str = HASH) -> bytes:
    """Return the bytes a key signs for a text."""
    digest = _HASHES[hash_name](text)
    return _MAGIC + string(namespace) + string(b"") + string(hash_name) + string(digest)


def make_armour(key: PublicKey, namespace: str, signature: bytes) -> str:
    """Return the armoured signature whose key made `signature` over `signed_data(text, namespace)`."""
    parts = (string(key.blob), string(namespace), string(b""), string(HASH), string(signature))
    return wrap(_MAGIC + uint32(_VERSION) + b"".join(parts))


def wrap(blob: bytes) -> str:
    """Return bytes as the armour that ssh-keygen writes."""
    encoded = base64.b64encode(blob).decode()
    lines = (encoded[start : start + _WIDTH] for start in range(0, len(encoded), _WIDTH))
    return _BEGIN + "".join(f"{line}\n" for line in lines) + _END


def unwrap(armour: str) -> bytes:
    """Return the bytes in an armour, however its lines are broken; raises SignatureError.

    For what other programs print. What is kept in a file is read by `parse_signature`, which knows one form only.
    """
    match = _ARMOUR.match(armour) if len(armour) <= _LARGEST else None
    if match is None:
        raise SignatureError("is not an armoured SSH signature")
    try:
        return base64.b64decode("".join(match[1].split()), validate=True)
    except (binascii.Error, ValueError):
        raise SignatureError("is not valid base64") from None
