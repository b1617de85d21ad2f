"""A large project with its network made up: what vetflow asks of others, and that both programs come to the same.

The store is the newest one recorded of the project; the network says what that store holds. cargo-vet asks about every
crate whose publisher somebody trusts: 421 requests for one `certify` here.
"""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.in_process import Run, RunVetflow
from tests.perf.measure import newest_case, writable_copy
from tests.recorded_network import RecordedNetwork
from tests.stand_in import StandIn
from vetflow.sources.endpoints import INDEX

RECORDED = ("--current-time", "2026-11-21T00:00:00Z")
"""The clock of the recorded cases."""
WORDS = ("--accept-all", "--who", "Ada <ada@example.org>", "--criteria", "safe-to-deploy")


class Project:
    """The recorded project and its network; caches are the test's own.

    untrusted, trusted: an exempted crate and its version, of which nobody, or somebody, is trusted with what they
    publish.
    """

    def __init__(self, case: Path, folder: Path, run: RunVetflow, server: StandIn) -> None:
        self.workspace = writable_copy(case / "ws", folder / "ws")
        self.store = self.workspace / "supply-chain"
        self.recorded = RecordedNetwork(self.workspace, self.store)
        exemptions = tomllib.loads((self.store / "config.toml").read_text())["exemptions"]
        exempted = [(name, rows[0]["version"]) for name, rows in exemptions.items()]
        self.untrusted, self.trusted = (
            next(each for each in exempted if (each[0] in self.recorded.trusted) is trusted)
            for trusted in (False, True)
        )
        self._kept = {path: path.read_bytes() for path in self.store.iterdir()}
        self._run = run
        self._case = case
        self._server = server

    def vetflow(self, *words: str) -> Run:
        return self._run(*words, *RECORDED, cwd=self.workspace, environ=self._server.environ)

    def cargo_vet(self, binary: Path, *words: str) -> str:
        """Run the real cargo-vet, its cargo being the recording; return what it prints."""
        recording = {
            "CARGO": str(self._case.parents[1] / "tools/replay_cargo.py"),
            "VETFLOW_GRAPH": str(self._case / "graph.json"),
            "VETFLOW_WS": str(self.workspace),
        }
        ran = subprocess.run(
            [binary, "vet", *words, *RECORDED, "--cache-dir", self.workspace.parent / "their-cache"],
            cwd=self.workspace,
            env={**os.environ, **recording, **self._server.environ},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
        )
        printed: str = ran.stdout
        return printed

    def restore(self) -> dict[str, str]:
        """Make the store what it was; return what it had become."""
        texts = {path.name: path.read_text() for path in self.store.iterdir()}
        for path, content in self._kept.items():
            path.write_bytes(content)
        return texts

    def drop_publisher_row(self) -> str:
        """Take the first publisher row of a crate with only one out of imports.lock; return its name."""
        imports = self.store / "imports.lock"
        text = imports.read_text()
        publisher = tomllib.loads(text)["publisher"]
        name: str = next(name for name, rows in publisher.items() if len(rows) == 1 and len(name) > 3)
        imports.write_text(re.sub(rf"\[\[publisher\.{name}\]\]\n(?:.+\n)+\n", "", text))
        assert imports.read_text() != text
        self._kept[imports] = imports.read_bytes()
        return name

    def requests_of_certify(self, crate: str, version: str) -> list[str]:
        """Certify twice, each time from the same store, and return what the second run asked."""
        for _ in ("cold", "warm"):
            self._server.requests()
            run = self.vetflow("certify", crate, version, *WORDS)
            assert run.exit == 0, run.stderr
            self.restore()
        return self._server.requests()

    def confirmed_imports(self) -> list[str]:
        """What asking once for each import looks like when nothing changed."""
        return sorted(f"304 {url}" for url in self.recorded.imports)


@pytest.fixture(scope="module")
def recorded_case(shared: Path) -> Path:
    return newest_case(shared / "corpus", "wasmtime")


@pytest.fixture(scope="module")
def server(shared: Path, recorded_case: Path) -> Iterator[StandIn]:
    recorded = RecordedNetwork(recorded_case / "ws", recorded_case / "ws/supply-chain")
    with StandIn(shared, recorded.network, recorded.hosts) as running:
        yield running


@pytest.fixture
def project(recorded_case: Path, run_vetflow: RunVetflow, server: StandIn, tmp_path: Path) -> Project:
    return Project(recorded_case, tmp_path, run_vetflow, server)


def confirmed(*crates: str) -> list[str]:
    """What asking about crates looks like, with names of four letters or more.

    The web API need not be asked: who published versions was kept for the versions that the index still tells of.
    """
    return [f"304 {INDEX}{crate[:2]}/{crate[2:4]}/{crate}" for crate in crates]


def test_a_crate_without_trusted_publishers_needs_one_request_for_each_import(project: Project) -> None:
    assert project.requests_of_certify(*project.untrusted) == project.confirmed_imports()


def test_of_crates_io_only_the_certified_crate_is_asked_for(project: Project) -> None:
    """A trusted publisher's new version might replace its exemption."""
    asked = project.requests_of_certify(*project.trusted)
    assert asked == sorted(project.confirmed_imports() + confirmed(project.trusted[0]))


def test_crates_that_the_lock_s_own_records_do_not_vet_are_asked_for_too(project: Project) -> None:
    unvetted = project.drop_publisher_row()
    asked = project.requests_of_certify(*project.untrusted)
    assert asked == sorted(project.confirmed_imports() + confirmed(unvetted))


@pytest.mark.cargo_vet
def test_both_programs_suggest_the_same(project: Project, cargo_vet: Path) -> None:
    """The crates of the workspace that are audited as published vet by what is published now, in both."""
    words = ("suggest", "--output-format", "json")
    ours = project.vetflow(*words)
    assert ours.exit == 0
    assert ours.stdout == project.cargo_vet(cargo_vet, *words)


@pytest.mark.cargo_vet
@pytest.mark.parametrize(
    "words",
    [
        ("check",),
        ("prune",),
        ("regenerate", "unpublished"),
        ("regenerate", "exemptions"),
        ("regenerate", "imports"),
        ("trust", "--all", "somebody", "--criteria", "safe-to-deploy", "--allow-multiple-publishers"),
        ("trust", "{untrusted}", "somebody", "--criteria", "safe-to-deploy"),
        ("certify", "{untrusted}", "{version}", *WORDS),
        ("certify", "{trusted}", "{trusted_version}", *WORDS),
        ("certify", "{trusted}", "0.0.1", "{trusted_version}", *WORDS),
        ("renew", "--expiring"),
    ],
    ids=" ".join,
)
def test_both_programs_write_the_same(project: Project, cargo_vet: Path, words: tuple[str, ...]) -> None:
    project.drop_publisher_row()
    (untrusted, version), (trusted, trusted_version) = project.untrusted, project.trusted
    named = {"untrusted": untrusted, "version": version, "trusted": trusted, "trusted_version": trusted_version}
    words = tuple(word.format_map(named) for word in words)
    run = project.vetflow(*words)
    assert run.exit == 0, run.stderr
    ours = project.restore()
    project.cargo_vet(cargo_vet, *words)
    assert ours == project.restore()
