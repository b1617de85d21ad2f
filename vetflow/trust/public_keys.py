"""Public keys of SSH and the signatures made with them: ed25519, ECDSA, RSA, and the first two on security keys.

What is weak or not understood is refused: RSA below 2048 bits or with SHA-1, certificates, DSA. The mathematics is
`cryptography`'s; here the bytes are taken apart, strictly (`trust.wire`), and each kind of key accepts its own
algorithms only.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from vetflow.trust.wire import Fields, WireError

ED25519: Final = "ssh-ed25519"
RSA: Final = "ssh-rsa"
SK_ED25519: Final = "sk-ssh-ed25519@openssh.com"
SK_ECDSA: Final = "sk-ecdsa-sha2-nistp256@openssh.com"
RSA_HASHES: Final[Mapping[str, hashes.HashAlgorithm]] = {
    "rsa-sha2-512": hashes.SHA512(),
    "rsa-sha2-256": hashes.SHA256(),
}
"""The algorithms an RSA key may sign with. `ssh-rsa`, which is SHA-1, is none of them."""

_CURVES: Final[Mapping[str, tuple[ec.EllipticCurve, hashes.HashAlgorithm]]] = {
    "nistp256": (ec.SECP256R1(), hashes.SHA256()),
    "nistp384": (ec.SECP384R1(), hashes.SHA384()),
    "nistp521": (ec.SECP521R1(), hashes.SHA512()),
}
_SMALLEST_RSA: Final = 2048
_LARGEST_RSA: Final = 16384
_LARGEST_KEY: Final = 8192
_USER_PRESENT: Final = 0x01


class KeyFormatError(ValueError):
    """The bytes or words are no public key that vetflow takes; the message says why."""


class SignatureError(ValueError):
    """A signature does not hold; the message says why, in a clause that follows "the signature"."""


class PublicKey(NamedTuple):
    """A public key that was looked into. blob: its bytes on the wire. kind: its type, as in `ssh-ed25519`."""

    kind: str
    blob: bytes

    @property
    def fingerprint(self) -> str:
        """The key's name among people: `SHA256:...`, as ssh-keygen prints it."""
        digest = hashlib.sha256(self.blob).digest()
        return f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}"

    @property
    def is_hardware(self) -> bool:
        """Whether the private half is on a security key."""
        return self.kind in (SK_ED25519, SK_ECDSA)

    def __str__(self) -> str:
        """Return the key as a line of a `.pub` file has it, without a comment."""
        return f"{self.kind} {base64.b64encode(self.blob).decode()}"


def parse_public_key(blob: bytes) -> PublicKey:
    """Look into a key's bytes; raises KeyFormatError."""
    if len(blob) > _LARGEST_KEY:
        raise KeyFormatError("it is too large for a key")
    try:
        kind, _ = _open(blob)
    except WireError as error:
        raise KeyFormatError(f"it is malformed: {error}") from None
    return PublicKey(kind, blob)


def read_public_key(text: str) -> PublicKey:
    """Read `TYPE BASE64`, with or without a comment behind; raises KeyFormatError."""
    kind, _, rest = text.strip().partition(" ")
    encoded = rest.strip().partition(" ")[0]
    try:
        blob = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise KeyFormatError("it is not `TYPE BASE64`") from None
    key = parse_public_key(blob)
    if key.kind != kind:
        raise KeyFormatError(f"it says {kind}, and its bytes say {key.kind}")
    return key


def verify(key: PublicKey, signature: bytes, data: bytes, *, require_touch: bool) -> None:
    """Check a signature's bytes against a key and what was signed; raises SignatureError.

    require_touch: a security key must say that somebody touched it. OpenSSH accepts signatures without.
    """
    try:
        check = _open(key.blob)[1]
        fields = Fields(signature)
        check(fields.text(), fields, data, require_touch)
    except WireError as error:
        raise SignatureError(f"is malformed: {error}") from None
    except InvalidSignature:
        raise SignatureError("was not made with this key over this text") from None


_Check = Callable[[str, Fields, bytes, bool], None]
"""Checks a signature: its algorithm, the rest of it, what was signed, whether a touch is required."""


@lru_cache(maxsize=64)  # a store has thousands of signatures and a handful of keys
def _open(blob: bytes) -> tuple[str, _Check]:
    """Return a key's type and how its signatures are checked; raises WireError and KeyFormatError."""
    fields = Fields(blob)
    kind = fields.text()
    opened = _KINDS.get(kind)
    if opened is None:
        what = "certificates are not supported" if "-cert-v" in kind else "only ed25519, ECDSA and RSA are"
        raise KeyFormatError(f"keys of type {kind} are not supported: {what}")
    try:
        check = opened(kind, fields)
    except WireError:
        raise
    except ValueError as error:  # cryptography's word for numbers that make no key
        raise KeyFormatError(f"it is no valid key: {error}") from None
    fields.end()
    return kind, check


