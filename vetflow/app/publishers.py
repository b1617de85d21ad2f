"""Who published the versions of crates, for commands that only look: as far as crates.io, or a copy, can tell."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from vetflow.app.audit_sets import Lacking
from vetflow.app.network import Sources
from vetflow.model.audits import Publisher
from vetflow.model.names import CrateName


class KnownPublishers(NamedTuple):
    """rows: by crate, of every version whose publisher is known. lacking: crates that nobody could be asked about."""

    rows: Mapping[CrateName, tuple[Publisher, ...]]
    lacking: tuple[Lacking, ...]


def look_up_publishers(crates: Collection[CrateName], sources: Sources) -> KnownPublishers:
    """Ask the index and the web API about crates; what crates.io does not have is in neither result."""
    from vetflow.sources.answers import Unavailable  # noqa: PLC0415  only when fetching
    from vetflow.sources.api import CrateFacts, look_up_facts  # noqa: PLC0415
    from vetflow.sources.copies import CopiesInPlace  # noqa: PLC0415
    from vetflow.sources.index import PublishedCrate, look_up_crates  # noqa: PLC0415

    fetcher = CopiesInPlace(sources.fetcher)
    index = look_up_crates(fetcher, sorted(crates), sources.registry)
    facts = look_up_facts(fetcher, [answer for answer in index.values() if isinstance(answer, PublishedCrate)])
    return KnownPublishers(
        rows={name: answer.publishers() for name, answer in facts.items() if isinstance(answer, CrateFacts)},
        lacking=tuple(
            Lacking(f"who published {name}", answer.reason)
            for name, answer in sorted({**index, **facts}.items())
            if isinstance(answer, Unavailable)
        ),
    )
