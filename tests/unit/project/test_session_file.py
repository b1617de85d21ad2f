"""The file of a session: one writer, lines whole or absent, nothing lost by a crash."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from vetflow.project.session_file import SessionFile, state_folder

WRITER = """
import sys
from vetflow.project.session_file import SessionFile

with SessionFile(sys.argv[1]) as session:
    kept = session.lines()
    session.rewrite(kept)
    number = int(kept[-1].split()[0]) + 1 if kept else 0
    print("ready", flush=True)
    while True:
        session.append(f"{number} " + "x" * 300)
        number += 1
"""


def test_lines_come_back_in_order(tmp_path: Path) -> None:
    with SessionFile(str(tmp_path)) as session:
        session.rewrite(["one"])
        session.append("two")
        assert session.lines() == ("one", "two")
    with SessionFile(str(tmp_path)) as again:
        assert again.lines() == ("one", "two")


def test_a_line_without_its_end_is_dropped(tmp_path: Path) -> None:
    (tmp_path / "session.jsonl").write_text("whole\nto", encoding="utf-8")
    with SessionFile(str(tmp_path)) as session:
        assert session.lines() == ("whole",)


def test_a_second_process_reads_only(tmp_path: Path) -> None:
    with SessionFile(str(tmp_path)) as first, SessionFile(str(tmp_path)) as second:
        first.rewrite(["mine"])
        second.append("not mine")
        assert (first.read_only, second.read_only) == (False, True)
        assert second.lines() == ("mine",)
    with SessionFile(str(tmp_path)) as third:
        assert not third.read_only


def test_a_folder_that_cannot_be_made_gives_an_empty_session(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with SessionFile(str(tmp_path / "file" / "below")) as session:
        assert session.read_only
        assert session.lines() == ()


def test_no_kill_loses_a_whole_line_or_leaves_half_of_one(tmp_path: Path) -> None:
    written = 0
    for _ in range(100):
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        time.sleep(0.0007 * (written % 7))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        with SessionFile(str(tmp_path)) as session:
            lines = session.lines()
            assert not session.read_only
            session.rewrite(lines[-9:])
        first = int(lines[0].split()[0]) if lines else 0
        assert [line.split()[0] for line in lines] == [str(first + number) for number in range(len(lines))]
        assert all(len(line.split()[1]) == 300 for line in lines)
        assert first + len(lines) >= written
        written = first + len(lines)
    assert written > 0


def test_the_state_of_a_project_lies_outside_of_it() -> None:
    given = state_folder({"XDG_STATE_HOME": "/state"}, "/home/ada", "/work/project")
    assert os.path.dirname(given) == "/state/vetflow"
    assert given != state_folder({"XDG_STATE_HOME": "/state"}, "/home/ada", "/work/other")
    relative = state_folder({"XDG_STATE_HOME": "state"}, "/home/ada", "/work/project")
    assert os.path.dirname(relative) == "/home/ada/.local/state/vetflow"
