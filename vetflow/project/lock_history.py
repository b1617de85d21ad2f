"""The past of one Cargo.lock: the commits that changed it where the team merges to, without checking anything out.

First parents only, a merge being one change; a lock that was moved is followed to where it lay before. git's own
records are read: no hook, filter, signature check, attribute or setting of the user takes part.
"""

from __future__ import annotations

import os.path
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from vetflow.errors import WorkspaceError
from vetflow.project.git_process import run_git
from vetflow.project.revision import GIT_ENVIRONMENT, open_revision
from vetflow.project.signed_commits import is_shallow

_LOCK: Final = "Cargo.lock"
_LOG: Final = (
    *("-c", "log.showRoot=true"),
    *("-c", "log.follow=false"),
    *("-c", "diff.renameLimit=1000"),
    "log",
    "--first-parent",
    "--diff-merges=first-parent",
    "--raw",
    "-z",
    "-M",
    "--no-abbrev",
    "--no-relative",
    "--no-color",
    "--no-notes",
    "--no-show-signature",
    "--no-ext-diff",
    "--no-textconv",
    "--format=commit %H %ct %P",
)
_HEADER: Final = "commit "
_OLDEST: Final = 100_000_000
"""The smallest number that git takes for a moment; it is younger than 1973's."""


class LockCommit(NamedTuple):
    """A commit, and the lock it leaves.

    at: by the committer's clock, seconds since 1970. folder: absolute, of the lock as the working tree would have it.
    blob: git's name of the lock's content; None where the commit removes the lock. moved: it lay elsewhere before.
    """

    name: str
    at: int
    folder: str
    blob: str | None
    moved: bool = False


class LockHistory(NamedTuple):
    """What changed a lock since a moment, the oldest first.

    before: what was in force then; None where there was no lock yet, or the history begins later. cut: the clone is
    shallow, and ends within that time.
    """

    head: str
    before: LockCommit | None
    commits: tuple[LockCommit, ...]
    cut: bool


class _Change(NamedTuple):
    """One file of a commit. old: where it lay before, if it was moved. blob: None for one that is removed."""

    path: str
    old: str | None
    blob: str | None


class _Logged(NamedTuple):
    """A commit as git tells it. parent: the first one."""

    name: str
    at: int
    parent: str | None
    changes: tuple[_Change, ...]


def lock_history(cwd: str, rev: str, folder: str, since: int, environ: Mapping[str, str]) -> LockHistory:
    """Return what changed the lock in `folder` (absolute) on the way to `rev`, since a moment (seconds since 1970).

    cwd: in the repository. Raises what `open_revision` raises, and WorkspaceError where git cannot tell, or no commit
    has that lock.
    """
    head = _commit(cwd, rev)
    surroundings = {**environ, **GIT_ENVIRONMENT}
    prefix = os.fsdecode(_ask(cwd, surroundings, "rev-parse", "--show-prefix")).removesuffix("\n")
    inside = os.path.normpath(os.path.join(prefix, os.path.relpath(folder, cwd), _LOCK))
    top = os.path.normpath(os.path.join(cwd, *([".."] * prefix.count("/"))))
    known = _ask(cwd, surroundings, *_LOG, f"--since=@{max(since, _OLDEST)}", head, "--", f":(top,glob)**/{_LOCK}")
    commits: list[LockCommit] = []
    path, parent, is_root = inside, head, False
    for each in parse_log(os.fsdecode(known)):
        change = next((change for change in each.changes if change.path == path), None)
        if change is None:
            continue
        where = os.path.normpath(os.path.join(top, os.path.dirname(path)))
        commits.append(LockCommit(each.name, each.at, where, change.blob, moved=change.old is not None))
        path = change.old or path
        parent, is_root = each.parent or each.name, each.parent is None
    before = None if is_root else _in_force(cwd, surroundings, parent, path, top)
    if not commits and before is None:
        raise WorkspaceError(
            f"no commit up to {head[:12]} has {inside}",
            help="commit Cargo.lock: what was locked in the past is read from the repository",
        )
    return LockHistory(head, before, tuple(reversed(commits)), cut=is_root and is_shallow(cwd))


def lock_contents(cwd: str, commits: Iterable[LockCommit]) -> Iterator[tuple[LockCommit, bytes | None]]:
    """Yield commits with their locks, one at a time; None where there is none, or git does not have it."""
    from git import Repo  # noqa: PLC0415  costs more than a whole check

    with Repo(cwd, search_parent_directories=True) as repository:
        repository.git.update_environment(**GIT_ENVIRONMENT)
        for commit in commits:
            try:
                yield commit, repository.odb.stream(bytes.fromhex(commit.blob)).read() if commit.blob else None
            except ValueError:  # a partial clone, and nothing is fetched for it
                yield commit, None


def parse_log(text: str) -> Iterator[_Logged]:
    """Read what `git log --raw -z` prints: a header for each commit, then two or three fields for each file."""
    fields = text.split("\0")
    at = 0
    while at < len(fields) - 1:
        name, seconds, *parents = fields[at].removeprefix(_HEADER).split()
        at += 1
        changes = []
        while at < len(fields) and fields[at].lstrip("\n").startswith(":"):
            _, mode, _, blob, status = fields[at].lstrip("\n").split()
            is_moved = status.startswith("R")
            path = fields[at + 1 + is_moved]
            # A link in the place of the file is no lock: links are not followed in a revision.
            is_file = mode.startswith("100")
            changes.append(_Change(path, fields[at + 1] if is_moved else None, blob if is_file else None))
            at += 2 + is_moved
        yield _Logged(name, int(seconds), parents[0] if parents else None, tuple(changes))


def _commit(cwd: str, rev: str) -> str:
    tree = open_revision(cwd, rev)
    tree.close()
    return tree.commit


def _in_force(cwd: str, environ: Mapping[str, str], commit: str, path: str, top: str) -> LockCommit | None:
    """Return the lock a commit has, whoever changed it last."""
    listed = os.fsdecode(_ask(cwd, environ, "ls-tree", "-z", "--full-tree", commit, "--", path))
    if not listed.startswith("100"):
        return None
    seconds = int(_ask(cwd, environ, "log", "--max-count=1", "--no-show-signature", "--format=%ct", commit))
    folder = os.path.normpath(os.path.join(top, os.path.dirname(path)))
    return LockCommit(commit, seconds, folder, listed.split("\t")[0].split()[2])


def _ask(cwd: str, environ: Mapping[str, str], *arguments: str) -> bytes:
    try:
        asked = run_git(cwd, environ, *arguments)
    except OSError as error:
        raise WorkspaceError("git, which knows what was locked before, cannot be run", causes=[str(error)]) from None
    if asked.returncode:
        raise WorkspaceError(
            "git cannot tell the history of Cargo.lock",
            help="run this inside the repository that the workspace is in",
            causes=[asked.stderr.decode(errors="replace").strip()],
        )
    return asked.stdout
