"""Files that are one on some disk: worth an alert where one of them takes part in a build."""

from __future__ import annotations

import pytest

from tests.surfaces import STARTS_A_PROGRAM, analysed, graded, published, with_build_script, with_proc_macro
from vetflow.surface.analysis import Analysis
from vetflow.surface.tiers import Grade

RULE = "package/name-collision"
MAIN = "fn main() {}"


def told(analysis: Analysis) -> list[tuple[str, Grade]]:
    return [(each.detail, each.grade) for each in analysis.evidence if each.rule == RULE]


def test_two_readmes_are_a_note_for_whoever_reads_the_whole_crate() -> None:
    files = with_build_script(MAIN, {"README.md": "one", "readme.md": "other"})
    assert told(analysed(files)) == [("README.md, readme.md", Grade.NOTE)]
    assert told(analysed(files, under_review=False)) == []


@pytest.mark.parametrize(
    ("code", "files"),
    [
        (MAIN, {"Build.rs": "// other"}),
        ("mod a; fn main() {}", {"a.rs": "", "A.rs": "// other"}),
        ('fn main() { include_str!("a.txt"); }', {"a.txt": "", "A.txt": "other"}),
        ('fn main() { read("a.txt"); }', {"a.txt": "", "A.txt": "other"}),
    ],
    ids=["root", "module", "included", "named"],
)
def test_what_may_take_part_in_a_build_is_an_alert_and_part_of_the_surface(code: str, files: dict[str, str]) -> None:
    analysis = analysed(with_build_script(code, files), under_review=False)
    assert [grade for _, grade in told(analysis)] == [Grade.ALERT]
    assert set(files) <= set(analysis.surface.paths())
    changed = files | {min(files): "// changed"}
    assert analysed(with_build_script(code, changed), under_review=False).digest != analysis.digest


def test_a_library_counts_where_it_runs_during_a_build() -> None:
    macro = with_proc_macro("mod a;", {"src/a.rs": "", "src/A.rs": "// other"})
    assert told(analysed(macro, under_review=False)) == [("src/A.rs, src/a.rs", Grade.ALERT)]
    library = published({"src/lib.rs": "mod a;", "src/a.rs": "", "src/A.rs": "// other"})
    assert told(analysed(library, host_library=True)) == [("src/A.rs, src/a.rs", Grade.ALERT)]
    assert told(analysed(library)) == [("src/A.rs, src/a.rs", Grade.REVIEW)]
    assert told(analysed(library, under_review=False)) == []


def test_the_code_that_may_be_compiled_instead_is_read_like_the_other() -> None:
    files = with_build_script(MAIN, {"BUILD.rs": f"mod deep; {MAIN}", "deep.rs": STARTS_A_PROGRAM})
    paths = {each.path for each in analysed(files).evidence if each.grade is Grade.ALERT}
    assert paths == {"BUILD.rs", "deep.rs"}


def test_copies_are_a_note_whatever_they_are_for() -> None:
    assert told(analysed(with_build_script(MAIN, {"Build.rs": MAIN}))) == [("Build.rs, build.rs", Grade.NOTE)]


def test_a_thousand_names_that_fall_together_are_one_line() -> None:
    names = {"".join(c.upper() if number >> i & 1 else c for i, c in enumerate("buildingup")) for number in range(1000)}
    files = with_build_script(f"mod buildingup; {MAIN}", {f"{name}.rs": name for name in names})
    (row,) = (each for each in analysed(files).evidence if each.rule == RULE)
    assert row.detail.endswith(" and 998 more")
    assert graded(analysed(files))[RULE] == Grade.ALERT
