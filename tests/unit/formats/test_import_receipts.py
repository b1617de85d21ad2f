"""import-receipts.toml: one text for what it says, and no guess at anything else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetflow.errors import StoreError
from vetflow.formats.import_receipts import (
    Acceptance,
    AcceptedPublishers,
    AcceptedRow,
    Receipt,
    Receipts,
    parse_receipts,
    write_receipts,
)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
ACCEPTANCES = st.builds(Acceptance, TEXTS, TEXTS, st.none() | TEXTS)
ROWS = st.builds(AcceptedRow, TEXTS, st.lists(TEXTS, max_size=3).map(tuple), TEXTS)
RECEIPTS = st.builds(
    Receipt,
    url=st.lists(TEXTS, min_size=1, max_size=2).map(tuple),
    bodies=st.lists(TEXTS, min_size=1, max_size=2).map(tuple),
    map=TEXTS,
    criteria=st.dictionaries(TEXTS, TEXTS, max_size=2),
    rows=st.dictionaries(TEXTS, st.sets(ROWS, min_size=1, max_size=3).map(sorted).map(tuple), max_size=2),
    acceptance=ACCEPTANCES,
    keys=st.none() | TEXTS,
)
WORDS = st.sets(TEXTS, min_size=1, max_size=3).map(sorted).map(tuple)
PUBLISHERS = st.builds(AcceptedPublishers, st.dictionaries(TEXTS, WORDS, max_size=2), ACCEPTANCES)


@given(st.builds(Receipts, st.dictionaries(TEXTS, RECEIPTS, max_size=2), st.none() | PUBLISHERS))
def test_what_is_written_is_read_back_and_written_the_same(receipts: Receipts) -> None:
    text = write_receipts(receipts)
    assert parse_receipts(text, "receipts") == receipts
    assert write_receipts(parse_receipts(text, "receipts")) == text


SOUND = write_receipts(
    Receipts(
        {
            "peer": Receipt(
                ("https://peer.example",),
                ("ab",),
                "sha256:ab",
                {"crypto": "sha256:cd"},
                {"anvil": (AcceptedRow("1.0.0", ("safe-to-run",), "sha256:ef"),)},
                Acceptance("ada@example.org", "2026-01-15T12:00:00Z"),
            )
        }
    )
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not of version 1"),
        (SOUND.replace("version = 1", "version = 2"), "not of version 1"),
        (SOUND.replace("version = 1", "version = 1\nextra = 1"), "unknown field `extra`"),
        (SOUND.replace("map =", "mop ="), "2 problems"),
        (SOUND.replace('what = "1.0.0"', "what = 1"), "invalid type"),
        (SOUND.replace('digest = "sha256:ef"', ""), "missing field `digest`"),
        (SOUND + "\n[publishers]\nrows = 1\n", "problems"),
        ("version = 1\npublishers = 1\n", "problems"),
    ],
)
def test_what_is_not_understood_is_refused(text: str, said: str) -> None:
    assert parse_receipts(SOUND, "receipts").receipts.keys() == {"peer"}
    with pytest.raises(StoreError, match=said):
        parse_receipts(text, "receipts")
