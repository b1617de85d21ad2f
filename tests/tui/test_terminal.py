"""The review in a real terminal, on the bundled workspace."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.tui.demo_desk import git_environ, lay_out
from tests.tui.terminal import Terminal


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    with Terminal(tmp_path) as made:
        yield made


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "demo")


def environ(tmp_path: Path) -> Mapping[str, str]:
    return {**git_environ(), "HOME": str(tmp_path)}


def test_scenarios_1_and_3_first_paint_and_a_filter_that_is_said_aloud(
    terminal: Terminal, demo: Path, tmp_path: Path
) -> None:
    terminal.start(demo, environ(tmp_path), "review", "--locked", "--offline")
    screen = terminal.until("8 to audit of 13", "? Help").splitlines()
    assert screen[3].strip("| ").split()[1] == "copperwren-sys"
    assert "? Help" in screen[-1]
    terminal.keys("/")
    terminal.until("part of a name")
    terminal.keys(*"wren", "Enter")
    filtered = terminal.until("filter: wren", gone="glyphderive").splitlines()
    assert filtered[3].strip("| ").split()[1] == "copperwren-sys"
    terminal.keys("Escape")
    terminal.until("glyphderive", gone="filter: wren")
    terminal.keys("q")
    terminal.until_true(lambda _: terminal.is_dead())


def test_scenario_6_resume_after_a_kill(terminal: Terminal, demo: Path, tmp_path: Path) -> None:
    terminal.start(demo, environ(tmp_path), "review", "--locked", "--offline")
    terminal.until("8 to audit of 13")
    terminal.keys("Enter")
    terminal.until("build-time 0/1 viewed", "[1 of 5]")
    terminal.keys("v")
    terminal.until("build-time 1/1 viewed", "[2 of 5]")
    os.kill(terminal.process(), signal.SIGKILL)
    terminal.until_true(lambda _: terminal.is_dead())
    terminal.start_again(demo, environ(tmp_path), "review", "--locked", "--offline")
    screen = terminal.until("8 to audit of 13").splitlines()
    assert next(line for line in screen if line.startswith("|")).split()[2] == "copperwren-sys"
    terminal.keys("Enter")
    terminal.until("build-time 1/1 viewed", "[2 of 5]")


@pytest.mark.cargo_vet
def test_scenario_10_certify_and_commit(terminal: Terminal, demo: Path, tmp_path: Path, cargo_vet: Path) -> None:
    def git(*arguments: str) -> str:
        return subprocess.run(
            ["git", *arguments], cwd=demo, env=environ(tmp_path), check=True, capture_output=True, text=True
        ).stdout

    git("init", "--quiet")
    git("add", "--all")
    git("commit", "--quiet", "--message=begin")
    before = (demo / "supply-chain" / "audits.toml").read_text(encoding="utf-8")
    terminal.start(demo, environ(tmp_path), "review", "inkwharf", "--locked", "--offline")
    terminal.until("inkwharf 0.5.0>0.5.1", "[1 of")
    terminal.keys("c")
    terminal.until("Certify inkwharf 0.5.0 > 0.5.1", "was not read to its end")
    terminal.keys("End")
    terminal.until("ready: ctrl+s certifies")
    terminal.keys("C-s")
    terminal.until("recorded", "7 to audit of 13")
    after = (demo / "supply-chain" / "audits.toml").read_text(encoding="utf-8")
    entry = '[[audits.inkwharf]]\nwho = "Ada Example <ada@example.org>"\ncriteria = "safe-to-deploy"\n'
    entry += 'delta = "0.5.0 -> 0.5.1"\n\n'
    assert after.count(entry) == 1
    assert after.replace(entry, "") == before
    terminal.keys("3")
    terminal.until("1 audit recorded")
    terminal.keys("C")
    terminal.until("Commit supply-chain/ with", "Audit inkwharf")
    terminal.keys("C-s")
    terminal.until("committed as")
    assert git("show", "--name-only", "--format=%s").split() == ["Audit", "inkwharf", "supply-chain/audits.toml"]
    checked = subprocess.run(
        [cargo_vet, "vet", "check", "--locked", "--output-format", "json"],
        cwd=demo,
        env={**os.environ, "CARGO": "cargo"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "inkwharf" not in checked.stdout.partition('"failures"')[2].partition("]")[0]


def test_scenario_15_small_large_and_without_colours(terminal: Terminal, demo: Path, tmp_path: Path) -> None:
    terminal.start(demo, {**environ(tmp_path), "NO_COLOR": "1"}, "review", "copperwren-sys", "--locked", "--offline")
    screen = terminal.until("build-time 0/1 viewed", "[1 of 5]")
    assert " + use std::process::Command;" in screen
    assert " -     let text" in screen
    assert ">  build.rs !" in screen
    terminal.keys("v")
    terminal.until(" x build.rs !")
    for width, height in ((60, 16), (200, 60), (80, 24)):
        terminal.resize(width, height)
        terminal.until("copperwren-sys 0.6.1>0.6.2", "build-time 1/1", "[2 of 5]")


def test_scenario_12_offline(terminal: Terminal, demo: Path, tmp_path: Path) -> None:
    def check() -> int:
        command = [sys.executable, "-m", "vetflow", "check", "--locked"]
        return subprocess.run(
            command, cwd=demo, env={**environ(tmp_path), "PYTHONPATH": os.getcwd()}, check=False, capture_output=True
        ).returncode

    before = check()
    (demo / "crates" / "vexlantern-0.2.1.crate").unlink()
    terminal.start(demo, environ(tmp_path), "review", "--offline")
    screen = terminal.until("8 to audit of 13", "offline")
    last = next(line for line in reversed(screen.splitlines()) if re.match(r" +[\d?]+ ", line))
    assert last.split()[1] == "vexlantern"
    assert "not here" in last
    terminal.keys("G")
    terminal.until("not downloaded", "8/8")
    terminal.keys("Home", "Enter")
    terminal.until("copperwren-sys 0.6.1>0.6.2", "offline", "[1 of 5]")
    assert check() == before


def test_a_store_that_is_broken_is_told_with_its_place(terminal: Terminal, demo: Path, tmp_path: Path) -> None:
    config = demo / "supply-chain" / "config.toml"
    whole = config.read_text(encoding="utf-8")
    config.write_text(whole.replace("[cargo-vet]", "[cargo-vet"), encoding="utf-8")
    terminal.start(demo, environ(tmp_path), "review", "--locked", "--offline")
    terminal.until("config.toml:", "U reads it anew", "e edits it")
    config.write_text(whole, encoding="utf-8")
    terminal.keys("U")
    terminal.until("8 to audit of 13", gone="U reads it anew")


def test_the_demo_opens_its_review(terminal: Terminal, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    terminal.start(tmp_path, environ(tmp_path), "demo", str(folder))
    terminal.until("8 to audit of 13", "offline")
    terminal.keys("q")
    terminal.until("The workspace you reviewed is in")
    assert (folder / "supply-chain" / "config.toml").is_file()
