"""Kill `vetflow certify` at random moments and ask both tools what is left: `python -m tests.compat.kills --count 200`.

Afterwards a locked check must give the verdict of the old or of the new store; where config.toml did not change, the
real cargo-vet must accept the store at once, and after one more writing command of vetflow in any case.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from tests.oracle import find_cargo_vet

VETFLOW: Final = (sys.executable, "-m", "vetflow")
CERTIFY: Final = (
    "certify", "--locked", "--accept-all", "--criteria", "safe-to-deploy", "--who", "Tester <tester@example.invalid>",
    "--notes", "a note somebody typed",
)  # fmt: skip
TARGETS: Final = (("pewterloom", "0.3.12"), ("brinetables", "1.0.0", "1.1.0"))
"""An exempted crate, so that config.toml changes, and one that is not."""


class Killed(NamedTuple):
    """What a killed run left. state: `old` or `new`; problem: what is wrong with it, None when nothing is."""

    state: str
    problem: str | None


def kill_once(demo: Path, cargo_vet: Path, target: Sequence[str], delay: float) -> Killed:
    """Certify `target` in a copy of the demo, kill it after `delay` seconds, and look at what is left."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "demo"
        shutil.copytree(demo, project)
        environ = {**os.environ, "HOME": folder, "XDG_CACHE_HOME": folder}
        old = _verdict(project, environ)
        config = (project / "supply-chain/config.toml").read_bytes()
        run = subprocess.Popen(
            [*VETFLOW, *CERTIFY, *target],
            cwd=project,
            env=environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(delay)
        run.send_signal(signal.SIGKILL)
        run.wait()
        left = _verdict(project, environ)
        state = "old" if left == old else "new"
        if "error" in left or not (left == old or target[0] not in json.dumps(left.get("failures", []))):
            return Killed(state, f"vetflow says {left}")
        same_config = (project / "supply-chain/config.toml").read_bytes() == config
        if same_config and (refusal := _refusal(project, cargo_vet, environ)):
            return Killed(state, f"config.toml is as it was, and cargo-vet refuses at once: {refusal}")
        subprocess.run([*VETFLOW, "fmt"], cwd=project, env=environ, check=True, capture_output=True)
        if refusal := _refusal(project, cargo_vet, environ):
            return Killed(state, f"cargo-vet refuses after `vetflow fmt`: {refusal}")
        if _verdict(project, environ) != left:
            return Killed(state, "the verdict changed when the write was finished")
        return Killed(state, None)


def how_long(demo: Path, target: Sequence[str]) -> float:
    """Return how many seconds a certify takes that nobody kills."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "demo"
        shutil.copytree(demo, project)
        started = time.monotonic()
        environ = {**os.environ, "HOME": folder, "XDG_CACHE_HOME": folder}
        subprocess.run([*VETFLOW, *CERTIFY, *target], cwd=project, env=environ, check=True, capture_output=True)
        return time.monotonic() - started


def _verdict(project: Path, environ: dict[str, str]) -> dict[str, object]:
    run = subprocess.run(
        [*VETFLOW, "check", "--locked", "--output-format", "json"],
        cwd=project, env=environ, check=False, capture_output=True, text=True,
    )  # fmt: skip
    found: dict[str, object] = json.loads(run.stdout)
    return found


def _refusal(project: Path, cargo_vet: Path, environ: dict[str, str]) -> str | None:
    cargo = shutil.which("cargo")
    assert cargo is not None
    environ = {**environ, "CARGO": cargo, "HOME": os.environ.get("HOME", "/")}
    run = subprocess.run(
        [str(cargo_vet), "vet", "check", "--locked", "--output-format", "json"],
        cwd=project, env=environ, check=False, capture_output=True, text=True,
    )  # fmt: skip
    try:
        return run.stdout if "error" in json.loads(run.stdout) else None
    except ValueError:
        return run.stdout + run.stderr


def campaign(count: int, seed: int) -> tuple[Counter[str], list[str]]:
    """Kill `count` runs; return how often the old and the new store were left, and what went wrong."""
    cargo_vet = find_cargo_vet()
    assert isinstance(cargo_vet, Path), cargo_vet
    chance = random.Random(seed)
    demo = Path(__file__).resolve().parents[2] / "audits/demo"
    seconds = {target: how_long(demo, target) for target in TARGETS}
    states: Counter[str] = Counter()
    problems = []
    for number in range(count):
        target = TARGETS[number % len(TARGETS)]
        # Most of a run reads; the last part of it writes.
        delay = seconds[target] * chance.choice((chance.uniform(0, 1.1), chance.uniform(0.75, 1.1)))
        killed = kill_once(demo, cargo_vet, target, delay)
        states[killed.state] += 1
        if killed.problem:
            problems.append(f"{' '.join(target)} after {delay:.4f} s: {killed.problem}")
    return states, problems


def main() -> int:
    """Run a campaign and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    states, problems = campaign(options.count, options.seed)
    summary = f"{options.count} killed (seed {options.seed}): {dict(states)}, {len(problems)} problems"
    sys.stdout.write("\n".join((summary, *problems, "")))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
