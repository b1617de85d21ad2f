"""The store's past in its git repository: what was in force at the end of each month.

The first parents of a revision are followed, which is what was in force where the team merges to. Only git's own
records are read: no hook, signature check or text conversion takes part.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import Final, NamedTuple

from vetflow.errors import WorkspaceError
from vetflow.model.dates import Date
from vetflow.project.revision import GIT_ENVIRONMENT as INERT
from vetflow.project.revision import open_revision

_LOG: Final = ("--first-parent", "--no-show-signature", "--no-color", "--format=%H %ct")


class Month(NamedTuple):
    """A month, by its first day, and the commit in force at its end. touched: that commit was made in this month."""

    first_day: Date
    commit: str
    touched: bool


class _Commit(NamedTuple):
    name: str
    month: Date


def month_ends(directory: str, rev: str, paths: Iterable[str], today: Date, months: int) -> tuple[Month, ...]:
    """Return the last `months` months up to today's, those before the first commit left out.

    A commit counts when it touches one of `paths` (absolute). Months are those of UTC. Raises what
    `revision.open_revision` raises, and WorkspaceError when git cannot tell, as for a path outside of the repository.
    """
    commits = tuple(_commits(directory, rev, paths))  # the newest first
    found = []
    for back in range(months):
        month = Date(today.year, today.month, 1).plus_months(-back)
        last = next((commit for commit in commits if commit.month <= month), None)
        if last is None:
            break
        found.append(Month(month, last.name, touched=last.month == month))
    return tuple(reversed(found))


def _commits(directory: str, rev: str, paths: Iterable[str]) -> Iterator[_Commit]:
    with closing(open_revision(directory, rev)) as tree:
        commit = tree.commit
    from git import Git, GitCommandError  # noqa: PLC0415  costs more than a whole check

    git = Git(directory)
    git.update_environment(**INERT)
    try:
        lines = str(git.log(*_LOG, commit, "--", *paths)).splitlines()
    except GitCommandError as error:
        words = str(error.stderr).strip().removeprefix("stderr: ").strip("'\n ")
        raise WorkspaceError(
            "git cannot tell the history of the store",
            help="the store and Cargo.lock must be in the repository the workspace is in",
            causes=[words] if words else [],
        ) from None
    for line in lines:
        name, seconds = line.split()
        moment = time.gmtime(int(seconds))
        yield _Commit(name, Date(moment.tm_year, moment.tm_mon, 1))
