"""`guard sync`: what the gate says of a lock becomes what the guard lets cargo compile on this machine.

The gate's verdict counts, by the project's rules or, without any, by the usual ones: an audit leads to the version, by
whoever's own hand or a peer's, signed where the project signs; trust in a publisher and exemptions are no audit. What
only tests need is judged as well, since it runs, too. What passes is written down file by file, as its verified archive
has it; packages of the workspace and those at paths beside it are the user's own.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from vetflow.app.crate_batch import Unread, why_unread
from vetflow.app.crates import CrateReader
from vetflow.app.drift import Side, pinned_in, read_side
from vetflow.app.gate import judge_gate, signed_entries
from vetflow.app.guard import lock_digest
from vetflow.app.network import Sources, open_sources
from vetflow.app.project import Project
from vetflow.app.readings import Progress
from vetflow.app.request import Request
from vetflow.app.rules import read_rules
from vetflow.app.surface import open_locked_project
from vetflow.app.verify import verify_project
from vetflow.errors import VetflowError
from vetflow.guard.allow_file import write_allow_file
from vetflow.guard.decision import AllowFile, Attested
from vetflow.guard.installation import guard_folder, write_allowed
from vetflow.model.packages import Package
from vetflow.model.store import EMPTY_STORE
from vetflow.sources.archives import sha256
from vetflow.surface.tiers import Tier
from vetflow.trust.gate import GateVerdict


class GuardSync(NamedTuple):
    """What came of it. path: the file written. base: the commit whose store counted; None for the working tree's.

    own: directories whose packages are the user's. passing, refused: the crates that run during a build, what is only
    linked into such last. lacking: those of which nothing could be known, and why. has_store: without one, nothing of
    others is attested. is_vendored: archives were not to be had, so the vendored files count as they are.
    """

    path: str
    base: str | None
    own: tuple[str, ...]
    passing: tuple[GateVerdict, ...]
    refused: tuple[GateVerdict, ...]
    lacking: tuple[tuple[Package, Unread], ...]
    has_store: bool
    is_vendored: bool


def sync_guard(request: Request, base: str | None, now: int, progress: Progress) -> GuardSync:
    """Judge what runs when a workspace is built, and write its allow file.

    base: a revision whose audits, rules and keys count, and none of the working tree's. now: seconds since 1970.
    Archives that are not on this machine are fetched where the run may, in a locked one never. Raises StoreError for a
    store that cannot be understood, UsageError where the file cannot be written.
    """
    request = request._replace(offline=request.offline or request.locked)
    head = open_locked_project(request)
    trusted = head if base is None else open_locked_project(request._replace(rev=base))
    with open_sources(trusted, progress) as sources:
        archives = sources.without_vendored()
        side = read_side(head, None, archives, progress)
        is_vendored = sources.vendored and not all(why.refused for _, why in side.lacking)
        if is_vendored:
            archives, side = sources, read_side(head, None, sources, progress)
        verdicts = _verdicts(side, trusted, now)
        passing, missing = _with_files(side.project, archives, (each for each in verdicts if each.passes))
    allow = AllowFile(
        root=os.path.realpath(head.workspace.root),
        lock=lock_digest(head),
        own=_own_folders(head),
        packages=_by_name(passing),
    )
    return GuardSync(
        path=write_allowed(guard_folder(request.environ), allow.root, write_allow_file(allow)),
        base=trusted.commit if base else None,
        own=allow.own,
        passing=tuple(verdict for verdict, _ in passing),
        refused=tuple(sorted((each for each in verdicts if each.passes is None), key=_is_only_linked)),
        lacking=(*side.lacking, *missing),
        has_store=trusted.tree.is_dir(trusted.store.folder),
        is_vendored=is_vendored,
    )


def _verdicts(side: Side, trusted: Project, now: int) -> tuple[GateVerdict, ...]:
    rules = read_rules(trusted)
    rules = rules._replace(gate=rules.gate._replace(dev=True))
    if not trusted.tree.is_dir(trusted.store.folder):
        return judge_gate(side, EMPTY_STORE, rules, lambda _crate, _entry: False).verdicts
    store = trusted.open_store(locked=False).store
    counts = signed_entries(verify_project(trusted, now), rules)
    return judge_gate(side, store, rules, counts, pinned_in(trusted)).verdicts


def _is_only_linked(verdict: GateVerdict) -> bool:
    return verdict.crate.tiers == (Tier.HOST_LIBRARY,)


def _with_files(
    project: Project, sources: Sources, verdicts: Iterable[GateVerdict]
) -> tuple[list[tuple[GateVerdict, Attested]], list[tuple[Package, Unread]]]:
    """Return verdicts with the files they are about, and the packages whose content is not to be had."""
    reader = CrateReader(project.request, sources, project)
    found, missing = [], []
    for verdict in verdicts:
        package = verdict.crate.package
        try:
            content = reader.locked(package)
        except VetflowError as error:
            missing.append((package, why_unread(error)))
            continue
        files = {path: sha256(file.content) for path, file in content.files.items()}
        found.append((verdict, Attested(files, from_git=bool(package.version.git))))
    return found, missing


def _by_name(passing: Iterable[tuple[GateVerdict, Attested]]) -> Mapping[tuple[str, str], tuple[Attested, ...]]:
    rows: dict[tuple[str, str], tuple[Attested, ...]] = {}
    for verdict, attested in passing:
        package = verdict.crate.package
        key = package.name, str(package.version.semver)
        rows[key] = (*rows.get(key, ()), attested)
    return rows


def _own_folders(project: Project) -> tuple[str, ...]:
    """Return the directories in which cargo starts the compiler for local packages: the workspace's, for all in it."""
    root = os.path.realpath(project.workspace.root)
    manifests = (package.manifest for package in project.workspace.packages if package.source is None)
    folders = {os.path.realpath(os.path.dirname(manifest)) for manifest in manifests if manifest}
    return (root, *sorted(folder for folder in folders if not folder.startswith(f"{root}/") and folder != root))
