"""`keys`: whose keys count in a project, from the first one to the day it is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from vetflow.app.project import Project
from vetflow.app.recording import own_text, record_own_files
from vetflow.app.signature_files import ALLOWED, REVOKED, read_keys, shown
from vetflow.errors import NotFoundError, StoreError, UsageError
from vetflow.formats.signatures_baseline import BASELINE, write_baseline
from vetflow.formats.signatures_toml import SIGNATURES, SignaturesFile, write_signatures
from vetflow.project.repository import repository_name
from vetflow.store.folder import store_not_found
from vetflow.store.open import OpenedStore
from vetflow.trust.allowed_signers import AllowedSigner, ended_at, parse_allowed_signers, write_signer
from vetflow.trust.claims import claim_of, entries_of
from vetflow.trust.patterns import lists_literally
from vetflow.trust.public_keys import PublicKey
from vetflow.trust.revoked_signers import parse_revoked_signers, write_revoked
from vetflow.trust.signatures import Keys, addresses
from vetflow.trust.sshsig import ATTEST_NAMESPACE, AUDIT_NAMESPACE, IMPORT_NAMESPACE
from vetflow.trust.verification import entry_digest

NAMESPACES: Final = (AUDIT_NAMESPACE, IMPORT_NAMESPACE, ATTEST_NAMESPACE, "git")
"""What a new key may be used for: entries, acceptances of imports, verdicts, and commits, which use the same file."""
_MACHINES: Final = (ATTEST_NAMESPACE,)
"""What a key may be for that signs no audits: that of a build server, say."""
_HEADER: Final = "# whose signatures count; see `vetflow keys check`\n"
_REVOKED_HEADER: Final = "# keys whose signatures no longer count\n"


class LineState(NamedTuple):
    """A line of `allowed_signers`, and why it does not count; None for one that does."""

    signer: AllowedSigner
    why_not: str | None


def init_keys(project: Project, email: str, key: PublicKey, now: int, waiting: Callable[[], None]) -> tuple[str, ...]:
    """Begin to sign: allow one key, and note what is older. Returns the names of the files that were written.

    Raises StoreError when there is no store yet, UsageError when keys are allowed already.
    """
    if not project.tree.is_dir(project.store.folder):
        raise store_not_found(project.store.folder)
    line = write_signer(email, NAMESPACES, key, valid_after=_day(now))

    def make(opened: OpenedStore) -> Mapping[str, str]:
        if own_text(project, ALLOWED) is not None:
            raise UsageError(f"there is an {ALLOWED} already", help="`vetflow keys add` adds a key to it")
        entries = entries_of(opened.store.audits)
        older = {entry_digest(crate, entry): str(claim_of(crate, entry)) for crate, entry in entries}
        name = repository_name(project.workspace.root, project.request.environ)
        files = {ALLOWED: f"{_HEADER}{line}\n", BASELINE: write_baseline(older)}
        if own_text(project, SIGNATURES) is None:
            files[SIGNATURES] = write_signatures(SignaturesFile(audience=name))
        return files

    return record_own_files(project, make, waiting)


def add_key(project: Project, email: str, key: PublicKey, now: int, waiting: Callable[[], None]) -> tuple[str, ...]:
    """Let one more key count for somebody, from today on; raises UsageError when it does already, StoreError."""

    def make(_: OpenedStore) -> Mapping[str, str]:
        text, signers = _allowed(project)
        if any(signer.key == key and signer.speaks_for(email, AUDIT_NAMESPACE) for signer in signers):
            raise UsageError(f"{ALLOWED} has this key for {email} already")
        return {ALLOWED: _appended(text, write_signer(email, NAMESPACES, key, valid_after=_day(now)))}

    return record_own_files(project, make, waiting)


def rotate_key(project: Project, email: str, new: PublicKey, now: int, waiting: Callable[[], None]) -> tuple[str, ...]:
    """End all other keys of somebody now and let a new one count; what they signed before still does.

    Raises NotFoundError when no key is theirs, StoreError.
    """

    def make(_: OpenedStore) -> Mapping[str, str]:
        text, signers = _allowed(project)
        ending = [each for each in signers if _is_current(each, email, now) and each.key != new]
        if not ending:
            raise NotFoundError(f"{ALLOWED} has no other key of {email} to end", help="`vetflow keys add` adds one")
        shared = next((each for each in ending if each.principals != email), None)
        if shared is not None:
            raise UsageError(
                f"line {shared.line} of {ALLOWED} names others beside {email}", help="give each of them a line first"
            )
        lines = text.split("\n")
        for each in ending:
            lines[each.line - 1] = ended_at(each, now)
        text = "\n".join(lines)
        if not any(each.key == new and _is_current(each, email, now) for each in signers):
            text = _appended(text, write_signer(email, NAMESPACES, new, valid_after=now))
        return {ALLOWED: text}

    return record_own_files(project, make, waiting)


def revoke_key(
    project: Project, fingerprint: str, since: int | None, reason: str | None, waiting: Callable[[], None]
) -> tuple[str, ...]:
    """Let a key no longer count, for what was not seen before `since`; raises StoreError."""

    def make(_: OpenedStore) -> Mapping[str, str]:
        text = own_text(project, REVOKED) or _REVOKED_HEADER
        revoked = _appended(text, write_revoked(fingerprint, since, reason))
        parse_revoked_signers(revoked, shown(project, REVOKED))
        return {REVOKED: revoked}

    return record_own_files(project, make, waiting)


def find_fingerprint(project: Project, words: str) -> str:
    """Return the fingerprint of the one key that an e-mail address in `allowed_signers` stands for.

    Raises NotFoundError when there is none, or more than one.
    """
    _, signers = _allowed(project)
    found = {signer.key.fingerprint for signer in signers if lists_literally(words, signer.principals)}
    if len(found) != 1:
        known = ", ".join(sorted(found)) or "none"
        way_out = "name the key by its fingerprint"
        raise NotFoundError(f"{words} has not one key in {ALLOWED}, but {known}", help=way_out)
    return found.pop()


def check_keys(project: Project, now: int) -> tuple[LineState, ...]:
    """Say of every line of `allowed_signers` whether it counts; raises StoreError for files that cannot be used."""
    keys = read_keys(project)
    if keys is None:
        raise _nobody_signs()
    return tuple(LineState(signer, _why_not(signer, keys, now)) for signer in keys.allowed)


def _why_not(signer: AllowedSigner, keys: Keys, now: int) -> str | None:
    if signer.is_authority:
        return "it is a certificate authority's, and certificates are not supported"
    if signer.namespaces is None:
        return "it does not say `namespaces=`"
    people = [name for name in signer.principals.split(",") if lists_literally(name, signer.principals)]
    if not any(addresses((name,)) for name in people):
        return "it names nobody by their e-mail address"
    if not any(signer.speaks_for(name, namespace) for name in people for namespace in (AUDIT_NAMESPACE, *_MACHINES)):
        return f"its namespaces leave out {AUDIT_NAMESPACE}"
    if signer.key.fingerprint in keys.revoked:
        return f"{REVOKED} names it"
    if signer.is_valid_at(now):
        return None
    is_ended = (signer.valid_after or 0) <= now
    return "it has ended, and counts for what was seen before" if is_ended else "it is not valid yet"


def _allowed(project: Project) -> tuple[str, tuple[AllowedSigner, ...]]:
    text = own_text(project, ALLOWED)
    if text is None:
        raise _nobody_signs()
    return text, parse_allowed_signers(text, shown(project, ALLOWED))


def _nobody_signs() -> StoreError:
    reason = f"nothing is signed in this project: there is no {ALLOWED}"
    return StoreError(reason, help="begin with `vetflow keys init`")


def _is_current(signer: AllowedSigner, email: str, now: int) -> bool:
    return signer.speaks_for(email, AUDIT_NAMESPACE) and (signer.valid_before is None or signer.valid_before > now)


def _appended(text: str, line: str) -> str:
    return f"{text}{'' if text.endswith(chr(10)) or not text else chr(10)}{line}\n"


def _day(moment: int) -> int:
    """Return the start of the UTC day, so that what was signed earlier today counts, too."""
    return moment - moment % (24 * 60 * 60)
