"""Statements: one spelling, nothing that is not understood, the same for an entry however cargo-vet spells it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.builders import delta, full, trust, violation, wildcard
from tests.signers import ADA, NOW
from vetflow.model.store import CriteriaEntry
from vetflow.trust.canonical_json import CanonicalError, canonical, parse_canonical
from vetflow.trust.claims import Entry, claim_of
from vetflow.trust.meaning import BUILT_IN, meanings, notes_digest
from vetflow.trust.statement import Author, CheckedItems, Seen, Statement, StatementError, parse_statement, statement_of

ARCHIVE = f"sha256:{'ab' * 32}"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
SEEN = Seen(artifacts={"1.0.0": ARCHIVE, "1.1.0": ARCHIVE, f"1.1.0@git:{COMMIT}": f"git:{COMMIT}"})


def state(entry: Entry, audience: str | None = None, seen: Seen = SEEN) -> Statement:
    return statement_of("anvil", entry, BUILT_IN, Author(ADA, NOW, audience, "vetflow 1"), seen)


ENTRIES: Mapping[str, Entry] = {
    "full": full("1.0.0", who=(ADA,))._replace(notes="fine"),
    "delta": delta("1.0.0", "1.1.0")._replace(who=(ADA, "Bert")),
    "git": delta("1.0.0", f"1.1.0@git:{COMMIT}", "safe-to-run", "safe-to-deploy")._replace(who=(ADA,)),
    "violation": violation("<0.9, >=0.5")._replace(who=(ADA,)),
    "wildcard": wildcard(7)._replace(who=(ADA,)),
    "workflow": wildcard("github:forge/anvil")._replace(who=(ADA,)),
    "trusted": trust(7, start="2024-01-01", end="2026-06-01"),
}


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES.keys())
def test_a_statement_is_read_back(entry: Entry) -> None:
    statement = state(entry, audience="host/forge/anvil")
    assert parse_statement(statement.text()) == statement
    assert statement.claim == claim_of("anvil", entry)
    assert statement.who[0] == ADA


def test_its_text_is_canonical_and_says_what_was_looked_at() -> None:
    text = state(ENTRIES["full"], seen=SEEN._replace(assisted_by=("bot",), overrides=("age",), view=ARCHIVE)).text()
    assert text == (
        '{"artifacts":{"1.0.0":"' + ARCHIVE + '"},"assisted-by":["bot"],'
        '"claim":{"crate":"anvil","kind":"full","version":"1.0.0"},'
        '"criteria":{"safe-to-deploy":"' + BUILT_IN["safe-to-deploy"] + '"},'
        '"notes":"' + str(notes_digest("fine")) + '","overrides":["age"],"registry":"crates.io","scope":"full",'
        '"signed-at":"2026-01-15T12:00:00Z","tool":"vetflow 1","type":"vetflow-audit/1",'
        '"view":"' + ARCHIVE + '","who":["Ada <ada@example.org>"]}'
    )


def test_only_decisions_of_one_project_name_it() -> None:
    named = {kind for kind, entry in ENTRIES.items() if state(entry, audience="host/forge/anvil").audience}
    assert named == {"wildcard", "workflow", "trusted"}


def changed(**fields: Any) -> str:
    """Return a sound statement's text with other fields, those that are None left out."""
    table = json.loads(state(ENTRIES["full"]).text()) | fields
    return canonical({key: value for key, value in table.items() if value is not None})


CLAIM = {"crate": "anvil", "kind": "full", "version": "1.0.0"}


@pytest.mark.parametrize(
    "text",
    [
        changed(type="vetflow-audit/2"),
        changed(registry="elsewhere"),
        changed(scope="some"),
        changed(scope=None),
        changed(who=None),
        changed(who="Ada"),
        changed(who=[1]),
        changed(extra="x"),
        changed(notes=""),
        changed(notes="sha256:ab"),
        changed(view=[]),
        changed(overrides=[]),
        changed(audience=""),
        changed(criteria={"safe-to-run": "builtin"}),
        changed(criteria=[]),
        changed(artifacts={}),
        changed(artifacts={"1.0.0": ARCHIVE, "1.1.0": ARCHIVE}),
        changed(artifacts={"1.0.0": ARCHIVE.upper()}),
        changed(artifacts={"1.0.0": f"git:{COMMIT}"}),
        changed(**{"signed-at": "2026-01-15"}),
        changed(**{"signed-at": "2026-02-30T00:00:00Z"}),
        changed(claim="anvil"),
        changed(claim=CLAIM | {"kind": "retract"}),
        changed(claim=CLAIM | {"crate": ""}),
        changed(claim=CLAIM | {"version": "1.0"}),
        changed(claim=CLAIM | {"version": "01.0.0"}),
        changed(claim=CLAIM | {"from": "0.9.0"}),
        changed(claim={"crate": "anvil", "kind": "violation", "versions": "1"}, artifacts={}),
        changed(
            claim={"crate": "anvil", "kind": "trusted", "user-id": True, "start": "2024-01-01", "end": "2025-01-01"},
            artifacts={},
        ),
        changed(claim={"crate": "anvil", "kind": "trusted", "start": "2024-01-01", "end": "2025-01-01"}, artifacts={}),
    ],
)
def test_what_vetflow_would_not_have_written_is_no_statement(text: str) -> None:
    assert parse_statement(changed())
    with pytest.raises(StatementError):
        parse_statement(text)


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1 }',
        '{"b":1,"a":1}',
        '{"a":1,"a":1}',
        '{"a":1.0}',
        '{"a":1e2}',
        '{"a":null}',
        '{"a":NaN}',
        '{"a":"\\u0061"}',
        '{"ä":1}',
        '{"a":9223372036854775808}',
        '{"a":"\\ud800"}',
        "[]",
        "",
        "[" * 100_000,
        '"' + "x" * 300_000 + '"',
    ],
)
def test_json_has_one_spelling(text: str) -> None:
    assert parse_canonical('{"a":[1,true,"ä"],"b":{}}')
    with pytest.raises(CanonicalError):
        parse_canonical(text)


