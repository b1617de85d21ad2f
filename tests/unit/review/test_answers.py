"""Answers are a person's, hold for the code they were given to, and weigh as much as the project says."""

from __future__ import annotations

import pytest

from tests.checklists import NOW, Files, answers, asked, question, ticks
from vetflow.model.rules import ChecklistWeight
from vetflow.review.session import Tick, Verdict

LIB = "pub fn f() {\n    unsafe { g() }\n}\n\npub fn h() {\n    unsafe { i() }\n}\n"
FILES: Files = {"build.rs": "fn main() {}\n", "src/lib.rs": LIB}
DEPLOY = "safe-to-deploy"


def test_nothing_is_answered_by_itself_not_even_where_nothing_was_found() -> None:
    checklist = asked({"src/lib.rs": ""})
    assert answers(checklist).count() == (0, len(checklist.questions))
    assert {answers(checklist).standing(each).verdict for each in checklist.questions} == {Verdict.OPEN}


def test_an_item_is_considered_once_each_of_its_places_is() -> None:
    checklist = asked(FILES)
    item = question(checklist, "unsafe.delta")
    first, second = ticks(item)
    assert answers(checklist, first).standing(item)[:3] == (Verdict.OPEN, 1, 2)
    assert answers(checklist, first, second).standing(item)[:3] == (Verdict.CONSIDERED, 2, 2)


def test_a_concern_about_one_place_is_one_about_the_item() -> None:
    checklist = asked(FILES)
    item = question(checklist, "unsafe.delta")
    found = answers(checklist, ticks(item, Verdict.CONCERN, "why?")[0]).standing(item)
    assert (found.verdict, found.words) == (Verdict.CONCERN, ("why?",))


def test_a_concern_may_be_about_no_place() -> None:
    checklist = asked(FILES)
    item = question(checklist, "unsafe.delta")
    whole = Tick("wrenfold", item.item.id, item.key, Verdict.CONCERN, "too much of it", NOW)
    assert answers(checklist, whole).standing(item).verdict is Verdict.CONCERN
    assert answers(checklist, whole._replace(verdict=Verdict.CONSIDERED)).standing(item).verdict is Verdict.OPEN


def test_answers_go_along_to_the_next_version_and_end_where_a_byte_changes() -> None:
    records = ticks(question(asked(FILES), "unsafe.none"))
    moved = asked({**FILES, "src/lib.rs": f"use a;\n{LIB}"}, FILES)
    assert answers(moved, *records).standing(question(moved, "unsafe.none"))[:3] == (Verdict.CONSIDERED, 2, 2)
    changed = asked({**FILES, "src/lib.rs": LIB.replace("i()", "j()")}, FILES)
    assert answers(changed, *records).standing(question(changed, "unsafe.none"))[:3] == (Verdict.OPEN, 1, 2)


def test_an_answer_about_another_crate_or_item_is_none() -> None:
    checklist = asked(FILES)
    item = question(checklist, "unsafe.delta")
    others = [each._replace(crate="anvil") for each in ticks(item) if isinstance(each, Tick)]
    others += [each._replace(item="unsafe.none") for each in ticks(item) if isinstance(each, Tick)]
    assert answers(checklist, *others).standing(item).done == 0


def test_a_statement_names_what_was_considered_what_concerns_and_what_nobody_considered() -> None:
    checklist = asked(FILES).for_criteria(["safe-to-run"])
    records = [
        *ticks(question(checklist, "build.network")),
        *ticks(question(checklist, "imports.fs"), Verdict.CONCERN, "which?"),
    ]
    checked = answers(checklist, *records).checked()
    assert (checked.digest, checked.considered, checked.concerns) == (
        checklist.digest,
        ("build.network",),
        ("imports.fs",),
    )
    ids = {each.item.id for each in checklist.questions}
    assert set(checked.not_considered) == ids - {"build.network", "imports.fs"}
    assert checked.not_considered == tuple(sorted(checked.not_considered))


# -- what stands in the way --------------------------------------------------------------------------------------------


def against(files: Files, criterion: str, weight: ChecklistWeight, *records: Tick) -> list[str]:
    return list(answers(asked(files), *records, weight=weight).against([criterion]))


@pytest.mark.parametrize("weight", ChecklistWeight)
def test_unsafe_code_speaks_against_a_criterion_that_says_there_is_none(weight: ChecklistWeight) -> None:
    found = against(FILES, "ub-risk-0", weight)
    assert "ub-risk-0: unsafe code in the whole version, 2 in 1.1.0 (unsafe.none)" in found
    clean = against({"src/lib.rs": "// unsafe\n"}, "ub-risk-0", weight)
    assert not [each for each in clean if each.startswith("ub-risk-0")]


def test_considering_it_does_not_make_it_go_away() -> None:
    records = [each for each in ticks(question(asked(FILES), "unsafe.none")) if isinstance(each, Tick)]
    assert against(FILES, "ub-risk-0", ChecklistWeight.FULL, *records)[0].startswith("ub-risk-0: ")


def test_unsafe_code_outside_of_a_delta_counts() -> None:
    delta = asked({**FILES, "README.md": "new"}, FILES)
    (found, *_) = answers(delta, weight=ChecklistWeight.FULL).against(["ub-risk-0"])
    assert "2 in 1.1.0" in found


def test_light_stops_nobody_and_the_others_do() -> None:
    assert [answers(asked(FILES), weight=weight).blocks for weight in ChecklistWeight] == [False, True, True]


def test_what_a_criterion_wants_answered_speaks_against_it_and_nothing_else_does() -> None:
    found = against(FILES, "build-time-reviewed", ChecklistWeight.FULL)
    assert "build.network was not answered" in found
    assert not [each for each in found if each.startswith(("graph.", "people.", "rest."))]
    assert against(FILES, DEPLOY, ChecklistWeight.FULL) == []


def test_thorough_wants_everything_answered_and_a_line_for_each_place() -> None:
    checklist = asked(FILES).for_criteria([DEPLOY])
    item = question(checklist, "unsafe.delta")
    short = answers(checklist, *ticks(item), weight=ChecklistWeight.THOROUGH)
    assert "unsafe.delta was not answered (0 of 2 places)" in list(short.against([DEPLOY]))
    said = answers(checklist, *ticks(item, words="ptr is checked above"), weight=ChecklistWeight.THOROUGH)
    assert said.standing(item).verdict is Verdict.CONSIDERED
    everything = [record for each in checklist.questions for record in ticks(each, words="fine")]
    assert list(answers(checklist, *everything, weight=ChecklistWeight.THOROUGH).against([DEPLOY])) == []
