"""The files of signatures in a project's store: who may sign, what was signed, what is older than that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from vetflow.app.project import Project
from vetflow.app.recording import own_text
from vetflow.formats.signatures_baseline import BASELINE, parse_baseline
from vetflow.formats.signatures_toml import SIGNATURES, SignaturesFile, parse_signatures
from vetflow.model.rules import RULES_FILE
from vetflow.store.folder import shown_name
from vetflow.trust.allowed_signers import parse_allowed_signers
from vetflow.trust.revoked_signers import parse_revoked_signers
from vetflow.trust.signatures import Keys

ALLOWED: Final = "allowed_signers"
REVOKED: Final = "revoked_signers"
POLICY_FILES: Final = (ALLOWED, REVOKED, BASELINE, RULES_FILE)
"""What decides whether signatures count; in a pull request the base's are taken."""


class SignatureFiles(NamedTuple):
    """What the files say. keys: None in a project that has no `allowed_signers`: nobody signs there.

    baseline: digests of entries that need no signature, with a few words on each.
    """

    signatures: SignaturesFile
    keys: Keys | None
    baseline: Mapping[str, str]


NO_SIGNATURES: Final = SignatureFiles(SignaturesFile(), None, {})


def read_signature_files(project: Project) -> SignatureFiles:
    """Read the files; raises StoreError for one that cannot be understood, since nothing may count then."""
    signatures, baseline = own_text(project, SIGNATURES), own_text(project, BASELINE)
    return SignatureFiles(
        SignaturesFile() if signatures is None else parse_signatures(signatures, shown(project, SIGNATURES)),
        read_keys(project),
        {} if baseline is None else parse_baseline(baseline, shown(project, BASELINE)),
    )


def read_keys(project: Project) -> Keys | None:
    """Return whose keys count, None where there is no `allowed_signers`; raises StoreError."""
    allowed, revoked = own_text(project, ALLOWED), own_text(project, REVOKED)
    if allowed is None:
        return None
    return Keys(
        parse_allowed_signers(allowed, shown(project, ALLOWED)),
        {} if revoked is None else parse_revoked_signers(revoked, shown(project, REVOKED)),
    )


def shown(project: Project, name: str) -> str:
    """Return what errors call a file of the store."""
    return f"{shown_name(project.store.folder)}/{name}"
