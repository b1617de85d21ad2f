"""Checklists are read strictly: an item that looks for what nothing finds would say "no evidence found" for ever."""

from __future__ import annotations

import pytest

from vetflow.errors import StoreError
from vetflow.formats.checklist_toml import parse_checklist
from vetflow.model.checklists import Answer, Blocks, ChecklistItem, Condition, Scope

KNOWN = ("process", "process/shell", "network")
WHOLE = """\
[[item]]
id = "own.shells"
subject = "shells"
text = "Why a shell?"
for = ["safe-to-*"]
when = { tiers = ["build-script"], has = ["process"] }
evidence = ["process/shell"]
words = ["sh*"]
crates = ["xshell"]
scope = "delta"
answer = "yes-no-na"
blocks = { safe-to-run = "unanswered", safe-to-deploy = "places" }
"""
LEAST = '[[item]]\nid = "own.rest"\nsubject = "the rest"\ntext = "What else?"\nfor = []\n'


def read(text: str) -> tuple[ChecklistItem, ...]:
    return parse_checklist(text, "own.toml", KNOWN)


def test_an_item_says_what_it_asks_of_whom_and_where_to_look() -> None:
    assert read(WHOLE + LEAST) == (
        ChecklistItem(
            id="own.shells",
            subject="shells",
            text="Why a shell?",
            criteria=("safe-to-*",),
            when=Condition(("build-script",), ("process",)),
            evidence=("process/shell",),
            words=("sh*",),
            crates=("xshell",),
            scope=Scope.DELTA,
            answer=Answer.YES_NO,
            blocks={"safe-to-run": Blocks.UNANSWERED, "safe-to-deploy": Blocks.PLACES},
        ),
        ChecklistItem("own.rest", "the rest", "What else?", ()),
    )


@pytest.mark.parametrize(
    ("change", "words", "line"),
    [
        (('evidence = ["process/shell"]', 'evidence = ["process/shells"]'), "nothing is called `process/shells`", 7),
        (('has = ["process"]', 'has = ["proces"]'), "nothing is called `proces`", 6),
        (('["build-script"]', '["build"]'), "nothing is called `build` here; there are `build-script`", 6),
        (('scope = "delta"', 'scope = "all"'), 'expected one of "delta", "near", "final"', 10),
        (('answer = "yes-no-na"', "answer = true"), 'expected one of "sites"', 11),
        (('safe-to-run = "unanswered"', 'safe-to-run = "always"'), 'expected one of "places"', 12),
        (('id = "own.shells"', 'id = "Own"'), "an id has the form `group.name`", 2),
        (('subject = "shells"', 'subject = ""'), "it must say something", 3),
        (('for = ["safe-to-*"]', "criteria = []"), "unknown field `criteria`", 5),
        (('words = ["sh*"]', 'words = "sh*"'), "expected a list", 8),
    ],
)
def test_what_asks_nobody_anything_is_an_error_with_its_place(change: tuple[str, str], words: str, line: int) -> None:
    with pytest.raises(StoreError) as raised:
        read(WHOLE.replace(*change))
    problems = raised.value.related or (raised.value,)
    found = [each for each in problems if words in str(each)]
    assert [each.place and each.place.line for each in found] == [line], [str(each) for each in problems]


def test_all_problems_of_a_file_are_told_at_once() -> None:
    with pytest.raises(StoreError) as raised:
        read(WHOLE.replace("delta", "all").replace('for = ["safe-to-*"]\n', "") + WHOLE)
    told = " ".join(map(str, raised.value.related))
    assert ("missing field `for`" in told, "two items `own.shells`" in told, "expected one of" in told) == (True,) * 3
