"""The pager is the user's, and cannot be led astray by what it shows."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from vetflow.project.pager import pager


class Pager:
    """A program that keeps what it is shown, with what it sees of some variables."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environ = {"PATH": f"{folder}:/usr/bin:/bin", "PAGER": "mypager -x"}
        self.becomes('cat > "$0.shown"; echo "$1 $LESS $LESSSECURE" > "$0.told"')

    def becomes(self, script: str) -> None:
        program = self.folder / "mypager"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    def kept(self, what: str) -> str:
        return (self.folder / f"mypager.{what}").read_text()


@pytest.fixture
def program(tmp_path: Path) -> Pager:
    return Pager(tmp_path)


def test_the_pager_is_shown_everything_and_waited_for(program: Pager) -> None:
    with pager(program.environ, io.StringIO()) as stream:
        stream.write("one\ntwo ä\n")
    assert program.kept("shown") == "one\ntwo ä\n"


def test_it_gets_its_options_and_no_way_to_run_anything(program: Pager) -> None:
    with pager(program.environ, io.StringIO()):
        pass
    assert program.kept("told") == "-x FRX 1\n"
    with pager({**program.environ, "LESS": "-S"}, io.StringIO()):
        pass
    assert program.kept("told") == "-x -S 1\n"


def test_leaving_it_early_is_no_error(program: Pager) -> None:
    program.becomes("exec <&-; true")
    with pytest.raises(BrokenPipeError), pager(program.environ, io.StringIO()) as stream:
        stream.write("more than any pipe takes\n" * 100_000)
    with pager(program.environ, io.StringIO()) as stream:
        stream.write("little\n")


@pytest.mark.parametrize("chosen", ["cat", "", "not-there", '"', "cat -v"])
def test_without_one_it_is_the_terminal(program: Pager, chosen: str) -> None:
    terminal = io.StringIO()
    with pager({**program.environ, "PAGER": chosen}, terminal) as stream:
        assert stream is terminal


def test_a_terminal_that_can_do_nothing_is_not_paged(program: Pager) -> None:
    terminal = io.StringIO()
    with pager({**program.environ, "TERM": "dumb"}, terminal) as stream:
        assert stream is terminal
