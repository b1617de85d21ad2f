"""`vetflow demo` gives a person a workspace to try vetflow on, and touches nothing else."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from vetflow.app.demo import lay_out_demo
from vetflow.app.shipped import shipped_path
from vetflow.errors import UsageError


def files_below(folder: str) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()
    }


def test_the_copy_is_the_whole_bundled_workspace(tmp_path: Path) -> None:
    demo = lay_out_demo(str(tmp_path / "new" / "demo"))
    assert demo.folder == str(tmp_path / "new" / "demo")
    assert files_below(demo.folder) == files_below(shipped_path("demo"))


def test_without_a_folder_every_run_gets_a_new_temporary_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    first, second = lay_out_demo(), lay_out_demo()
    assert first.folder != second.folder
    assert {os.path.dirname(demo.folder) for demo in (first, second)} == {os.path.realpath(tmp_path)}
    assert sorted(os.listdir(tmp_path)) == sorted(os.path.basename(d.folder) for d in (first, second))


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    assert lay_out_demo(str(tmp_path)).folder == str(tmp_path)


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="is not empty"):
        lay_out_demo(str(tmp_path))
    assert files_below(str(tmp_path)) == {"notes.txt": b"mine"}


def test_a_folder_that_cannot_be_made_is_a_usage_error_with_the_cause(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be copied") as raised:
        lay_out_demo(str(tmp_path / "file" / "demo"))
    assert raised.value.causes == ("Not a directory",)


def test_the_copy_can_be_worked_in_whatever_the_installation_allows(tmp_path: Path) -> None:
    demo = lay_out_demo(str(tmp_path))
    assert all(os.access(path, os.W_OK) for path in Path(demo.folder).rglob("*"))


def test_both_sides_of_every_delta_to_review_are_there(tmp_path: Path) -> None:
    archives = lay_out_demo(str(tmp_path)).archives
    for name, old, new in (
        ("brinetables", "1.0.0", "1.1.0"),
        ("copperwren-sys", "0.6.1", "0.6.2"),
        ("glyphderive", "1.2.0", "1.3.0"),
        ("inkwharf", "0.5.0", "0.5.1"),
        ("vexlantern", "0.2.0", "0.2.1"),
    ):
        assert {f"{name}-{old}", f"{name}-{new}"} <= set(archives)
