"""`sign`: sign entries that are there already, under one's own name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from vetflow.app.project import Project
from vetflow.app.recording import record_own_files
from vetflow.app.signature_files import SignatureFiles, read_signature_files
from vetflow.app.signing import Entries, Signing
from vetflow.app.verify import first_seen_in, surroundings
from vetflow.formats.signatures_baseline import BASELINE, write_baseline
from vetflow.formats.signatures_toml import SIGNATURES, with_rows, write_signatures
from vetflow.model.names import CrateName
from vetflow.model.version import VetVersion
from vetflow.store.open import OpenedStore
from vetflow.trust.claims import claim_of, entries_of
from vetflow.trust.signatures import Flaw, Judge, Keys, Rules
from vetflow.trust.verification import EntryVerdict, Verification, entry_digest, verify_entries


class Signable(NamedTuple):
    """Entries somebody could sign.

    entries: those nobody has signed. changed: those that were signed and now say more, or something else; only
    `--resign` signs them, because somebody else may have changed them.
    """

    entries: tuple[EntryVerdict, ...]
    changed: tuple[EntryVerdict, ...]

    def chosen(self, *, resign: bool) -> tuple[EntryVerdict, ...]:
        """Return what is signed, with or without what was changed."""
        return (*self.entries, *self.changed) if resign else self.entries


def unsigned_entries(
    project: Project, opened: OpenedStore, signing: Signing, crate: CrateName | None, now: int
) -> Signable:
    """Return the entries a person could sign, of one crate or all; raises StoreError.

    Entries from before signing began are among them only when their crate is named.
    """
    verification = _verified(project, opened, read_signature_files(project), now)
    wanted = [
        verdict
        for verdict in verification.entries
        if verdict.problem is not None
        and crate in (None, verdict.crate)
        and not (verdict.is_old and crate is None)
        and signing.may_sign(verdict.entry)
    ]
    return Signable(
        tuple(each for each in wanted if each.problem and each.problem.flaw is Flaw.UNSIGNED),
        tuple(each for each in wanted if each.problem and each.problem.flaw is not Flaw.UNSIGNED),
    )


def versions_of(entries: Entries) -> list[tuple[CrateName, VetVersion]]:
    """Return the versions that entries are about, with their crates."""
    return [(crate, version) for crate, entry in entries for version in claim_of(crate, entry).versions]


def sign_entries(
    project: Project, signing: Signing, entries: Entries, now: int, waiting: Callable[[], None]
) -> tuple[str, ...]:
    """Sign entries that still stand in audits.toml as they were read; return the names of changed files.

    The person's own older signatures that stand for no entry any more go, and so do lines of the baseline that the
    signatures make superfluous. Raises StoreError, and UndecidedError when a signature cannot be made.
    """

    def make(opened: OpenedStore) -> Mapping[str, str]:
        audits = opened.store.audits
        there = set(entries_of(audits))
        still = [each for each in entries if each in there]
        files = read_signature_files(project)
        rows = signing.sign(still, audits, files)
        signatures = with_rows(signing.named(files.signatures), rows)
        stray = _verified(project, opened, files._replace(signatures=signatures), now).stray
        mine = {row for row, _ in stray if row.signer == signing.email}
        kept = signatures._replace(rows=tuple(row for row in signatures.rows if row not in mine))
        signed = {entry_digest(crate, entry) for crate, entry in still}
        baseline = {digest: words for digest, words in files.baseline.items() if digest not in signed}
        shrunk = {BASELINE: write_baseline(baseline)} if len(baseline) < len(files.baseline) else {}
        return {SIGNATURES: write_signatures(kept), **shrunk}

    return record_own_files(project, make, waiting)


def _verified(project: Project, opened: OpenedStore, files: SignatureFiles, now: int) -> Verification:
    around = surroundings(project, opened, files, Rules())
    entries = list(entries_of(opened.store.audits))
    judge = Judge(files.keys or Keys(), now, first_seen_in(project, SIGNATURES, project.commit or "HEAD"))
    return verify_entries(entries, files.signatures.rows, judge, around, frozenset(files.baseline))
