"""What goes into a bundle and what does not: reading order, whole passages, and nothing left out in silence."""

from __future__ import annotations

from tests.crates import contents_of
from tests.deltas import delta_between
from vetflow.review.bundle import Selection, select
from vetflow.review.session import Pair

BODY = "".join(f"    step({number});\n" for number in range(60))
OLD = {"build.rs": f"fn main() {{\n{BODY}}}\n", "src/lib.rs": "pub fn one() {}\n"}
NEW = {
    "build.rs": OLD["build.rs"].replace("step(3)", "step(33)").replace("step(55)", "step(550)"),
    "src/lib.rs": "pub fn two() {}\n",
}


def selected(*, everything: bool = False, most: int = 100_000) -> Selection:
    delta = delta_between(Pair("anvil", "1.0.0", "1.1.0"), contents_of(OLD), contents_of(NEW), build=["build.rs"])
    return select(delta.plan, delta.new, everything=everything, most=most)


def test_changes_stand_in_their_function_with_ten_lines_around() -> None:
    (file,) = selected().files
    assert [passage.within for passage in file.passages] == [("fn main",), ("fn main",)]
    first = [line.text for line in file.passages[0].lines if line.old and line.new]
    assert first[-1] == "    step(13);"


def test_what_does_not_run_during_a_build_is_named_unless_it_is_wanted() -> None:
    assert [each.path for each in selected().left_out] == ["src/lib.rs"]
    assert [each.patch.path for each in selected(everything=True).files] == ["build.rs", "src/lib.rs"]
    assert selected(everything=True).left_out == ()


def test_what_does_not_fit_is_cut_between_passages_and_counted() -> None:
    found = selected(everything=True, most=700)
    assert [(len(each.passages), each.left_out) for each in found.files] == [(1, 1), (1, 0)]
    assert [(each.path, each.lines) for each in found.left_out] == [("build.rs", 2)]


def test_nothing_fits_into_nothing() -> None:
    found = selected(everything=True, most=0)
    assert [each.passages for each in found.files] == [(), ()]
    assert [each.lines for each in found.left_out] == [4, 2]
