"""What runs while somebody builds is read first; nothing is left out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.readings import seen, surface
from vetflow.review.patches import Change, CrateDiff, FilePatch, Side
from vetflow.review.plan import Moved, ReadingPlan, reading_plan
from vetflow.surface.tiers import Grade, Tier


def patch(path: str, *, old: str | None = None, lines: int = 1) -> FilePatch:
    side = Side(path, "0", 1, executable=False)
    before = side._replace(path=old) if old else side
    return FilePatch(Change.MODIFIED, before, side, b"", lines, 0, 0, None, applies=True)


def diff(*files: FilePatch) -> CrateDiff:
    return CrateDiff(files, (), 0)


def outline(plan: ReadingPlan) -> list[tuple[str, list[str]]]:
    return [(group.title, [file.path for file in group.files]) for group in plan.groups]


def test_files_are_read_by_how_directly_they_run() -> None:
    tiers = {
        "schema.txt": Tier.INPUT,
        "src/lib.rs": Tier.HOST_LIBRARY,
        "src/derive.rs": Tier.PROC_MACRO,
        "build.rs": Tier.BUILD_SCRIPT,
    }
    plan = reading_plan(diff(*map(patch, ["README.md", *tiers])), None, surface(tiers))
    assert outline(plan) == [
        ("build script", ["build.rs"]),
        ("proc macro", ["src/derive.rs"]),
        ("library used during the build", ["src/lib.rs"]),
        ("read or compiled during the build", ["schema.txt"]),
        ("everything else", ["README.md"]),
    ]
    assert [group.is_folded for group in plan.groups] == [False, False, False, False, True]


def test_lines_are_counted_for_the_build_and_for_what_is_folded() -> None:
    tiers = {"build.rs": Tier.BUILD_SCRIPT, "src/m.rs": Tier.PROC_MACRO, "data": Tier.INPUT}
    files = [
        patch("build.rs", lines=3),
        patch("src/m.rs", lines=4),
        patch("data", lines=50),
        patch("README.md", lines=9),
    ]
    plan = reading_plan(diff(*files), None, surface(tiers))
    assert plan.build_lines == 7
    assert plan.folded is not None
    assert plan.folded.lines == 9


def test_within_a_group_the_gravest_file_comes_first() -> None:
    tiers = dict.fromkeys(["a.rs", "b.rs", "c.rs"], Tier.BUILD_SCRIPT)
    evidence = [seen(Grade.NOTE, path="b.rs"), seen(Grade.ALERT, path="c.rs"), seen(Grade.REVIEW, path="b.rs")]
    plan = reading_plan(diff(*map(patch, tiers)), None, surface(tiers), evidence)
    assert outline(plan) == [("build script", ["c.rs", "b.rs", "a.rs"])]


def test_a_file_that_leaves_or_changes_its_part_of_the_surface_is_read_where_it_ran() -> None:
    old = surface({"build.rs": Tier.BUILD_SCRIPT, "x.rs": Tier.BUILD_SCRIPT})
    new = surface({"main.rs": Tier.BUILD_SCRIPT, "x.rs": Tier.INPUT})
    plan = reading_plan(diff(patch("build.rs"), patch("lib.rs", old="build.rs"), patch("x.rs")), old, new)
    assert outline(plan) == [("build script", ["build.rs", "lib.rs", "x.rs"])]


def test_an_unchanged_file_that_moved_into_or_out_of_the_surface_counts() -> None:
    old = surface({"build.rs": Tier.BUILD_SCRIPT, "left.rs": Tier.BUILD_SCRIPT})
    new = surface({"build.rs": Tier.BUILD_SCRIPT, "joined.txt": Tier.INPUT})
    plan = reading_plan(diff(patch("build.rs")), old, new)
    assert [(group.tier, group.moved) for group in plan.groups] == [
        (Tier.BUILD_SCRIPT, (Moved("left.rs", into=False),)),
        (Tier.INPUT, (Moved("joined.txt", into=True),)),
    ]


def test_a_changed_file_that_takes_part_in_a_build_in_another_way_is_told() -> None:
    old = surface({"build.rs": Tier.BUILD_SCRIPT, "keys.txt": Tier.INPUT, "gone.rs": Tier.INPUT})
    new = surface({"build.rs": Tier.BUILD_SCRIPT, "keys.txt": Tier.BUILD_SCRIPT, "gen.rs": Tier.INPUT})
    plan = reading_plan(diff(*map(patch, ("build.rs", "keys.txt", "gen.rs", "gone.rs", "README.md"))), old, new)
    assert plan.recast == {"keys.txt", "gen.rs", "gone.rs"}


def test_without_build_time_code_all_is_folded() -> None:
    assert outline(reading_plan(diff(patch("src/lib.rs")), None, None)) == [("everything else", ["src/lib.rs"])]
    assert reading_plan(diff(), None, None).groups == ()


PATHS = st.sampled_from([f"{name}.rs" for name in "abcdefgh"])


@given(st.sets(PATHS), st.dictionaries(PATHS, st.sampled_from(Tier)), st.dictionaries(PATHS, st.sampled_from(Tier)))
def test_every_file_that_differs_is_in_exactly_one_group(
    paths: set[str], old: dict[str, Tier], new: dict[str, Tier]
) -> None:
    plan = reading_plan(diff(*map(patch, sorted(paths))), surface(old), surface(new))
    assert sorted(file.path for group in plan.groups for file in group.files) == sorted(paths)
