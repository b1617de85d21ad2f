"""What others published, as far as a run asked: peers' audits, versions in the registry, who published them.

A crate that is not in a mapping was not asked about, which is never the same as "there is nothing": what imports.lock
says of it stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from vetflow.model.audits import Publisher
from vetflow.model.names import CrateName, ImportName
from vetflow.model.store import AuditsFile
from vetflow.model.version import VetVersion


class Upstream(NamedTuple):
    """What was fetched for an update of the store.

    audits: for every import of config.toml what the peer says, in local criteria and with everything marked fresh
    (`resolve.live.map_to_local_criteria`). published: all versions of a crate in the index of crates.io, empty where
    there is no such crate. publishers: a row for each version whose publisher is known, in ascending order of
    versions.
    """

    audits: Mapping[ImportName, AuditsFile] = {}
    published: Mapping[CrateName, tuple[VetVersion, ...]] = {}
    publishers: Mapping[CrateName, tuple[Publisher, ...]] = {}


class CrateDescription(NamedTuple):
    """How a package describes itself; by this cargo-vet guesses whether two packages of one name are the same."""

    description: str | None = None
    repository: str | None = None

    def resembles(self, other: CrateDescription) -> bool:
        """Whether the descriptions or the repositories are given and equal."""
        return (self.description is not None and self.description == other.description) or (
            self.repository is not None and self.repository == other.repository
        )
