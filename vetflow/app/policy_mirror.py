"""`policy mirror`: the gate for privileged code in cargo-vet's own words, so that plain `cargo vet` asks for it, too.

Two criteria do it. One a person certifies; the other a machine records of crates that run nothing during a build, and
it implies the first. The machine's entries are not importable: they hold in this project alone, and `cargo vet prune`
drops those that no lock needs. cargo-vet checks no signatures and lets exemptions pass, so that vetflow's gate stays
the stricter one (shared spec trust 4.2).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, NamedTuple

from vetflow.app.baseline import unread
from vetflow.app.drift import pinned_in, read_side
from vetflow.app.gate import privileged_crates
from vetflow.app.network import open_sources
from vetflow.app.recording import WritePlan, record
from vetflow.app.request import Request
from vetflow.app.shipped import shipped_path
from vetflow.app.surface import open_locked_project
from vetflow.app.updating import Run
from vetflow.formats.audits_toml import parse_audits
from vetflow.model.audits import Audit, AuditKind
from vetflow.model.criteria import Criteria
from vetflow.model.names import CrateName
from vetflow.model.packages import Package, PackageGraph
from vetflow.model.rules import BUILD_TIME_REVIEWED
from vetflow.model.store import CriteriaEntry, Store
from vetflow.resolve.conclude import conclude
from vetflow.resolve.required_policy import Scope, require
from vetflow.store.open import OpenedStore

NO_BUILD_TIME_CODE: Final = "no-build-time-code"
NOTES: Final = "Found by a machine: it has no build script and is no proc macro, and nothing of that kind links it."


class Mirrored(NamedTuple):
    """What was written, or with a dry run would be.

    quiet: how many crates run nothing during a build. to_review: those that do, and that nobody certified for it.
    """

    written: WritePlan
    quiet: int
    to_review: tuple[Package, ...]


def mirror_gate(request: Request, who: tuple[str, ...], run: Run) -> Mirrored:
    """Define the criteria, require the first of all that is shipped, and record which crates run nothing.

    who: in whose name the machine's entries are; they are signed where the run signs. Raises UndecidedError, naming
    them, when crates could not be read; what opening and writing a store raises.
    """
    project = open_locked_project(request)
    with open_sources(project, run.progress) as sources:
        side = read_side(project, pinned_in(project), sources, run.progress)
    if side.lacking:
        raise unread(side.lacking, "nothing was written")
    running = {(crate.package.name, crate.package.version) for crate in privileged_crates(side, dev=True)}
    done: list[tuple[PackageGraph, Store]] = []

    def change(opened: OpenedStore) -> Store:
        graph = side.project.graph(opened.store.config.policy)
        quiet = [
            node.package for node in graph.nodes if node.is_third_party and (node.name, node.version) not in running
        ]
        store = _with_entries(_with_criteria(opened.store), quiet, who)
        store = require(graph, store, (BUILD_TIME_REVIEWED,), Scope.SHIPPED).store
        done[:] = [(graph, store)]
        return store

    written = record(side.project, change, dry_run=run.dry_run, waiting=run.waiting, own_files=run.own_files)
    ((graph, store),) = done
    return _consequence(written, graph, store, running)


def shipped_criteria() -> dict[str, CriteriaEntry]:
    """Return the two criteria as vetflow words them."""
    path = shipped_path("criteria", "build-time.toml")
    with open(path, encoding="utf-8") as file:
        return dict(parse_audits(file.read(), path).criteria)


def _with_criteria(store: Store) -> Store:
    """Return the store with the criteria defined; those that a project defines already are its own."""
    defined = {**shipped_criteria(), **store.audits.criteria}
    criteria = Criteria({name: entry.implies for name, entry in defined.items()})
    return store._replace(audits=store.audits._replace(criteria=dict(sorted(defined.items()))), criteria=criteria)


def _with_entries(store: Store, quiet: Collection[Package], who: tuple[str, ...]) -> Store:
    audits: dict[CrateName, tuple[Audit, ...]] = dict(store.audits.audits)
    for package in quiet:
        known = audits.get(package.name, ())
        if any(NO_BUILD_TIME_CODE in each.criteria and each.version == package.version for each in known):
            continue
        criteria = (NO_BUILD_TIME_CODE,)
        entry = Audit(AuditKind.FULL, criteria, package.version, who=who, importable=False, notes=NOTES)
        audits[package.name] = (*known, entry)
    return store._replace(audits=store.audits._replace(audits=dict(sorted(audits.items()))))


def _consequence(
    written: WritePlan, graph: PackageGraph, store: Store, running: Collection[tuple[CrateName, object]]
) -> Mirrored:
    resolution = conclude(graph, store)
    wanted = 1 << store.criteria.names.index(BUILD_TIME_REVIEWED)
    third_party = [number for number, node in enumerate(graph.nodes) if node.is_third_party]
    quiet = [n for n in third_party if (graph.nodes[n].name, graph.nodes[n].version) not in running]
    required = [number for number in third_party if resolution.requirements[number] & wanted]
    missing = [number for number in required if resolution.path(number, wanted) is None]
    return Mirrored(written, len(quiet), tuple(graph.nodes[number].package for number in missing))
