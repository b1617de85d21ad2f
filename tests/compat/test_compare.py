"""The comparison itself: whatever one program says and the other does not is found."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.compat.causes import Cause, our_causes, real_causes, unexplained
from tests.compat.compare import Comparison
from tests.compat.real import Answer
from tests.compat.toml_text import Document, Scribe
from tests.compat.worlds import STORE_FILES, World
from tests.in_process import Run
from vetflow.formats.toml import parse_toml

SUCCESS = '{"conclusion": "success"}'
FAILURE = '{"conclusion": "fail (vetting)"}'
NODE = {"name": "anvil", "version": "1.0.0", "is_third_party": True, "normal_deps": [1], "build_deps": []}
WORLD = World(cwd=".", options=(), store="store", explain=(("anvil",),), depth="full", oddities=(), told_by_lock=True)


class Canned:
    """Either program: answers by command, a file of the store rewritten on the way if asked to."""

    def __init__(self, folder: Path, answers: dict[str, Answer], writes: str | None = None) -> None:
        self._folder = folder
        self._answers = answers
        self._writes = writes
        self.metadata = folder / "absent.json"

    def vet(self, words: Sequence[str], cwd: Path) -> Answer:
        return self._answers.get(words[0], Answer(0, "", ""))

    def __call__(self, *argv: str, cwd: Path) -> Run:
        if argv[0] == self._writes:
            (self._folder / "store/config.toml").write_text("# changed\n")
        return Run(*self.vet(argv, cwd))


def differences(folder: Path, real: dict[str, Answer], ours: dict[str, Answer], writes: str | None = None) -> list[str]:
    (folder / "store").mkdir()
    for name in STORE_FILES:
        (folder / "store" / name).write_text("\n")
    (folder / "ws").mkdir()
    (folder / "ws/Cargo.lock").write_text("version = 4\n")
    comparison = Comparison(folder, WORLD, Canned(folder, real), Canned(folder, ours, writes))
    return [difference.question for difference in comparison.differences()]


def test_equal_answers_do_not_differ(tmp_path: Path) -> None:
    real = {"check": Answer(255, FAILURE, ""), "dump-graph": Answer(0, "[]", "")}
    ours = {**real, "check": Answer(1, FAILURE, "")}
    assert differences(tmp_path, real, ours) == []


@pytest.mark.parametrize(
    ("command", "real", "ours"),
    [
        ("check", SUCCESS, SUCCESS + "\n"),
        ("explain-audit", "1) [local] full audit", "1) [peer] full audit"),
        ("dump-graph", json.dumps([NODE]), json.dumps([{**NODE, "is_third_party": False}])),
    ],
)
def test_another_word_is_a_difference(tmp_path: Path, command: str, real: str, ours: str) -> None:
    found = differences(tmp_path, {command: Answer(0, real, "")}, {command: Answer(0, ours, "")})
    assert found
    assert all(question.startswith(command) for question in found)


def test_another_verdict_is_a_difference(tmp_path: Path) -> None:
    found = differences(tmp_path, {"check": Answer(255, FAILURE, "")}, {"check": Answer(0, SUCCESS, "")})
    assert set(found) == {"check --locked"}


def test_a_check_that_writes_is_a_difference(tmp_path: Path) -> None:
    assert differences(tmp_path, {}, {}, writes="check")[0] == "check --locked"


def refusal(message: str, **more: object) -> str:
    return json.dumps({"error": {"message": message, "related": [], **more}})


def test_a_refusal_for_another_reason_is_a_difference(tmp_path: Path) -> None:
    real = {"fmt": Answer(255, refusal("'x' is not a valid criteria name"), "")}
    ours = {"fmt": Answer(2, refusal("Couldn't acquire the store"), "")}
    assert differences(tmp_path, real, ours) == ["fmt"]


def test_giving_up_is_no_refusal(tmp_path: Path) -> None:
    """Exit 3 is "could not decide", what vetflow also says when it fails within itself."""
    said = refusal("the reason both give is not a valid criteria name")
    assert differences(tmp_path, {"fmt": Answer(255, said, "")}, {"fmt": Answer(3, said, "")}) == ["fmt"]


def test_the_line_of_a_parse_error_counts() -> None:
    text = b"\n\n[oops\n"
    span = {"labels": [{"span": {"offset": 3, "length": 1}}], "filename": "audits.toml"}
    real = real_causes(refusal("Failed to parse toml file: no", **span), {"audits.toml": text})
    assert real == {Cause("file cannot be read", "audits.toml", (3, 3))}

    here = our_causes(refusal("a table header is not closed", filename="supply-chain/audits.toml", line=3))
    there = our_causes(refusal("a table header is not closed", filename="supply-chain/audits.toml", line=9))
    assert unexplained(real, here) == frozenset()
    assert unexplained(real, there) == real


def test_a_crash_of_cargo_vet_has_a_reason_too() -> None:
    crash = refusal("cargo vet panicked", causes=["criteria 'c' implies itself"])
    assert real_causes(crash, {}) == {Cause("criteria contradict each other")}
    assert our_causes(refusal("criteria 'c' implies itself", filename="supply-chain/audits.toml", line=4))


def test_one_of_two_reasons_is_not_enough() -> None:
    both = frozenset({Cause("file not formatted"), Cause("imports.lock does not fit")})
    assert unexplained(both, frozenset({Cause("file not formatted", "audits.toml", (1, 1))})) == {
        Cause("imports.lock does not fit")
    }


@given(st.integers(0, 10**6))
def test_every_spelling_of_a_document_says_the_same(spelling: int) -> None:
    entries: list[Document] = [
        {"text": "'''", "list": ["x", "y\\", "ü"]},
        {"text": "a\"b'c\n\x01é\t", "number": 77},
    ]
    sub: Document = {"yes": True, "dotted.key": [], "inline": {"": "empty key"}}
    parsed = parse_toml(
        Scribe(Random(spelling)).document({"top": "plain", "table": {"entries": entries, "sub": sub}, "empty": {}}),
        "spelled.toml",
    )
    # Blocks are shuffled, and with them the order of entries.
    in_order = sorted(parsed["table"].pop("entries"), key=lambda entry: entry["text"])
    assert in_order == entries
    assert parsed == {"top": "plain", "table": {"sub": sub}, "empty": {}}
