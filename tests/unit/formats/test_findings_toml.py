from __future__ import annotations

import pytest

from vetflow.errors import StoreError
from vetflow.formats.findings_toml import parse_findings, write_findings
from vetflow.model.dates import Date
from vetflow.model.decisions import Acceptance, Decisions, Hold
from vetflow.model.version import parse_version

FILE = "supply-chain/findings.toml"
DAY = Date(2026, 1, 15)
ONE = parse_version("1.0.0")
TEXT = """
# vetflow findings: accepted (accept) and crates held back (hold); neither vets anything

[[accept.anvil]]
capability = "env.dump"
reason = "looks for its own settings"
by = ["Ada <ada@example.org>", "Bob"]

[[accept.anvil]]
version = "1.0.0"
capability = "network"
detail = "ureq"
reason = "downloads a pinned archive"
by = "Ada <ada@example.org>"
until = "2026-06-30"

[[hold.smith]]
version = "1.0.0"
reason = "its build script is not understood"
cleared-when = "somebody explains the table in build.rs"
by = "Bob"
since = "2026-01-15"
"""
DECISIONS = Decisions(
    {
        "anvil": (
            Acceptance("env.dump", None, "looks for its own settings", ("Ada <ada@example.org>", "Bob")),
            Acceptance(
                "network",
                "ureq",
                "downloads a pinned archive",
                ("Ada <ada@example.org>",),
                ONE,
                Date(2026, 6, 30),
            ),
        )
    },
    {
        "smith": (
            Hold("its build script is not understood", "somebody explains the table in build.rs", ("Bob",), DAY, ONE),
        )
    },
)


def test_all_entries_are_read() -> None:
    assert parse_findings(TEXT, FILE) == DECISIONS


def test_they_are_written_in_one_way() -> None:
    turned = Decisions({"anvil": DECISIONS.acceptances["anvil"][::-1]}, DECISIONS.holds)
    assert write_findings(DECISIONS) == write_findings(turned) == TEXT


def test_nothing_decided_is_a_header_alone() -> None:
    assert parse_findings(write_findings(Decisions()), FILE) == Decisions()


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        (TEXT.replace("until", "untill"), "accept.anvil: unknown field `untill`", 15),
        (TEXT.replace('"2026-06-30"', '"soon"'), "accept.anvil.until: ", 15),
        (TEXT.replace('reason = "its', 'cause = "its'), "hold.smith: unknown field `cause`", 19),
        ('[[accept.anvil]]\nreason = "r"\nby = "b"\n', "accept.anvil: missing field `capability`", 1),
        ('[[hold.anvil]]\nreason = "r"\nby = "b"\ncleared-when = "c"\n', "hold.anvil: missing field `since`", 1),
        ("[accept]\nanvil = 1\n", "accept.anvil: invalid type: integer `1`, expected a list of tables", 2),
        ("[ignore]\n", "unknown field `ignore`, expected one of `accept`, `hold`", 1),
    ],
)
def test_a_mistake_has_a_place(text: str, message: str, line: int) -> None:
    with pytest.raises(StoreError) as raised:
        parse_findings(text, FILE)
    first = raised.value.related[0] if raised.value.related else raised.value
    assert message in first.message
    assert first.place is not None
    assert first.place.line == line
