"""`backtest`: what a policy would have stopped or asked a review for, had it been in force, and the minutes of that.

The lock's own history is walked, commit by commit as they came to where the team merges to; nothing is checked out and
nothing is written but what is kept in the cache. Of the past not everything can be known: whether a version was yanked
or who signed what is left aside, what nobody can tell of a crate is counted and never taken for harmless.
"""

from __future__ import annotations

import os.path
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from vetflow.app.advisories import merged, read_databases, usual_database
from vetflow.app.backtest.facts import PastFacts, gather_past
from vetflow.app.backtest.incident import injected_lock
from vetflow.app.backtest.lock import PastLock
from vetflow.app.backtest.minutes import with_minutes
from vetflow.app.backtest.step import PastJudge, PastPolicy
from vetflow.app.drift import pinned_in, side_of
from vetflow.app.growth import pin_packages
from vetflow.app.network import Sources, open_sources
from vetflow.app.project import Project
from vetflow.app.publisher_rows import known_publishers
from vetflow.app.readings import Identity, Progress, identity_of
from vetflow.app.recording import own_text
from vetflow.app.request import Request
from vetflow.app.rules import read_rules
from vetflow.app.surface import open_locked_project
from vetflow.errors import NoStoreError, UndecidedError, UsageError, VetflowError, WorkspaceError
from vetflow.formats.cargo_lock import parse_lock
from vetflow.formats.cargo_text import decode_workspace_file
from vetflow.formats.policy_toml import parse_rules
from vetflow.graph.workspace import LOCK
from vetflow.model.advisories import Advisory
from vetflow.model.names import CrateName
from vetflow.model.packages import Package, Targets
from vetflow.model.rules import RULES_FILE, STRICT_RULES, ProjectRules
from vetflow.model.store import EMPTY_STORE
from vetflow.project.lock_history import LockCommit, LockHistory, lock_contents, lock_history
from vetflow.review.backtest import Step, Sums, in_all
from vetflow.sources.cargo_config import read_cargo_config
from vetflow.trust.cool_down import CoolDownPolicy, cargo_min_age, with_cargo_default

UNSHALLOW: Final = "git fetch --unshallow, or clone with `fetch-depth: 0`"


class Wanted(NamedTuple):
    """What to judge, and by what. since: seconds since 1970.

    policy: a file in the form of vetflow.toml, None for the workspace's own. profile: a stricter set in it.
    with_incident: also inject an attack as there was one, see `incident`.
    """

    since: int
    policy: str | None = None
    profile: str | None = None
    with_incident: bool = False


class Unread(NamedTuple):
    """A commit whose lock could not be read, and why; the next one is compared with the last one that could."""

    at: int
    commit: str
    why: str


class Backtest(NamedTuple):
    """The answer. head: the commit it goes up to. policy: where the rules are from, in words.

    first: the state it begins with. steps: the oldest first. lacking: packages whose code nobody here could read, and
    why; undated: those of crates.io of which nobody knows how old they were, and why. databases: of advisories, none
    where there was none to ask. cut: the clone is shallow. incident: what an injected attack would have met.
    """

    since: int
    head: str
    policy: str
    rules: ProjectRules
    first: LockCommit | None
    steps: tuple[Step, ...]
    unread: tuple[Unread, ...]
    packages: int
    lacking: tuple[tuple[Package, str], ...]
    undated: tuple[tuple[Package, str], ...]
    databases: tuple[str, ...]
    cut: bool
    incident: Step | None

    @property
    def sums(self) -> Sums:
        """What all steps come to, the injected one left out."""
        return in_all(self.steps)


def backtest(request: Request, wanted: Wanted, now: int, progress: Progress) -> Backtest:
    """Judge the past of a workspace's lock. now: seconds since 1970.

    Archives and index are asked where the run may. Raises what reading the workspace raises, StoreError for rules that
    cannot be read, UndecidedError for a clone that has no past.
    """
    request = request._replace(offline=request.offline or request.locked)
    project = open_locked_project(request)
    asked = _Asked(project, wanted, *_rules(project, wanted), now)
    rev = project.commit or "HEAD"
    history = lock_history(request.cwd, rev, project.workspace.root, wanted.since, request.environ)
    if history.cut and len(history.commits) < 2:
        raise UndecidedError("this clone is shallow: it has no history of Cargo.lock", help=UNSHALLOW)
    with open_sources(project, progress) as sources:
        return _Walk(asked, history, sources, progress).walk()