def test_every_changed_byte_of_a_statement_is_noticed() -> None:
    text = state(ENTRIES["git"]).text()
    for at in range(len(text)):
        other = text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1 :]
        try:
            assert parse_statement(other) != parse_statement(text)
        except StatementError:
            continue


def test_a_version_nobody_knows_the_archive_of_is_not_signed_for() -> None:
    with pytest.raises(StatementError, match=r"which archive anvil 2\.0\.0 is"):
        state(full("2.0.0", who=(ADA,)))


def test_a_criterion_nobody_defines_is_not_signed_for() -> None:
    with pytest.raises(StatementError, match="nobody defines the criterion crypto"):
        state(full("1.0.0", "crypto", who=(ADA,)))


@pytest.mark.parametrize(
    "notes", ["one\n\ntwo", "one\r\n\r\ntwo\r\n", "\n\none  \n\t\ntwo \n\n"], ids=["plain", "windows", "blanks"]
)
def test_line_ends_and_blanks_around_notes_do_not_count(notes: str) -> None:
    assert notes_digest(notes) == notes_digest("one\n\ntwo")


def test_other_notes_have_another_digest_and_none_have_none() -> None:
    assert notes_digest("one two") != notes_digest("one\ntwo")
    assert [notes_digest(empty) for empty in (None, "", "\n \r\n")] == [None] * 3


class TestMeanings:
    BASE = CriteriaEntry("reads the code", None, ("safe-to-run",))

    def test_built_in_criteria_have_fixed_meanings(self) -> None:
        assert meanings({}) == BUILT_IN
        assert meanings({"safe-to-run": self.BASE})["safe-to-run"] == BUILT_IN["safe-to-run"]

    @pytest.mark.parametrize(
        "other",
        [
            BASE._replace(description="reads"),
            BASE._replace(description_url="https://example.org"),
            BASE._replace(implies=()),
            BASE._replace(implies=("safe-to-deploy",)),
        ],
    )
    def test_text_address_and_implications_are_the_meaning(self, other: CriteriaEntry) -> None:
        assert meanings({"crypto": other})["crypto"] != meanings({"crypto": self.BASE})["crypto"]

    def test_order_and_origin_are_not(self) -> None:
        one = self.BASE._replace(implies=("safe-to-run", "safe-to-deploy"))
        other = self.BASE._replace(implies=("safe-to-deploy", "safe-to-run"), aggregated_from=("https://example.org",))
        assert meanings({"crypto": one}) == meanings({"crypto": other})

    def test_what_an_implied_criterion_means_is_part_of_it(self) -> None:
        above = CriteriaEntry("all of it", None, ("crypto",))
        one, other = (
            meanings({"all": above, "crypto": self.BASE._replace(description=text)})["all"] for text in ("a", "b")
        )
        assert one != other

    def test_circles_and_unknown_names_end(self) -> None:
        circle = {"a": CriteriaEntry("a", None, ("b",)), "b": CriteriaEntry("b", None, ("a", "nowhere"))}
        assert set(meanings(circle)) == {"a", "b", *BUILT_IN}


CHECKED = CheckedItems(ARCHIVE, ("build.network",), ("build.writes",), ("rest.out-of-place",))


def test_it_says_what_was_made_of_the_checklist_of_its_crate_and_of_no_other() -> None:
    seen = SEEN._replace(checklists={"anvil": CHECKED, "bramble": CHECKED._replace(considered=("people.age",))})
    statement = state(ENTRIES["full"], seen=seen)
    assert statement.seen.checklists == {"anvil": CHECKED}
    assert json.loads(statement.text())["checklist"] == {
        "concerns": ["build.writes"],
        "considered": ["build.network"],
        "digest": ARCHIVE,
        "not-considered": ["rest.out-of-place"],
    }
    assert parse_statement(statement.text()) == statement


def test_where_no_checklist_was_shown_nothing_is_said_of_one() -> None:
    """So statements from before there were checklists are what they were, byte for byte."""
    assert "checklist" not in json.loads(state(ENTRIES["full"]).text())
    assert state(ENTRIES["full"], seen=SEEN._replace(checklists={"bramble": CHECKED})) == state(ENTRIES["full"])


@pytest.mark.parametrize(
    "checklist",
    [
        [],
        {},
        {"digest": ARCHIVE},
        {**CHECKED.as_json(), "more": []},
        {**CHECKED.as_json(), "digest": "sha256:ab"},
        {**CHECKED.as_json(), "considered": "build.network"},
        {**CHECKED.as_json(), "concerns": [1]},
    ],
)
def test_a_checklist_of_another_form_is_none(checklist: object) -> None:
    with pytest.raises(StatementError):
        parse_statement(changed(checklist=checklist))
