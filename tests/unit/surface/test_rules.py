"""The table of rules, read and checked, and what its patterns fit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.surfaces import rules
from vetflow.errors import VetflowError
from vetflow.surface.patterns import FilePatterns, NamePatterns, PathPatterns
from vetflow.surface.rules import parse_rules
from vetflow.surface.tiers import Grade
from vetflow.surface.units import Role

TABLE = (Path(__file__).resolve().parents[3] / "audits" / "capabilities.toml").read_text(encoding="utf-8")


def test_the_shipped_table_is_well_formed() -> None:
    table = rules()
    assert table.by_id["network/std"].worth[Role.HOST_LIBRARY] == (Grade.EXPECTED, Grade.ALERT)
    assert table.by_id["network/std"].worth[Role.PROC_MACRO] == (Grade.ALERT, Grade.ALERT)
    assert table.by_id["network/std"].capability == "network"
    assert Role.RUNTIME not in table.by_id["env-read/other"].worth
    assert re.fullmatch("[0-9a-f]{64}", table.digest)


def test_the_digest_follows_every_change() -> None:
    assert parse_rules(TABLE + "\n", "x").digest != parse_rules(TABLE, "x").digest


def test_sentences_are_ours_and_short() -> None:
    for rule in rules().by_id.values():
        assert rule.sentence[0].islower(), rule.id
        assert not rule.sentence.endswith("."), rule.id
        assert len(rule.sentence) <= 110, rule.id


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('id = "network/std"', 'id = "network"', "`network` is not of the form capability/kind"),
        ('id = "network/std"', 'id = "network/crate"', "two rules have the same id"),
        ('id = "process/own-file"', 'id = "process/own"', "there is no rule `process/own-file`"),
        ('host-library = "new 3", runtime = "new 2" }\npaths', 'host-library = "new 4" }\npaths', "the grade `new 4`"),
        ('kind = "program"', 'kind = "programme"', "`programme` is no kind of sink"),
        ('foreign = ["environ"', 'foreigners = ["environ"', "`env-dump/all` has an unknown key `foreigners`"),
        ('needs = [["network", "process/network-tool"], ["fs-walk"]', 'needs = [["netwerk"], ["fs-walk"]', "netwerk"),
        ("secret-words = [", "secret-word = [", "`words` has other lists"),
        ('methods = ["spawn", "exec"]', 'methods = "spawn"', "`methods` must be an array of strings"),
        ("[[undecided]]", "[[undecidable]]", "there must be an array of tables `undecided`"),
    ],
)
def test_a_broken_table_is_refused_in_words(old: str, new: str, message: str) -> None:
    assert old in TABLE
    with pytest.raises(VetflowError, match=re.escape(message)) as caught:
        parse_rules(TABLE.replace(old, new), "capabilities.toml")
    assert caught.value.place is not None
    assert caught.value.place.file == "capabilities.toml"


def test_the_first_pattern_of_names_decides_and_exclamation_marks_exclude() -> None:
    patterns = NamePatterns([("*_TOKEN", "secret"), ("!SAFE_*", "secret"), ("*", "other")])
    assert [patterns.find(name) for name in ("A_TOKEN", "SAFE_TOKEN", "A")] == ["secret", "other", "other"]


def test_a_path_pattern_covers_what_lies_below_it() -> None:
    patterns = PathPatterns([("std::net", 1), ("aws_sdk_*", 2), ("std::net::Ip", 3)])
    assert [value for _, value in patterns.find(("std", "net", "Ip", "new"))] == [3, 1]
    assert patterns.find(("aws_sdk_s3", "Client")) == [(("aws_sdk_s3",), 2)]
    assert patterns.find(("std", "fs")) == []
    assert patterns.is_above(("std",))
    assert not patterns.is_above(("std", "fs"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (".ssh", ".ssh"),
        ("~/.ssh/id_rsa", ".ssh"),
        ("C:\\Users\\x\\.ssh\\y", ".ssh"),
        ("cat /etc/passwd", "/etc/passwd"),
        ("file:///etc/passwd", "///etc/passwd"),
        ("/proc/42/environ", "/proc/42/environ"),
        ("a/id_rsa", "id_rsa"),
        ("id_rsa", "id_rsa"),
        ("x/keystore", "keystore"),
        ("a.ssh", None),
        (".sshrc", None),
        ("my/etc/passwd", None),
        ("valid_rsa", None),
        ("keystore", None),
        ("the id_rsa2 file", None),
    ],
)
def test_files_are_found_as_whole_segments(text: str, found: str | None) -> None:
    patterns = FilePatterns([".ssh", "id_rsa", "/etc/passwd", "/proc/*/environ"], ["keystore"])
    assert patterns.find(text) == found
