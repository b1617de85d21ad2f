"""Other Cargo.lock files of the user's repository: crates that a run says nothing about."""

from __future__ import annotations

import os
from typing import Final

# No setting may make git run a program: a file system monitor is the one that listing could start.
_GIT: Final = ("git", "-c", "core.fsmonitor=false", "--no-optional-locks")
_TRACKED: Final = ("ls-files", "-z", "--cached", "--full-name", "--", ":(top,glob)**/Cargo.lock")
_LOCK: Final = "Cargo.lock"
_COMMITTED: Final = ("ls-tree", "-r", "-z", "--name-only", "--full-tree")


def other_lock_files(lock: str, commit: str | None = None) -> list[str]:
    """Return the absolute paths of the tracked Cargo.lock files beside `lock`, the one a run looks at (absolute).

    commit: look at this commit instead of the working tree. Files in the target folder beside `lock`, and files that
    are tracked but not on disk, are left out. Empty outside of a git repository and without git: this is a courtesy,
    not a check.
    """
    root = os.path.dirname(lock)
    top = _repository_of(root)
    if top is None or not hasattr(os, "posix_spawnp"):
        return []
    target = os.path.join(root, "target", "")
    names = _list(top, _TRACKED if commit is None else (*_COMMITTED, commit))
    paths = [os.path.join(top, name) for name in names if os.path.basename(name) == _LOCK]
    present = [path for path in paths if commit is not None or os.path.isfile(path)]
    return sorted(path for path in present if path != lock and not path.startswith(target))


def _repository_of(folder: str) -> str | None:
    """Return the nearest folder above that is a git working tree; `.git` is a file in linked working trees."""
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent
    return folder


def _list(top: str, command: tuple[str, ...]) -> list[str]:
    """Return the names that a listing command of git prints, relative to `top`; none when git cannot tell."""
    # Not through `subprocess`: every check comes here, and importing that costs it more than git does.
    reader, writer = os.pipe()
    try:
        child = os.posix_spawnp(
            _GIT[0],
            [*_GIT, "-C", top, *command],
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, writer, 1),
                (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
            ],
        )
    except OSError:
        os.close(reader)
        return []
    finally:
        os.close(writer)
    with open(reader, "rb") as output:
        names = output.read()
    _, status = os.waitpid(child, 0)
    return [] if status else os.fsdecode(names).split("\0")[:-1]
