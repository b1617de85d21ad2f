"""Lines that only moved."""

from __future__ import annotations

from vetflow.review.hunks import parse_hunks
from vetflow.review.moved import moved_lines

FIRST, SECOND = "fn first() { long_enough_to_count(); }", "fn second() { long_enough_to_count(); }"


def moved(*lines: str) -> tuple[set[int], set[int]]:
    old, new = (sum(line[0] in signs for line in lines) for signs in ("- ", "+ "))
    found = moved_lines(parse_hunks(f"@@ -1,{old} +1,{new} @@\n".encode() + "".join(f"{x}\n" for x in lines).encode()))
    return set(found.old), set(found.new)


def test_a_block_that_was_removed_here_and_added_there_moved() -> None:
    assert moved(f"-{FIRST}", f"-{SECOND}", " kept", "+new", f"+{FIRST}", f"+{SECOND}") == ({1, 2}, {3, 4})


def test_a_changed_line_did_not() -> None:
    assert moved(f"-{FIRST}", " kept", f"+ {FIRST}") == (set(), set())


def test_short_blocks_move_nowhere() -> None:
    assert moved("-}", " kept", "+}") == (set(), set())


def test_a_removed_line_is_the_source_of_one_added_line() -> None:
    assert moved(f"-{FIRST}", " kept", f"+{FIRST}", f"+{FIRST}") == ({1}, {2})