def _rules(project: Project, wanted: Wanted) -> tuple[str, ProjectRules]:
    """Return where the rules are from, in words, and the rules."""
    if wanted.policy is not None:
        path = os.path.join(project.request.cwd, wanted.policy)
        try:
            with open(path, encoding="utf-8") as file:
                return wanted.policy, parse_rules(file.read(), wanted.policy, wanted.profile)
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"cannot read the policy '{wanted.policy}'", causes=(str(error),)) from error
    if own_text(project, RULES_FILE) is None:
        return "strict rules, as there is no vetflow.toml here", STRICT_RULES
    return RULES_FILE, read_rules(project, wanted.profile)


class _Asked(NamedTuple):
    """What one walk is about. words: where the rules are from."""

    project: Project
    wanted: Wanted
    words: str
    rules: ProjectRules
    now: int


class _Walk:
    """One walk over a history."""

    def __init__(self, asked: _Asked, history: LockHistory, sources: Sources, progress: Progress) -> None:
        self._asked = asked
        self._project = asked.project
        self._request = asked.project.request
        self._rules = asked.rules
        self._history = history
        self._sources = sources
        self._progress = progress
        self._unread: dict[LockCommit, str] = {}

    def walk(self) -> Backtest:
        """Read all locks for their packages, find out about these together, then judge lock after lock."""
        history, wanted = self._history, self._asked.wanted
        commits = [*([history.before] if history.before else []), *history.commits]
        packages = self._packages(commits)
        facts = gather_past(packages, pinned_in(self._project), self._request, self._sources, self._progress)
        databases, advisories = self._advisories(packages)
        judge = _Judging(self._policy(advisories), facts, wanted.since, self._asked.now)
        for lock in self._locks([each for each in commits if each not in self._unread], facts):
            judge.take(lock)
        first, steps, incident = judge.end(with_incident=wanted.with_incident)
        if first is None:
            raise UndecidedError(
                "no Cargo.lock of that time can be read",
                help="name a later day with --since",
                causes=tuple(dict.fromkeys(self._unread.values()))[:3],
            )
        timed = with_minutes(steps, packages, self._request, self._sources, self._progress)
        return Backtest(
            since=wanted.since,
            head=history.head,
            policy=self._asked.words,
            rules=self._rules,
            first=first,
            steps=timed,
            unread=tuple(Unread(each.at, each.name, self._unread[each]) for each in commits if each in self._unread),
            packages=len(packages),
            lacking=tuple(_known(packages, {each: why.reason for each, why in facts.lacking.items()})),
            undated=tuple(_known(packages, facts.undated)),
            databases=databases,
            cut=history.cut,
            incident=incident,
        )

    def _packages(self, commits: Sequence[LockCommit]) -> Collection[Package]:
        """Return every package that was ever locked and is not local; takes note of locks that cannot be read."""
        found: dict[Identity, Package] = {}
        for done, (commit, content) in enumerate(lock_contents(self._request.cwd, commits)):
            self._progress("locks read", done, len(commits))
            if content is None:
                removed = "it has no Cargo.lock any more: it was removed, or is a link"
                self._unread[commit] = removed if commit.blob is None else "git does not have it; is the clone partial?"
                continue
            path = os.path.normpath(os.path.join(os.path.relpath(commit.folder, self._request.cwd), LOCK))
            try:
                entries = parse_lock(decode_workspace_file(content, path), path).entries
            except WorkspaceError as error:
                self._unread[commit] = f"{_reason(error)} ({error.help})" if error.help else _reason(error)
                continue
            for entry in entries:
                if entry.source is not None:
                    package = Package(entry.name, entry.version, entry.source, entry.checksum)
                    found.setdefault(identity_of(package), package)
        return tuple(found.values())

    def _locks(self, commits: Sequence[LockCommit], facts: PastFacts) -> Iterator[PastLock]:
        """Open one lock after the other, with its manifests; takes note of those that do not fit them."""
        targets = facts.targets()
        for done, commit in enumerate(commits):
            self._progress("locks judged", done, len(commits))
            manifest = os.path.join(commit.folder, "Cargo.toml")
            try:
                project = open_locked_project(self._request._replace(rev=commit.name, manifest_path=manifest))
            except VetflowError as error:
                self._unread[commit] = _reason(error)
                continue
            yield PastLock(commit, side_of(pin_packages(_seen(project, targets), facts.pin_of)))

    def _policy(self, advisories: Mapping[CrateName, Sequence[Advisory]]) -> PastPolicy:
        project, rules = self._project, self._rules.cool_down
        config = read_cargo_config(project.tree, self._request.cwd, self._request.cargo_home)
        wait = with_cargo_default(
            CoolDownPolicy(rules.min_age, rules.privileged_min_age, rules.exempt),
            cargo_min_age(config, self._request.environ),
        )
        try:
            imports = project.open_store(locked=False).store.imports
        except NoStoreError:
            imports = EMPTY_STORE.imports
        publishers = known_publishers(project, imports) if wait.exempt else {}
        return PastPolicy(self._rules, wait, publishers, advisories)

    def _advisories(
        self, packages: Collection[Package]
    ) -> tuple[tuple[str, ...], Mapping[CrateName, Sequence[Advisory]]]:
        """Return the databases that are at hand, and what they say."""
        root = self._project.workspace.root
        paths = [os.path.join(root, path) for path in self._rules.advisories.databases]
        paths = [path for path in paths or [usual_database(self._request)] if os.path.exists(path)]
        databases = read_databases(self._request, paths, packages) if paths else ()
        return tuple(each.path for each in databases), merged(databases)


