"""How a run ends when whoever started it goes away: quietly, with the exit code that tells what happened.

These need processes of their own: pipes, signals and the interpreter's exit are what is tested.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.small_project import write_small_project

VETFLOW = (sys.executable, "-m", "vetflow")
OBEY = "signal.signal(signal.SIGINT, signal.SIG_DFL)"


@pytest.mark.parametrize(
    "words",
    [
        ("check", "--locked"),
        ("check", "--locked", "--output-format", "json"),
        ("dump-graph", "--depth", "full"),
        ("explain-audit", "anvil"),
        ("help",),
        ("check", "--help"),
    ],
    ids=" ".join,
)
def test_a_reader_that_goes_away_is_no_error(tmp_path: Path, words: tuple[str, ...]) -> None:
    write_small_project(tmp_path)
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as closed:
        ran = subprocess.run(
            [*VETFLOW, *words], cwd=tmp_path, stdout=closed, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (ran.returncode, ran.stderr) == (0, "")


def test_a_verdict_outlives_its_reader(tmp_path: Path) -> None:
    write_small_project(tmp_path)
    config = tmp_path / "supply-chain/config.toml"
    config.write_text(config.read_text().partition("\n[[exemptions")[0])
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as closed:
        ran = subprocess.run([*VETFLOW, "check", "--locked"], cwd=tmp_path, stdout=closed, check=False)
    assert ran.returncode == 1


# A process that was started in the background ignores Ctrl-C, and so would what it starts.
INTERRUPTIBLE = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from vetflow.cli.main import entry
entry()
"""


def test_ctrl_c_ends_a_waiting_run_without_a_traceback(tmp_path: Path) -> None:
    write_small_project(tmp_path)
    with (tmp_path / "supply-chain/config.toml").open() as config:
        fcntl.flock(config, fcntl.LOCK_EX)
        with subprocess.Popen(
            # A shell that runs tests in the background has them ignore Ctrl-C, and children inherit that.
            [sys.executable, "-c", f"import signal, os, sys; {OBEY}; os.execv(sys.executable, {[*VETFLOW, 'fmt']})"],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as run:
            assert run.stderr is not None
            waiting = run.stderr.readline()
            run.send_signal(signal.SIGINT)
            try:
                _, rest = run.communicate(timeout=30)
            finally:
                run.kill()
    assert "lock" in waiting
    assert run.returncode == 130
    assert "Traceback" not in rest
