"""signatures.toml and signatures-baseline.txt: one text for what they say, and no guess at anything else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import full
from tests.signers import ADA, signed
from vetflow.errors import StoreError
from vetflow.formats.signatures_baseline import parse_baseline, write_baseline
from vetflow.formats.signatures_toml import (
    SignatureRow,
    SignaturesFile,
    parse_signatures,
    with_rows,
    write_signatures,
)

ROW = signed("anvil", full("1.0.0", who=(ADA,)))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(st.lists(st.builds(SignatureRow, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS)), st.none() | TEXTS)
def test_what_is_written_is_read_back_and_written_the_same(rows: list[SignatureRow], audience: str | None) -> None:
    file = with_rows(SignaturesFile(audience=audience), rows)
    text = write_signatures(file)
    assert parse_signatures(text, "signatures.toml") == file
    assert write_signatures(parse_signatures(text, "signatures.toml")) == text


def test_rows_are_sorted_and_stand_once() -> None:
    rows = [ROW._replace(crate="b"), ROW._replace(signer="b@example.org"), ROW, ROW]
    file = parse_signatures(write_signatures(SignaturesFile(tuple(rows))), "signatures.toml")
    assert file.rows == (ROW, ROW._replace(signer="b@example.org"), ROW._replace(crate="b"))


def test_a_statement_and_its_signature_stand_as_they_are() -> None:
    text = write_signatures(SignaturesFile((ROW,)))
    assert f"statement = '{ROW.statement}'\n" in text
    assert f'signature = """\n{ROW.signature}"""\n' in text


SOUND = write_signatures(SignaturesFile((ROW,)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not of version 1"),
        ("version = 2\n", "not of version 1"),
        (SOUND.replace("version = 1", "version = 1\nextra = 1"), "unknown field `extra`"),
        (SOUND.replace("crate =", "create ="), "2 problems"),
        (SOUND + "extra = 1\n", "unknown field `extra`"),
        ("version = 1\nsignature = 1\n", "expected a list of tables"),
        ("version = 1\nsignature = [1]\n", "problems"),
        ("version = 1\naudience = 1\n", "expected a string"),
        ("version = ", "not valid TOML"),
    ],
)
def test_what_is_not_understood_is_refused(text: str, said: str) -> None:
    assert parse_signatures(SOUND, "signatures.toml").rows
    with pytest.raises(StoreError, match=said):
        parse_signatures(text, "signatures.toml")


def test_a_baseline_is_read_back() -> None:
    digests = {f"sha256:{'ab' * 32}": "anvil 1.0.0", f"sha256:{'01' * 32}": ""}
    text = write_baseline(digests)
    assert text.splitlines()[1:] == [f"sha256:{'01' * 32}", f"sha256:{'ab' * 32} anvil 1.0.0"]
    assert parse_baseline(text, "baseline") == digests


def test_a_line_of_a_baseline_that_is_no_digest_is_refused() -> None:
    with pytest.raises(StoreError, match="no digest") as caught:
        parse_baseline("# words\n\nsha256:ab\n", "baseline")
    assert str(caught.value.place) == "baseline:3"
