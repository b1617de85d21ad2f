"""The real cargo and cargo-vet, run on a world: what they answer is what vetflow has to answer."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.oracle import find_cargo

NOW = "2025-06-15T12:00:00Z"
"""The clock of every run of both programs."""

# cargo-vet asks cargo for the graph in every run. The first answer comes from the real cargo and is kept,
# later ones are the kept answer: cargo's share of the time is most of it.
_RECORDER = """#!/bin/sh
kept="{folder}/metadata.json"
if [ -f "$kept" ]; then exec cat "$kept"; fi
"{cargo}" "$@" > "$kept.new" || {{ code=$?; rm -f "$kept.new"; exit $code; }}
mv "$kept.new" "$kept"
exec cat "$kept"
"""


class Answer(NamedTuple):
    """What a run left behind; exit is the process's status."""

    exit: int
    stdout: str
    stderr: str


class RealTools:
    """cargo and cargo-vet for one world; `home` is a cargo home of our own, without credentials or caches."""

    def __init__(self, cargo_vet: Path, world: Path, home: Path) -> None:
        self._cargo_vet = cargo_vet
        self._world = world
        self._recorder = world / "recorder"
        self._recorder.write_text(_RECORDER.format(folder=world, cargo=find_cargo()))
        self._recorder.chmod(0o755)
        kept = ("PATH", "HOME", "RUSTUP_HOME", "TMPDIR")
        self._environment = {
            **{name: os.environ[name] for name in kept if name in os.environ},
            "CARGO_HOME": str(home),
            "XDG_CACHE_HOME": str(home / "cache"),
            "CARGO_NET_OFFLINE": "true",
            "CARGO_TERM_COLOR": "never",
        }

    @property
    def metadata(self) -> Path:
        """The `cargo metadata` document of the last run that got one."""
        return self._world / "metadata.json"

    def forget(self) -> None:
        """Let the next run ask cargo anew: the project has changed."""
        self.metadata.unlink(missing_ok=True)

    def lock(self) -> Answer:
        """Let cargo write Cargo.lock, keeping what a lock that is there already fixes."""
        command = [str(find_cargo()), "metadata", "--format-version=1", "--all-features"]
        return self._run(command, self._world / "ws")

    def record_metadata(self, words: Sequence[str], cwd: Path) -> Answer:
        """Let cargo answer what cargo-vet will ask it; an answer is kept, a refusal is not."""
        asked = ("metadata", "--format-version=1", "--all-features", "--locked", *words)
        return self._run([str(self._recorder), *asked], cwd)

    def vet(self, words: Sequence[str], cwd: Path) -> Answer:
        """Run `cargo vet WORDS` in `cwd`."""
        command = [str(self._cargo_vet), "vet", *words, "--current-time", NOW]
        return self._run(command, cwd, {"CARGO": str(self._recorder)})

    def _run(self, command: Sequence[str], cwd: Path, more: dict[str, str] | None = None) -> Answer:
        ran = subprocess.run(
            command,
            cwd=cwd,
            env={**self._environment, **(more or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
            check=False,
        )
        return Answer(ran.returncode, ran.stdout.decode(), ran.stderr.decode())
