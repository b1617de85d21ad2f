"""`check`: is every third-party crate vetted? The use case behind the verdict, in every output format."""

from __future__ import annotations

import os.path
from typing import NamedTuple

from vetflow.app.library_facts import look_at_archives
from vetflow.app.project import Project, open_project
from vetflow.app.request import Request
from vetflow.app.unvetted import UnvettedCrate, describe
from vetflow.model.findings import Finding, Level
from vetflow.model.report import Conflict, VettingFailure, ViolationFailure
from vetflow.resolve.conclude import Resolution, conclude
from vetflow.resolve.policy_check import check_policies


class Check(NamedTuple):
    """A verdict and what it was reached on. notes: what else a person should know, nothing that changes it."""

    project: Project
    resolution: Resolution
    notes: tuple[Finding, ...] = ()

    @property
    def succeeded(self) -> bool:
        """Whether every third-party crate is vetted."""
        return not isinstance(self.resolution.conclusion, VettingFailure | ViolationFailure)

    def unvetted(self) -> tuple[UnvettedCrate, ...]:
        """Describe the crates that are not vetted, in graph order; computed on each call."""
        conclusion = self.resolution.conclusion
        if not isinstance(conclusion, VettingFailure):
            return ()
        return tuple(describe(self.resolution, failure) for failure in conclusion.failures)

    def conflicts(self) -> tuple[tuple[int, tuple[Conflict, ...]], ...]:
        """Return the contradicted violations by node, in graph order."""
        conclusion = self.resolution.conclusion
        return conclusion.conflicts if isinstance(conclusion, ViolationFailure) else ()


def check(request: Request) -> Check:
    """Judge the workspace by the store as it is: imports.lock is taken as it stands, nothing is fetched or written.

    A crate that would fail is first looked up among the archives on this machine: cargo leaves out a dependency that
    has no library, and the lock does not tell. Raises what reading workspace and store raises.
    """
    project = open_project(request)
    store = project.open_store(locked=True).store
    notes = _store_notes(project)
    while True:
        graph = project.graph(store.config.policy)
        check_policies(graph, store.config.policy)
        resolution = conclude(graph, store)
        seen = look_at_archives(project, resolution)
        if seen.project is project:
            return Check(project, resolution, notes)
        project, notes = seen.project, (*notes, *seen.findings)


def _store_notes(project: Project) -> tuple[Finding, ...]:
    if not project.store.depends_on_cwd:
        return ()
    reason = "`metadata.vet` gives a relative store path; it counts from the current directory, not from the workspace"
    return (Finding("store/relative-path", Level.WARN, None, reason, "run vetflow in the workspace's root"),)


def uncovered_locks(project: Project) -> Finding | None:
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
