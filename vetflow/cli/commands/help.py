"""`vetflow help [WORD]`: the overview of commands, one command's options, or a word explained."""

from __future__ import annotations

import argparse
import textwrap

from vetflow.cli import commands
from vetflow.cli.glossary import TERMS
from vetflow.cli.output import Output, Style, Styled
from vetflow.cli.world import World
from vetflow.errors import NotFoundError

SUMMARY = "explain a word of vetflow or cargo-vet, or show a command's options"
_WIDTH = 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the word, which may be several."""
    parser.add_argument("term", nargs="*", help="a word such as exemption, or a command's name")


def run(options: argparse.Namespace, _world: World, out: Output) -> int:
    """Print the explanation; raises NotFoundError for a word nobody explains."""
    word = " ".join(options.term).lower().replace("_", "-")
    if not word:
        _overview(out)
    elif word in commands.COMMANDS:
        for line in commands.parser_of(word, commands.load(word)).format_help().splitlines():
            out.line(line)
    else:
        _explain(word, out)
    return 0


def _overview(out: Output) -> None:
    out.line(Styled("vetflow", Style.TITLE), ": is every third-party crate of this workspace vetted?")
    out.line()
    for name, summary in commands.COMMANDS.items():
        out.line("  ", Styled(f"{name:<18}", Style.COMMAND), summary)
    out.line()
    out.line("`vetflow help COMMAND` lists a command's options; `vetflow help WORD` explains one of:")
    for line in textwrap.wrap(", ".join(TERMS), _WIDTH - 2):
        out.line("  ", line)


def _explain(word: str, out: Output) -> None:
    known = {term.replace("-", " "): term for term in TERMS}
    plain = word.replace("-", " ")
    name = known.get(plain) or known.get(plain.removesuffix("s")) or known.get(plain + "s")
    if name is None:
        from difflib import get_close_matches  # noqa: PLC0415  only after a miss

        near = get_close_matches(plain, known, n=3, cutoff=0.5)
        raise NotFoundError(
            f"no word '{word}' is explained here",
            help=f"near: {', '.join(known[term] for term in near)}" if near else "`vetflow help` lists the words",
        )
    out.line(Styled(name, Style.TITLE))
    for line in textwrap.wrap(TERMS[name].meaning, _WIDTH - 2):
        out.line("  ", line)
    if TERMS[name].see:
        out.line("  ", Styled(f"see also: {', '.join(TERMS[name].see)}", Style.FAINT))
