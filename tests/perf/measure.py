"""Timing of whole processes, in turns: both programs are measured in the same minutes of a machine."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple


class Program(NamedTuple):
    """A command line to measure, where to run it and with which environment on top of ours."""

    command: tuple[str, ...]
    cwd: Path
    environ: Mapping[str, str] = {}

    def run(self) -> subprocess.CompletedProcess[str]:
        """Run it once, its output captured."""
        return subprocess.run(
            self.command,
            cwd=self.cwd,
            env={**os.environ, **self.environ},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def seconds(self) -> float:
        """Run it once and return how long it took; exits the program when the run fails."""
        started = time.perf_counter()
        ran = self.run()
        took = time.perf_counter() - started
        if ran.returncode:
            sys.exit(f"{' '.join(self.command)} in {self.cwd} failed ({ran.returncode}):\n{ran.stdout}{ran.stderr}")
        return took


def medians(programs: Sequence[Program], rounds: int) -> list[float]:
    """Return the median of each program's times; one round before them warms caches and does not count."""
    for program in programs:
        program.seconds()
    times = [[program.seconds() for program in programs] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*times, strict=True)]


def vetflow_command() -> tuple[str, ...]:
    """Return how to start vetflow: the script installed beside this Python, else the module."""
    script = Path(sys.executable).with_name("vetflow")
    return (str(script),) if script.exists() else (sys.executable, "-m", "vetflow")


def newest_case(corpus: Path, project: str) -> Path:
    """Return the corpus' newest state of a project as its authors committed it."""
    dated = [
        case
        for case in corpus.glob(f"{project}-20*")
        if case.is_dir() and not case.name.endswith(("-migrated", "-reformatted"))
    ]
    return max(dated, key=lambda case: case.name)


def writable_copy(source: Path, place: Path) -> Path:
    """Copy a folder so that programs may write into the copy."""
    shutil.copytree(source, place)
    for folder, _, files in os.walk(place):
        for name in (".", *files):
            path = os.path.join(folder, name)
            os.chmod(path, os.stat(path).st_mode | 0o200)
    return place
