"""revoked_signers: keys by themselves or by fingerprint, lost at a known time or not."""

from __future__ import annotations

import pytest

from tests.signers import key_of
from vetflow.errors import StoreError
from vetflow.trust.moments import parse_key_time
from vetflow.trust.revoked_signers import parse_revoked_signers, write_revoked

KEY = key_of().key
SINCE = parse_key_time("20260101Z")


@pytest.mark.parametrize("name", [str(KEY), KEY.fingerprint])
@pytest.mark.parametrize("comment", ["", " lost on a train"])
def test_a_key_may_be_named_either_way(name: str, comment: str) -> None:
    assert parse_revoked_signers(f"# lost\n\n{name}{comment}\n", "revoked_signers") == {KEY.fingerprint: None}
    dated = f'since="20260101Z" {name}{comment}\n'
    assert parse_revoked_signers(dated, "revoked_signers") == {KEY.fingerprint: SINCE}


def test_of_two_lines_the_stricter_counts() -> None:
    dated = [f'since="{day}" {KEY.fingerprint}\n' for day in ("20260201Z", "20260101Z")]
    assert parse_revoked_signers("".join(dated), "revoked_signers") == {KEY.fingerprint: SINCE}
    for lines in ([*dated, f"{KEY}\n"], [f"{KEY}\n", *dated]):
        assert parse_revoked_signers("".join(lines), "revoked_signers") == {KEY.fingerprint: None}


@pytest.mark.parametrize(
    "line",
    ["SHA256:short", "ada@example.org", 'since="soon" SHA256:' + "a" * 43, f'until="20260101Z" {KEY}', "ssh-rsa A"],
)
def test_a_line_that_revokes_nothing_makes_the_file_unusable(line: str) -> None:
    with pytest.raises(StoreError, match="this line revokes nothing") as caught:
        parse_revoked_signers(f"{KEY}\n{line}\n", "revoked_signers")
    assert str(caught.value.place) == "revoked_signers:2"


def test_what_is_written_is_read_back() -> None:
    line = write_revoked(KEY.fingerprint, SINCE, "a laptop was stolen")
    assert parse_revoked_signers(line, "revoked_signers") == {KEY.fingerprint: SINCE}
