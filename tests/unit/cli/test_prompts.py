"""The choice of criteria, at a terminal and without one."""

from __future__ import annotations

from io import StringIO

import pytest

from tests.fakes import FIXED_DAY
from vetflow.cli.output import Output
from vetflow.cli.prompts import choose_criteria
from vetflow.cli.world import World
from vetflow.errors import UsageError
from vetflow.model.criteria import Criteria

CRITERIA = Criteria({"thorough": ()})


class Keyboard(StringIO):
    def isatty(self) -> bool:
        return True


def choose(stdin: StringIO, *proposed: str) -> tuple[tuple[str, ...], str]:
    shown = StringIO()
    world = World({}, "/", stdin, StringIO(), shown, lambda: FIXED_DAY)
    with Output(world, output_file=None, log_file=None, color="never") as out:
        return choose_criteria(world, out, "what for", CRITERIA, proposed), shown.getvalue()


def test_without_a_terminal_what_is_proposed_is_taken_whatever_stdin_holds() -> None:
    assert choose(StringIO("1\n3\n"), "safe-to-deploy") == (("safe-to-deploy",), "")


def test_enter_accepts_and_numbers_add_and_remove() -> None:
    assert choose(Keyboard("\n"), "safe-to-run")[0] == ("safe-to-run",)
    assert choose(Keyboard("1\n3\n2\n3\n3\n\n"), "safe-to-run")[0] == ("safe-to-deploy", "thorough")


def test_what_is_no_number_of_the_list_is_said_and_changes_nothing() -> None:
    chosen, shown = choose(Keyboard("9\nx\n0\n\n"), "safe-to-run")
    assert chosen == ("safe-to-run",)
    assert shown.count("is none of the numbers above") == 3


def test_no_choice_is_an_error_in_both_worlds() -> None:
    for stdin in (StringIO(), Keyboard("\n"), Keyboard("1\n\n")):
        with pytest.raises(UsageError, match="no criteria chosen, aborting"):
            choose(stdin, *(("safe-to-run",) if stdin.getvalue().startswith("1") else ()))


def test_the_end_of_input_at_a_terminal_is_no_consent() -> None:
    with pytest.raises(UsageError, match="broken off"):
        choose(Keyboard(""), "safe-to-deploy")
