"""`python -m tests.perf`: how long vetflow takes, and the real cargo-vet beside it, against the budgets.

Measures whole processes, alternately in one run, and prints medians. Needs the recorded projects at ../shared
and vetflow installed in the running Python's environment; cargo-vet from VETFLOW_CARGO_VET or PATH, cargo
from PATH. Never part of a test run. Exit status 1 when a budget does not hold.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from tests.oracle import find_cargo, find_cargo_vet
from tests.perf import audit_set
from tests.perf.measure import Program, medians, newest_case, vetflow_command, writable_copy
from tests.small_project import write_small_project

SHARED = Path(__file__).resolve().parents[3] / "shared"
PROJECTS = ("wasmtime", "surrealdb", "glean")
BUDGET_WARM, BUDGET_FRESH, BUDGET_FMT_SECONDS = 0.35, 0.02, 0.5
CHECK = ("check", "--locked")


class Project(NamedTuple):
    """A recorded project, copied once for each program: a real check writes its store."""

    name: str
    ours: Path
    real: Path
    graph: Path


class Bench:
    """One run of the benchmark. failed: budgets that do not hold."""

    def __init__(self, scratch: Path, rounds: int) -> None:
        self._scratch = scratch
        self._rounds = rounds
        found = find_cargo_vet()
        self._cargo_vet = None if isinstance(found, str) else found
        if self._cargo_vet is None:
            self._tell(f"only vetflow is measured: {found}")
        self.failed: list[str] = []

    def warm(self, name: str) -> None:
        """Measure a check with every crate downloaded."""
        project = self._project(name)
        ours = Program((*vetflow_command(), *CHECK), project.ours)
        real = self._real(project)
        if real is None:
            (time,) = medians([ours], self._rounds)
            self._tell(f"{name:10} vetflow {time * 1000:5.0f} ms")
            return
        program, recorded = real
        our_time, real_time = medians([ours, program], self._rounds)
        ratio = our_time / real_time
        # The budget is DESIGN's, for this project and the real cargo.
        limit = BUDGET_WARM if name == "wasmtime" and not recorded else None
        with_what = "with cargo REPLACED by a recorded answer (not the budget's measure)" if recorded else "cargo vet"
        self._tell(
            f"{name:10} vetflow {our_time * 1000:5.0f} ms   {with_what} {real_time * 1000:5.0f} ms   "
            f"ratio {ratio:.2f}{self._verdict(f'{name} warm', ratio, limit)}"
        )

    def fresh(self) -> None:
        """Measure one check of wasmtime on a machine without any crate: cargo downloads everything."""
        if self._cargo_vet is None:
            return
        project = self._project("wasmtime")
        home = self._scratch / "empty-cargo-home"
        environ = {"CARGO_HOME": str(home)}
        ours = Program((*vetflow_command(), *CHECK), project.ours, environ)
        our_time = medians([ours], self._rounds)[0]
        shutil.rmtree(home, ignore_errors=True)
        real_time = self._cargo_vet_program(project, environ).seconds()
        shutil.rmtree(home, ignore_errors=True)
        ratio = our_time / real_time
        self._tell(
            f"wasmtime, fresh machine: vetflow {our_time * 1000:.0f} ms   cargo vet {real_time:.1f} s   "
            f"ratio {ratio:.3f}{self._verdict('wasmtime fresh', ratio, BUDGET_FRESH)}"
        )

    def fmt(self) -> None:
        """Measure `fmt` of a large made-up audit set; each round formats the untidy original."""
        write_small_project(self._scratch / "audit-set")
        store = self._scratch / "audit-set/supply-chain"
        untidy = self._scratch / "untidy"
        audit_set.write_store(untidy)
        size = (untidy / "audits.toml").stat().st_size
        formatting = Program((*vetflow_command(), "fmt"), store.parent)
        times = []
        for _ in range(self._rounds + 1):
            shutil.rmtree(store)
            shutil.copytree(untidy, store)
            times.append(formatting.seconds())
        median = sorted(times[1:])[self._rounds // 2]
        verdict = self._verdict("fmt", median, BUDGET_FMT_SECONDS)
        self._tell(f"fmt of {audit_set.AUDITS} audits ({size // 1000} kB): vetflow {median:.2f} s{verdict}")

    def _project(self, name: str) -> Project:
        case = newest_case(SHARED / "corpus", name)
        where = json.loads((case / "expect.json").read_text())["meta"].get("cwd") or "."
        copies = [writable_copy(case / "ws", self._scratch / f"{name}-{who}") for who in ("ours", "real")]
        return Project(name, copies[0] / where, copies[1] / where, case / "graph.json")

    def _cargo_vet_program(self, project: Project, environ: Mapping[str, str]) -> Program:
        command = (str(self._cargo_vet), "vet", *CHECK)
        return Program(command, project.real, {"CARGO": str(find_cargo()), **environ})

    def _real(self, project: Project) -> tuple[Program, bool] | None:
        """Return the real cargo-vet, and whether its cargo had to be a recording; None without one."""
        if self._cargo_vet is None:
            return None
        answers = Program(
            (str(find_cargo()), "metadata", "--format-version=1", "--all-features", "--locked"), project.real
        ).run()
        if answers.returncode == 0:
            return self._cargo_vet_program(project, {}), False
        self._tell(f"cargo cannot resolve {project.name} here: {answers.stderr.strip().splitlines()[-1]}")
        recording = {
            "CARGO": str(SHARED / "tools/replay_cargo.py"),
            "VETFLOW_GRAPH": str(project.graph),
            "VETFLOW_WS": str(project.real),
        }
        return self._cargo_vet_program(project, recording), True

    def _verdict(self, what: str, measured: float, limit: float | None) -> str:
        if limit is None:
            return ""
        if measured <= limit:
            return f"   budget {limit}: holds"
        self.failed.append(what)
        return f"   budget {limit}: DOES NOT HOLD"

    def _tell(self, line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def main() -> int:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.perf", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parts = (*PROJECTS, "fmt", "fresh")
    parser.add_argument("--rounds", type=int, default=11, help="measured rounds of each (default 11)")
    parser.add_argument(
        "--only",
        nargs="+",
        choices=parts,
        default=parts[:-1],
        help="what to measure; `fresh` downloads all crates anew",
    )
    options = parser.parse_args()
    if not SHARED.is_dir():
        sys.exit(f"the recorded projects are not at {SHARED}")
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(Path(scratch), options.rounds)
        measures: dict[str, Callable[[], None]] = {"fmt": bench.fmt, "fresh": bench.fresh}
        for part in options.only:
            if part in PROJECTS:
                bench.warm(part)
            else:
                measures[part]()
        load = os.getloadavg()[0]
    sys.stdout.write(f"medians of {options.rounds} rounds in turns, load average {load:.1f}\n")
    return 1 if bench.failed else 0


if __name__ == "__main__":
    sys.exit(main())
