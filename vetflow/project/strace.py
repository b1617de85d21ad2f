"""strace, the recorder of a build: it runs outside of the sandbox, where what it watches cannot reach it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from typing import Final, NamedTuple

from vetflow.project.bubblewrap import BARE
from vetflow.surface.observed.acts import TRACED

_OPTIONS: Final = (
    *("-f", "-q", "-y", "-s", "1024", "--pidns-translation"),
    *("-e", "signal=SIGSYS", "-e", "abbrev=!execve,execveat"),
)
_FAST: Final = "--seccomp-bpf"
"""Only with our own filter: a program that may add one could answer calls before strace sees them."""
_INSTALL: Final = "install it: `apt install strace`, `dnf install strace` or `pacman -S strace`"


class Recorder(NamedTuple):
    """Whether there is a recorder. missing: why not, and what would help."""

    program: str = ""
    missing: str = ""


def find_recorder(environ: Mapping[str, str]) -> Recorder:
    """Return strace, tried with the options that a record needs; raises nothing."""
    program = shutil.which("strace", path=environ.get("PATH", os.defpath))
    if program is None:
        return Recorder(missing=f"there is no strace; {_INSTALL}")
    import subprocess  # noqa: PLC0415  few commands start a program

    probe = [*recording_words(program, os.devnull, fast=True), "true"]
    tried = subprocess.run(probe, env=BARE, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if not tried.returncode:
        return Recorder(program)
    said = tried.stderr.decode(errors="replace").strip().splitlines()[:1]
    return Recorder(missing=" ".join(("strace cannot record here (5.9 or later is needed):", *said)))


def recording_words(program: str, record: str, *, fast: bool) -> list[str]:
    """Return the command that runs what follows it and writes the record to a file."""
    return [program, *_OPTIONS, *((_FAST,) if fast else ()), "-e", f"trace={','.join(_known())}", "-o", record, "--"]


def _known() -> tuple[str, ...]:
    """Return the calls to record; a leading `?` lets pass what this machine or this strace does not know."""
    return tuple(f"?{name}" for name in TRACED)
