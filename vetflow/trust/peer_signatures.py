"""Signatures that a peer publishes beside its set of audits, judged by the keys that were accepted with it.

Which keys a peer has is its own word when a set is accepted for the first time; from then on another word is a reason
to stop. An entry nobody signed is no reason, since most peers sign nothing; one that says more than was signed is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from vetflow.errors import VetflowError
from vetflow.formats.signatures_toml import SignaturesFile, parse_signatures
from vetflow.model.criteria import Criteria, CriteriaError, UnknownCriteriaError
from vetflow.model.names import CrateName
from vetflow.trust.allowed_signers import parse_allowed_signers
from vetflow.trust.claims import TRUSTED, claim_of, entries_of
from vetflow.trust.import_changes import Here, PeerSet, Stop, StopKind
from vetflow.trust.meaning import meanings
from vetflow.trust.signatures import Flaw, Judge, Keys
from vetflow.trust.verification import Surroundings, own_words, verify_entries


class Published(NamedTuple):
    """What a peer publishes: the text of its signatures.toml, and of its allowed_signers."""

    signatures: str
    allowed: str


class Against(NamedTuple):
    """When and against what signatures are judged. checksums: of archives in use, by crate and version."""

    now: int
    checksums: Mapping[tuple[CrateName, str], str]


class PeerTrust(NamedTuple):
    """What came of it. signed: how many entries about crates in use are signed as they stand, `of` how many."""

    signed: int
    of: int
    stops: tuple[Stop, ...]


def judge_peer(
    peer: PeerSet,
    published: Published,
    accepted_keys: str | None,
    here: Here,
    against: Against,
) -> PeerTrust:
    """Judge a peer's own signatures over its entries about crates in use.

    accepted_keys: the `allowed_signers` that were accepted; None at the first time, when the peer's word is taken.
    """
    stops = []
    if accepted_keys is not None and accepted_keys != published.allowed:
        reason = f"{peer.name} publishes other keys than were accepted; its signatures are judged by the accepted ones"
        stops.append(Stop(StopKind.PEER_KEYS, None, reason))
    try:
        allowed = parse_allowed_signers(accepted_keys or published.allowed, "allowed_signers")
        rows = parse_signatures(published.signatures, "signatures.toml")
        judge = Judge(Keys(allowed), against.now)
        signed, of, problems = _count(peer, rows, judge, here, against.checksums)
    except (VetflowError, CriteriaError, UnknownCriteriaError) as error:
        stops.append(Stop(StopKind.PEER_SIGNATURE, None, f"the signatures of {peer.name} are not understood: {error}"))
        return PeerTrust(0, 0, tuple(stops))
    return PeerTrust(signed, of, (*stops, *problems))


def _count(
    peer: PeerSet,
    signatures: SignaturesFile,
    judge: Judge,
    here: Here,
    checksums: Mapping[tuple[CrateName, str], str],
) -> tuple[int, int, list[Stop]]:
    signed = of = 0
    stops = []
    for file in peer.files:
        theirs = Criteria({name: entry.implies for name, entry in file.criteria.items()})
        around = Surroundings(own_words(theirs, meanings(file.criteria)), checksums, signatures.audience)
        entries = [
            (crate, entry)
            for crate, entry in entries_of(file)
            if crate in here.versions and claim_of(crate, entry).kind != TRUSTED
        ]
        for verdict in verify_entries(entries, signatures.rows, judge, around).entries:
            of += 1
            signed += verdict.problem is None
            if verdict.problem is not None and verdict.problem.flaw is not Flaw.UNSIGNED:
                claim = claim_of(verdict.crate, verdict.entry)
                reason = f"{peer.name}'s own signature over {claim} does not hold: {verdict.problem.reason}"
                stops.append(Stop(StopKind.PEER_SIGNATURE, verdict.crate, reason))
    return signed, of, stops
