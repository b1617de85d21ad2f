"""The user's editor: which one it is, and what becomes of its failures."""

from __future__ import annotations

from pathlib import Path

import pytest

from vetflow.errors import UndecidedError
from vetflow.project.editor import edit_file


def editor(folder: Path, script: str) -> str:
    path = folder / "the editor"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return f"'{path}' --wait"


def test_the_editor_git_would_start_gets_the_file_whatever_its_name(tmp_path: Path) -> None:
    file = tmp_path / "a $(draft).txt"
    file.write_text("before")
    command = editor(tmp_path, 'test "$1" = --wait && echo after > "$2"')
    edit_file(str(file), str(tmp_path), {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "GIT_EDITOR": command})
    assert file.read_text() == "after\n"


def test_an_editor_that_fails_is_an_error_with_a_way_out(tmp_path: Path) -> None:
    settings = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "GIT_EDITOR": editor(tmp_path, "exit 3")}
    with pytest.raises(UndecidedError, match="exit status 3") as caught:
        edit_file(str(tmp_path / "draft"), str(tmp_path), settings)
    assert "--accept-all" in (caught.value.help or "")
