"""The rows of a file's difference: nothing is left out without a row that says so."""

from __future__ import annotations

import difflib

from hypothesis import given
from hypothesis import strategies as st

from vetflow.review.hunks import parse_hunks
from vetflow.review.patches import Hunk, LineKind, PatchLine
from vetflow.review.rows import CONTEXT, Folded, Gap, Pair, rows, split

OLD = [f"line {number}" for number in range(1, 31)]
NEW = [*OLD[:9], "changed", *OLD[10:19], "added", *OLD[19:]]


def hunks_of(old: list[str], new: list[str]) -> tuple[Hunk, ...]:
    """The hunks between two texts, with the usual context."""
    lines = list(difflib.unified_diff(old, new, lineterm="", n=CONTEXT))[2:]
    return parse_hunks("".join(f"{line}\n" for line in lines).encode())


def test_unchanged_lines_become_gaps_that_say_how_many() -> None:
    shown = rows(hunks_of(OLD, NEW), NEW, CONTEXT, fold_white_space=False)
    assert [row for row in shown if isinstance(row, Gap)] == [Gap(1, 1, 6), Gap(14, 14, 3), Gap(23, 24, 8)]


def test_more_context_fills_gaps_and_the_whole_file_has_none() -> None:
    wider = rows(hunks_of(OLD, NEW), NEW, 5, fold_white_space=False)
    assert [row for row in wider if isinstance(row, Gap)] == [Gap(1, 1, 4), Gap(25, 26, 6)]
    whole = rows(hunks_of(OLD, NEW), NEW, None, fold_white_space=False)
    assert [row.text for row in whole if isinstance(row, PatchLine) and row.new is not None] == NEW


@given(st.lists(st.sampled_from("abc"), max_size=30), st.lists(st.sampled_from("abc"), max_size=30), st.integers(3, 12))
def test_lines_and_gaps_make_up_both_files(old: list[str], new: list[str], context: int) -> None:
    shown = rows(hunks_of(old, new), new, context, fold_white_space=False)
    if old == new:
        assert shown == ()
        return
    for side in ("old", "new"):
        position = 1
        for row in shown:
            assert not isinstance(row, Folded)
            number = getattr(row, side)
            if number is None:
                continue
            assert number == position
            position += row.lines if isinstance(row, Gap) else 1
        assert position == len(old if side == "old" else new) + 1


def test_white_space_is_folded_only_when_asked_for_and_counted() -> None:
    hunks = hunks_of(["a b", "c"], ["a   b", "c"])
    assert not any(isinstance(row, Folded) for row in rows(hunks, [], CONTEXT, fold_white_space=False))
    assert rows(hunks, [], CONTEXT, fold_white_space=True) == (Folded(hunks[0], 2),)


def test_side_by_side_every_line_stands_on_its_side_once() -> None:
    shown = rows(hunks_of(OLD, NEW), NEW, CONTEXT, fold_white_space=False)
    pairs = [row for row in split(shown) if isinstance(row, Pair)]
    left = [pair.left for pair in pairs if pair.left]
    right = [pair.right for pair in pairs if pair.right]
    assert left == [row for row in shown if isinstance(row, PatchLine) and row.kind is not LineKind.ADDED]
    assert right == [row for row in shown if isinstance(row, PatchLine) and row.kind is not LineKind.REMOVED]
