from __future__ import annotations

from pathlib import Path

import pytest

from vetflow.errors import Place, WorkspaceError
from vetflow.formats.facts_toml import parse_facts
from vetflow.model.version import parse_version

FACT = '[[no-library]]\ncrate = "tool"\nversions = "<2"\nreason = "a program"\n'


def test_facts_are_found_by_crate_and_there_may_be_several() -> None:
    facts = parse_facts(FACT + FACT.replace("<2", ">=3"), "facts.toml")
    assert [(str(fact.versions), fact.reason) for fact in facts["tool"]] == [("<2", "a program"), (">=3", "a program")]


def test_the_facts_that_are_shipped_can_be_read() -> None:
    path = Path(__file__).parents[3] / "audits" / "facts.toml"
    (fact,) = parse_facts(path.read_text(), "facts.toml")["cxxbridge-cmd"]
    assert fact.versions.matches(parse_version("1.0.194"))
    assert fact.reason


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        (FACT.replace('"<2"', '"two"'), "a fact is malformed: `two` is not a version requirement: ", 1),
        (FACT + FACT.replace("reason", "why"), "a fact is malformed: it needs the keys crate, versions, reason", 5),
        (FACT.replace('"tool"', "1"), "a fact is malformed: its values must be strings", 1),
        ("no-library = 1\n", "only an array of tables `no-library` is known here", 1),
        ("other = 1\n", "only an array of tables `no-library` is known here", 1),
    ],
)
def test_what_is_malformed_is_told_with_its_place(text: str, message: str, line: int) -> None:
    with pytest.raises(WorkspaceError) as raised:
        parse_facts(text, "facts.toml")
    assert raised.value.message.startswith(message)
    place = raised.value.place
    assert isinstance(place, Place)
    assert (place.file, place.line) == ("facts.toml", line)
