"""`publishers`: write down who published what is locked, so that later runs can tell a change without a network."""

from __future__ import annotations

from typing import Final, NamedTuple

from vetflow.app.locked_packages import locked_packages
from vetflow.app.network import open_sources
from vetflow.app.project import open_project
from vetflow.app.publisher_rows import PublisherRows, fetch_publishers, snapshot
from vetflow.app.recording import record_own_files
from vetflow.app.request import Request
from vetflow.app.updating import Run
from vetflow.formats.publishers_toml import PUBLISHERS, write_publishers
from vetflow.model.audits import Publisher
from vetflow.model.names import CRATES_IO, CrateName
from vetflow.model.version import VetVersion

_EARLIER: Final = 5
"""How many versions before a locked one are written down: as many as say who usually publishes."""


class PublisherSnapshot(NamedTuple):
    """What was written. publishers: by crate. lacking: crates that crates.io could not be asked about; theirs stay."""

    publishers: PublisherRows
    lacking: tuple[CrateName, ...]
    written: tuple[str, ...]


def take_snapshot(request: Request, run: Run) -> PublisherSnapshot:
    """Ask crates.io who published the locked versions and those before, and write publishers.toml.

    That is a request for each crate of which no earlier answer is kept, one a second. Raises StoreError.
    """
    project = open_project(request)
    locked: dict[CrateName, set[VetVersion]] = {}
    for package in locked_packages(project):
        if package.source == CRATES_IO:
            locked.setdefault(package.name, set()).add(package.version)
    with open_sources(project, run.progress) as sources:
        fetched = fetch_publishers(locked, sources)
    known = snapshot(project)
    rows = {name: _telling(fetched.get(name) or known.get(name, ()), versions) for name, versions in locked.items()}
    publishers = {name: some for name, some in rows.items() if some}
    lacking = tuple(sorted(locked.keys() - fetched.keys()))
    text = write_publishers(publishers)
    written = () if run.dry_run else record_own_files(project, lambda _: {PUBLISHERS: text}, run.waiting)
    return PublisherSnapshot(publishers, lacking, written)


def _telling(rows: tuple[Publisher, ...], versions: set[VetVersion]) -> tuple[Publisher, ...]:
    """Return the rows of versions and of those right before each."""
    ordered = sorted(rows, key=lambda row: row.version)
    kept: dict[VetVersion, Publisher] = {}
    for version in versions:
        until = [row for row in ordered if row.version <= version]
        kept.update({row.version: row for row in until[-_EARLIER - 1 :]})
    return tuple(kept[version] for version in sorted(kept))
