"""The command line's grammar: cargo-vet's words and flags, before or after the command.

One parser is built per run, for the command that was named; the options every command shares are declared here, each
command declares its own (`commands.*.add_arguments`).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Sequence
from functools import partial
from typing import Final, NamedTuple, NoReturn

from vetflow.errors import UsageError

OUTPUT_FORMATS: Final = ("human", "json")
_VERBOSITY: Final = ("off", "error", "warn", "info", "debug", "trace")
_WITH_VALUE: Final = frozenset(
    {
        "--manifest-path", "--store-path", "--features", "--verbose", "--output-file", "--log-file",
        "--output-format", "--cache-dir", "--current-time", "--filter-graph", "--cargo-arg", "--rev",
        "--cargo-metadata", "--graph", "--color",
    },
)  # fmt: skip
"""Options before the command whose next word is their value, never the command's name."""


_ANY_WIDTH: Final = 78


class Parser(argparse.ArgumentParser):
    """An argument parser that reports a mistake as a UsageError instead of leaving the process."""

    def format_help(self) -> str:
        """Return the help, as wide as the terminal; argparse would ask how wide that is for every option it takes."""
        import shutil  # noqa: PLC0415  not to be imported by every command

        width = shutil.get_terminal_size().columns - 2
        self.formatter_class = partial(argparse.RawDescriptionHelpFormatter, width=width)
        return super().format_help()

    def error(self, message: str) -> NoReturn:
        """Raise UsageError; called by argparse."""
        raise UsageError(message, help=f"`{self.prog} --help` lists the options")


class Invocation(NamedTuple):
    """A command line, split: the command's name, and all other words in order."""

    command: str | None
    words: tuple[str, ...]


def split_command(argv: Sequence[str], known: Collection[str]) -> Invocation:
    """Find the command's name: the first word that is neither an option nor the value of a shared option.

    A word that names a command is preferred to an earlier one that does not (the value of a command's own option).
    """
    words = tuple(argv)
    candidates = []
    skip = False
    for position, word in enumerate(words):
        if skip:
            skip = False
        elif word == "--":
            break
        elif word in _WITH_VALUE:
            skip = True
        elif not word.startswith("-"):
            candidates.append(position)
    named = [position for position in candidates if words[position] in known] or candidates
    if not named:
        return Invocation(None, words)
    return Invocation(words[named[0]], words[: named[0]] + words[named[0] + 1 :])


def command_parser(name: str, summary: str, *, formats: Sequence[str] = OUTPUT_FORMATS) -> Parser:
    """Return a parser with the options every command takes. formats: what `--output-format` accepts."""
    parser = Parser(
        prog=f"vetflow {name}",
        description=summary,
        allow_abbrev=False,
        formatter_class=partial(argparse.RawDescriptionHelpFormatter, width=_ANY_WIDTH),
    )
    _add_project_options(parser)
    _add_graph_options(parser)
    _add_output_options(parser, formats)
    return parser


def _add_project_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("project and store")
    group.add_argument("--manifest-path", metavar="PATH", help="the Cargo.toml to start from")
    group.add_argument("--store-path", metavar="DIR", help="the store (default: supply-chain in the workspace root)")
    group.add_argument("--rev", metavar="REV", help="read lock, manifests and store from a git revision, no checkout")
    group.add_argument("--locked", action="store_true", help="fetch nothing, take imports.lock as it is, check formats")
    group.add_argument("--frozen", action="store_true", help="make no request at all (needs --locked)")
    group.add_argument("--offline", action="store_true", help="make no request; caches may be read")
    group.add_argument("--cache-dir", metavar="DIR", help="where vetflow keeps what it fetched")
    group.add_argument("--current-time", metavar="RFC3339", help="take this as today (for tests)")
    group.add_argument("--use-git-credentials", action="store_true", help="ask git's credential helpers when fetching")


def _add_graph_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("dependency graph")
    group.add_argument(
        "--graph",
        choices=("lock", "cargo"),
        help="compute the graph from Cargo.lock and manifests, or ask cargo",
    )
    group.add_argument(
        "--cargo-metadata", metavar="FILE", help="take the graph from a saved metadata document (- is stdin)"
    )
    group.add_argument(
        "--filter-graph", metavar="QUERY", action="append", default=[], help="include(...) or exclude(...)"
    )
    group.add_argument("--no-all-features", action="store_true", help="do not enable all features (needs cargo)")
    group.add_argument("--no-default-features", action="store_true", help="leave default features off (needs cargo)")
    group.add_argument(
        "--features", metavar="FEATURES", action="append", default=[], help="features to enable (needs cargo)"
    )
    group.add_argument("--cargo-arg", metavar="ARG", action="append", default=[], help="one more argument for cargo")
    group.add_argument("--no-minimize-exemptions", action="store_true", help=argparse.SUPPRESS)
    group.add_argument("--no-registry-suggestions", action="store_true", help="do not look into known audit sets")


def _add_output_options(parser: argparse.ArgumentParser, formats: Sequence[str]) -> None:
    group = parser.add_argument_group("output")
    group.add_argument("--output-format", choices=formats, default="human", help="how to write the result")
    group.add_argument("--output-file", metavar="FILE", help="write the result there instead of stdout")
    group.add_argument("--log-file", metavar="FILE", help="write messages there instead of stderr")
    group.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="when to use colours")
    group.add_argument("--verbose", choices=_VERBOSITY, default="warn", help="which messages to show")


def parse(parser: Parser, words: Sequence[str]) -> argparse.Namespace:
    """Parse the words of a command and check what holds for every command; raises UsageError.

    `--help` prints to stdout and raises SystemExit(0), argparse's way.
    """
    options = parser.parse_args(list(words))
    if options.frozen and not options.locked:
        raise UsageError("--frozen needs --locked", help="add --locked, or use --offline")
    if options.rev and options.cargo_metadata:
        raise UsageError("--rev and --cargo-metadata exclude each other: both say where the graph comes from")
    return options


def usage_words() -> list[str]:
    """Return this process's words after the program's name, without the `vetflow` that cargo adds.

    `cargo vetflow check` runs `cargo-vetflow vetflow check`.
    """
    words = sys.argv[1:]
    return words[1:] if words[:1] == ["vetflow"] and "cargo-vetflow" in sys.argv[0] else words
