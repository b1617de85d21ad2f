"""Running a build: its lines, its files, and what is left of it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from vetflow.errors import UndecidedError
from vetflow.project.observed_build import open_content, record_lines, run_build, run_folder


def test_both_streams_come_line_by_line_and_the_status_is_returned() -> None:
    said: list[bytes] = []
    code = "import sys; print('out', flush=True); sys.stderr.buffer.write(b'\\xff err'); sys.exit(7)"
    assert run_build([sys.executable, "-c", code], {}, said.append) == 7
    assert said == [b"out", b"\xff err"]


def test_an_endless_line_comes_in_pieces() -> None:
    said: list[bytes] = []
    run_build([sys.executable, "-c", "print('x' * 200_000)"], {}, said.append)
    assert max(map(len, said)) <= 1 << 16
    assert sum(map(len, said)) == 200_000


def test_a_build_that_is_left_in_the_middle_ends(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    code = f"import os, time; open({str(mark)!r}, 'w').write(str(os.getpid())); print('go', flush=True); time.sleep(60)"

    def leave(_: bytes) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_build([sys.executable, "-c", code], {}, leave)
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)


def test_what_cannot_be_run_is_told() -> None:
    with pytest.raises(UndecidedError, match="cannot be run"):
        run_build(["/nonexistent/program"], {}, lambda _: None)


def test_a_file_is_inherited_by_its_number() -> None:
    said: list[bytes] = []
    with open_content(b"content") as number:
        assert number is not None
        code = f"import os; print(os.read({number}, 99))"
        run_build([sys.executable, "-c", code], {}, said.append, files=(number,))
    assert said == [b"b'content'"]
    with open_content(None) as nothing:
        assert nothing is None


def test_a_folder_is_gone_afterwards_whatever_lies_in_it(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    with run_folder(str(tmp_path / "runs")) as folder:
        locked = Path(folder, "a", "b")
        locked.mkdir(parents=True)
        (locked / "file").touch()
        locked.chmod(0)
        locked.parent.chmod(0)
        Path(folder, "link").symlink_to(kept)
    assert not Path(folder).exists()
    assert kept.exists()


def test_a_record_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "record"
    path.write_bytes(b"a\r\nb\xff\nc")
    assert list(record_lines(str(path))) == ["a\r", "b\udcff", "c"]
