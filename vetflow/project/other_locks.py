"""Other Cargo.lock files of the user's repository: crates that a run says nothing about."""

from __future__ import annotations

import os
from typing import Final

_COMMAND: Final = (
    "git",
    # No setting may make git run a program: a file system monitor is the one that listing could start.
    *("-c", "core.fsmonitor=false", "--no-optional-locks"),
    *("ls-files", "-z", "--cached", "--full-name", "--", ":(top,glob)**/Cargo.lock"),
)


def other_lock_files(lock: str) -> list[str]:
    """Return the absolute paths of the tracked Cargo.lock files beside `lock`, the one a run looks at (absolute).

    Files in the target folder beside `lock`, and files that are tracked but not on disk, are left out. Empty outside
    of a git repository and without git: this is a courtesy, not a check.
    """
    root = os.path.dirname(lock)
    top = _repository_of(root)
    if top is None or not hasattr(os, "posix_spawnp"):
        return []
    target = os.path.join(root, "target", "")
    paths = [os.path.join(top, name) for name in _tracked_locks(top)]
    return sorted(p for p in paths if p != lock and not p.startswith(target) and os.path.isfile(p))


def _repository_of(folder: str) -> str | None:
    """Return the nearest folder above that is a git working tree; `.git` is a file in linked working trees."""
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent
    return folder


def _tracked_locks(top: str) -> list[str]:
    """Return the tracked lock files, relative to `top`; none when git cannot tell."""
    # Not through `subprocess`: every check comes here, and importing that costs it more than git does.
    reader, writer = os.pipe()
    try:
        child = os.posix_spawnp(
            _COMMAND[0],
            [_COMMAND[0], "-C", top, *_COMMAND[1:]],
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
