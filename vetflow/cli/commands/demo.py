"""`vetflow demo [FOLDER]`: the bundled workspace, checked, with what to try next."""

from __future__ import annotations

import argparse
import os

from vetflow.app.check import check_locked
from vetflow.app.demo import Demo, lay_out_demo
from vetflow.app.request import Request
from vetflow.cli.output import Output, Style, Styled
from vetflow.cli.render.verdict import verdict_lines
from vetflow.cli.request import today
from vetflow.cli.terminal import is_interactive
from vetflow.cli.world import World

SUMMARY = "copy a bundled workspace to a new folder and review it there; needs no network"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the folder."""
    parser.add_argument("folder", nargs="?", help="a new or empty folder (default: a temporary one)")
    parser.set_defaults(key=None)


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Lay out the demo and open its review, or check it where there is no terminal.

    That crates in it are not vetted is the point: the exit code is 0.
    """
    folder = None if options.folder is None else os.path.normpath(os.path.join(world.cwd, options.folder))
    demo = lay_out_demo(folder)
    if is_interactive(world) and not world.environ.get("CI"):
        return _review(options, world, out, demo)
    request = Request(demo.folder, world.cargo_home, today(options, world), locked=True, environ=world.environ)
    out.line(
        "A made-up workspace in ", Styled(demo.folder, Style.TITLE), ", and what `vetflow check --locked` says of it:"
    )
    out.line()
    for line in verdict_lines(check_locked(request)):
        out.line(*line)
    out.line()
    out.line(Styled("Go on:", Style.TITLE))
    for command, what in NEXT:
        out.line("  ", Styled(f"{command:<50}", Style.COMMAND), what)
    return 0


def _review(options: argparse.Namespace, world: World, out: Output, demo: Demo) -> int:
    from vetflow.cli.review import start_review  # noqa: PLC0415  brings what few commands need

    options.offline = options.locked = True
    code = start_review(options, world._replace(cwd=demo.folder), out, None)
    out.line("The workspace you reviewed is in ", Styled(demo.folder, Style.TITLE), "; `vetflow` there goes on.")
    return code


NEXT = (
    ("cd FOLDER", "the folder named above"),
    ("vetflow check --locked", "the same verdict; exit code 1, because crates are not vetted"),
    ("vetflow why glyphderive", "how a crate comes in, and who asks what of it"),
    ("vetflow explain-audit --locked brinetables 1.0.0", "which audits vouch for a version"),
    ("vetflow suggest --locked --frozen", "what there is to read, the least first"),
    ("vetflow help exemption", "a word explained"),
)
