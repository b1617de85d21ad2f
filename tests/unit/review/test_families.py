"""Files that stand for others when several crates are certified together: the same change, line for line."""

from __future__ import annotations

from tests.deltas import shape
from vetflow.review.families import Folded, Shape, folded

SCRIPT = "fn main() {{\n    one();\n{0}}}\n"


def crate(name: str, line: str = "    two();\n") -> Shape:
    """A crate whose build script gets a line, and whose example calls it."""
    use = f"fn main() {{\n    {name.replace('-', '_')}::run();\n"
    old = {"build.rs": SCRIPT.format(""), "examples/e.rs": use + "}\n"}
    return shape(name, old, {"build.rs": SCRIPT.format(line), "examples/e.rs": use + use.split("\n", 1)[1] + "}\n"})


def found(*shapes: Shape, viewed: dict[str, set[str]]) -> tuple[Folded, ...]:
    pairs = {each.member.pair: frozenset(viewed.get(each.member.pair.crate, ())) for each in shapes}
    return folded(shapes, pairs)


def test_a_file_stands_for_those_with_the_same_change() -> None:
    ash, bowl = crate("ash"), crate("bowl")
    assert found(ash, bowl, viewed={"ash": {"build.rs"}}) == (Folded("bowl", "build.rs", "ash"),)
    assert found(ash, bowl, viewed={}) == ()
    assert found(ash, bowl, viewed={"ash": {"build.rs"}, "bowl": {"build.rs"}}) == ()


def test_a_file_with_another_change_has_to_be_viewed() -> None:
    assert found(crate("ash"), crate("bowl", "    two()\n"), viewed={"ash": {"build.rs"}}) == ()


def test_a_file_in_which_a_crate_names_itself_has_to_be_viewed() -> None:
    everything = {"ash": {"build.rs", "examples/e.rs"}}
    ash, bowl = crate("ash"), crate("bowl")
    assert ash.is_same_at("examples/e.rs", bowl)
    assert [each.path for each in found(ash, bowl, viewed=everything)] == ["build.rs"]


def test_a_file_of_another_path_stands_for_nothing() -> None:
    ash = shape("ash", {}, {"build.rs": "fn main() {}\n"})
    bowl = shape("bowl", {}, {"src/build.rs": "fn main() {}\n"})
    assert found(ash, bowl, viewed={"ash": {"build.rs"}}) == ()
