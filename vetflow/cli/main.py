"""From a command line to an exit code: find the command, run it, report what went wrong.

Exit codes: 0 good; 1 not vetted; 2 no verdict because of the input; 3 could not decide; 130 interrupted. This module
alone maps errors to them.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final, NoReturn

from vetflow import __version__
from vetflow.cli import arguments
from vetflow.cli.commands import COMMANDS, load, parser_of
from vetflow.cli.output import Output
from vetflow.cli.world import World, real_world
from vetflow.errors import NoStoreError, UndecidedError, UsageError, VetflowError, ViolationError

GOOD: Final = 0
NOT_VETTED: Final = 1
BAD_INPUT: Final = 2
UNDECIDED: Final = 3
INTERRUPTED: Final = 130


def entry() -> NoReturn:
    """Run vetflow as a program."""
    world = real_world()
    sys.exit(main(arguments.usage_words(), world))


def main(argv: Sequence[str], world: World) -> int:
    """Run one command line in `world` and return the exit code. Never raises for bad input."""
    as_json = _wants_json(argv)
    try:
        return _run(argv, world)
    except VetflowError as error:
        _report(error, world, as_json=as_json)
        return _exit_code(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    except SystemExit as leave:  # argparse, after --help
        return leave.code if isinstance(leave.code, int) else GOOD
    except Exception as error:
        if world.environ.get("VETFLOW_DEBUG"):
            raise
        _report(_internal_error(error), world, as_json=as_json)
        return UNDECIDED


def _run(argv: Sequence[str], world: World) -> int:
    invocation = arguments.split_command(argv, COMMANDS)
    if invocation.command is None and set(invocation.words) & {"--version", "-V"}:
        with Output(world, output_file=None, log_file=None, color="never") as out:
            out.line(f"vetflow {__version__}")
        return GOOD
    if invocation.command is None and set(invocation.words) & {"--help", "-h"}:
        invocation = arguments.Invocation("help", ())
    name = invocation.command or ("review" if _opens_review(argv, world) else "check")
    if name not in COMMANDS:
        raise _unknown_command(name)
    command = load(name)
    options = arguments.parse(parser_of(name, command), invocation.words)
    with Output(world, output_file=options.output_file, log_file=options.log_file, color=options.color) as out:
        try:
            return command.run(options, world, out)
        except NoStoreError as error:
            if argv:
                raise
            from vetflow.cli.first_screen import show_first_screen  # noqa: PLC0415  most projects have a store

            return show_first_screen(options, world, out, error)


def _opens_review(argv: Sequence[str], world: World) -> bool:
    """Whether bare `vetflow` opens the review: somebody is at a terminal, and this is no machine that builds."""
    if argv or world.environ.get("CI"):
        return False
    from vetflow.cli.terminal import is_interactive  # noqa: PLC0415  only without a command

    return is_interactive(world)


def _unknown_command(name: str) -> UsageError:
    from difflib import get_close_matches  # noqa: PLC0415  only after a mistake

    near = get_close_matches(name, COMMANDS, n=1)
    known = f"did you mean `vetflow {near[0]}`?" if near else f"commands: {', '.join(COMMANDS)}"
    return UsageError(f"there is no command '{name}'", help=known)


def _exit_code(error: VetflowError) -> int:
    if isinstance(error, UndecidedError):
        return UNDECIDED
    return NOT_VETTED if isinstance(error, ViolationError) else BAD_INPUT


def _internal_error(error: Exception) -> VetflowError:
    return VetflowError(
        "vetflow failed where it should not have, and has decided nothing",
        help="set VETFLOW_DEBUG=1 for the details and report them",
        causes=(f"{type(error).__name__}: {error}",),
    )


def _wants_json(argv: Sequence[str]) -> bool:
    """Whether errors are to be written as JSON; must hold even when the command line cannot be parsed."""
    words = list(argv)
    return "--output-format=json" in words or any(
        words[i : i + 2] == ["--output-format", "json"] for i in range(len(words) - 1)
    )


def _report(error: VetflowError, world: World, *, as_json: bool) -> None:
    from vetflow.cli.render import errors  # noqa: PLC0415  only when there is one

    with Output(world, output_file=None, log_file=None, color="auto") as out:
        if as_json and not isinstance(error, UsageError):
            out.document(errors.as_json(error) + "\n")
        else:
            for line in errors.as_lines(error):
                out.message(*line)
