"""One module a command: its arguments, and how its use case is called and its result shown.

A command module has `SUMMARY` (one line for `--help`), `add_arguments(parser)`, and `run(options, world, out) -> int`
(the exit code); `FORMATS` where it knows more output formats than human and json. Modules are imported when their
command is named, never before.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from types import ModuleType
from typing import Final, Protocol, cast

from vetflow.cli.arguments import OUTPUT_FORMATS, Parser, command_parser
from vetflow.cli.output import Output
from vetflow.cli.world import World

COMMANDS: Final[Mapping[str, str]] = {
    "check": "is every third-party crate vetted? (the default)",
    "ci": "answer a pull request: nothing to do, review this, or stop",
    "review": "read in the terminal what is still to be read, and certify it",
    "suggest": "what to read next, the least first",
    "queue": "everything nobody has read, the most urgent first",
    "explain-audit": "how a crate is vetted: the audits that lead to it",
    "why": "how a crate comes into the graph, and what is required of it",
    "dump-graph": "the dependency graph the verdict is about",
    "surface": "what runs on this machine when you build, and what it can do",
    "baseline": "pin what runs when you build; then only growth is asked about",
    "accept": "accept a finding of `surface`",
    "hold": "hold a crate back: read, not certified, because",
    "unhold": "take back what holds a crate back",
    "lock": "what happened to Cargo.lock since a revision, and whether it is what it seems",
    "publishers": "write down who published the locked versions",
    "advisories": "what is publicly known to be wrong with the locked versions",
    "who": "who audited a crate, among all sets of audits within reach",
    "imports": "what others' audits would settle here, and what of them was accepted",
    "policy": "require more of what your packages depend on",
    "progress": "what was read, trusted and exempted, month by month",
    "backtest": "what the policy would have stopped in the past, and the minutes it would have cost",
    "diff": "what changed between two versions of a crate, what runs during a build first",
    "inspect": "the code of a whole version, what runs during a build first",
    "bundle": "a crate for an assistant to read, and what it claims of it, to be checked",
    "checklist": "what to ask of a crate before vouching for it, with every place in its code",
    "init": "create a store in which everything is exempted",
    "import": "let the audits of somebody else count",
    "certify": "record that somebody audited a version, or what changed since another",
    "trust": "trust who published a crate, instead of reading it",
    "renew": "let wildcard audits hold for another year",
    "add-exemption": "let a version pass that nobody has read",
    "record-violation": "state that versions of a crate do not meet criteria",
    "prune": "remove what nothing needs from the store",
    "regenerate": "make one kind of the store's entries anew",
    "sign": "sign entries that name you and are not signed",
    "verify": "whether entries are signed, and for all that they claim",
    "lint": "mistakes in config.toml that a check does not show",
    "attest": "state for a release that it was vetted, signed; or check such a statement",
    "keys": "whose signatures count in this project",
    "diff-store": "what the store says otherwise than at a revision, and what that means here",
    "merge-driver": "let git merge the store's files entry by entry",
    "aggregate": "merge several sets of audits into one",
    "gc": "remove what vetflow fetched and has not used for long",
    "guard": "let cargo compile nothing that runs during a build and nobody attested",
    "observe": "build without network or secrets, and tell what the build tried",
    "fmt": "rewrite the store's files in cargo-vet's canonical form",
    "help": "explain a word, or list the commands",
    "demo": "try vetflow on a bundled workspace",
}
"""Every command with one line about it, in the order of the overview."""

_MODULES: Final[Mapping[str, str]] = {"import": "import_audits"}
"""The modules of commands whose names Python cannot import."""


class Command(Protocol):
    """What a command module provides."""

    SUMMARY: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the command's own arguments."""

    def run(self, options: argparse.Namespace, world: World, out: Output) -> int:
        """Run the command and return the exit code; raises VetflowError."""
        ...


def load(name: str) -> Command:
    """Import the module of a known command."""
    from importlib import import_module  # noqa: PLC0415  one command is imported per run

    module: ModuleType = import_module(f"vetflow.cli.commands.{_MODULES.get(name, name.replace('-', '_'))}")
    return cast("Command", module)


def parser_of(name: str, command: Command) -> Parser:
    """Build the parser of a command."""
    parser = command_parser(name, command.SUMMARY, formats=getattr(command, "FORMATS", OUTPUT_FORMATS))
    command.add_arguments(parser)
    return parser
