"""The diff in an error message."""

from __future__ import annotations

from vetflow.formats.unified import difference


def test_the_first_differing_line_is_named_and_shown_in_its_surroundings() -> None:
    old = "a\nb\nc\nd\ne\nf\ng\nh"
    found = difference(old, old.replace("e", "E"), "audits.toml")
    assert found.line == 5
    assert found.diff == (
        *("--- old/audits.toml", "+++ new/audits.toml", "@@ -2,7 +2,7 @@"),
        *(" b", " c", " d", "-e", "+E", " f", " g", " h"),
    )


def test_hunks_are_numbered_as_in_the_whole_texts() -> None:
    old = "\n".join(f"line {n}" for n in range(1, 1001))
    new = old.replace("line 800\n", "").replace("line 900\n", "line 900\nmore\n")
    hunks = [line for line in difference(old, new, "f").diff if line.startswith("@@")]
    assert hunks == ["@@ -797,7 +797,6 @@", "@@ -898,6 +897,7 @@"]


def test_lines_at_the_end_may_be_added_or_missing() -> None:
    assert difference("a", "a\nb", "f").diff[2:] == ("@@ -1 +1,2 @@", " a", "+b")
    assert difference("a\nb", "a", "f").diff[2:] == ("@@ -1,2 +1 @@", " a", "-b")
    assert difference("", "a\nb", "f").diff[2:] == ("@@ -1 +1,2 @@", "-", "+a", "+b")


def test_line_ends_are_part_of_a_line() -> None:
    assert difference("a\r\nb", "a\nb", "f").diff[3:] == ("-a\r", "+a", " b")


def test_a_long_diff_is_cut_and_says_so() -> None:
    found = difference("\n".join("abcdefgh" * 30), "\n".join("stuvwxyz" * 30), "f")
    assert len(found.diff) == 63
    assert found.diff[-1] == "... and more differences may follow"


def test_long_lines_are_cut() -> None:
    assert difference("a" * 1000, "b", "f").diff[3:] == (f"-{'a' * 199}...", "+b")


def test_differences_far_behind_the_first_are_only_announced() -> None:
    old = "\n".join(f"line {n}" for n in range(1, 1001))
    found = difference(old, old.replace("line 10\n", "").replace("line 990\n", ""), "f")
    assert found.line == 10
    assert "-line 990" not in found.diff
    assert found.diff[-1] == "... and more differences may follow"
