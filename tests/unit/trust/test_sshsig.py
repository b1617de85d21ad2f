"""SSHSIG: what ssh-keygen makes is accepted and the reverse; whatever differs by a bit is refused."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.signers import key_of
from tests.ssh_programs import KINDS, SshKeygen
from vetflow.keys.key_file import open_key_file
from vetflow.trust import sshsig
from vetflow.trust.public_keys import (
    SK_ECDSA,
    SK_ED25519,
    KeyFormatError,
    PublicKey,
    SignatureError,
    parse_public_key,
    read_public_key,
)
from vetflow.trust.sshsig import (
    AUDIT_NAMESPACE,
    make_armour,
    parse_blob,
    parse_signature,
    signed_data,
    unwrap,
    verify,
)
from vetflow.trust.wire import mpint, string, uint32

TEXT = b'{"claim":"anvil"}'


@pytest.mark.parametrize("kind", KINDS)
def test_what_ssh_keygen_signs_is_accepted(ssh_keygen: SshKeygen, kind: str) -> None:
    armour = ssh_keygen.sign(ssh_keygen.make(kind), TEXT, AUDIT_NAMESPACE)
    verify(parse_signature(armour), TEXT, AUDIT_NAMESPACE)


@pytest.mark.parametrize("kind", KINDS)
def test_what_we_sign_is_accepted_by_ssh_keygen(ssh_keygen: SshKeygen, kind: str) -> None:
    path = ssh_keygen.make(kind)
    key = open_key_file(str(path), lambda _: None)
    assert key is not None
    armour = key.sign(TEXT, AUDIT_NAMESPACE)
    allowed = f'ada@example.org namespaces="{AUDIT_NAMESPACE}" {key.key}\n'
    assert ssh_keygen.accepts(allowed, "ada@example.org", armour, TEXT, AUDIT_NAMESPACE)
    assert not ssh_keygen.accepts(allowed, "ada@example.org", armour, TEXT + b" ", AUDIT_NAMESPACE)


@pytest.mark.parametrize("kind", KINDS)
def test_every_changed_byte_of_a_signature_is_refused(ssh_keygen: SshKeygen, kind: str) -> None:
    blob = unwrap(ssh_keygen.sign(ssh_keygen.make(kind), TEXT, AUDIT_NAMESPACE))
    accepted = [(at, flip) for at in range(len(blob)) for flip in (0x01, 0x80, 0xFF) if is_accepted(blob, at, flip)]
    assert accepted == []


def is_accepted(blob: bytes, at: int, flip: int) -> bool:
    changed = blob[:at] + bytes([blob[at] ^ flip]) + blob[at + 1 :]
    try:
        verify(parse_blob(changed), TEXT, AUDIT_NAMESPACE)
    except SignatureError:
        return False
    return True


def test_every_changed_byte_of_the_text_is_refused() -> None:
    signature = parse_signature(key_of().sign(TEXT, AUDIT_NAMESPACE))
    verify(signature, TEXT, AUDIT_NAMESPACE)
    for at in range(len(TEXT)):
        with pytest.raises(SignatureError, match="not made with this key"):
            verify(signature, TEXT[:at] + bytes([TEXT[at] ^ 1]) + TEXT[at + 1 :], AUDIT_NAMESPACE)


@pytest.mark.parametrize("length", range(0, 190, 7))
def test_a_signature_cut_short_or_made_longer_is_refused(length: int) -> None:
    blob = unwrap(key_of().sign(TEXT, AUDIT_NAMESPACE))
    with pytest.raises(SignatureError):
        parse_blob(blob[:length] if length < len(blob) else blob + b"\x00")


def test_the_namespace_is_the_caller_s() -> None:
    signature = parse_signature(key_of().sign(TEXT, "git"))
    with pytest.raises(SignatureError, match="made for git, not for audit-v1@vetflow"):
        verify(signature, TEXT, AUDIT_NAMESPACE)


CANONICAL = key_of().sign(TEXT, AUDIT_NAMESPACE)
LINES = CANONICAL.split("\n")


@pytest.mark.parametrize(
    "armour",
    [
        CANONICAL.rstrip("\n"),
        CANONICAL + "\n",
        " " + CANONICAL,
        CANONICAL.replace("\n", "\r\n"),
        "\n".join([LINES[0], LINES[1] + LINES[2], *LINES[3:]]),
        "\n".join([LINES[0], LINES[1] + " ", *LINES[2:]]),
        CANONICAL.replace("SSH SIGNATURE", "SSH  SIGNATURE"),
        CANONICAL.replace(LINES[1], "!" + LINES[1][1:]),
        "",
    ],
)
def test_armour_has_one_form(armour: str) -> None:
    assert parse_signature(CANONICAL).namespace == AUDIT_NAMESPACE
    with pytest.raises(SignatureError):
        parse_signature(armour)


def test_bits_that_base64_does_not_need_are_refused() -> None:
    armour = next(made for name in ("n", "nn", "nnn") if "=" in (made := key_of().sign(TEXT, name)))
    last = armour[armour.index("=") - 1]
    spoilt = armour.replace(f"{last}=", f"{chr(ord(last) + 1)}=")
    assert unwrap(spoilt) == unwrap(armour)
    with pytest.raises(SignatureError, match="not armoured as ssh-keygen does it"):
        parse_signature(spoilt)


def test_other_programs_may_break_lines_as_they_like() -> None:
    assert unwrap("\n\n" + "\r\n".join(LINES)) == unwrap(CANONICAL)


def test_old_hashes_and_reserved_fields_are_refused() -> None:
    key = string(key_of().key.blob)

    def blob(namespace: bytes, reserved: bytes, name: bytes) -> bytes:
        parts = (namespace, reserved, name, b"")
        return b"SSHSIG" + uint32(1) + key + b"".join(map(string, parts))

    assert parse_blob(blob(b"n", b"", b"sha256")).hash == "sha256"
    for wrong in (blob(b"", b"", b"sha512"), blob(b"n", b"x", b"sha512"), blob(b"n", b"", b"sha1")):
        with pytest.raises(SignatureError, match="no namespace, a reserved field, or an unknown hash"):
            parse_blob(wrong)


def test_an_rsa_key_must_not_sign_with_sha1_nor_an_ed25519_key_with_rsa(ssh_keygen: SshKeygen) -> None:
    rsa = read_public_key(ssh_keygen.make("rsa-2048").with_suffix(".pub").read_text())
    for key, algorithm in ((rsa, "ssh-rsa"), (key_of().key, "rsa-sha2-512")):
        armour = make_armour(key, AUDIT_NAMESPACE, string(algorithm) + string(bytes(256)))
        with pytest.raises(SignatureError, match=f"is of algorithm {algorithm}, which this key must not use"):
            verify(parse_signature(armour), TEXT, AUDIT_NAMESPACE)


def test_small_rsa_keys_are_refused(ssh_keygen: SshKeygen) -> None:
    with pytest.raises(KeyFormatError, match="2048 to 16384 bits, this one 1024"):
        read_public_key(ssh_keygen.make("rsa-1024").with_suffix(".pub").read_text())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ssh-ed25519", "malformed"),
        ("ssh-ed25519 AAAA!", "not `TYPE BASE64`"),
        ("ssh-ed25519 AAAA", "malformed"),
        (f"ssh-rsa {str(key_of().key).partition(' ')[2]}", "it says ssh-rsa, and its bytes say ssh-ed25519"),
    ],
)
def test_what_is_no_key_is_refused(text: str, said: str) -> None:
    with pytest.raises(KeyFormatError, match=said):
        read_public_key(text)


@pytest.mark.parametrize(
    ("blob", "said"),
    [
        (string("ssh-dss") + string(b""), "only ed25519, ECDSA and RSA are"),
        (string("ssh-ed25519-cert-v01@openssh.com"), "certificates are not supported"),
        (string("ssh-ed25519") + string(bytes(31)), "no valid key"),
        (string("ecdsa-sha2-nistp256") + string("nistp384") + string(b"\x04"), "on the curve nistp384"),
        (string("ecdsa-sha2-nistp256") + string("nistp256") + string(b"\x02" + bytes(32)), "not uncompressed"),
        (string("ecdsa-sha2-nistp256") + string("nistp256") + string(b"\x04" + bytes(64)), "no valid key"),
        (bytes(9000), "too large"),
    ],
)
def test_keys_that_are_not_understood_do_not_count(blob: bytes, said: str) -> None:
    with pytest.raises(KeyFormatError, match=said):
        parse_public_key(blob)


APPLICATION = b"ssh:"


def hardware_ed25519(flags: int) -> str:
    """Return a signature such as a security key makes it, from a key in memory."""
    private = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    raw = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    key = parse_public_key(string(SK_ED25519) + string(raw) + string(APPLICATION))
    ending = bytes([flags]) + uint32(7)
    return hardware_armour(key, string(private.sign(hardware_data(ending))), ending)


def hardware_ecdsa(flags: int) -> str:
    private = ec.derive_private_key(12345, ec.SECP256R1())
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    key = parse_public_key(string(SK_ECDSA) + string("nistp256") + string(point) + string(APPLICATION))
    ending = bytes([flags]) + uint32(7)
    numbers = decode_dss_signature(private.sign(hardware_data(ending), ec.ECDSA(hashes.SHA256())))
    return hardware_armour(key, string(b"".join(map(mpint, numbers))), ending)


def hardware_data(ending: bytes) -> bytes:
    data = signed_data(TEXT, AUDIT_NAMESPACE)
    return hashlib.sha256(APPLICATION).digest() + ending + hashlib.sha256(data).digest()


def hardware_armour(key: PublicKey, signature: bytes, ending: bytes) -> str:
    assert key.is_hardware
    return make_armour(key, AUDIT_NAMESPACE, string(key.kind) + signature + ending)


@pytest.mark.parametrize("make", [hardware_ed25519, hardware_ecdsa])
class TestSecurityKeys:
    def test_a_touched_key_is_accepted_as_by_ssh_keygen(self, ssh_keygen: SshKeygen, make: object) -> None:
        assert callable(make)
        armour = make(0x01)
        signature = parse_signature(armour)
        verify(signature, TEXT, AUDIT_NAMESPACE)
        allowed = f"ada@example.org {signature.key}\n"
        assert ssh_keygen.accepts(allowed, "ada@example.org", armour, TEXT, AUDIT_NAMESPACE)

    def test_an_untouched_key_is_refused_unless_the_project_allows_it(self, make: object) -> None:
        assert callable(make)
        signature = parse_signature(make(0x00))
        with pytest.raises(SignatureError, match="that nobody touched"):
            verify(signature, TEXT, AUDIT_NAMESPACE)
        verify(signature, TEXT, AUDIT_NAMESPACE, require_touch=False)

    def test_flags_and_counter_are_signed(self, make: object) -> None:
        assert callable(make)
        blob = unwrap(make(0x01))
        for at in range(len(blob)):
            assert not is_accepted(blob, at, 0x04), at


def test_the_namespace_of_audits_is_not_that_of_commits() -> None:
    assert sshsig.AUDIT_NAMESPACE not in {"git", "file", sshsig.IMPORT_NAMESPACE}
