"""`python -m tests.compat --count 1000 --seed 7`: compare vetflow and the real cargo-vet on random worlds.

Prints the seeds, what cargo-vet concluded how often, and every difference with the folder that reproduces it;
`python -m tests.compat --replay FOLDER` asks such a folder again. Exit status 0 when nothing differs.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from tests.compat.campaign import PROJECTS_PER_SEED, Outcome, replay, run_campaign
from tests.oracle import find_cargo_vet


def main() -> int:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.compat",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--count", type=int, default=100, help="how many worlds at least (default 100)")
    parser.add_argument("--seed", type=int, default=1, help="the first seed (default 1)")
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time")
    parser.add_argument("--keep", type=Path, default=Path("compat-differences"), help="where differing worlds go")
    parser.add_argument("--replay", type=Path, metavar="FOLDER", help="ask one kept world again")
    options = parser.parse_args()
    cargo_vet = find_cargo_vet()
    if isinstance(cargo_vet, str):
        sys.exit(f"nothing was compared: {cargo_vet}")
    if options.replay:
        with tempfile.TemporaryDirectory() as scratch:
            found = replay(options.replay, cargo_vet=cargo_vet, scratch=Path(scratch))
        _tell("\n\n".join(map(str, found)) or "no difference")
        return 1 if found else 0
    return _run(options.seed, options.count, options.jobs, options.keep.absolute(), cargo_vet)


def _run(seed: int, count: int, jobs: int, keep: Path, cargo_vet: Path) -> int:
    started = time.monotonic()
    worlds = 0
    seen: Counter[str] = Counter()
    kept: list[Path] = []
    with ProcessPoolExecutor(jobs) as pool:
        while worlds < count:
            seeds = range(seed, seed + jobs)
            for outcome in pool.map(partial(_one_seed, cargo_vet, keep), seeds):
                worlds += outcome.worlds
                seen += outcome.seen
                kept += outcome.kept
            seed += jobs
    for conclusion, times in seen.most_common():
        _tell(f"{times:6} {conclusion}")
    minutes = (time.monotonic() - started) / 60
    _tell(f"{worlds} worlds, the last seed was {seed - 1}, {len(kept)} differ, {minutes:.1f} minutes")
    return 1 if kept else 0


def _one_seed(cargo_vet: Path, keep: Path, seed: int) -> Outcome:
    with tempfile.TemporaryDirectory() as scratch:
        return run_campaign(seed, PROJECTS_PER_SEED, cargo_vet=cargo_vet, scratch=Path(scratch), keep=keep, tell=_tell)


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
