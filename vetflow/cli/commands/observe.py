"""`vetflow observe -- cargo build …`: build without a network and without secrets, and tell what the build tried."""

from __future__ import annotations

import argparse
import os
from typing import Final

from vetflow.app.build_command import build_command
from vetflow.app.observe import Wishes, observe
from vetflow.cli.output import Output
from vetflow.cli.render import observe as render
from vetflow.cli.request import request_of
from vetflow.cli.world import World
from vetflow.errors import UsageError
from vetflow.text import show

SUMMARY = "build in a sandbox without network or secrets, and tell what the build tried beyond compiling; Linux only"
_SEEN: Final = 1
_UNDECIDED: Final = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the build, and what it may see beyond its sources."""
    parser.add_argument("build", metavar="cargo build …", nargs="+", help="the build, behind `--`")
    parser.add_argument(
        "--no-fetch", action="store_true", help="take what is on this machine, do not run `cargo fetch`"
    )
    parser.add_argument(
        "--readable", metavar="DIR", action="append", default=[], help="a further folder that the build may read"
    )
    parser.add_argument(
        "--env", metavar="NAME[=VALUE]", action="append", default=[], help="a variable that the build sees"
    )
    parser.add_argument("--record", metavar="FILE", help="keep strace's record there")


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Build and report: 0 when nothing but compiling was seen, 1 when there was more, 3 when that is not known."""
    command = build_command(options.build)
    wishes = Wishes(
        fetch=not options.no_fetch,
        readable=tuple(_folder(name, world) for name in options.readable),
        variables=tuple(_variable(text, world) for text in options.env),
        record_file=None if options.record is None else os.path.join(world.cwd, options.record),
    )

    def tell(line: bytes) -> None:
        # A mark before each line: nothing that a build prints can be a command for the machine that shows its log.
        out.message("| ", show(line).text)
        out.flush()

    seen = observe(request_of(options, world), command, wishes, tell)
    if options.output_format == "json":
        out.document(render.as_json(seen, command.shown()))
    else:
        for line in render.as_lines(seen, command.shown()):
            out.line(*line)
    if seen.record is not None and seen.record.rows:
        return _SEEN
    return 0 if seen.is_complete else _UNDECIDED


def _folder(name: str, world: World) -> str:
    path = os.path.realpath(os.path.join(world.cwd, name))
    if not os.path.isdir(path):
        raise UsageError(f"there is no folder {name} for the build to read")
    return path


def _variable(text: str, world: World) -> tuple[str, str]:
    name, given, value = text.partition("=")
    if not given and name not in world.environ:
        raise UsageError(f"--env {name}: there is no such variable", help="give its value: --env NAME=VALUE")
    return name, value if given else world.environ[name]
