"""Who the user is, as git knows them: the name under which an audit is recorded.

git is only asked for two settings and told to run nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from vetflow.errors import NotFoundError, UndecidedError
from vetflow.project.git_process import run_git


class Identity(NamedTuple):
    """A person, as `who` names them."""

    name: str
    email: str

    def __str__(self) -> str:
        """Return what stands in `who`."""
        return f"{self.name} <{self.email}>"


def git_identity(cwd: str, environ: Mapping[str, str]) -> Identity:
    """Return `user.name` and `user.email` of git's configuration, seen from `cwd`.

    Raises NotFoundError when one of them is not set, UndecidedError when there is no git.
    """
    return Identity(_setting("user.name", cwd, environ), _setting("user.email", cwd, environ))


def _setting(name: str, cwd: str, environ: Mapping[str, str]) -> str:
    way_out = f"name the auditor with --who 'NAME <EMAIL>', or set it: `git config --global {name} ...`"
    try:
        asked = run_git(cwd, environ, "config", "--null", "--get", name)
    except OSError as error:
        raise UndecidedError(
            "git cannot be asked who you are", help=way_out, causes=(error.strerror or str(error),)
        ) from error
    value = asked.stdout.decode(errors="replace").rstrip("\0").strip()
    if asked.returncode or not value:
        raise NotFoundError(f"git does not know who you are: {name} is not set", help=way_out)
    return value
