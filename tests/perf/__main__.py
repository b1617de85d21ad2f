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
import statistics
import sys
import tempfile
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.oracle import find_cargo, find_cargo_vet
from tests.perf import audit_set, proposal, review
from tests.perf.measure import Program, medians, newest_case, vetflow_command, writable_copy
from tests.recorded_network import RecordedNetwork
from tests.small_project import write_small_project
from tests.stand_in import StandIn

SHARED = Path(__file__).resolve().parents[3] / "shared"
PROJECTS = ("wasmtime", "surrealdb", "glean")
BUDGET_WARM, BUDGET_FRESH, BUDGET_FMT_SECONDS, BUDGET_SUGGEST = 0.35, 0.02, 0.5, 0.33
ANSWERS_AFTER = 0.03
"""How many seconds away the servers are for which the budget of `suggest` is meant, as over most people's lines."""
BUDGET_SURFACE, BUDGET_SURFACE_KEPT, COLD_ROUNDS = 6.0, 0.5, 3
BUDGET_CI = 1.5
REVIEW, MOST_LOOKED_AT, DOWNLOADING = 2, 20, ("ort-sys", "torch-sys", "v8")
BUDGET_PAINT, BUDGET_DELTA, BUDGET_KEY, BUDGET_GROWN = 0.8, 0.3, 0.05, 100.0
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
        self._projects: dict[str, Project] = {}
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

    def suggest(self) -> None:
        """Measure `suggest` of wasmtime's backlog, both caches filled, by a network made up after its store.

        The real one cannot be asked as often as this. At no distance at all there is little to save.
        """
        project = self._project("wasmtime")
        recorded = RecordedNetwork(project.ours, project.ours / "supply-chain")
        backlog = len(tomllib.loads((project.ours / "supply-chain/config.toml").read_text())["exemptions"])
        for seconds in (0.0, ANSWERS_AFTER):
            with StandIn(SHARED, recorded.network, recorded.hosts, delay=seconds) as server:
                environ = {**server.environ, "XDG_CACHE_HOME": str(self._scratch / "caches")}
                ours = Program((*vetflow_command(), "suggest"), project.ours, environ)
                if self._cargo_vet is None:
                    (time,) = medians([ours], self._rounds)
                    self._tell(f"suggest, answers after {seconds * 1000:.0f} ms: vetflow {time * 1000:.0f} ms")
                    continue
                real = self._cargo_vet_program(project, environ, ("suggest",))
                our_time, real_time = medians([ours, real], self._rounds)
            ratio = our_time / real_time
            self._tell(
                f"suggest, {backlog} exempted crates, answers after {seconds * 1000:.0f} ms: "
                f"vetflow {our_time * 1000:.0f} ms   cargo vet {real_time * 1000:.0f} ms   ratio {ratio:.2f}"
                f"{self._verdict('suggest', ratio, BUDGET_SUGGEST if seconds else None)}"
            )

    def surface(self) -> None:
        """Measure what runs when wasmtime is built: with nothing known but the archives, and with everything kept."""
        project = self._project("wasmtime")
        kept = self._scratch / "surface"
        program = Program((*vetflow_command(), "surface", "--offline"), project.ours, {"XDG_CACHE_HOME": str(kept)})
        if "not read" in program.run().stdout:
            self._tell("surface: NOT MEASURED, crates of wasmtime are not on this machine (`cargo fetch` brings them)")
            self.failed.append("surface")
            return
        (cached,) = medians([program], self._rounds)
        cold = []
        for _ in range(min(self._rounds, COLD_ROUNDS)):
            shutil.rmtree(kept)
            cold.append(program.seconds())
        first = statistics.median(cold)
        self._tell(f"surface, archives read: vetflow {first:.1f} s{self._verdict('surface', first, BUDGET_SURFACE)}")
        verdict = self._verdict("surface kept", cached, BUDGET_SURFACE_KEPT)
        self._tell(f"surface, readings kept: vetflow {cached:.2f} s{verdict}")
        self._calibration(program)

    def review(self) -> None:
        """Measure the first paint of the queue in a pseudo terminal, and a delta of 200,000 lines."""
        state = self._scratch / "state"
        paint = review.queue_paint(vetflow_command(), self._project("wasmtime").ours, state, self._rounds)
        self._tell(f"review of wasmtime, first paint {paint:.2f} s{self._verdict('first paint', paint, BUDGET_PAINT)}")
        delta = review.large_delta()
        for name, measured, limit, unit in (
            ("first paint of 200,000 lines", delta.first_paint, BUDGET_DELTA, "s"),
            ("key to screen, p95", delta.key_p95, BUDGET_KEY, "s"),
            ("memory of it", delta.grown, BUDGET_GROWN, "MB"),
        ):
            self._tell(f"{name}: {measured:.3g} {unit}{self._verdict(name, measured, limit)}")

    def ci(self) -> None:
        """Measure the answer to a pull request against wasmtime, with everything committed and nothing to fetch."""
        prepared = proposal.prepare(self._project("wasmtime").ours, self._scratch / "ci")
        (took,) = medians([prepared.program], self._rounds)
        what = f"ci, {prepared.signed} signed entries, {prepared.receipts} receipts, {proposal.ADVISORIES} advisories"
        self._tell(f"{what}: vetflow {took:.2f} s{self._verdict('ci', took, BUDGET_CI)}")

    def _calibration(self, surface: Program) -> None:
        """Tell what stands out among wasmtime's crates: few of them, and those that download what they run."""
        command = (*surface.command, "--output-format", "json")
        found = json.loads(surface._replace(command=command).run().stdout)
        grades = {f"{each['name']} {each['version']}": each["grade"] for each in found["crates"]}
        looked_at = sum(grade >= REVIEW for grade in grades.values())
        self._tell(f"crates to look at: {looked_at}{self._verdict('calibration', looked_at, MOST_LOOKED_AT)}")
        alerts = sorted(crate for crate, grade in grades.items() if grade > REVIEW)
        missed = [name for name in DOWNLOADING if not any(crate.startswith(f"{name} ") for crate in alerts)]
        self._tell(f"alerts: {', '.join(alerts)}{f'   MISSED: {missed}' if missed else ''}")
        self.failed += [f"alert for {name}" for name in missed]
        for key in ("whole_lock", "whole_lock_without_dev"):
            counts = found[key]
            self._tell(f"{key}: {counts['host_closure']} of {counts['crates']} crates in the host closure")

    def _project(self, name: str) -> Project:
        if name in self._projects:
            return self._projects[name]
        case = newest_case(SHARED / "corpus", name)
        where = json.loads((case / "expect.json").read_text())["meta"].get("cwd") or "."
        copies = [writable_copy(case / "ws", self._scratch / f"{name}-{who}") for who in ("ours", "real")]
        self._projects[name] = Project(name, copies[0] / where, copies[1] / where, case / "graph.json")
        return self._projects[name]

    def _cargo_vet_program(self, project: Project, environ: Mapping[str, str], words: Sequence[str] = CHECK) -> Program:
        command = (str(self._cargo_vet), "vet", *words)
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
    parts = (*PROJECTS, "fmt", "suggest", "surface", "review", "ci", "fresh")
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
        measures: dict[str, Callable[[], None]] = {
            "fmt": bench.fmt,
            "suggest": bench.suggest,
            "surface": bench.surface,
            "review": bench.review,
            "ci": bench.ci,
            "fresh": bench.fresh,
        }
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
