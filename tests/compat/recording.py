"""`python -m tests.compat.recording --count 500 --seed 7`: compare what both programs write to random stores, offline.

Every store is brought into canonical form and then changed by each command that can do so without a network, each time
from the same start: `prune`, `regenerate exemptions`, `certify`, `add-exemption`, `record-violation`; and it is removed
and created by `init`. Afterwards the files must be the same, byte for byte. Prints how often which command changed
something, and every difference; exit status 0 when there is none.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from difflib import unified_diff
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeAlias

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.compat.locks import packages
from tests.compat.real import NOW, RealTools
from tests.compat.store_strategies import SHA
from tests.compat.workspace_strategies import VERSIONS, pick
from tests.compat.worlds import STORE_FILES, World, projects, worlds
from tests.in_process import RunVetflow
from tests.oracle import find_cargo_vet

STORES_PER_PROJECT = 2
PROJECTS_PER_SEED = 10
LOCKED = ("--locked", "--frozen")
_PANIC = 101

Words: TypeAlias = tuple[str, ...]
Texts: TypeAlias = Mapping[str, str]


class Outcome(NamedTuple):
    """What came of many stores. seen: how often what happened. differences: each as a report."""

    stores: int
    seen: Counter[str]
    differences: list[str]


@st.composite
def edits(
    draw: DrawFn, crates: tuple[tuple[str, str], ...], criteria: tuple[str, ...], *, has_default: bool
) -> tuple[Words, ...]:
    """Draw the command lines to try on a store: about crates in use, in criteria that it knows.

    has_default: the store knows its default criteria, too; cargo-vet writes unknown ones, and then refuses the store.
    """
    crate, version = draw(st.sampled_from(crates))
    others = st.sampled_from([*VERSIONS, version, f"1.0.0@git:{SHA}"])
    named = tuple(draw(st.lists(st.sampled_from(criteria), min_size=0 if has_default else 1, max_size=2, unique=True)))
    wanted = tuple(word for name in named for word in ("--criteria", name))
    # Without `--who` it would be whoever git says works here.
    who = draw(st.sampled_from([("--who", "Bert"), ("--who", "Bert", "--who", "Anna <anna@example.org>")]))
    notes = draw(st.sampled_from([(), ("--notes", "fine"), ("--notes", 'Two lines.\nSecond "line".\n')]))
    # Without `--force` vetflow does not record twice what is recorded already.
    certify = ("certify", crate, *LOCKED, "--accept-all", "--force", *(wanted or ("--criteria", "safe-to-deploy")))
    certify = (*certify, *who, *notes)
    spared = draw(st.sets(st.sampled_from(["--no-imports", "--no-exemptions", "--no-audits"])))
    violated = draw(st.sampled_from(["*", "<1", ">=1.0.0, <2", f"={version.partition('@')[0]}"]))
    return (
        ("prune", *LOCKED),
        ("prune", *LOCKED, *sorted(spared)),
        ("regenerate", "exemptions", *LOCKED),
        (*certify[:2], version, *certify[2:]),
        (*certify[:2], draw(others), version, *certify[2:]),
        (*certify[:2], *draw(st.tuples(others, others)), *certify[2:]),
        ("add-exemption", crate, draw(others), *LOCKED, *wanted, *notes, *pick(draw, (3, ()), (1, ("--no-suggest",)))),
        ("record-violation", crate, violated, *LOCKED, *wanted, *who, *notes),
    )


class _Recording:
    """One world: its store in canonical form, and both programs to change it."""

    def __init__(self, folder: Path, world: World, tools: RealTools, vetflow: RunVetflow) -> None:
        self._store = folder / world.store
        self._cwd = folder / world.cwd
        self._options = [word.replace("{world}", str(folder)) for word in world.options]
        self._tools = tools
        self._vetflow = vetflow
        self._lock = folder / "ws/Cargo.lock"
        self.seen: Counter[str] = Counter()

    def is_usable(self) -> bool:
        """Whether cargo-vet formats the store, and nothing is in it that vetflow treats differently on purpose."""
        formatted = self._tools.vet(("fmt", *self._options), self._cwd).exit == 0
        return (
            formatted
            and self._tools.metadata.exists()
            and not self._crashes_cargo_vet()
            and not self._implies_itself()
            and not self._loses_a_violation()
        )

    def _crashes_cargo_vet(self) -> bool:
        """Whether cargo-vet panics when it resolves with the store; vetflow does not open such a store at all."""
        return self._tools.vet(("check", *LOCKED, *self._options), self._cwd).exit == _PANIC

    def _implies_itself(self) -> bool:
        """Whether a criterion leads back to itself: a crash, unless something else stops cargo-vet first."""
        criteria = tomllib.loads(self._texts()["audits.toml"]).get("criteria", {})
        implied = {
            name: {other} if isinstance(other := entry.get("implies", []), str) else {*other}
            for name, entry in criteria.items()
        }
        while leaves := [name for name, others in implied.items() if not others & implied.keys()]:
            for name in leaves:
                del implied[name]
        return bool(implied)

    def _loses_a_violation(self) -> bool:
        """Whether cargo-vet would prune a violation that is not importable, which vetflow keeps on purpose."""
        audits = tomllib.loads(self._texts()["audits.toml"]).get("audits", {})
        entries = (entry for rows in audits.values() for entry in rows)
        return any("violation" in entry and entry.get("importable") is False for entry in entries)

    def crates(self) -> tuple[tuple[str, str], ...]:
        """Return the crates of crates.io in use, and their versions."""
        return tuple((p.name, p.version) for p in packages(self._lock.read_text()) if p.from_crates_io)

    def criteria(self) -> tuple[str, ...]:
        """Return the criteria that the store knows."""
        return ("safe-to-run", "safe-to-deploy", *tomllib.loads(self._texts()["audits.toml"]).get("criteria", ()))

    def has_default(self) -> bool:
        """Whether the criteria that `add-exemption` uses by default are defined."""
        return tomllib.loads(self._texts()["config.toml"]).get("default-criteria", "safe-to-deploy") in self.criteria()

    def differences(self, words: Words) -> Iterator[str]:
        """Run one command line in both programs on the same store, and tell where the files differ afterwards."""
        before = self._texts()
        real = self._tools.vet((*words, *self._options), self._cwd)
        wanted = self._texts()
        self._write(before)
        metadata = ("--cargo-metadata", str(self._tools.metadata))
        ours = self._vetflow(*words, *self._options, *metadata, "--current-time", NOW, cwd=self._cwd)
        got = self._texts()
        self._write(before)
        self.seen[f"{words[0]} {'refused' if real.exit else 'nothing to do' if wanted == before else 'written'}"] += 1
        if (real.exit == 0) != (ours.exit == 0) or (real.exit and got != before):
            told = f"exit {real.exit} {real.stderr[-400:]}\nvetflow: exit {ours.exit} {ours.stderr[-400:]}"
            yield f"{' '.join(words)}\ncargo-vet: {told}"
        elif real.exit == 0:
            for name in STORE_FILES:
                if wanted[name] != got[name]:
                    lines = unified_diff(wanted[name].splitlines(), got[name].splitlines(), "cargo-vet", "vetflow")
                    yield f"{' '.join(words)}\n{name}\n" + "\n".join(lines)

    def differences_of_init(self) -> Iterator[str]:
        """Let both programs create the store, and tell where the files differ. Leaves it as it was."""
        before = self._texts()
        shutil.rmtree(self._store)
        self._tools.vet(("init", *LOCKED, *self._options), self._cwd)
        wanted = self._texts()
        shutil.rmtree(self._store)
        metadata = ("--cargo-metadata", str(self._tools.metadata))
        ours = self._vetflow("init", *LOCKED, *self._options, *metadata, cwd=self._cwd)
        if ours.exit or self._texts() != wanted:
            yield f"init\ncargo-vet: {wanted}\nvetflow: exit {ours.exit} {ours.stderr[-400:]}"
        self.seen["init written"] += 1
        self._store.mkdir(exist_ok=True)
        self._write(before)

    def _texts(self) -> Texts:
        return {name: (self._store / name).read_text() for name in STORE_FILES}

    def _write(self, texts: Texts) -> None:
        for name, text in texts.items():
            (self._store / name).write_text(text)


def compare_recording(seed: int, projects_drawn: int, *, cargo_vet: Path, scratch: Path) -> Outcome:
    """Compare on the stores of some projects (at most `PROJECTS_PER_SEED`); the same seed draws the same."""
    outcome = Outcome(0, Counter(), [])
    vetflow = RunVetflow(scratch)
    home = scratch / "cargo-home"
    home.mkdir(parents=True)

    @hypothesis.seed(seed)
    @settings(
        max_examples=projects_drawn,
        phases=[Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def compare_project(data: st.DataObject) -> None:
        nonlocal outcome
        folder = Path(tempfile.mkdtemp(dir=scratch))
        tools = RealTools(cargo_vet, folder, home)
        project = data.draw(projects(folder, tools))
        for _ in range(STORES_PER_PROJECT):
            recording = _Recording(folder, data.draw(worlds(folder, project)), tools, vetflow)
            if not recording.is_usable() or not recording.crates():
                outcome.seen["store left out"] += 1
                continue
            drawn = edits(recording.crates(), recording.criteria(), has_default=recording.has_default())
            lines = data.draw(drawn)
            found = [difference for words in lines for difference in recording.differences(words)]
            found += recording.differences_of_init()
            outcome.differences.extend(f"seed {seed}: {difference}" for difference in found)
            outcome.seen.update(recording.seen)
            outcome = outcome._replace(stores=outcome.stores + 1)

    compare_project()
    return outcome


def main() -> int:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.compat.recording", description=__doc__)
    parser.add_argument("--count", type=int, default=100, help="about how many stores (default 100)")
    parser.add_argument("--seed", type=int, default=1, help="first seed; the next ones follow")
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time")
    options = parser.parse_args()
    cargo_vet = find_cargo_vet()
    if isinstance(cargo_vet, str):
        sys.exit(f"nothing was compared: {cargo_vet}")
    seeds = range(options.seed, options.seed + -(-options.count // (STORES_PER_PROJECT * PROJECTS_PER_SEED)))
    with ProcessPoolExecutor(options.jobs) as pool:
        outcomes = list(pool.map(partial(_one_seed, cargo_vet), seeds))
    for what, times in sum((outcome.seen for outcome in outcomes), Counter[str]()).most_common():
        _tell(f"{times:6} {what}")
    found = [difference for outcome in outcomes for difference in outcome.differences]
    stores = sum(outcome.stores for outcome in outcomes)
    _tell("\n\n".join([*found, f"{stores} stores, seeds {seeds[0]} to {seeds[-1]}, {len(found)} differences"]))
    return 1 if found else 0


def _one_seed(cargo_vet: Path, seed: int) -> Outcome:
    with tempfile.TemporaryDirectory() as scratch:
        return compare_recording(seed, PROJECTS_PER_SEED, cargo_vet=cargo_vet, scratch=Path(scratch))


def _tell(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