class _Judging:
    """Judges locks as they come, each when the next one is there: what was in force for how long matters.

    since, now: between which moments something counts.
    """

    def __init__(self, policy: PastPolicy, facts: PastFacts, since: int, now: int) -> None:
        self._policy = policy
        self._facts = facts
        self._since = since
        self._now = now
        self._first: LockCommit | None = None
        self._judge: PastJudge | None = None
        self._before: PastLock | None = None
        self._after: PastLock | None = None
        self._steps: list[Step] = []

    def take(self, lock: PastLock) -> None:
        """Judge the lock before this one."""
        self._advance(lock.commit.at)
        if self._before is not None:
            self._before.close()
        self._before, self._after = self._after, lock

    def end(self, *, with_incident: bool) -> tuple[LockCommit | None, Sequence[Step], Step | None]:
        """Judge the last lock; return the first commit, the steps, and what an injected attack would have met."""
        self._advance(self._now)
        incident = None
        if with_incident and self._after is not None and self._judge is not None:
            injected = injected_lock(self._after, self._facts)
            if injected is not None:
                attacked, facts = injected
                incident = self._judge.judge(self._after, attacked, attacked.commit.at, facts)
        for lock in (self._before, self._after):
            if lock is not None:
                lock.close()
        return self._first, self._steps, incident

    def _advance(self, until: int) -> None:
        """Judge the newest lock, which was in force until a moment."""
        if self._after is None:
            return
        if self._judge is None:
            self._first = self._after.commit
            self._judge = PastJudge(self._policy, self._after)
            step = self._judge.watch(self._after, max(self._since, self._after.commit.at), until, self._facts)
            self._steps += [step] if step.events else []
        elif self._before is not None:
            self._steps.append(self._judge.judge(self._before, self._after, until, self._facts))


def _seen(project: Project, targets: Mapping[str, Targets]) -> Project:
    """Return a project as it is seen with what was read of its crates."""
    return project.with_facts(project.facts._replace(by_checksum={**project.facts.by_checksum, **targets}))


def _known(packages: Collection[Package], reasons: Mapping[Identity, str]) -> Iterator[tuple[Package, str]]:
    """Yield the packages about which there is a reason, by name and version."""
    for package in sorted(packages, key=lambda each: (each.name, each.version)):
        if (why := reasons.get(identity_of(package))) is not None:
            yield package, why


def _reason(error: VetflowError) -> str:
    """Return an error in one line: with its first problem, and how many there are."""
    if not error.related:
        return error.message
    more = f" (and {len(error.related) - 1} more)" if len(error.related) > 1 else ""
    return f"{error.message}: {error.related[0].message}{more}"
