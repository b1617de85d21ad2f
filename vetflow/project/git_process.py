"""git as a program in the user's own repository, told to start nothing by itself.

The environment is the user's: who they are and how they sign is theirs to say. What only reads history adds
`revision.GIT_ENVIRONMENT`; crates are never looked at from here (`diffing.git`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # few commands start a program
    from subprocess import CompletedProcess

_GIT: Final = ("git", "-c", "core.fsmonitor=false", "--no-pager")


def run_git(folder: str, environ: Mapping[str, str], *arguments: str) -> CompletedProcess[bytes]:
    """Run git in a folder with nothing to read; return its exit status and what it said. Raises OSError without git."""
    import subprocess  # noqa: PLC0415  see above

    return subprocess.run(
        [*_GIT, *arguments],
        cwd=folder,
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
