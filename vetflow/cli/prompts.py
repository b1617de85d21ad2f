"""Questions to a person at a terminal; where there is none, each is answered as by pressing ENTER."""

from __future__ import annotations

from collections.abc import Sequence

from vetflow.cli.output import Output, Style, Styled
from vetflow.cli.world import World
from vetflow.errors import UsageError
from vetflow.model.criteria import Criteria
from vetflow.model.names import CriteriaName


def choose_criteria(
    world: World, out: Output, title: str, criteria: Criteria, proposed: Sequence[CriteriaName]
) -> tuple[CriteriaName, ...]:
    """Let a person choose among all criteria, starting from what is proposed; raises UsageError for no choice."""
    names = criteria.names
    chosen = choose_some(world, out, title, names, [n for n, name in enumerate(names) if name in proposed])
    if not chosen:
        raise UsageError("no criteria chosen, aborting", help="name what you certify with --criteria")
    return tuple(names[number] for number in chosen)


def choose_some(
    world: World, out: Output, title: str, rows: Sequence[str], proposed: Sequence[int] = ()
) -> tuple[int, ...]:
    """Let a person choose any number of rows, starting from those proposed; return which, in their order."""
    chosen = set(proposed)
    if world.stdin.isatty():
        while (answer := _ask(world, out, title, rows, chosen)) != "":
            if answer.isascii() and answer.isdigit() and 1 <= int(answer) <= len(rows):
                chosen ^= {int(answer) - 1}
            else:
                out.message(f"'{answer}' is none of the numbers above")
    return tuple(sorted(chosen))


def confirm(world: World, out: Output, question: str) -> bool:
    """Ask a person to agree; nobody does where there is no terminal."""
    if not world.stdin.isatty():
        return False
    out.message(Styled(f"{question} [y/N]", Style.TITLE))
    out.flush()
    return world.stdin.readline().strip().lower() in {"y", "yes"}


def _ask(world: World, out: Output, title: str, rows: Sequence[str], chosen: set[int]) -> str:
    out.message(Styled(title, Style.TITLE))
    for number, row in enumerate(rows):
        out.message(f"  [{'x' if number in chosen else ' '}] {number + 1}. {row}")
    out.message("a number adds or removes one; ENTER accepts")
    out.flush()
    line = world.stdin.readline()
    if not line:
        raise UsageError("the choice was broken off, nothing was recorded")
    return line.strip()
