from __future__ import annotations

from pathlib import Path

import pytest

from vetflow.project.disk import DiskTree

TREE = DiskTree()


def test_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_bytes(b"one\r\ntwo")
    (tmp_path / "a").mkdir()
    assert TREE.read(f"{tmp_path}/b.txt") == b"one\r\ntwo"
    assert TREE.list_dir(str(tmp_path)) == ["a", "b.txt"]
    assert (TREE.is_file(f"{tmp_path}/b.txt"), TREE.is_dir(f"{tmp_path}/b.txt")) == (True, False)
    assert (TREE.is_file(f"{tmp_path}/a"), TREE.is_dir(f"{tmp_path}/a")) == (False, True)


def test_what_is_not_there(tmp_path: Path) -> None:
    gone = f"{tmp_path}/gone"
    assert (TREE.is_file(gone), TREE.is_dir(gone), TREE.list_dir(gone)) == (False, False, ())
    with pytest.raises(FileNotFoundError):
        TREE.read(gone)


def test_a_file_has_no_names_in_it(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert TREE.list_dir(f"{tmp_path}/file") == ()


def test_links_are_followed_as_cargo_does(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "file").write_text("x")
    (tmp_path / "link").symlink_to("real")
    assert TREE.is_dir(f"{tmp_path}/link")
    assert TREE.read(f"{tmp_path}/link/file") == b"x"
