"""git with a repository of its own, in which nobody else has a say.

What git shows of a difference depends on attributes, on the configuration of the user and the system, on programs these
name, and on the repository one happens to stand in; a crate can use that to hide (shared spec ux 1). Here git runs in a
fresh private folder, with an environment made for it, on contents that were handed to it.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Final

from vetflow.errors import UndecidedError

_SETTINGS: Final = (
    *("-c", f"core.attributesFile={os.devnull}"),
    *("-c", "core.compression=0"),  # the repository lives for seconds
    *("-c", "core.protectHFS=false"),  # no name in it ever becomes one of the file system
    *("-c", "core.protectNTFS=false"),
    *("-c", "core.ignoreCase=false"),  # nor is one taken for another, as git would on a disk that does so
    *("-c", "fastimport.unpackLimit=0"),
)


class Git:
    """git, with one bare repository and what it is told here. folder: private, a place for scratch files."""

    def __init__(self, folder: str, search_path: str) -> None:
        """Take the folder the repository is to be in, and the directories in which to look for git."""
        self.folder = folder
        self.repository = os.path.join(folder, "repository")
        self._environ = {
            "PATH": search_path,
            "HOME": folder,
            "LC_ALL": "C.UTF-8",
            "GIT_DIR": self.repository,
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_ATTR_NOSYSTEM": "1",
        }

    def run(self, *arguments: str, given: bytes | IO[bytes] = b"", seconds: float | None = None) -> bytes:
        """Return what git prints, `given` something to read.

        Raises UndecidedError when it cannot be run or fails, TimeoutError when it takes longer than `seconds`.
        """
        try:
            done = subprocess.run(
                ["git", *_SETTINGS, *arguments],
                input=given if isinstance(given, bytes) else None,
                stdin=None if isinstance(given, bytes) else given,
                capture_output=True,
                cwd=self.folder,
                env=self._environ,
                timeout=seconds,
                check=False,
            )
        except OSError as error:
            raise UndecidedError(
                "git cannot be run", help="install git", causes=(error.strerror or str(error),)
            ) from None
        except subprocess.TimeoutExpired:
            raise TimeoutError from None
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip()
            raise UndecidedError(f"`git {arguments[0]}` failed", causes=said.splitlines()[:1])
        return done.stdout


@contextmanager
def private_git(environ: Mapping[str, str], attributes: str) -> Iterator[Git]:
    """Give git with an empty repository, which is gone afterwards. Raises UndecidedError when there is no git.

    environ: where to look for git; nothing else of it reaches git. attributes: hold for all files, and no others do.
    """
    with tempfile.TemporaryDirectory(prefix="vetflow-") as folder:
        git = Git(folder, environ.get("PATH", os.defpath))
        git.run("init", "--quiet", "--bare", "--template=")
        info = os.path.join(git.repository, "info")
        os.mkdir(info)
        with open(os.path.join(info, "attributes"), "w", encoding="utf-8") as file:
            file.write(attributes)
        yield git
