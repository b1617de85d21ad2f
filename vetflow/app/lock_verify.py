"""`lock verify`: whether Cargo.lock is complete, kept by git, and what index, archives and an earlier revision say."""

from __future__ import annotations

import os.path
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Final, NamedTuple

from vetflow.app.crates import crate_id
from vetflow.app.locked_packages import locked_packages, look_up_packages, read_lock_packages
from vetflow.app.network import Sources, open_sources
from vetflow.app.project import Project
from vetflow.app.request import Request
from vetflow.app.rules import read_rules
from vetflow.app.surface import open_locked_project
from vetflow.errors import Place
from vetflow.graph.workspace import LOCK
from vetflow.model.findings import Finding, Level
from vetflow.model.names import CRATES_IO
from vetflow.model.packages import Package
from vetflow.project.revision import open_revision
from vetflow.project.tracked import Tracked, is_tracked
from vetflow.trust.lock_integrity import archive_findings, changed_checksums, index_findings, lock_findings

if TYPE_CHECKING:  # brings what reads crates, and none is read here
    from vetflow.app.readings import Progress


class LockVerification(NamedTuple):
    """What came of it. compared: how many packages have the checksum that index and archive have.

    lacking: packages of which that could not be decided, and why.
    """

    project: Project
    findings: tuple[Finding, ...]
    compared: int
    lacking: tuple[tuple[Package, str], ...]

    @property
    def succeeded(self) -> bool:
        """Whether nothing found is a failure."""
        return all(finding.level is not Level.FAIL for finding in self.findings)


class _Compared(NamedTuple):
    findings: tuple[Finding, ...]
    lacking: Mapping[Package, str]


class LockRules(NamedTuple):
    """What is asked of a lock besides its own consistency.

    base: a revision whose lock must agree about the versions both have. with_archives: compare each package's archive,
    too, for which those not on this machine are downloaded. expected: sources besides crates.io, see `lock_findings`;
    None is those of vetflow.toml.
    """

    base: str | None = None
    with_archives: bool = True
    expected: Collection[str] | None = None


_DEFAULT: Final = LockRules()
_ELSEWHERE: Final = "it comes from another registry, and its archive is not on this machine"


def verify_lock(request: Request, progress: Progress, rules: LockRules = _DEFAULT) -> LockVerification:
    """Verify the lock of a request; raises WorkspaceError where there is none, or it is malformed.

    A locked run makes no requests.
    """
    request = request._replace(offline=request.offline or request.locked)
    project = open_locked_project(request)
    with open_sources(project, progress) as sources:
        return verify_project_lock(project, sources, progress, rules)


def verify_project_lock(
    project: Project, sources: Sources, progress: Progress, rules: LockRules = _DEFAULT
) -> LockVerification:
    """Verify the lock of a project that is open, whose graph comes from it."""
    packages = locked_packages(project)
    compared = [package for package in packages if package.checksum]
    by_index = compare_with_index(project, packages, sources)
    archives = _compare_archives(project, compared, sources, progress) if rules.with_archives else _Compared((), {})
    expected = read_rules(project).expected_sources if rules.expected is None else rules.expected
    findings = (
        *changes_since(project, packages, rules.base),
        *lock_findings(packages, project.lock_place, expected),
        *by_index.findings,
        *archives.findings,
        *tracking_findings(project),
    )
    lacking = {**archives.lacking, **by_index.lacking}
    return LockVerification(project, findings, len(set(compared) - lacking.keys()), tuple(lacking.items()))


def changes_since(project: Project, packages: Iterable[Package], base: str | None) -> tuple[Finding, ...]:
    """Return the versions whose checksum is not what the lock of revision `base` has; none without a base."""
    lock = project.lock_file()
    if base is None or lock is None:
        return ()
    with closing(open_revision(project.request.cwd, base)) as tree:
        old = read_lock_packages(tree, lock) if tree.is_file(lock) else ()
    return tuple(changed_checksums(old, packages, project.lock_place))


def compare_with_index(project: Project, packages: Iterable[Package], sources: Sources) -> _Compared:
    """Compare checksums with those of the index, as far as this run can have it."""
    indexed = look_up_packages(packages, project.request, sources)
    checksums = {package: row.checksum for package, row in indexed.found.items()}
    findings = index_findings(checksums, indexed.absent, project.lock_place)
    lacking = {package: f"its entry in the index could not be had: {why}" for package, why in indexed.lacking.items()}
    return _Compared(tuple(findings), lacking)


def tracking_findings(project: Project) -> Iterator[Finding]:
    """Yield a finding when git does not keep the lock; a lock that was read from a revision is kept."""
    lock = project.lock_file()
    if lock is None or project.commit is not None:
        return
    tracked = is_tracked(lock)
    place = Place(os.path.relpath(lock, project.request.cwd))
    if tracked is Tracked.IGNORED:
        reason = f"git ignores {LOCK}: what is verified here is not what others build"
        yield Finding("lock/ignored", Level.FAIL, place, reason, f"remove it from .gitignore, then `git add {LOCK}`")
    elif tracked is Tracked.UNTRACKED:
        yield Finding("lock/untracked", Level.WARN, place, f"git does not keep {LOCK} yet", f"git add {LOCK}")


def _compare_archives(
    project: Project, packages: Collection[Package], sources: Sources, progress: Progress
) -> _Compared:
    """Look for an archive of each package; only one with the checksum of the lock is ever found."""
    crates = sources.crates()
    found = {}
    for done, package in enumerate(packages, 1):
        found[package] = crates.find(crate_id(package))
        progress("archives compared", done, len(packages))
    missing = [package for package, search in found.items() if search.crate is None and not search.findings]
    # Other registries' crates are not asked for: crates.io need not learn their names.
    wanted = [crate_id(package) for package in missing if package.source == CRATES_IO]
    refused = sources.download(wanted) if wanted else {}
    lacking = {package: why for package in missing if (why := refused.get(crate_id(package)))}
    lacking |= dict.fromkeys((each for each in missing if each.source != CRATES_IO), _ELSEWHERE)
    aside = [finding for search in found.values() if search.crate is not None for finding in search.findings]
    other = {
        package: "; ".join(f"{finding.place}: {finding.reason}" for finding in search.findings)
        for package, search in found.items()
        if search.crate is None and search.findings
    }
    return _Compared((*archive_findings(other, project.lock_place), *aside), lacking)
