"""`vetflow guard install|sync|status|uninstall`: cargo compiles no build script or proc macro that nobody attested."""

from __future__ import annotations

import argparse

from vetflow.app.guard import guard_status, install_guard, uninstall_guard
from vetflow.app.guard_sync import sync_guard
from vetflow.cli.output import Output
from vetflow.cli.progress import Progress
from vetflow.cli.render import guard as render
from vetflow.cli.request import moment, request_of
from vetflow.cli.world import World
from vetflow.errors import UsageError

SUMMARY = "let cargo compile no build script and no proc macro that nobody attested, by a wrapper around rustc"
_OFF = 1
_UNDECIDED = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what to do."""
    parser.add_argument(
        "action",
        choices=("install", "sync", "status", "uninstall"),
        help="install: write the wrapper, and say how to turn it on; "
        "sync: let pass what the gate lets pass in this workspace; "
        "status: does it work here? (exit code 1 when not, or when `sync` is due); "
        "uninstall: remove the wrapper and all it lets pass",
    )
    parser.add_argument(
        "--base", metavar="REV", help="sync: audits, rules and keys are those of REV, not those checked out"
    )
    parser.add_argument(
        "--next", metavar="PROGRAM", help="install: hand calls on to this wrapper (default: what RUSTC_WRAPPER names)"
    )


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Do what was asked for; raises UsageError for options of another action."""
    if options.base and options.action != "sync":
        raise UsageError("--base is for `guard sync`")
    if options.next and options.action != "install":
        raise UsageError("--next is for `guard install`")
    match options.action:
        case "install":
            out.lines(list(render.install_lines(install_guard(world.environ, options.next))))
        case "uninstall":
            out.lines(list(render.uninstall_lines(uninstall_guard(world.environ))))
        case "sync":
            return _sync(options, world, out)
        case _:
            return _status(options, world, out)
    return 0


def _sync(options: argparse.Namespace, world: World, out: Output) -> int:
    with Progress(world) as progress:
        done = sync_guard(request_of(options, world), options.base, moment(options, world), progress)
    out.lines(list(render.sync_lines(done)))
    return _UNDECIDED if done.lacking else 0


def _status(options: argparse.Namespace, world: World, out: Output) -> int:
    status = guard_status(request_of(options, world))
    if options.output_format == "json":
        out.document(render.status_json(status) + "\n")
    else:
        out.lines(list(render.status_lines(status)))
    return 0 if status.is_in_order else _OFF
