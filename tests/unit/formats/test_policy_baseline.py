"""policy-baseline.toml: what is written is what is read."""

from __future__ import annotations

import pytest

from vetflow.errors import StoreError
from vetflow.formats.policy_baseline import parse_backlog, write_backlog
from vetflow.model.dates import Date
from vetflow.model.rules import Backlog

UNTIL = Date(2026, 4, 15)
KNOWN = frozenset({("gate/unattested", 'anvil 1.0.0 "runs"\nsomething'), ("debt/exemptions", "there are 3")})


def test_what_is_written_is_read_again() -> None:
    assert parse_backlog(write_backlog(KNOWN, UNTIL), "policy-baseline.toml") == Backlog(KNOWN, UNTIL)


def test_the_text_depends_on_nothing_but_the_content() -> None:
    assert write_backlog(sorted(KNOWN), UNTIL) == write_backlog([*sorted(KNOWN, reverse=True), *KNOWN], UNTIL)


def test_a_list_without_an_end_is_refused() -> None:
    with pytest.raises(StoreError, match="missing field `until`"):
        parse_backlog('known = ["gate/unattested so"]\n', "policy-baseline.toml")
