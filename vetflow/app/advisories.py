"""`advisories`: what is publicly known of the locked versions, and what the store says of them all the same.

Everything is on this machine already: the databases, and what it has of the index. A database that is too old, or that
cannot be read where it matters, leaves the question open; it never answers it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from vetflow.app.locked_packages import IndexedPackages, locked_packages, look_up_packages
from vetflow.app.network import open_sources
from vetflow.app.project import Project, open_project
from vetflow.app.request import Request
from vetflow.app.rules import read_rules
from vetflow.app.vouchers import Vouchers
from vetflow.errors import NoStoreError, UsageError
from vetflow.model.advisories import DEFAULT_ADVISORY_POLICY, Advisory, AdvisoryPolicy
from vetflow.model.dates import Date
from vetflow.model.findings import Finding, Level
from vetflow.model.names import CRATES_IO, CrateName
from vetflow.model.packages import Package
from vetflow.project.last_change import last_change
from vetflow.resolve.conclude import Resolution, conclude
from vetflow.sources.advisory_db import AdvisoryDatabase, read_advisory_db
from vetflow.trust.advisories import AdvisoryMatch, match_advisories, unused_ignores
from vetflow.trust.advisory_findings import (
    match_finding,
    staleness,
    unused_ignore_finding,
    violation_commands,
    yanked_finding,
)

if TYPE_CHECKING:  # brings what reads crates, and none is read here
    from vetflow.app.readings import Progress

_CARGO_AUDITS: Final = "advisory-db"
"""Where `cargo audit` keeps its database, in cargo's home."""


class AdvisoryAnswer(NamedTuple):
    """A match and what the store adds to it.

    vetted_by: the entries that vet the version, in words; none where it is exempted or not vetted. fix_vetted: whether
    the store vets the fix already. violations: the commands that would record it, offered and nothing more.
    """

    match: AdvisoryMatch
    vetted_by: tuple[str, ...]
    fix_vetted: bool
    violations: tuple[str, ...]
    finding: Finding


class Advisories(NamedTuple):
    """The whole answer. lacking: why something could not be decided, each a sentence without a full stop."""

    project: Project
    databases: tuple[AdvisoryDatabase, ...]
    answers: tuple[AdvisoryAnswer, ...]
    yanked: tuple[Package, ...]
    findings: tuple[Finding, ...]
    lacking: tuple[str, ...]

    @property
    def succeeded(self) -> bool:
        """Whether nothing found is a failure."""
        return all(finding.level is not Level.FAIL for finding in self.findings)


def find_advisories(
    request: Request,
    paths: Sequence[str],
    progress: Progress,
    *,
    policy: AdvisoryPolicy | None = None,
    stale: bool = False,
) -> Advisories:
    """Answer for the workspace of a request; raises what reading workspace and store raises, and NotFoundError.

    paths: of databases, relative to the current directory; none are those that vetflow.toml names, else the one that
    `cargo audit` keeps, and UsageError where that is not there. policy: None is that of vetflow.toml. stale: a database
    of any age will do. A store is not needed.
    """
    request = request._replace(offline=request.offline or request.locked)
    project = open_project(request)
    packages = locked_packages(project)
    rules = read_rules(project).advisories
    policy = policy or rules.policy
    paths = paths or [os.path.join(project.workspace.root, path) for path in rules.databases]
    databases = read_databases(request, paths, packages)
    with open_sources(project, progress) as sources:
        indexed = look_up_packages(packages, request, sources)
    return judge_advisories(project, databases, indexed, lambda: _resolution(project), policy=policy, stale=stale)


