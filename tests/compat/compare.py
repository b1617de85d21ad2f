"""Ask both programs the same questions about a world and tell where their answers differ."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from tests.compat import locks
from tests.compat.causes import Cause, our_causes, real_causes, unexplained
from tests.compat.real import NOW, Answer
from tests.compat.worlds import STORE_FILES, World
from tests.in_process import Run

GOOD, NOT_VETTED, REFUSED = "good", "not vetted", "refused"


class Difference(NamedTuple):
    """One question that was answered differently."""

    question: str
    real: str
    ours: str

    def __str__(self) -> str:
        return f"{self.question}\n  cargo-vet: {self.real}\n  vetflow:   {self.ours}"


class Oracle(Protocol):
    """The real cargo-vet; `real.RealTools` is one."""

    @property
    def metadata(self) -> Path:
        """Where the `cargo metadata` document of its last run is, if it got one."""
        ...

    def vet(self, words: Sequence[str], cwd: Path) -> Answer:
        """Run `cargo vet WORDS` in `cwd`."""
        ...


class Vetflow(Protocol):
    """vetflow's command line; `in_process.RunVetflow` is one."""

    def __call__(self, *argv: str, cwd: Path) -> Run:
        """Run `vetflow ARGV` in `cwd`."""
        ...


class Comparison:
    """One world asked; `seen` counts what cargo-vet concluded: what a campaign has covered."""

    def __init__(self, folder: Path, world: World, tools: Oracle, vetflow: Vetflow) -> None:
        self._folder = folder
        self._cwd = folder / world.cwd
        self._store = folder / world.store
        self._world = world
        self._tools = tools
        self._vetflow = vetflow
        self._options = world.options
        self.seen: Counter[str] = Counter()

    def differences(self) -> list[Difference]:
        """Ask everything; leaves the store as `cargo vet fmt` wrote it."""
        return [*self._check_as_found(), *self._format()]

    def _check_as_found(self) -> Iterator[Difference]:
        """Compare `check` before formatting; restores what a successful real check rewrites."""
        before = self._texts(self._store)
        yield from self._compare("check", "--locked")
        for name, content in before.items():
            (self._store / name).write_bytes(content)

    def _format(self) -> Iterator[Difference]:
        """Compare `fmt`, and everything else on the store that it leaves."""
        before = self._texts(self._store)
        ours = self._ask_vetflow("fmt")
        formatted = self._texts(self._store)
        for name, content in before.items():
            (self._store / name).write_bytes(content)
        real = self._ask_cargo_vet("fmt")
        yield from self._judge("fmt", real, ours, before, lambda _: "what each tells about it is its own")
        wanted = self._texts(self._store)
        for name in sorted(wanted.keys() | formatted.keys()):
            if wanted.get(name) != formatted.get(name):
                yield Difference(f"fmt: {name}", repr(wanted.get(name)), repr(formatted.get(name)))
        if real.exit == 0:
            yield from self._ask_the_rest()

    def _ask_the_rest(self) -> Iterator[Difference]:
        yield from self._compare("check", "--locked", view=self._as_cargo_knows, count=True)
        for words in self._world.explain:
            if self._world.told_by_lock or len(words) > 1:
                yield from self._compare("explain-audit", *words, "--locked")
        if self._world.told_by_lock:
            depth = ("dump-graph", "--locked", "--depth", self._world.depth)
            yield from self._compare(*depth, view=self._as_lock_tells)
            yield from self._compare(*depth, output="human")
        if self._tools.metadata.exists():
            saved = ("--cargo-metadata", str(self._tools.metadata))
            yield from self._compare("check", "--locked", only_ours=saved)
            yield from self._compare("dump-graph", "--locked", "--depth", "full", only_ours=saved)

    def _as_cargo_knows(self, stdout: str) -> str:
        """Leave out vetted packages that cargo does not know: it drops what has no library, a lock cannot.

        vetflow opens a package only when the verdict hangs on it, so failures are compared as they are.
        """
        if self._world.told_by_lock:
            return stdout
        known = {
            (package["name"], package["version"])
            for package in json.loads(self._tools.metadata.read_text())["packages"]
        }
        report = json.loads(stdout)
        for key in report:
            if key.startswith("vetted"):
                report[key] = [v for v in report[key] if (v["name"], v["version"].partition("@")[0]) in known]
        return json.dumps(report)

    def _as_lock_tells(self, stdout: str) -> str:
        """Leave out what no lock tells: which edges of a published package are build dependencies."""
        nodes = json.loads(stdout)
        ours = {
            (package.name, package.version)
            for package in locks.packages((self._folder / "ws/Cargo.lock").read_text())
            if package.source is None
        }
        for node in nodes:
            if node["is_third_party"] or (node["name"], node["version"]) not in ours:
                del node["normal_deps"], node["build_deps"]
        return json.dumps(nodes)

    def _compare(
        self,
        *words: str,
        view: Callable[[str], str] = str,
        count: bool = False,
        output: str = "json",
        only_ours: tuple[str, ...] = (),
    ) -> Iterator[Difference]:
        """Ask both the same, vetflow first: it must leave every file alone, cargo-vet may not."""
        question = " ".join((*words, *only_ours))
        before = self._texts(self._store)
        ours = self._ask_vetflow(*words, more=only_ours, output=output)
        if self._texts(self._store) != before:
            yield Difference(question, "", "changed the store")
        real = self._ask_cargo_vet(*words, output=output)
        if count:
            self.seen[_conclusion(real)] += 1
        yield from self._judge(question, real, ours, before, view)

    def _judge(
        self, question: str, real: Answer, ours: Run, files: Mapping[str, bytes], view: Callable[[str], str]
    ) -> Iterator[Difference]:
        """Compare the exit, then either the causes of a refusal or every byte that `view` leaves."""
        wanted, got = _status(real.exit, real.stdout), _status(ours.exit, ours.stdout)
        if wanted != got or (got == REFUSED and ours.exit not in {1, 2}):
            yield Difference(question, _told(real.exit, real), _told(ours.exit, ours))
        elif wanted == REFUSED:
            causes = real_causes(real.stdout, files)
            self.seen.update(f"refused: {cause.kind}" for cause in causes)
            missing = unexplained(causes, our_causes(ours.stdout))
            # Without all three files vetflow says nothing else about a store; cargo-vet reads until it meets the gap.
            if missing and files.keys() >= set(STORE_FILES):
                yield Difference(question, _listed(missing), _told(ours.exit, ours))
        elif real.stdout != ours.stdout and view(real.stdout) != view(ours.stdout):
            yield Difference(question, real.stdout, ours.stdout)

    def _ask_vetflow(self, *words: str, more: tuple[str, ...] = (), output: str = "json") -> Run:
        common = (*self._options, "--output-format", output, "--current-time", NOW)
        return self._vetflow(*words, *common, *more, cwd=self._cwd)

    def _ask_cargo_vet(self, *words: str, output: str = "json") -> Answer:
        return self._tools.vet((*words, *self._options, "--output-format", output), self._cwd)

    def _texts(self, folder: Path) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.is_dir() else {}


def _status(exit_code: int, stdout: str) -> str:
    if exit_code == 0:
        return GOOD
    return NOT_VETTED if _conclusion_of(stdout) else REFUSED


def _conclusion(answer: Answer) -> str:
    return _conclusion_of(answer.stdout) or "refused"


def _conclusion_of(stdout: str) -> str | None:
    try:
        document = json.loads(stdout)
    except ValueError:
        return None
    return document.get("conclusion") if isinstance(document, dict) else None


def _told(exit_code: int, answer: Answer | Run) -> str:
    return f"exit {exit_code}: {answer.stdout.strip()[:1500]} {answer.stderr.strip()[-600:]}"


def _listed(causes: frozenset[Cause]) -> str:
    return "; ".join(" ".join(str(part) for part in cause if part is not None) for cause in sorted(causes, key=str))
