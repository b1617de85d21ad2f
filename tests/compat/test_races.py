"""Several writers at once, of both programs: they take turns at cargo-vet's lock, and nobody's entry is lost."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.oracle import find_cargo

DEMO = Path(__file__).resolve().parents[2] / "audits/demo"
ROUNDS = 4


def certify(program: list[str], notes: str) -> list[str]:
    """Return the command line of an audit that only its notes tell from the others."""
    return [
        *program, "certify", "pewterloom", "0.3.12", "--locked", "--accept-all", "--criteria", "safe-to-deploy",
        "--who", "Ada <ada@example.org>", "--notes", notes,
    ]  # fmt: skip


@pytest.mark.cargo_vet
def test_writers_of_both_programs_take_turns(cargo_vet: Path, tmp_path: Path) -> None:
    project = tmp_path / "demo"
    shutil.copytree(DEMO, project)
    environ = {**os.environ, "XDG_CACHE_HOME": str(tmp_path), "CARGO": str(find_cargo())}
    programs = {"vetflow": [sys.executable, "-m", "vetflow"], "cargo-vet": [str(cargo_vet), "vet"]}
    notes = [f"{name} {number}" for number in range(ROUNDS) for name in programs]
    running = [
        subprocess.Popen(
            certify(programs[note.split()[0]], note),
            cwd=project,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        for note in notes
    ]
    said = b"".join(process.communicate(timeout=120)[0] for process in running).decode()
    assert [process.returncode for process in running] == [0] * len(running), said
    audits = tomllib.loads((project / "supply-chain/audits.toml").read_text())["audits"]["pewterloom"]
    assert sorted(entry["notes"] for entry in audits if entry.get("notes") in notes) == sorted(notes)
    verdicts = [
        subprocess.run(
            [*program, "check", "--locked", "--output-format", "json"],
            cwd=project, env=environ, capture_output=True, check=False,
        ).stdout
        for program in programs.values()
    ]  # fmt: skip
    assert verdicts[0] == verdicts[1]
    assert "error" not in json.loads(verdicts[0])
    assert {path.name for path in (project / "supply-chain").iterdir()} == {
        path.name for path in (DEMO / "supply-chain").iterdir()
    }
