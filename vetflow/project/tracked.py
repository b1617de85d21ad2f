"""Whether git keeps a file of the working tree, so that everybody builds with the same one."""

from __future__ import annotations

import os
from enum import Enum

from vetflow.project.git_process import run_git
from vetflow.project.revision import GIT_ENVIRONMENT


class Tracked(Enum):
    """What git makes of a file."""

    TRACKED = "tracked"
    UNTRACKED = "untracked"
    IGNORED = "ignored"
    UNKNOWN = "unknown"
    """There is no repository, or no git."""


def is_tracked(path: str) -> Tracked:
    """Return what git makes of the file at `path` (absolute). A tracked file counts as such, whatever is ignored."""
    folder, name = os.path.split(path)
    listed = _git(folder, "ls-files", "--error-unmatch", "--", name)
    if listed == 0:
        return Tracked.TRACKED
    if listed != 1:
        return Tracked.UNKNOWN
    return Tracked.IGNORED if _git(folder, "check-ignore", "--quiet", "--", name) == 0 else Tracked.UNTRACKED


def _git(folder: str, *command: str) -> int | None:
    """Return the exit code of a command of git that looks and writes nothing; None where there is no git."""
    try:
        return run_git(folder, {**os.environ, **GIT_ENVIRONMENT}, *command).returncode
    except OSError:
        return None
