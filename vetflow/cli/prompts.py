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
    chosen = set(proposed)
    if world.stdin.isatty():
        while (answer := _ask(world, out, title, criteria, chosen)) != "":
            if answer.isascii() and answer.isdigit() and 1 <= int(answer) <= len(criteria):
                chosen ^= {criteria.names[int(answer) - 1]}
            else:
                out.message(f"'{answer}' is none of the numbers above")
    if not chosen:
        raise UsageError("no criteria chosen, aborting", help="name what you certify with --criteria")
    return tuple(name for name in criteria.names if name in chosen)


def confirm(world: World, out: Output, question: str) -> bool:
    """Ask a person to agree; nobody does where there is no terminal."""
    if not world.stdin.isatty():
        return False
    out.message(Styled(f"{question} [y/N]", Style.TITLE))
    out.flush()
    return world.stdin.readline().strip().lower() in {"y", "yes"}


def _ask(world: World, out: Output, title: str, criteria: Criteria, chosen: set[CriteriaName]) -> str:
    out.message(Styled(title, Style.TITLE))
    for number, name in enumerate(criteria.names, 1):
        out.message(f"  [{'x' if name in chosen else ' '}] {number}. {name}")
    out.message("a number adds or removes one; ENTER accepts")
    out.flush()
    line = world.stdin.readline()
    if not line:
        raise UsageError("the choice of criteria was broken off, nothing was recorded")
    return line.strip()
