"""Near a change is what it may break: the same module, and the same type in any file."""

from __future__ import annotations

from collections.abc import Mapping

from tests.crates import contents_of
from tests.deltas import diff_of
from vetflow.review.nearness import Nearness, Where
from vetflow.review.outlines import Outlines, types

LIB = """\
mod inner {
    fn a() {}

    mod deep {
        fn b() {}
    }
}
struct Kept;
fn c() {}
"""


def nearness(old: Mapping[str, str | bytes], new: Mapping[str, str | bytes]) -> Nearness:
    after = contents_of(new)
    return Nearness(diff_of(contents_of(old), after), Outlines(after))


def standing(new: str, old: str = LIB) -> dict[Where, list[int]]:
    near = nearness({"src/lib.rs": old}, {"src/lib.rs": new})
    lines = range(1, new.count("\n") + 1)
    return {where: [line for line in lines if near.where("src/lib.rs", line) is where] for where in Where}


def test_the_same_inner_module_is_near_and_those_around_it_are_not() -> None:
    found = standing(LIB.replace("fn b() {}", "fn b() { 1; }"))
    assert found == {Where.DELTA: [5], Where.NEAR: [4, 6], Where.ELSEWHERE: [1, 2, 3, 7, 8, 9]}


def test_the_top_of_a_file_is_a_module_of_its_own() -> None:
    found = standing(LIB.replace("fn c() {}", "fn c() { 1; }"))
    assert found == {Where.DELTA: [9], Where.NEAR: [8], Where.ELSEWHERE: [1, 2, 3, 4, 5, 6, 7]}


def test_where_lines_went_away_the_line_that_stands_there_now_has_changed() -> None:
    found = standing(LIB.replace("    fn a() {}\n", ""))
    assert found[Where.DELTA] == [2]
    assert 3 in found[Where.ELSEWHERE], "the inner module `deep`"


def test_a_type_is_near_wherever_something_is_said_of_it() -> None:
    old = {"src/a.rs": "struct Cell<T>(T);\n", "src/b.rs": "unsafe impl<T> Send for crate::Cell<T> {}\nfn f() {}\n"}
    near = nearness(old, {**old, "src/a.rs": "struct Cell<T>(*const T);\n"})
    assert [near.where("src/b.rs", line) for line in (1, 2)] == [Where.NEAR, Where.ELSEWHERE]


def test_a_new_file_has_changed_and_an_untouched_one_has_not() -> None:
    near = nearness({"a.txt": "a\n"}, {"a.txt": "a\n", "b.txt": "b\nc\n"})
    assert [near.where("b.txt", 2), near.where("b.txt", None)] == [Where.DELTA, Where.DELTA]
    assert [near.where("a.txt", 1), near.where("a.txt", None)] == [Where.ELSEWHERE, Where.ELSEWHERE]


def test_of_a_file_that_is_no_text_nobody_can_say_which_lines() -> None:
    near = nearness({"a.bin": b"\0a\nb\n"}, {"a.bin": b"\0a\nc\n"})
    assert near.where("a.bin", 1) is Where.DELTA


def test_all_of_a_whole_version_is_new() -> None:
    assert Nearness(None, Outlines({})).where("src/lib.rs", 1) is Where.DELTA


def test_the_type_of_an_item_is_the_one_it_is_about() -> None:
    names = ("impl Send for a::Cell<'_, T>", "impl &mut Cell", "struct Cell", "enum Cell", "impl Cell<T>")
    assert {types(name) for name in names} == {frozenset({"Cell"})}
    assert types("fn cell") == types("mod cell") == frozenset()
