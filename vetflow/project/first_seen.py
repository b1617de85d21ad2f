"""Since when a text stands in a file of the repository, where the team merges to.

A signature says itself when it was made; git's history says since when others could see it. First parents only: what a
branch held before it was merged is what its author wants to have been.
"""

from __future__ import annotations

from contextlib import closing
from typing import Final

from vetflow.errors import VetflowError
from vetflow.project.revision import GIT_ENVIRONMENT, open_revision

_LOG: Final = (
    "--first-parent",
    "--diff-merges=first-parent",
    "--reverse",
    "--no-show-signature",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--no-renames",
    "--format=%ct",
)


def first_seen(directory: str, rev: str, path: str, text: str) -> int | None:
    """Return when `text` came into the file at `path` (absolute), seconds since 1970, by the committer's clock.

    None where it is not in the history of `rev`, or there is no history. A shallow clone knows only when its oldest
    commit was made, which is later.
    """
    try:
        with closing(open_revision(directory, rev)) as tree:
            commit = tree.commit
    except VetflowError:
        return None
    from git import Git, GitCommandError  # noqa: PLC0415  costs more than a whole check

    git = Git(directory)
    git.update_environment(**GIT_ENVIRONMENT)
    try:
        found = str(git.log(*_LOG, f"-S{text}", commit, "--", path)).split()
    except GitCommandError:
        return None
    return int(found[0]) if found else None
