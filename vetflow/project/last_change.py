"""When something in a git repository was last changed by a commit."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

from vetflow.project.git_process import run_git
from vetflow.project.revision import GIT_ENVIRONMENT

_LOG: Final = ("log", "--max-count=1", "--no-show-signature")


def last_change(folder: str, environ: Mapping[str, str] | None = None) -> int | None:
    """Return when the last commit that touches a folder was made, seconds since 1970; None where there is none.

    That is by the committer's clock, and of what HEAD leads to; files that no commit holds tell nothing here.
    """
    surroundings = {**(os.environ if environ is None else environ), **GIT_ENVIRONMENT}
    try:
        asked = run_git(folder, surroundings, *_LOG, "--format=%ct", "--", ".")
    except OSError:
        return None
    seconds = asked.stdout.strip()
    return int(seconds) if asked.returncode == 0 and seconds.isdigit() else None
