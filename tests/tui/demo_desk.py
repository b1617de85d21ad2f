"""A desk over a copy of the bundled workspace: the real use cases, offline."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.fakes import FIXED_DAY
from vetflow.app.demo import lay_out_demo
from vetflow.app.project import open_project
from vetflow.app.recording import no_own_files
from vetflow.app.request import Request
from vetflow.app.review.project_desk import ReviewDesk, Surroundings
from vetflow.app.review.recording import Signed
from vetflow.cli.render.review_words import WORDS
from vetflow.project.session_file import SessionFile, state_folder

NOW = "2026-01-02T03:04:05Z"


def git_environ() -> dict[str, str]:
    """The environment of somebody whom git knows."""
    who = {f"GIT_{role}_{what}": "ada@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return {
        "PATH": os.environ["PATH"],
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_CONFIG_COUNT": "2",
        "GIT_CONFIG_KEY_0": "user.name",
        "GIT_CONFIG_VALUE_0": "Ada Example",
        "GIT_CONFIG_KEY_1": "user.email",
        "GIT_CONFIG_VALUE_1": "ada@example.org",
        **who,
    }


def git(folder: Path, *arguments: str) -> str:
    """What git says there to somebody whom it knows."""
    return subprocess.run(
        ["git", *arguments], cwd=folder, env=git_environ(), check=True, capture_output=True, text=True
    ).stdout.strip()


def request_for(folder: Path, home: Path, environ: Mapping[str, str], rev: str | None = None) -> Request:
    """A review of the workspace in `folder` by somebody whose home is `home`."""
    return Request(
        str(folder),
        str(home / ".cargo"),
        FIXED_DAY,
        rev=rev,
        locked=True,
        offline=True,
        cache_dir=str(home / "cache"),
        environ={**environ, "HOME": str(home)},
    )


@contextmanager
def open_desk(folder: Path, home: Path, rev: str | None = None) -> Iterator[ReviewDesk]:
    """Give a desk over a workspace; the session is kept below `home`."""
    environ = git_environ()
    with SessionFile(state_folder(environ, str(home), str(folder))) as file:
        around = Surroundings(WORDS, file, lambda *_: Signed(no_own_files, "no"), lambda _: ("ada", None), lambda: NOW)
        yield ReviewDesk(open_project(request_for(folder, home, environ, rev)), around)


def lay_out(folder: Path) -> Path:
    """Copy the bundled workspace to a new folder and return it."""
    lay_out_demo(str(folder))
    return folder
