"""The three files of a store as values, and the store they make together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from vetflow.model.audits import Audit, Exemption, Publisher, TrustedEntry, Unpublished, WildcardAudit
from vetflow.model.criteria import Criteria
from vetflow.model.names import SAFE_TO_DEPLOY, CrateName, CriteriaName, ImportName
from vetflow.model.version import VetVersion

STORE_FILES: Final = ("config.toml", "audits.toml", "imports.lock")
OWN_FILES: Final = (
    "allowed_signers",
    "findings.toml",
    "import-receipts.toml",
    "policy-baseline.toml",
    "publishers.toml",
    "revoked_signers",
    "signatures-baseline.txt",
    "signatures.toml",
    "surface.lock",
    "vetflow.toml",
)
"""vetflow's files beside them, which cargo-vet leaves alone; a write may be of both kinds."""
SURFACE_LOCK: Final = "surface.lock"
FINDINGS: Final = "findings.toml"
JOURNAL: Final = ".vetflow-journal"
"""Stands beside them while a write of several files is under way."""


class StoreVersion(NamedTuple):
    """The cargo-vet version a store was written by, major and minor."""

    major: int
    minor: int

    def __str__(self) -> str:
        """Return it as it stands in `cargo-vet.version`."""
        return f"{self.major}.{self.minor}"


OLDEST_STORE: Final = StoreVersion(0, 4)
"""What a store without a `[cargo-vet]` table is taken to be."""
CURRENT_STORE: Final = StoreVersion(0, 10)
"""What vetflow reads and writes: the version of cargo-vet 0.10.x."""


class CriteriaEntry(NamedTuple):
    """One `[criteria.NAME]` table."""

    description: str | None = None
    description_url: str | None = None
    implies: tuple[CriteriaName, ...] = ()
    aggregated_from: tuple[str, ...] = ()


class AuditsFile(NamedTuple):
    """audits.toml, or one import's table in imports.lock. Entry tuples stand in file order, never empty."""

    criteria: Mapping[CriteriaName, CriteriaEntry]
    wildcard_audits: Mapping[CrateName, tuple[WildcardAudit, ...]]
    audits: Mapping[CrateName, tuple[Audit, ...]]
    trusted: Mapping[CrateName, tuple[TrustedEntry, ...]]


class Policy(NamedTuple):
    """One `[policy.KEY]` table; None where a key is absent, which differs from an explicit empty list."""

    audit_as_crates_io: bool | None = None
    criteria: tuple[CriteriaName, ...] | None = None
    dev_criteria: tuple[CriteriaName, ...] | None = None
    dependency_criteria: Mapping[CrateName, tuple[CriteriaName, ...]] = {}
    notes: str | None = None


NO_POLICY: Final = Policy()


class PolicyTable(NamedTuple):
    """All policy tables: by crate name, and under it by version (None for a key without a version).

    A name has either one unversioned entry or versioned ones; the reader refuses a mixture.
    """

    by_name: Mapping[CrateName, Mapping[VetVersion | None, Policy]]

    def get(self, name: CrateName, version: VetVersion) -> Policy:
        """Return the policy in force for a package, `NO_POLICY` when there is none."""
        entries = self.by_name.get(name)
        if not entries:
            return NO_POLICY
        return entries.get(None) or entries.get(version) or NO_POLICY


class Import(NamedTuple):
    """One `[imports.NAME]` table."""

    url: tuple[str, ...]
    exclude: tuple[CrateName, ...] = ()
    criteria_map: Mapping[CriteriaName, tuple[CriteriaName, ...]] = {}


class ConfigFile(NamedTuple):
    """config.toml."""

    version: StoreVersion
    default_criteria: CriteriaName = SAFE_TO_DEPLOY
    imports: Mapping[ImportName, Import] = {}
    policy: PolicyTable = PolicyTable({})
    exemptions: Mapping[CrateName, tuple[Exemption, ...]] = {}


class ImportsFile(NamedTuple):
    """imports.lock."""

    unpublished: Mapping[CrateName, tuple[Unpublished, ...]]
    publisher: Mapping[CrateName, tuple[Publisher, ...]]
    audits: Mapping[ImportName, AuditsFile]


class Store(NamedTuple):
    """A whole store, validated: every criteria name that the verdict may meet is known.

    criteria: the local criteria, built from `audits.criteria`.
    imports: what is vetted with: imports.lock in a locked run, the live state otherwise.
    """

    config: ConfigFile
    audits: AuditsFile
    imports: ImportsFile
    criteria: Criteria


EMPTY_STORE: Final = Store(ConfigFile(CURRENT_STORE), AuditsFile({}, {}, {}, {}), ImportsFile({}, {}, {}), Criteria({}))
"""A store that says nothing: what a workspace without one has."""
