"""docs/commands.md, made from the parsers: `python -m tests.docs` writes it, and a test fails when it is stale."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from vetflow.cli.arguments import command_parser
from vetflow.cli.commands import COMMANDS, load, parser_of

PAGE = Path(__file__).resolve().parents[1] / "docs" / "commands.md"
_OPENING = """\
# Commands

Made from the command line's parsers by `python -m tests.docs`: change the help texts there, not this page.

`vetflow COMMAND [OPTIONS]`; options may stand before the command as well. `vetflow help COMMAND` shows the same in the
terminal, `vetflow help WORD` explains a word. Installed as `cargo-vetflow`, too: `cargo vetflow check`.

Exit codes: 0 good; 1 not vetted; 2 no verdict because of the input; 3 could not decide, because something could not be
had; 130 interrupted. `--output-format json` of commands that cargo-vet does not have follows a schema in
[schemas/](schemas).
"""


def commands_page() -> str:
    """Return the page as it should be."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield _OPENING
    for name, summary in COMMANDS.items():
        yield f"* [`{name}`](#{name}): {summary}"
    yield ""
    yield "## Options of every command"
    yield ""
    shared = command_parser("COMMAND", "")
    known = {tuple(action.option_strings) for action in shared._actions}
    for group in shared._action_groups:
        rows = [action for action in group._group_actions if action.help is not argparse.SUPPRESS]
        if group.title not in {"positional arguments", "options"} and rows:
            yield f"**{(group.title or '').capitalize()}**"
            yield ""
            yield from map(_row, rows)
            yield ""
    for name in COMMANDS:
        yield from _command(name, known)


def _command(name: str, shared: set[tuple[str, ...]]) -> Iterator[str]:
    command = load(name)
    own = [
        action
        for action in parser_of(name, command)._actions
        if action.help is not argparse.SUPPRESS
        and (not action.option_strings or tuple(action.option_strings) not in shared)
    ]
    yield f"## {name}"
    yield ""
    yield f"`{' '.join(['vetflow', name, *filter(None, map(_usage, own))])}`"
    yield ""
    yield f"{command.SUMMARY[:1].upper()}{command.SUMMARY[1:]}."
    yield ""
    if own:
        yield from map(_row, own)
        yield ""
    formats = getattr(command, "FORMATS", None)
    if formats:
        yield f"`--output-format`: {', '.join(formats)}."
        yield ""


def _row(action: argparse.Action) -> str:
    return f"* `{_spelling(action)}`: {(action.help or '').replace('%%', '%')}"


def _usage(action: argparse.Action) -> str:
    """Return how an argument stands in the command's first line; optional ones are summed up in their own rows."""
    if action.option_strings:
        return ""
    value = _value(action)
    return {"?": f"[{value}]", "*": f"[{value}...]", "+": f"{value}..."}.get(str(action.nargs), value)


def _spelling(action: argparse.Action) -> str:
    value = _value(action)
    if not action.option_strings:
        return value
    return " ".join(filter(None, [", ".join(action.option_strings), value]))


def _value(action: argparse.Action) -> str:
    if action.nargs == 0:
        return ""
    if isinstance(action.metavar, str):
        return action.metavar
    if isinstance(action.metavar, tuple):
        return " ".join(action.metavar)
    if action.choices is not None:
        return "|".join(map(str, action.choices))
    return action.dest.upper()


if __name__ == "__main__":
    PAGE.write_text(commands_page(), encoding="utf-8")
