"""What crates.io knows about packages that come from elsewhere, and which policies do not fit that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from vetflow.app.descriptions import descriptions
from vetflow.app.network import Sources
from vetflow.app.project import Project
from vetflow.model.names import CrateName
from vetflow.model.packages import Package
from vetflow.model.report import CrateVersion
from vetflow.model.store import Store
from vetflow.model.upstream import CrateDescription
from vetflow.resolve.audit_as import AuditAsProblems, find_audit_as_problems, names_to_describe


class AuditAs(NamedTuple):
    """The problems, and what they were found with: see `resolve.audit_as.repair_audit_as`."""

    problems: AuditAsProblems
    ours: Mapping[CrateVersion, CrateDescription]
    theirs: Mapping[CrateName, CrateDescription | None]


def audit_as(project: Project, packages: Iterable[Package], store: Store, sources: Sources) -> AuditAs:
    """Ask crates.io about the names that only it can judge, and compare.

    store: with the imports of imports.lock. A name that could not be asked about is no error: it counts as not
    matching, as in cargo-vet.
    """
    packages = tuple(packages)
    ours = descriptions(project)
    theirs = _look_up(names_to_describe(packages, store), sources)
    return AuditAs(find_audit_as_problems(packages, store, ours, theirs), ours, theirs)


def _look_up(names: Iterable[CrateName], sources: Sources) -> dict[CrateName, CrateDescription | None]:
    from vetflow.sources.answers import Missing  # noqa: PLC0415  only when fetching
    from vetflow.sources.api import CrateFacts, look_up_facts  # noqa: PLC0415
    from vetflow.sources.index import PublishedCrate, look_up_crates  # noqa: PLC0415

    index = look_up_crates(sources.fetcher, names, sources.registry)
    theirs: dict[CrateName, CrateDescription | None] = {
        name: None for name, answer in index.items() if isinstance(answer, Missing)
    }
    published = [answer for answer in index.values() if isinstance(answer, PublishedCrate)]
    for name, facts in look_up_facts(sources.fetcher, published).items():
        if isinstance(facts, CrateFacts):
            theirs[name] = CrateDescription(facts.description, facts.repository)
    return theirs