def judge_advisories(
    project: Project,
    databases: tuple[AdvisoryDatabase, ...],
    indexed: IndexedPackages,
    resolution: Callable[[], Resolution | None],
    *,
    policy: AdvisoryPolicy = DEFAULT_ADVISORY_POLICY,
    stale: bool = False,
) -> Advisories:
    """Match the packages of a project that is open, with what is known of it.

    resolution: the verdict, None where there is no store; asked for only when something matches.
    """
    today = project.request.today
    matches = match_advisories(locked_packages(project), merged(databases), indexed.versions, policy, today)
    answers = answer_matches(project, matches, resolution() if matches else None)
    yanked = tuple(package for package, row in indexed.found.items() if row.yanked)
    unknown = _not_indexed(indexed)
    # What would only be a warning leaves nothing undecided.
    decisive = unknown is not None and policy.yanked is Level.FAIL
    findings = (
        *(answer.finding for answer in answers),
        *(yanked_finding(package, policy.yanked, project.lock_place) for package in yanked),
        *map(unused_ignore_finding, unused_ignores(policy, matches)),
        *((Finding("advisories/yanked-unknown", Level.NOTE, None, unknown),) if unknown and not decisive else ()),
    )
    lacking = (*_undecided(databases, policy, today, stale=stale), *((unknown,) if unknown and decisive else ()))
    return Advisories(project, databases, answers, yanked, findings, lacking)


def read_databases(request: Request, paths: Sequence[str], packages: Iterable[Package]) -> tuple[AdvisoryDatabase, ...]:
    """Read what databases say of packages, each with the day of its last commit where it is in a git repository."""
    if not paths:
        usual = usual_database(request)
        if not os.path.isdir(usual):
            raise UsageError(
                f"there is no advisory database at {usual}, where `cargo audit` keeps its own",
                help="name a checkout of RustSec's advisory-db, or an archive of OSV records: --db PATH",
            )
        paths = (usual,)
    crates = {package.name for package in packages if package.source == CRATES_IO}
    return tuple(_dated(read_advisory_db(os.path.join(request.cwd, path), crates)) for path in paths)


def usual_database(request: Request) -> str:
    """Return where `cargo audit` keeps its database, whether there is one or not."""
    return os.path.join(request.cargo_home, _CARGO_AUDITS)


def merged(databases: Iterable[AdvisoryDatabase]) -> Mapping[CrateName, tuple[Advisory, ...]]:
    """Return what all databases say of each crate."""
    found: dict[CrateName, tuple[Advisory, ...]] = {}
    for database in databases:
        for crate, advisories in database.advisories.items():
            known = found.get(crate, ())
            found[crate] = (*known, *(each for each in advisories if each.id not in {one.id for one in known}))
    return found


def answer_matches(
    project: Project, matches: Iterable[AdvisoryMatch], resolution: Resolution | None
) -> tuple[AdvisoryAnswer, ...]:
    """Join matches with a verdict, None where there is no store."""
    vouchers = None if resolution is None else Vouchers(project, resolution)
    answers = []
    for match in matches:
        package, fix = match.package, match.fix
        vetted_by = () if vouchers is None else vouchers.of(package, match.advisory.published)
        fix_vetted = vouchers is not None and fix is not None and vouchers.vet(package, fix)
        finding = match_finding(match, vetted_by, project.lock_place)
        answers.append(AdvisoryAnswer(match, vetted_by, fix_vetted, violation_commands(match), finding))
    return tuple(answers)


def _resolution(project: Project) -> Resolution | None:
    """Judge the project by its store as it is, without archives: only who vets what is asked for."""
    try:
        store = project.open_store(locked=False).store
    except NoStoreError:
        return None
    return conclude(project.graph(store.config.policy), store)


def _dated(database: AdvisoryDatabase) -> AdvisoryDatabase:
    """Take the day of the last commit for that of the newest file, where there is one."""
    seconds = None if database.folder is None else last_change(database.folder)
    if seconds is None:
        return database
    moment = time.gmtime(seconds)
    return database._replace(updated=Date(moment.tm_year, moment.tm_mon, moment.tm_mday))


def _undecided(
    databases: Iterable[AdvisoryDatabase], policy: AdvisoryPolicy, today: Date, *, stale: bool
) -> Iterator[str]:
    for database in databases:
        if not stale and (why := staleness(database.updated, policy, today, database.path)):
            yield f"{why}; bring it up to date, or pass --stale"
        yield from (f"{unread.file} cannot be understood: {unread.reason}" for unread in database.unread)


def _not_indexed(indexed: IndexedPackages) -> str | None:
    """Say of how many packages it is not known whether they were yanked; in one sentence, for there may be hundreds."""
    if not indexed.lacking:
        return None
    package, why = next(iter(indexed.lacking.items()))
    return (
        f"whether packages were yanked is not known (packages: {len(indexed.lacking)}); "
        f"for example {package.name} {package.version}: {why}"
    )
