"""Lines of results and messages: nothing in them is a command for a terminal, or for who shows a log."""

from __future__ import annotations

from io import StringIO

import pytest

from tests.fakes import FIXED_DAY
from vetflow.cli.output import Output, Piece, Style, Styled
from vetflow.cli.world import World


def written(*pieces: Piece, color: str = "never") -> str:
    out = StringIO()
    world = World({}, "/", StringIO(), out, StringIO(), lambda: FIXED_DAY)
    with Output(world, output_file=None, log_file=None, color=color) as output:
        output.line(*pieces)
    return out.getvalue()


@pytest.mark.parametrize(
    "pieces",
    [
        ("::error::forged",),
        ("   ::stop-commands::x",),
        ("\u00a0::add-mask::x",),
        ("", " ", ":", ":error::forged"),
        (Styled("  ", Style.FAINT), Styled("::error::forged", Style.BAD)),
        ("##[group]forged",),
    ],
    ids=repr,
)
def test_a_line_that_a_log_would_obey_gets_a_mark(pieces: tuple[Piece, ...]) -> None:
    assert written(*pieces).startswith("| ")
    assert written(*pieces, color="always").startswith("| ")


@pytest.mark.parametrize("text", ["std::env", ": ::", "1  ::error", "# [", "#[derive]", ":"])
def test_other_lines_stay_as_they_are(text: str) -> None:
    assert written(text) == f"{text}\n"


def test_what_a_terminal_would_obey_is_a_picture() -> None:
    assert written("a\x1b[2Kb\r\n", Styled("\u202e\x9b", Style.BAD)) == "a␛[2Kb␍␊<U+202E><U+009B>\n"
