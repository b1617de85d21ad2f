"""The statement about a release: what in-toto asks of one, and what is read back of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.signers import NOW
from vetflow.trust.verdict_statement import (
    VERIFIER,
    VerdictStatement,
    VerdictStatementError,
    parse_verdict_statement,
)

STATEMENT = VerdictStatement(
    lock="ab" * 32,
    policy="cd" * 32,
    properties=("VETFLOW_VETTED", "VETFLOW_RULE_GATE_LEVEL"),
    decision="none",
    created_at=NOW,
    tool="1.2.3",
    signer="ada@example.org",
    commit="ef" * 20,
    profile="release",
)


def test_it_is_read_as_it_was_written() -> None:
    assert parse_verdict_statement(STATEMENT.text()) == STATEMENT
    bare = STATEMENT._replace(signer=None, commit=None, profile=None)
    assert parse_verdict_statement(bare.text()) == bare
    assert "null" not in bare.text()


def test_it_has_the_fields_of_a_simple_verification_result() -> None:
    document = json.loads(STATEMENT.text())
    assert document["_type"] == "https://in-toto.io/Statement/v1"
    assert document["subject"] == [{"name": "Cargo.lock", "digest": {"sha256": "ab" * 32}}]
    assert document["predicateType"] == "https://in-toto.io/attestation/svr/v0.1"
    assert document["predicate"]["timeCreated"] == "2026-01-15T12:00:00Z"
    assert document["predicate"]["properties"] == ["VETFLOW_VETTED", "VETFLOW_RULE_GATE_LEVEL"]


def test_fields_that_others_add_are_passed_over() -> None:
    document = json.loads(STATEMENT.text())
    document["predicate"]["https://other.example/field"] = {"any": 1}
    document["subject"][0]["uri"] = "x"
    assert parse_verdict_statement(json.dumps(document)) == STATEMENT


def _edited(edit: Callable[[dict[str, Any]], object]) -> str:
    document = json.loads(STATEMENT.text())
    edit(document)
    return json.dumps(document)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{" * 100_000,
        " " * 300_000,
        _edited(lambda d: d.update(predicateType="https://slsa.dev/verification_summary/v1")),
        _edited(lambda d: d["subject"].append(d["subject"][0])),
        _edited(lambda d: d["subject"][0].update(name="Cargo.toml")),
        _edited(lambda d: d["subject"][0]["digest"].update(sha256="AB" * 32)),
        _edited(lambda d: d["predicate"].update(properties=[1])),
        _edited(lambda d: d["predicate"].update(timeCreated="yesterday")),
        _edited(lambda d: d["predicate"]["verifier"].update(id="https://other.example")),
        _edited(lambda d: d["predicate"]["verifier"].pop("policy")),
        _edited(lambda d: d["predicate"][VERIFIER].update(signer=7)),
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(VerdictStatementError):
        parse_verdict_statement(text)
