"""What a successful check has to say about the store: that something in it is no longer needed.

The comparison is cargo-vet's (shared spec resolver 9.1): with a store as `prune` would leave it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from vetflow.formats.audits_toml import write_audits
from vetflow.formats.config_toml import write_config
from vetflow.formats.imports_lock import write_imports_lock
from vetflow.model.names import CrateName
from vetflow.model.store import Store
from vetflow.model.version import VetVersion
from vetflow.resolve.conclude import Resolution
from vetflow.resolve.update import update_store
from vetflow.resolve.update_plan import PRUNE


class Prunable(Enum):
    """What `prune` would take out, or narrow, first of all."""

    EXEMPTIONS = "exemptions"
    IMPORTS = "imports"
    AUDITS = "audits"


class PruneAdvice(NamedTuple):
    """prunable: None when there is nothing to prune.

    published_since: by name, the crates that would still rest on an unpublished row although crates.io has that version
    meanwhile. `regenerate unpublished` removes such rows.
    """

    prunable: Prunable | None
    published_since: tuple[CrateName, ...]


def prune_advice(
    resolution: Resolution, updated: Store, published: Mapping[CrateName, tuple[VetVersion, ...]]
) -> PruneAdvice:
    """Compare the store that a check is about to write with what `prune` would leave.

    resolution: of the live state. published: the versions that crates.io has, of the crates it was asked about.
    """
    pruned = update_store(resolution, PRUNE)
    since = (
        name
        for name, rows in sorted(pruned.imports.unpublished.items())
        if any(row.version in published.get(name, ()) for row in rows)
    )
    return PruneAdvice(_first_difference(pruned, updated), tuple(since))


def _first_difference(pruned: Store, updated: Store) -> Prunable | None:
    """Compare what would be written: the order of entries in memory means nothing."""
    if write_config(pruned.config) != write_config(updated.config):
        return Prunable.EXEMPTIONS
    if write_imports_lock(pruned.imports) != write_imports_lock(updated.imports):
        return Prunable.IMPORTS
    if write_audits(pruned.audits, {}) != write_audits(updated.audits, {}):
        return Prunable.AUDITS
    return None
