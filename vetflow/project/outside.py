"""Opening a file of a crate in a program of the user's without giving the crate a say in what runs.

An editor or an IDE that finds a Cargo.toml above a file it opens builds that project, build scripts and all; rustup,
cargo, direnv and git act on files of their own names in the same way. So a single copy of the file goes to a fresh
folder, under a name that none of them knows, and nothing of the crate lies above or beside it.
"""

from __future__ import annotations

import os
import re
import shlex
import stat
import tempfile
from collections.abc import Mapping
from typing import Final

from vetflow.errors import UndecidedError

_KEPT_SUFFIXES: Final = frozenset({".rs", ".c", ".h", ".cc", ".cpp", ".md", ".txt", ".py", ".sh", ".s"})
"""Suffixes by which a program may colour a file; on any of them alone none acts."""
_UNSAFE: Final = re.compile(r"[^0-9A-Za-z_-]+")
_LONGEST: Final = 80


def defused_copy(path: str, content: bytes) -> str:
    """Write a copy of a crate's file to a folder of its own and return where it is; raises UndecidedError.

    path: in the crate. The copy is read-only, is not executable, and stays until the temporary folder is cleaned.
    """
    stem, suffix = os.path.splitext(path)
    flat = _UNSAFE.sub("_", stem).strip("_-")[-_LONGEST:]
    name = f"reviewed-{flat or 'file'}{suffix if suffix in _KEPT_SUFFIXES else '.txt'}"
    try:
        folder = tempfile.mkdtemp(prefix="vetflow-view-")
        copy = os.path.join(folder, name)
        with open(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR), "wb") as file:
            file.write(content)
        os.chmod(copy, stat.S_IRUSR)
    except OSError as error:
        raise UndecidedError("the file cannot be copied to look at", causes=(error.strerror or str(error),)) from error
    return copy


def open_outside(copy: str, environ: Mapping[str, str]) -> None:
    """Show a defused copy in `VETFLOW_DIFFTOOL`, else the pager or `less`; its folder is the current one.

    The environment is the user's without what makes tools look for projects. Raises UndecidedError.
    """
    import subprocess  # noqa: PLC0415  only where somebody opens something

    tool = environ.get("VETFLOW_DIFFTOOL") or environ.get("PAGER") or "less"
    kept = {name: value for name, value in environ.items() if not name.startswith(("CARGO", "RUSTUP", "RUSTC", "GIT_"))}
    ceiling = os.path.dirname(os.path.dirname(copy))
    try:
        subprocess.run(
            [*shlex.split(tool), copy],
            cwd=os.path.dirname(copy),
            env={**kept, "GIT_CEILING_DIRECTORIES": ceiling},
            check=False,
        )
    except (OSError, ValueError) as error:
        raise UndecidedError(
            f"`{tool}` cannot be run", help="set VETFLOW_DIFFTOOL to another program", causes=(str(error),)
        ) from error
