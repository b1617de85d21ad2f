"""Advisories as RustSec writes them."""

from __future__ import annotations

import pytest

from vetflow.formats.rustsec import parse_rustsec
from vetflow.model.advisories import AdvisoryKind, AdvisorySyntaxError
from vetflow.model.dates import Date

FULL = """```toml
[advisory]
id = "RUSTSEC-2026-9001"
package = "anvil"
date = "2026-01-02"
url = "https://anvil.example/issues/1"
categories = ["memory-corruption"]
aliases = ["CVE-2026-99999"]

[affected]
os = ["linux"]

[affected.functions]
"anvil::strike" = ["<1.2.3"]

[versions]
patched = [">=1.2.3"]
unaffected = ["<1.0.0"]
```

# Striking twice overflows

The text.
"""


def test_everything_that_matters_is_read() -> None:
    advisory = parse_rustsec(FULL, "crates/anvil/RUSTSEC-2026-9001.md")
    assert advisory is not None
    assert (advisory.id, advisory.crate, advisory.kind) == ("RUSTSEC-2026-9001", "anvil", AdvisoryKind.VULNERABILITY)
    assert advisory.title == "Striking twice overflows"
    assert advisory.published == Date(2026, 1, 2)
    assert advisory.aliases == ("CVE-2026-99999",)
    assert advisory.functions == ("anvil::strike",)
    assert [(str(each.introduced), str(each.fixed)) for each in advisory.affected] == [("1.0.0", "1.2.3")]
    assert (advisory.withdrawn, advisory.malicious) == (False, False)
    assert advisory.file == "crates/anvil/RUSTSEC-2026-9001.md"


def test_newer_files_leave_the_name_of_the_first_table_out() -> None:
    assert parse_rustsec(FULL.replace("[advisory]\n", ""), "f") == parse_rustsec(FULL, "f")


def test_line_ends_of_another_system_change_nothing() -> None:
    assert parse_rustsec(FULL.replace("\n", "\r\n"), "f") == parse_rustsec(FULL, "f")


@pytest.mark.parametrize("kind", ["unsound", "unmaintained", "notice"])
def test_what_only_informs_has_a_kind_of_its_own(kind: str) -> None:
    advisory = parse_rustsec(FULL.replace("[affected]", f'informational = "{kind}"\n[affected]'), "f")
    assert advisory is not None
    assert advisory.kind.value == kind


def test_what_informs_about_something_else_is_none_of_ours() -> None:
    assert parse_rustsec(FULL.replace("[affected]", 'informational = "poetry"\n[affected]'), "f") is None


def test_withdrawn_and_malicious_are_marked() -> None:
    text = FULL.replace('"memory-corruption"', '"malicious"')
    advisory = parse_rustsec(text.replace("[affected]", 'withdrawn = "2026-02-01"\n[affected]'), "f")
    assert advisory is not None
    assert (advisory.withdrawn, advisory.malicious) == (True, True)


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("```toml", "```json", "block of TOML"),
        ("```\n\n#", "\n\n#", "block of TOML"),
        ("[versions]", "[other]", r"no \[versions\]"),
        ('id = "RUSTSEC-2026-9001"', "id = 7", "no text `id`"),
        ('package = "anvil"', "", "no text `package`"),
        ('patched = [">=1.2.3"]', "patched = [1]", "`patched` is no array"),
        ('patched = [">=1.2.3"]', 'patched = ["soon"]', "`soon` is no version requirement"),
        ('id = "RUSTSEC', "id = RUSTSEC", "not valid TOML"),
    ],
)
def test_what_cannot_be_understood_is_told(before: str, after: str, why: str) -> None:
    assert before in FULL
    with pytest.raises(AdvisorySyntaxError, match=why):
        parse_rustsec(FULL.replace(before, after), "f")
