from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from vetflow.formats.spelling import spell_key, spell_string


@pytest.mark.parametrize(("file", "spell"), [("strings.json", spell_string), ("keys.json", spell_key)])
def test_every_recorded_text_is_spelled_as_cargo_vet_does(
    shared: Path,
    file: str,
    spell: Callable[[str], str],
) -> None:
    cases = json.loads((shared / "fixtures/format" / file).read_text())

    assert {case["value"]: spell(case["value"]) for case in cases} == {case["value"]: case["toml"] for case in cases}


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("", '""'),
        ("plain ünï\u2028\x85", '"plain ünï\u2028\x85"'),
        ("it's", '"it\'s"'),
        ('say "x"', "'say \"x\"'"),
        ("back\\slash", "'back\\slash'"),
        ("tab\t", '"tab\\t"'),
        ('tab\t"', "'tab\t\"'"),
        ("both\"'", '"""both"\'"""'),
        ("\\'", "'''\\''''"),
        ("a\nb", '"""\na\nb"""'),
        ("a\n", '"""\na\n"""'),
        ('a\n"""\'\'', "'''\na\n\"\"\"'''''"),
        ("a\\\n'''", '"""\na\\\\\n\'\'\'"""'),
        ("a\r\n", '"""\na\\r\n"""'),
        ('\x01"\\', '"\\u0001\\"\\\\"'),
        ("\b\f\x7f\x1f", '"\\b\\f\\u007F\\u001F"'),
        ('\x01\n"""""""', '"""\n\\u0001\n""\\"""\\"""""'),
    ],
)
def test_the_plainest_form_that_can_hold_the_text(text: str, spelled: str) -> None:
    assert spell_string(text) == spelled
    assert tomllib.loads(f"k = {spelled}")["k"] == text


@pytest.mark.parametrize(
    ("key", "spelled"),
    [
        ("bare-Key_1", "bare-Key_1"),
        ("", '""'),
        ("a.b", '"a.b"'),
        ("demo:1.0.9", '"demo:1.0.9"'),
        ("é", '"é"'),
        ('q"q', "'q\"q'"),
        ("back\\slash", "'back\\slash'"),
        ("both\"'", '"both\\"\'"'),
        ("line\nbreak", '"line\\nbreak"'),
        ("tab\t", '"tab\\t"'),
    ],
)
def test_keys_stay_on_one_line(key: str, spelled: str) -> None:
    assert spell_key(key) == spelled
    assert tomllib.loads(f"{spelled} = 1") == {key: 1}
