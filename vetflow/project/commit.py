"""Committing the store, and nothing else: whatever lies in the index or the working tree stays as it is."""

from __future__ import annotations

import os
from collections.abc import Mapping

from vetflow.errors import UndecidedError, WorkspaceError
from vetflow.project.git_process import run_git


def store_diff(folder: str, environ: Mapping[str, str]) -> str:
    """Return how the store in `folder` differs from HEAD, as git words it, new files too; empty when it does not.

    Shows the user's own files: no text conversion and no external diff takes part. Raises as `commit_store`.
    """
    _git(folder, environ, "add", "--intent-to-add", "--", ".")
    return _git(folder, environ, "diff", "--no-color", "--no-ext-diff", "--no-textconv", "HEAD", "--", ".")


def commit_store(folder: str, message: str, environ: Mapping[str, str]) -> str:
    """Commit all that changed in `folder` and return the commit's name.

    The user's hooks and signing settings apply, as with any commit of theirs. Raises WorkspaceError when there is
    nothing to commit or git refuses, UndecidedError when there is no git.
    """
    _git(folder, environ, "add", "--all", "--", ".")
    if not _git(folder, environ, "status", "--porcelain", "--untracked-files=no", "--", "."):
        raise WorkspaceError("there is nothing to commit in the store", help="record an audit first")
    _git(folder, environ, "commit", "--quiet", "--only", f"--message={message}", "--", ".")
    return _git(folder, environ, "rev-parse", "HEAD").strip()


def _git(folder: str, environ: Mapping[str, str], *arguments: str) -> str:
    try:
        done = run_git(folder, environ, *arguments)
    except OSError as error:
        raise UndecidedError(
            "git cannot be run", help="install git, or commit later", causes=(error.strerror or str(error),)
        ) from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise WorkspaceError(
            f"`git {arguments[0]}` failed in {os.path.basename(folder)}/",
            help="commit by hand; what was recorded is on disk",
            causes=said[:3],
        )
    return done.stdout.decode(errors="replace")
