"""publishers.toml: a snapshot of who published what."""

from __future__ import annotations

import pytest

from vetflow.errors import StoreError
from vetflow.formats.publishers_toml import parse_publishers, write_publishers
from vetflow.model.audits import Publisher
from vetflow.model.dates import Date
from vetflow.model.version import parse_version

TEXT = """
# vetflow publishers: who published versions, as crates.io said; trusts nobody

[[publisher.anvil]]
version = "1.0.0"
when = "2026-01-02"
user-id = 7
user-login = "ada"

[[publisher.anvil]]
version = "1.1.0"
when = "2026-01-03"
trusted-publisher = "github:forge/anvil"
"""
ROWS = {
    "anvil": (
        Publisher(parse_version("1.0.0"), Date(2026, 1, 2), 7, "ada"),
        Publisher(parse_version("1.1.0"), Date(2026, 1, 3), "github:forge/anvil"),
    )
}


def test_what_is_written_is_read_again() -> None:
    assert sorted(parse_publishers(TEXT, "f")["anvil"], key=lambda row: row.version) == list(ROWS["anvil"])
    assert parse_publishers(write_publishers(ROWS), "f").keys() == ROWS.keys()
    assert write_publishers(parse_publishers(write_publishers(ROWS), "f")) == write_publishers(ROWS)
    assert write_publishers({}).strip().startswith("# vetflow publishers")


OTHER = """
[[audits.peer.audits.anvil]]
criteria = "safe-to-run"
version = "1.0.0"
"""


@pytest.mark.parametrize("more", [OTHER, "[[publisher.bad]]\nversion = 1\n"])
def test_anything_else_in_it_is_told(more: str) -> None:
    with pytest.raises(StoreError):
        parse_publishers(f"{TEXT}\n{more}", "supply-chain/publishers.toml")
