"""`check`: is every third-party crate vetted? The use cases behind the verdict, in every output format."""

from __future__ import annotations

import os.path
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from vetflow.app.judge import judge
from vetflow.app.project import Project, open_project
from vetflow.app.request import Request
from vetflow.errors import UndefinedCriteriaError
from vetflow.model.findings import Finding, Level
from vetflow.model.report import Conflict, VettingFailure, ViolationFailure
from vetflow.model.store import FINDINGS
from vetflow.resolve.conclude import Resolution
from vetflow.resolve.policy_check import check_policies

if TYPE_CHECKING:  # what only an unlocked check does is imported when it does it
    from vetflow.app.unvetted import UnvettedCrate
    from vetflow.model.suggestions import Suggest


class Check(NamedTuple):
    """A verdict and what it was reached on.

    notes: what else a person should know, nothing that changes it. written: the store's files that an unlocked check
    brought up to date. suggest: the audits with the least to read, where sizes could be asked for.
    """

    project: Project
    resolution: Resolution
    notes: tuple[Finding, ...] = ()
    written: tuple[str, ...] = ()
    suggest: Suggest | None = None

    @property
    def succeeded(self) -> bool:
        """Whether every third-party crate is vetted."""
        return not isinstance(self.resolution.conclusion, VettingFailure | ViolationFailure)

    def unvetted(self) -> tuple[UnvettedCrate, ...]:
        """Describe the crates that are not vetted, in graph order; computed on each call."""
        conclusion = self.resolution.conclusion
        if not isinstance(conclusion, VettingFailure):
            return ()
        from vetflow.app.unvetted import describe  # noqa: PLC0415  a check that succeeds has none

        return tuple(describe(self.resolution, failure) for failure in conclusion.failures)

    def conflicts(self) -> tuple[tuple[int, tuple[Conflict, ...]], ...]:
        """Return the contradicted violations by node, in graph order."""
        conclusion = self.resolution.conclusion
        return conclusion.conflicts if isinstance(conclusion, ViolationFailure) else ()


def check_locked(request: Request) -> Check:
    """Judge the workspace by the store as it is: imports.lock is taken as it stands, nothing is fetched or written.

    Raises what reading workspace and store raises.
    """
    project = open_project(request)
    opened = project.open_store(locked=True)
    try:
        judged = judge(project, opened.store, None)
    except UndefinedCriteriaError as error:
        from vetflow.formats.consistency import undefined_criteria  # noqa: PLC0415  says where they stand

        raise undefined_criteria(opened.files) from error
    return Check(judged.project, judged.resolution, (*_store_notes(project), *judged.notes))


def check_live(
    request: Request, *, progress: Callable[[str, int, int], None], waiting: Callable[[], None], with_suggestions: bool
) -> Check:
    """Judge the workspace by the store and what others have published since; bring the store up to date on success.

    A failing check writes nothing. Where the store cannot be written, the verdict stands and a note says what would
    have been written. progress, waiting: see `network.open_sources` and `recording.record`. Raises UndecidedError when
    something that the verdict needs could not be had.
    """
    from vetflow.app.audit_as import audit_as  # noqa: PLC0415  see above
    from vetflow.app.live import fetch_upstream, with_live_imports  # noqa: PLC0415
    from vetflow.app.network import open_sources  # noqa: PLC0415
    from vetflow.app.store_update import update_after_check  # noqa: PLC0415
    from vetflow.resolve.audit_as import check_audit_as  # noqa: PLC0415
    from vetflow.resolve.update_plan import CHECK  # noqa: PLC0415

    project = open_project(request)
    store = project.open_store(locked=False).store
    graph = project.graph(store.config.policy)
    check_policies(graph, store.config.policy)
    with open_sources(project, progress) as sources:
        check_audit_as(audit_as(project, graph.packages, store, sources).problems)
        fetched = fetch_upstream(graph, store, sources, CHECK, whole_index=True)
        judged = judge(project, with_live_imports(graph, store, fetched.upstream), sources)
        notes = (*_store_notes(project), *fetched.notes, *judged.notes)
        result = Check(judged.project, judged.resolution, notes)
        if result.succeeded:
            update = update_after_check(judged.project, judged.resolution, fetched, sources, waiting)
            notes = (*notes, *update.notes, *_not_accepted(judged.project))
            return result._replace(notes=notes, written=update.written)
        if not with_suggestions:
            return result
        from vetflow.app.suggest import suggest_audits  # noqa: PLC0415

        return result._replace(suggest=suggest_audits(judged.project, judged.resolution, sources))


def _not_accepted(project: Project) -> tuple[Finding, ...]:
    """Count the imported rows that nobody accepted, in one finding; none where no receipts are kept."""
    if not project.tree.is_file(os.path.join(project.store.folder, "import-receipts.toml")):
        return ()
    from vetflow.app.imports.receipts import not_accepted  # noqa: PLC0415  brings cryptography, and few projects keep any

    return not_accepted(project)


def _store_notes(project: Project) -> tuple[Finding, ...]:
    if not project.store.depends_on_cwd:
        return project.notes
    reason = "`metadata.vet` gives a relative store path; it counts from the current directory, not from the workspace"
    relative = Finding("store/relative-path", Level.WARN, None, reason, "run vetflow in the workspace's root")
    return (*project.notes, relative)


def notes_of(check: Check) -> tuple[Finding, ...]:
    """Return what changes nothing about the verdict and is still worth knowing."""
    further = (_held(check.project), _uncovered_locks(check.project))
    return (*check.notes, *(note for note in further if note))


def _held(project: Project) -> Finding | None:
    """Name the crates that somebody holds back, in one finding; None where nobody does."""
    if not project.tree.is_file(os.path.join(project.store.folder, FINDINGS)):
        return None
    from vetflow.app.hold import held_note  # noqa: PLC0415  few projects have such a file

    return held_note(project)


def _uncovered_locks(project: Project) -> Finding | None:
    """Name the other lock files of the repository in one finding; None when there are none, or no repository."""
    lock = project.lock_file()
    if lock is None:
        return None
    from vetflow.project.other_locks import other_lock_files  # noqa: PLC0415  not needed for JSON

    others = other_lock_files(lock, project.commit)
    if not others:
        return None
    names = ", ".join(os.path.relpath(path, project.workspace.root) for path in others)
    return Finding("lock/not-covered", Level.NOTE, None, f"not covered by this run: {names}")
