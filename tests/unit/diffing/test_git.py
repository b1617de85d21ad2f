"""git, cut off from everything that could tell it what to do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from vetflow.diffing.git import private_git
from vetflow.errors import UndecidedError


def put_git(folder: Path, script: str) -> dict[str, str]:
    """Write a program called git and return the environment in which it is found."""
    program = folder / "git"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return {"PATH": str(folder)}


def test_neither_the_environment_nor_any_configuration_reaches_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".gitconfig").write_text("[diff]\n\texternal = /bin/false\n")
    for name, value in {
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "diff.context",
        "GIT_CONFIG_VALUE_0": "0",
        "GIT_EXTERNAL_DIFF": "/bin/false",
        "GIT_DIR": str(tmp_path),
    }.items():
        monkeypatch.setenv(name, value)
    with private_git(os.environ, "") as git:
        shown = git.run("config", "--list", "--show-origin").decode()
    assert "diff." not in shown
    assert {line.split("\t")[0] for line in shown.splitlines()} <= {
        "command line:",
        f"file:{git.repository}/config",
    }


def test_its_folder_is_private_and_gone_afterwards() -> None:
    with private_git(os.environ, "*.rs diff\n") as git:
        assert os.stat(git.folder).st_mode & 0o077 == 0
        assert Path(git.repository, "info", "attributes").read_text() == "*.rs diff\n"
    assert not os.path.exists(git.folder)


def test_without_git_the_error_says_so(tmp_path: Path) -> None:
    with pytest.raises(UndecidedError, match="git cannot be run") as raised, private_git({"PATH": str(tmp_path)}, ""):
        pass
    assert raised.value.help == "install git"


def test_what_git_complains_about_is_passed_on(tmp_path: Path) -> None:
    environ = put_git(tmp_path, 'echo "fatal: out of luck" >&2; exit 3')
    with pytest.raises(UndecidedError, match="`git init` failed") as raised, private_git(environ, ""):
        pass
    assert raised.value.causes == ("fatal: out of luck",)


def test_patience_ends() -> None:
    with private_git(os.environ, "") as git, pytest.raises(TimeoutError):
        git.run("hash-object", "--stdin", given=b"", seconds=0)
