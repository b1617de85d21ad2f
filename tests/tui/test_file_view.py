"""Which words of a changed line are marked depends on the line it stands against."""

from __future__ import annotations

from vetflow.review.hunks import parse_hunks
from vetflow.review.patches import Change, FilePatch, Side
from vetflow.tui.file_view import Contents, Manner, file_view

SIDE = Side("src/lib.rs", executable=False, size=1, sha256="0" * 64)


def marked(*lines: str) -> list[str]:
    """The changed lines of a hunk, with the words that differ in brackets."""
    old, new = (sum(line[0] in signs for line in lines) for signs in (" -", " +"))
    text = f"@@ -1,{old} +1,{new} @@\n" + "".join(f"{line}\n" for line in lines)
    patch = FilePatch(Change.MODIFIED, SIDE, SIDE, text.encode(), new, old, 0, None, applies=True)
    view = file_view(patch, Contents(None, None), {}, Manner(), is_code=False)
    shown = []
    for line in parse_hunks(text.encode())[0].lines:
        words = line.text
        for start, end in reversed(view.words(line)):
            words = f"{words[:start]}[{words[start:end]}]{words[end:]}"
        shown.append(words)
    return shown


def test_as_many_lines_as_before_stand_against_each_other_in_order() -> None:
    shown = marked(" one", "-let a = f(1);", "-let b = f(2);", "+let a = g(1);", "+let b = f(3);", " two")
    assert shown == ["one", "let a = [f](1);", "let b = f([2]);", "let a = [g](1);", "let b = f([3]);", "two"]


def test_else_a_line_stands_against_the_next_one_like_it() -> None:
    shown = marked("-let total = f(1);", "+// something else altogether", "+let total = f(2);", " end")
    assert shown == ["let total = f([1]);", "// something else altogether", "let total = f([2]);", "end"]


def test_each_stretch_of_a_hunk_is_looked_at_alone() -> None:
    shown = marked(
        "-let a = f(1);", "+let a = f(2);", " between", "+let new = 0;", " there", "-let b = x;", "+let b = y;"
    )
    assert shown == [
        "let a = f([1]);",
        "let a = f([2]);",
        "between",
        "let new = 0;",
        "there",
        "let b = [x];",
        "let b = [y];",
    ]


def test_of_long_stretches_that_grew_nobody_can_tell() -> None:
    removed = [f"-let value_{number} = f({number});" for number in range(300)]
    added = [f"+let value_{number} = g({number});" for number in range(301)]
    assert not any("[" in line for line in marked(*removed, *added))
    assert all("[" in line for line in marked(*removed, *added[:300]))
