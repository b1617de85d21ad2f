"""Results are paged where somebody watches, and nowhere else."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from tests.fakes import FIXED_DAY
from vetflow.cli.output import Output, Style, Styled
from vetflow.cli.world import World


class Terminal(io.StringIO):
    """A stream somebody watches."""

    def isatty(self) -> bool:
        return True


def output(stream: TextIO) -> Output:
    world = World({}, "/", io.StringIO(), stream, io.StringIO(), lambda: FIXED_DAY)
    return Output(world, output_file=None, log_file=None, color="auto")


def test_a_terminal_is_paged_in_its_colours_and_gets_what_comes_after() -> None:
    terminal, pages = Terminal(), io.StringIO()

    @contextmanager
    def pager(given: TextIO) -> Iterator[TextIO]:
        assert given is terminal
        yield pages

    out = output(terminal)
    out.line("before")
    with out.paged(pager):
        out.line(Styled("within", Style.TITLE))
    out.line("after")
    assert (terminal.getvalue(), pages.getvalue()) == ("before\nafter\n", "\x1b[1mwithin\x1b[0m\n")


def test_anything_else_is_not() -> None:
    stream = io.StringIO()

    asked = []

    @contextmanager
    def pager(given: TextIO) -> Iterator[TextIO]:
        asked.append(given)
        yield given

    out = output(stream)
    with out.paged(pager):
        out.line("within")
    assert (stream.getvalue(), asked) == ("within\n", [])
