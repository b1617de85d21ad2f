"""`progress`: what the crates in use rested on at the end of each month, from the store's git history."""

from __future__ import annotations

import os.path
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from vetflow.app.audit_sets import reason_of
from vetflow.app.judge import judge, resolve_with_archives
from vetflow.app.project import Project, open_project
from vetflow.app.request import Request
from vetflow.errors import UsageError, VetflowError
from vetflow.graph.workspace import LOCK
from vetflow.model.dates import Date
from vetflow.model.packages import PackageGraph, Targets
from vetflow.model.report import Conclusion, Success, Tally, VettedCrate, VettingFailure, tally
from vetflow.model.store import ImportsFile, Store
from vetflow.resolve.conclude import Resolution


class Counts(NamedTuple):
    """What crates rest on, and how many of them are not vetted."""

    vetted: Tally
    unvetted: int


class Verdict(NamedTuple):
    """What all third-party crates rest on, and apart those known to run code when the workspace is built.

    unknown: of how many crates nobody on this machine knows whether they do.
    """

    crates: Counts
    build_time: Counts
    unknown: int


class Moment(NamedTuple):
    """The state at one time: the end of a month by its first day, or with None the working tree as it is.

    commit: what was in force, None for the working tree. touched: store or lock changed in that month. verdict: None
    where there is no answer; `reason` says why.
    """

    month: Date | None
    commit: str | None
    touched: bool
    verdict: Verdict | None = None
    reason: str | None = None


def progress_by_month(
    request: Request, months: int, *, progress: Callable[[str, int, int], None]
) -> tuple[Moment, ...]:
    """Judge the workspace at the end of each of the last `months` months, and as it is; the oldest first.

    With `request.rev` the history of that revision is judged and the working tree is not looked at. Nothing is fetched.
    Raises WorkspaceError when there is no repository.
    """
    if request.metadata:
        raise UsageError(
            "--cargo-metadata tells the graph of one moment, and this is about many",
            help="leave it out: the graph of each month is computed from its Cargo.lock",
        )
    from vetflow.project.history import month_ends  # noqa: PLC0415  brings GitPython, dearer than a whole check

    project = open_project(request)
    paths = (project.store.folder, os.path.join(project.workspace.root, LOCK))
    ends = month_ends(project.workspace.root, request.rev or "HEAD", paths, request.today, months)
    judge_commit = _Judge(request)
    moments = []
    for done, end in enumerate(ends):
        progress("months judged", done, len(ends))
        verdict, reason = judge_commit.at(end.commit)
        moments.append(Moment(end.first_day, end.commit, end.touched, verdict, reason))
    if request.rev is None:
        verdict, reason = judge_commit.at(None)
        moments.append(Moment(None, None, touched=True, verdict=verdict, reason=reason))
    return tuple(moments)


class _Judge:
    """Judges commits, each once; what archives show is remembered from one to the next."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._known: dict[str | None, tuple[Verdict | None, str | None]] = {}
        self._targets: Mapping[str, Targets] = {}

    def at(self, commit: str | None) -> tuple[Verdict | None, str | None]:
        """Return the verdict at a commit, or why there is none; None is the working tree, or the revision asked for."""
        if commit not in self._known:
            try:
                self._known[commit] = self._verdict(commit), None
            except VetflowError as error:
                self._known[commit] = None, reason_of(error)
        return self._known[commit]

    def _verdict(self, commit: str | None) -> Verdict:
        project = open_project(self._request if commit is None else self._request._replace(rev=commit))
        store = project.open_store(locked=False).store
        resolution = judge(project, store, None).resolution
        self._look_at_all(project, store)
        return _counted(resolution, self._targets)

    def _look_at_all(self, project: Project, store: Store) -> None:
        """Look into the archive of every third-party crate that is on this machine.

        Archives are looked into for crates that fail, and without any entry all of them do.
        """
        nothing = store._replace(
            config=store.config._replace(exemptions={}),
            audits=store.audits._replace(audits={}, wildcard_audits={}, trusted={}),
            imports=ImportsFile({}, {}, {}),
        )
        project = project.with_facts(project.facts._replace(by_checksum=self._targets))
        seen = resolve_with_archives(project, nothing, None)
        self._targets = {**self._targets, **seen.project.facts.by_checksum}


def _counted(resolution: Resolution, targets: Mapping[str, Targets]) -> Verdict:
    vetted, unvetted = _vetted(resolution.conclusion)
    running, unknown = _build_time(resolution.graph, targets)
    return Verdict(
        _counts(vetted, unvetted),
        _counts((crate for crate in vetted if crate.node in running), (node for node in unvetted if node in running)),
        unknown,
    )


def _counts(vetted: Iterable[VettedCrate], unvetted: Iterable[int]) -> Counts:
    return Counts(tally(vetted), sum(1 for _ in unvetted))


def _vetted(conclusion: Conclusion) -> tuple[tuple[VettedCrate, ...], tuple[int, ...]]:
    if isinstance(conclusion, Success):
        return conclusion.crates, ()
    if isinstance(conclusion, VettingFailure):
        return conclusion.vetted, tuple(failure.node for failure in conclusion.failures)
    raise VetflowError("audits contradicted violations, so there was no verdict")


def _build_time(graph: PackageGraph, targets: Mapping[str, Targets]) -> tuple[frozenset[int], int]:
    """Return the third-party nodes that run code when the workspace is built, and of how many that is not known."""
    running, unknown = set(), 0
    for index, node in enumerate(graph.nodes):
        if not node.is_third_party:
            continue
        found = targets.get(node.package.checksum or "", node.package.targets)
        if found.build_script or found.proc_macro:
            running.add(index)
        elif found.build_script is None or found.proc_macro is None:
            unknown += 1
    return frozenset(running), unknown
