"""Bare `vetflow` at a terminal without a store: what others would settle is told, each step asks before it writes."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

from tests.fakes import FIXED_DAY, FIXED_MOMENT
from tests.small_project import write_small_project
from tests.stand_in import StandIn
from vetflow.app.shipped import shipped_path
from vetflow.cli.main import main
from vetflow.cli.world import World
from vetflow.sources.endpoints import REGISTRY_LIST
from vetflow.sources.registry import shipped_registry

AUDITS = '[[audits.anvil]]\nwho = "Bo"\ncriteria = "safe-to-deploy"\nversion = "1.0.0"\n'
MOZILLA = shipped_registry(shipped_path("registry.toml"))["mozilla"].urls[0]
NETWORK = {
    "crates": {"anvil": {"versions": {"1.0.0": ["2024-03-04", 7, 12]}, "desc": "anvil"}},
    "users": {"7": ["ada-l", "Ada"]},
    "files": {MOZILLA: AUDITS, REGISTRY_LIST: f'[registry.mozilla]\nurl = "{MOZILLA}"\n'},
}


class Terminal(StringIO):
    """A stream that somebody looks at."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(scope="module")
def stand_in(shared: Path) -> Iterator[StandIn]:
    with StandIn(shared, NETWORK, {url.split("/")[2] for url in (MOZILLA, REGISTRY_LIST)}) as server:
        yield server


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write_small_project(tmp_path)
    for file in (tmp_path / "supply-chain").iterdir():
        file.unlink()
    (tmp_path / "supply-chain").rmdir()
    return tmp_path


def run(project: Path, stand_in: StandIn, *answers: str) -> tuple[int, str]:
    """Type answers, each with ENTER; return the exit code and all that was on screen."""
    screen = Terminal()
    environ = {"HOME": str(project / "home"), "TERM": "xterm", **stand_in.environ}
    typed = Terminal("".join(f"{answer}\n" for answer in answers))
    world = World(environ, str(project), typed, screen, screen, lambda: FIXED_DAY, lambda: FIXED_MOMENT)
    return main([], world), screen.getvalue()


def store(project: Path) -> Path:
    return project / "supply-chain"


def test_no_is_an_answer_and_nothing_is_asked_or_written(project: Path, stand_in: StandIn) -> None:
    stand_in.requests()
    code, screen = run(project, stand_in, "n")
    assert code == 0
    assert "begin a store now?" in screen
    assert stand_in.requests() == []
    assert not store(project).exists()


def test_what_each_publisher_would_settle_is_told_before_anything_is_written(project: Path, stand_in: StandIn) -> None:
    code, screen = run(project, stand_in, "y", "", "n")
    assert code == 0
    assert "[ ] 1. mozilla" in screen
    assert "settles 1 of 1" in screen
    assert "config.toml, audits.toml, imports.lock? (`vetflow init`) [y/N]" in screen
    assert not store(project).exists()


def test_a_store_is_written_and_no_import_that_was_not_chosen(project: Path, stand_in: StandIn) -> None:
    code, screen = run(project, stand_in, "y", "", "y", "n")
    assert code == 0
    assert "exempted crates: 1" in screen
    assert "read what is still to be read? (`vetflow review`)" in screen
    config = (store(project) / "config.toml").read_text(encoding="utf-8")
    assert "[[exemptions.anvil]]" in config
    assert "imports" not in config


def test_a_chosen_import_is_asked_about_once_more_and_takes_exemptions_away(project: Path, stand_in: StandIn) -> None:
    code, screen = run(project, stand_in, "y", "1", "", "y", "n", "n")
    assert code == 0
    assert "import mozilla?" in screen
    assert "imports" not in (store(project) / "config.toml").read_text(encoding="utf-8")
    for file in store(project).iterdir():
        file.unlink()
    store(project).rmdir()
    code, screen = run(project, stand_in, "y", "1", "", "y", "y", "n")
    assert "exemptions: 1 removed" in screen
    config = (store(project) / "config.toml").read_text(encoding="utf-8")
    assert "[imports.mozilla]" in config
    assert "exemptions" not in config
