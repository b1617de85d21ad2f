"""Whether a signature holds by itself: the mathematics, the key, the moment. What it is about is not asked here.

A key counts for somebody when `allowed_signers` has a line for it whose window holds the moment of signing, and, since
that moment is what the signer says, whose end the signature was seen before in the repository's history. A revoked key
counts for what was seen before the loss (shared spec trust 1.6).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import Enum
from functools import cache
from typing import Final, NamedTuple, TypeAlias

from vetflow.formats.signatures_toml import SignatureRow
from vetflow.trust import sshsig
from vetflow.trust.allowed_signers import AllowedSigner, lines_for
from vetflow.trust.moments import write_moment
from vetflow.trust.public_keys import PublicKey, SignatureError
from vetflow.trust.revoked_signers import RevokedSigners
from vetflow.trust.statement import Statement, StatementError, parse_statement

_ADDRESS: Final = re.compile(r"<([^<>\s]+@[^<>\s]+)>|\A\s*([^<>\s]+@[^<>\s]+)\s*\Z")
_CLOCKS_DIFFER: Final = 24 * 60 * 60


class Flaw(Enum):
    """What is wrong with a signature or an entry; the value is the finding's name. Later ones were found later."""

    UNSIGNED = "unsigned"
    BAD_SIGNATURE = "bad-signature"
    UNKNOWN_KEY = "unknown-key"
    REVOKED = "revoked"
    OUT_OF_WINDOW = "out-of-window"
    CLAIMS_MORE = "claims-more-than-signed"
    REDEFINED = "criterion-redefined"
    WHO = "who-mismatch"
    NOTES = "notes-mismatch"
    ARTIFACT = "artifact-mismatch"
    ORPHAN = "orphan-signature"


class Problem(NamedTuple):
    """A flaw, and a sentence about it."""

    flaw: Flaw
    reason: str


class Keys(NamedTuple):
    """Whose keys count."""

    allowed: tuple[AllowedSigner, ...] = ()
    revoked: RevokedSigners = {}  # noqa: RUF012  an alias of Mapping, which nobody changes


class Rules(NamedTuple):
    """What a project asks of signatures.

    require_touch: security keys must have been touched. allow_note_edits: notes may change after signing.
    first_seen_counts: a revoked or ended key still counts for what was seen before; otherwise for nothing.
    """

    require_touch: bool = True
    allow_note_edits: bool = False
    first_seen_counts: bool = True


FirstSeen: TypeAlias = Callable[[str], int | None]
"""When an armoured signature was first in the protected branch, seconds since 1970; None while it is not there."""


class Judge(NamedTuple):
    """What signatures are judged by. now: seconds since 1970."""

    keys: Keys
    now: int
    first_seen: FirstSeen = lambda _: None
    rules: Rules = Rules()

    def remembering(self) -> Callable[[SignatureRow], Sound | Problem]:
        """Return `examine` with this judge, which looks at each row once however often it is asked about it."""
        return cache(lambda row: examine(row, self))


class Sound(NamedTuple):
    """A signature that holds: somebody whose key counts made this statement."""

    row: SignatureRow
    statement: Statement
    key: PublicKey


def addresses(who: Sequence[str]) -> tuple[str, ...]:
    """Return the e-mail addresses in the names of an entry's `who`, in order."""
    return tuple(match[1] or match[2] for name in who for match in _ADDRESS.finditer(name))


def examine(row: SignatureRow, judge: Judge) -> Sound | Problem:
    """Judge one signature by itself."""
    try:
        signature = sshsig.parse_signature(row.signature)
        sshsig.verify(
            signature,
            row.statement.encode(),
            sshsig.AUDIT_NAMESPACE,
            require_touch=judge.rules.require_touch,
        )
        statement = parse_statement(row.statement)
    except SignatureError as error:
        return Problem(Flaw.BAD_SIGNATURE, f"the signature of {row.signer} {error}")
    except (StatementError, UnicodeEncodeError) as error:
        return Problem(Flaw.BAD_SIGNATURE, f"what {row.signer} signed is not understood: {error}")
    mislabelled = _mislabelled(row, statement)
    if mislabelled:
        return Problem(Flaw.BAD_SIGNATURE, mislabelled)
    use = KeyUse(row.signer, signature.key, sshsig.AUDIT_NAMESPACE, statement.signed_at, row.signature)
    return key_problem(use, judge) or Sound(row, statement, signature.key)


def _mislabelled(row: SignatureRow, statement: Statement) -> str | None:
    """Say where a row of signatures.toml gives its statement for something else."""
    if (statement.claim.crate, statement.claim.id) != (row.crate, row.claim):
        return f"what {row.signer} signed is about {statement.claim}, which is not what signatures.toml says"
    if row.signer not in addresses(statement.who):
        return f"{row.signer} signed for {', '.join(statement.who) or 'nobody'}, and is not among them"
    return None


class KeyUse(NamedTuple):
    """Who says to have signed with which key, for what and when; `armour` is the signature itself."""

    signer: str
    key: PublicKey
    namespace: str
    signed_at: int
    armour: str


def key_problem(use: KeyUse, judge: Judge) -> Problem | None:
    """Say why a key does not count for a signature; None when it does."""
    named = f"the key {use.key.fingerprint} of {use.signer}"
    lines = [line for line in lines_for(judge.keys.allowed, use.signer, use.namespace) if line.key == use.key]
    if not lines:
        return Problem(Flaw.UNKNOWN_KEY, f"allowed_signers has no key {use.key.fingerprint} for {use.signer}")
    if use.key.fingerprint in judge.keys.revoked:
        since = judge.keys.revoked[use.key.fingerprint]
        if since is None or not _was_seen_before(use, since, judge):
            return Problem(Flaw.REVOKED, f"{named} is revoked")
    signed = write_moment(use.signed_at)
    if use.signed_at > judge.now + _CLOCKS_DIFFER:
        return Problem(Flaw.OUT_OF_WINDOW, f"{use.signer} says to have signed at {signed}, which is to come")
    valid = [line for line in lines if line.is_valid_at(use.signed_at)]
    if not valid:
        return Problem(Flaw.OUT_OF_WINDOW, f"{named} was not to be used at {signed}")
    ends = [line.valid_before for line in valid]
    if not any(end is None or judge.now <= end or _was_seen_before(use, end + 1, judge) for end in ends):
        return Problem(
            Flaw.OUT_OF_WINDOW, f"{named} is no longer to be used, and the signature is not in git's history before"
        )
    return None


def _was_seen_before(use: KeyUse, moment: int, judge: Judge) -> bool:
    if not judge.rules.first_seen_counts:
        return False
    seen = judge.first_seen(use.armour)
    return seen is not None and seen < moment
