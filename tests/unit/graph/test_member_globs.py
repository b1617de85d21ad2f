from __future__ import annotations

import pytest

from tests.fakes import MemoryTree
from vetflow.graph.member_globs import PatternError, expand_member

TREE = MemoryTree(
    {
        f"/ws/{path}/Cargo.toml": ""
        for path in ("a", "b", "x/one", "x/two", "x/.hid", "x/deep/er", "y1", "y2", "y-", "[z]", "zed")
    }
    | {"/ws/x/notes": "", "/out/n/Cargo.toml": ""}
)


@pytest.mark.parametrize(
    ("pattern", "folders"),
    [
        ("a", ["a"]),
        ("./a/", ["a"]),
        ("x//one", ["x/one"]),
        (".", ["."]),
        ("", ["."]),
        ("../out/n", ["../out/n"]),
        ("/out/n", ["../out/n"]),
        ("/out/*", ["../out/n"]),
        ("../out/*", ["../out/n"]),
        ("x/*", ["x/.hid", "x/deep", "x/one", "x/two"]),
        ("x/t*", ["x/two"]),
        ("*/one", ["x/one"]),
        ("y?", ["y-", "y1", "y2"]),
        ("y[12]", ["y1", "y2"]),
        ("y[0-1]", ["y1"]),
        ("y[!0-9]", ["y-"]),
        ("y[-]", ["y-"]),
        ("[[]z]", ["[z]"]),
        ("[z-a]ed", ["[z-a]ed"]),
        ("x/**", ["x/.hid", "x/deep", "x/deep/er", "x/one", "x/two"]),
        ("x/**/er", ["x/deep/er"]),
        ("**/one", ["x/one"]),
        ("x/**/**", ["x/.hid", "x/deep", "x/deep/er", "x/one", "x/two"]),
        ("**/a", ["a"]),
    ],
)
def test_patterns_stand_for_folders_in_order(pattern: str, folders: list[str]) -> None:
    found = expand_member(TREE, "/ws", pattern)
    assert [path.replace("/out", "/ws/../out").removeprefix("/ws").lstrip("/") or "." for path in found] == folders


def test_files_are_not_members() -> None:
    assert expand_member(TREE, "/ws", "x/notes") == []
    assert expand_member(TREE, "/ws", "x/n*") == []


@pytest.mark.parametrize("pattern", ["gone", "gone/*", "a/gone", "x/*/gone", "*.rs"])
def test_what_matches_nothing_stands_for_itself_so_that_it_is_missed(pattern: str) -> None:
    assert expand_member(TREE, "/ws", pattern) == [f"/ws/{pattern}"]


@pytest.mark.parametrize("pattern", ["a**", "**b", "x/a**/b", "x***", "y[", "y[1", "y[!", "y[]"])
def test_patterns_that_are_none(pattern: str) -> None:
    with pytest.raises(PatternError):
        expand_member(TREE, "/ws", pattern)
