"""Made-up people who sign: keys from a number, so that every run has the same ones, and what they sign."""

from __future__ import annotations

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from vetflow.formats.signatures_toml import SignatureRow
from vetflow.keys.key_file import FileKey
from vetflow.model.names import CrateName
from vetflow.model.store import CriteriaEntry
from vetflow.trust.allowed_signers import parse_allowed_signers
from vetflow.trust.claims import Entry, claim_of
from vetflow.trust.meaning import meanings
from vetflow.trust.public_keys import read_public_key
from vetflow.trust.signatures import Judge, Keys, addresses
from vetflow.trust.sshsig import AUDIT_NAMESPACE
from vetflow.trust.statement import Author, Seen, statement_of

ADA = "Ada <ada@example.org>"
ADDRESS = "ada@example.org"
NOW = 1_768_478_400  # 2026-01-15, noon
DAY = 24 * 60 * 60


def key_of(number: int = 1) -> FileKey:
    """Return a key that can sign; the same for the same number."""
    private = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
    public = private.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    return FileKey(read_public_key(public), private)


def line_of(email: str = ADDRESS, number: int = 1, options: str = f'namespaces="{AUDIT_NAMESPACE}"') -> str:
    """Return a line of allowed_signers for the key of a number."""
    return f"{email} {options} {key_of(number).key}\n"


def judge_of(*lines: str, now: int = NOW, **more: Any) -> Judge:
    """Return what judges by these lines of allowed_signers; by Ada's alone when there are none."""
    return Judge(Keys(parse_allowed_signers("".join(lines or (line_of(),)), "allowed_signers")), now, **more)


def signed(
    crate: CrateName,
    entry: Entry,
    *,
    who: str = ADA,
    number: int = 1,
    at: int = NOW,
    criteria: dict[str, CriteriaEntry] | None = None,
    audience: str | None = None,
    namespace: str = AUDIT_NAMESPACE,
    **seen: Any,
) -> SignatureRow:
    """Return the signature somebody makes over an entry. seen: see `statement.Seen`."""
    versions = {
        str(version): f"git:{version.git}" if version.git else f"sha256:{'ab' * 32}"
        for version in claim_of(crate, entry).versions
    }
    author = Author(who, at, audience)
    looked_at = Seen(**{"artifacts": versions, **seen})
    text = statement_of(crate, entry, meanings(criteria or {}), author, looked_at).text()
    armour = key_of(number).sign(text.encode(), namespace)
    return SignatureRow(crate, claim_of(crate, entry).id, addresses((who,))[0], text, armour)
