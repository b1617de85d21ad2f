"""`init`: a store for a workspace that has none, in which everything is exempted."""

from __future__ import annotations

from typing import NamedTuple

from vetflow.app.audit_as import audit_as
from vetflow.app.audit_as_repair import repair_policies, unanswered
from vetflow.app.imports.coverage import settled_by_audits
from vetflow.app.judge import resolve_with_archives
from vetflow.app.network import open_sources
from vetflow.app.recording import WritePlan
from vetflow.app.request import Request
from vetflow.app.updating import Run, open_for_writing
from vetflow.formats.store_files import StoreFiles, canonical_texts
from vetflow.model.findings import Finding
from vetflow.model.names import ImportName
from vetflow.model.packages import Package
from vetflow.model.store import EMPTY_STORE, STORE_FILES, Store
from vetflow.resolve.conclude import conclude
from vetflow.resolve.update import update_store
from vetflow.resolve.update_plan import REGENERATE_EXEMPTIONS
from vetflow.store.create import create_store, require_no_store


class Initialized(NamedTuple):
    """A new store.

    folder: where it is. exempted: the third-party packages, all of them exempted. audited_as: how many packages of our
    own got a policy that says whether they are crates of crates.io. importable: how many crates whose audits would
    settle, see `imports.coverage.settled_by_audits`. notes: what could not be found out.
    """

    folder: str
    written: WritePlan
    exempted: tuple[Package, ...]
    audited_as: int
    importable: tuple[tuple[ImportName, int], ...]
    notes: tuple[Finding, ...]

    @property
    def known(self) -> int:
        """Of how many exempted packages it is known whether they run code when the project is built."""
        return sum(None not in (package.targets.build_script, package.targets.proc_macro) for package in self.exempted)

    @property
    def running(self) -> int:
        """How many exempted packages are known to run code when the project is built."""
        return sum(bool(package.targets.build_script or package.targets.proc_macro) for package in self.exempted)


def init(request: Request, run: Run) -> Initialized:
    """Create the store, with the bytes that `cargo vet init` writes.

    Asks crates.io which packages of our own are published, and fetches archives that are not on this machine, since
    cargo leaves out what has no library; `--frozen` and `--offline` forbid it. Raises StoreError when there is a store.
    """
    project = open_for_writing(request)
    require_no_store(project.store.folder)
    with open_sources(project, run.progress) as sources:
        first = resolve_with_archives(project, EMPTY_STORE, sources)
        known = audit_as(first.project, first.project.workspace.packages, EMPTY_STORE, sources)
        store = repair_policies(first.project, EMPTY_STORE, known)
        judged = resolve_with_archives(first.project, store, sources)
        project = judged.project
        graph = project.graph(store.config.policy)
        store = update_store(conclude(graph, store), REGENERATE_EXEMPTIONS)
        importable = () if request.locked else settled_by_audits(graph, store, sources)
    notes = (*unanswered(project, EMPTY_STORE, known), *first.notes, *judged.notes)
    written = WritePlan(dict.fromkeys(STORE_FILES, ""), _texts(store))
    if not run.dry_run:
        create_store(project.store.folder, written.after)
    return Initialized(
        project.store.folder,
        written,
        exempted=tuple(node.package for node in graph.nodes if node.is_third_party),
        audited_as=len(store.config.policy.by_name),
        importable=importable,
        notes=notes,
    )


def _texts(store: Store) -> dict[str, str]:
    return canonical_texts(StoreFiles("", {}, store.config, store.audits, store.imports))