def _require_algorithm(found: str, *expected: str) -> None:
    if found not in expected:
        raise SignatureError(f"is of algorithm {found}, which this key must not use")


def _ed25519(kind: str, fields: Fields) -> _Check:
    key = ed25519.Ed25519PublicKey.from_public_bytes(fields.string())

    def check(algorithm: str, signature: Fields, data: bytes, _: bool) -> None:
        _require_algorithm(algorithm, kind)
        content = signature.string()
        signature.end()
        key.verify(content, data)

    return check


def _ecdsa(kind: str, fields: Fields) -> _Check:
    curve = fields.text()
    if kind != f"ecdsa-sha2-{curve}" or curve not in _CURVES:
        raise KeyFormatError(f"it is an ECDSA key on the curve {curve}")
    key, algorithm_hash = _point(curve, fields), _CURVES[curve][1]

    def check(algorithm: str, signature: Fields, data: bytes, _: bool) -> None:
        _require_algorithm(algorithm, kind)
        content = signature.string()
        signature.end()
        key.verify(_der(content), data, ec.ECDSA(algorithm_hash))

    return check


def _rsa(_: str, fields: Fields) -> _Check:
    exponent, modulus = fields.mpint(), fields.mpint()
    if not _SMALLEST_RSA <= modulus.bit_length() <= _LARGEST_RSA:
        raise KeyFormatError(f"RSA keys have {_SMALLEST_RSA} to {_LARGEST_RSA} bits, this one {modulus.bit_length()}")
    key = rsa.RSAPublicNumbers(exponent, modulus).public_key()

    def check(algorithm: str, signature: Fields, data: bytes, _: bool) -> None:
        _require_algorithm(algorithm, *RSA_HASHES)
        content = signature.string()
        signature.end()
        if len(content) != (modulus.bit_length() + 7) // 8:
            raise SignatureError("does not have the length of its key")
        key.verify(content, data, padding.PKCS1v15(), RSA_HASHES[algorithm])

    return check


def _sk_ed25519(kind: str, fields: Fields) -> _Check:
    key = ed25519.Ed25519PublicKey.from_public_bytes(fields.string())
    application = fields.string()

    def check(algorithm: str, signature: Fields, data: bytes, require_touch: bool) -> None:
        _require_algorithm(algorithm, kind)
        content = signature.string()
        key.verify(content, _hardware_data(application, signature, data, require_touch=require_touch))

    return check


def _sk_ecdsa(kind: str, fields: Fields) -> _Check:
    if (curve := fields.text()) != "nistp256":
        raise KeyFormatError(f"it is an ECDSA key on the curve {curve}")
    key = _point(curve, fields)
    application = fields.string()

    def check(algorithm: str, signature: Fields, data: bytes, require_touch: bool) -> None:
        _require_algorithm(algorithm, kind)
        content = _der(signature.string())
        signed = _hardware_data(application, signature, data, require_touch=require_touch)
        key.verify(content, signed, ec.ECDSA(hashes.SHA256()))

    return check


def _point(curve: str, fields: Fields) -> ec.EllipticCurvePublicKey:
    point = fields.string()
    if point[:1] != b"\x04":
        raise KeyFormatError("its point is not uncompressed")
    return ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[curve][0], point)


def _der(content: bytes) -> bytes:
    """Return the two numbers of an ECDSA signature as `cryptography` takes them."""
    numbers = Fields(content)
    r, s = numbers.mpint(), numbers.mpint()
    numbers.end()
    return encode_dss_signature(r, s)


def _hardware_data(application: bytes, signature: Fields, data: bytes, *, require_touch: bool) -> bytes:
    """Return what a security key signs: hashes around its flags and counter, which end the signature."""
    flags, counter = signature.raw(1), signature.raw(4)
    signature.end()
    if require_touch and not flags[0] & _USER_PRESENT:
        raise SignatureError("was made by a security key that nobody touched")
    return hashlib.sha256(application).digest() + flags + counter + hashlib.sha256(data).digest()


_KINDS: Final[Mapping[str, Callable[[str, Fields], _Check]]] = {
    ED25519: _ed25519,
    **{f"ecdsa-sha2-{curve}": _ecdsa for curve in _CURVES},
    RSA: _rsa,
    SK_ED25519: _sk_ed25519,
    SK_ECDSA: _sk_ecdsa,
}
