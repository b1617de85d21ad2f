"""Words become a command and its options: cargo-vet's flags, before or after the command."""

from __future__ import annotations

import pytest

from vetflow.cli.arguments import Invocation, command_parser, parse, split_command
from vetflow.errors import UsageError

KNOWN = ("check", "fmt", "explain-audit", "dump-graph")


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        ([], Invocation(None, ())),
        (["--locked"], Invocation(None, ("--locked",))),
        (["check", "--locked"], Invocation("check", ("--locked",))),
        (["--locked", "check"], Invocation("check", ("--locked",))),
        (["--store-path", "fmt", "check"], Invocation("check", ("--store-path", "fmt"))),
        (["--output-format", "json", "dump-graph"], Invocation("dump-graph", ("--output-format", "json"))),
        (["--depth", "full", "dump-graph"], Invocation("dump-graph", ("--depth", "full"))),
        (["explain-audit", "check"], Invocation("explain-audit", ("check",))),
        (["nonsense", "--locked"], Invocation("nonsense", ("--locked",))),
        (["--", "check"], Invocation(None, ("--", "check"))),
    ],
)
def test_the_command_is_found_wherever_it_stands(argv: list[str], expected: Invocation) -> None:
    assert split_command(argv, KNOWN) == expected


def test_frozen_needs_locked() -> None:
    parser = command_parser("check", "")
    with pytest.raises(UsageError, match="--frozen needs --locked"):
        parse(parser, ["--frozen"])
    assert parse(parser, ["--frozen", "--locked"]).frozen


def test_a_revision_and_a_metadata_document_exclude_each_other() -> None:
    with pytest.raises(UsageError, match="exclude each other"):
        parse(command_parser("check", ""), ["--rev", "HEAD", "--cargo-metadata", "m.json"])


def test_an_unknown_option_is_a_usage_error_with_a_way_out() -> None:
    with pytest.raises(UsageError, match="unrecognized arguments: --nope") as caught:
        parse(command_parser("check", ""), ["--nope"])
    assert caught.value.help == "`vetflow check --help` lists the options"


def test_an_abbreviated_option_is_not_guessed() -> None:
    with pytest.raises(UsageError):
        parse(command_parser("check", ""), ["--lock"])
