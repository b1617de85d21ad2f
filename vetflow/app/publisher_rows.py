"""Who published what, from everywhere a run may know it: imports.lock, a snapshot beside it, and crates.io itself."""

from __future__ import annotations

import os.path
from collections.abc import Collection, Mapping
from typing import TypeAlias

from vetflow.app.crate_contents import look_up_published
from vetflow.app.network import Sources
from vetflow.app.project import Project
from vetflow.app.recording import own_text
from vetflow.formats.publishers_toml import PUBLISHERS, parse_publishers
from vetflow.model.audits import Publisher
from vetflow.model.names import CrateName
from vetflow.model.store import ImportsFile
from vetflow.sources.api import CrateFacts, look_up_facts
from vetflow.sources.index import PublishedCrate
from vetflow.trust.publisher_changes import merge_publishers

PublisherRows: TypeAlias = Mapping[CrateName, tuple[Publisher, ...]]


def snapshot(project: Project) -> PublisherRows:
    """Return the publishers that a store's publishers.toml has, none without one; raises StoreError."""
    text = own_text(project, PUBLISHERS)
    place = os.path.relpath(os.path.join(project.store.folder, PUBLISHERS), project.request.cwd)
    return {} if text is None else parse_publishers(text, place)


def known_publishers(project: Project, imports: ImportsFile, fetched: PublisherRows | None = None) -> PublisherRows:
    """Return who published what, as far as a project and its imports.lock know.

    fetched: what crates.io said in this run, which is believed first.
    """
    return merge_publishers(fetched or {}, imports.publisher, snapshot(project))


def fetch_publishers(crates: Collection[CrateName], sources: Sources) -> PublisherRows:
    """Return what crates.io, or a kept answer of it, says of crates; nothing of those it could not be asked about."""
    index = look_up_published(sorted(crates), sources)
    facts = look_up_facts(sources.fetcher, [crate for crate in index.values() if isinstance(crate, PublishedCrate)])
    return {name: found.publishers() for name, found in facts.items() if isinstance(found, CrateFacts)}
