"""What a run was asked to look at: decided values that every use case takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from vetflow.model.dates import Date


class CargoFlags(NamedTuple):
    """Flags that only cargo can turn into a graph."""

    no_all_features: bool = False
    no_default_features: bool = False
    features: tuple[str, ...] = ()
    cargo_args: tuple[str, ...] = ()

    def words(self) -> tuple[str, ...]:
        """Return the flags that were given, as the user wrote them."""
        return (
            *(("--no-all-features",) if self.no_all_features else ()),
            *(("--no-default-features",) if self.no_default_features else ()),
            *(f"--features {feature}" for feature in self.features),
            *(f"--cargo-arg={argument}" for argument in self.cargo_args),
        )


class MetadataDocument(NamedTuple):
    """A saved `cargo metadata` document, and what to call it in errors."""

    text: str
    name: str


class Request(NamedTuple):
    """Which workspace and store, at which revision, seen how, on which day.

    cwd, cargo_home: absolute. manifest_path, store_path: as given, relative to cwd.
    rev: a git revision to read everything from, None for the working tree.
    metadata: take the graph from this document. graph: "lock", "cargo" or None for "lock, cargo where only it can say".
    environ: what cargo and the network layer see. cache_dir: where vetflow keeps what it fetched, None for the default.
    """

    cwd: str
    cargo_home: str
    today: Date
    manifest_path: str | None = None
    store_path: str | None = None
    rev: str | None = None
    metadata: MetadataDocument | None = None
    graph: str | None = None
    cargo: CargoFlags = CargoFlags()
    filters: tuple[str, ...] = ()
    locked: bool = False
    frozen: bool = False
    offline: bool = False
    cache_dir: str | None = None
    use_git_credentials: bool = False
    environ: Mapping[str, str] = {}
