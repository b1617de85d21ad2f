"""What the rules of a project do, for a person and for a program (docs/schemas/policy-explain.json)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from vetflow.app.policy import PolicyToday, RuleToday
from vetflow.cli.output import Line, Style, Styled
from vetflow.cli.render.findings import finding_rows
from vetflow.cli.render.report_json import inert
from vetflow.model.findings import Level
from vetflow.model.rules import LEVEL_WORDS

SCHEMA: Final = "vetflow/policy-explain/1"
_SHOWN: Final = 3
_STYLES: Final = {Level.NOTE: Style.FAINT, Level.WARN: Style.WARN, Level.FAIL: Style.BAD}
_WORDS: Final = {level: word for word, level in LEVEL_WORDS.items()}


def as_lines(today: PolicyToday) -> Iterator[Line]:
    """Yield each rule with its level and what breaks it, those that nothing breaks in one line at the end."""
    if not today.has_file:
        yield ("there is no vetflow.toml: every rule warns; `vetflow policy init` writes one",)
    for each in today.rules:
        if each.breaches:
            yield from _rule(each)
    quiet = [each for each in today.rules if not each.breaches]
    holding = [each.rule.name for each in quiet if each.unasked is None]
    yield ("nothing breaks today: ", ", ".join(holding) or "none of them")
    for reason in dict.fromkeys(each.unasked for each in quiet if each.unasked):
        yield (f"{reason}: ", ", ".join(each.rule.name for each in quiet if each.unasked == reason))
    for reason in today.found.undecided:
        yield (Styled("not known", Style.WARN), f": {reason}")


def red_lines(today: PolicyToday) -> Iterator[Line]:
    """Yield what would turn red today, if each rule failed."""
    yield (Styled("What turns red today, if you let these fail", Style.TITLE),)
    red = [each for each in today.rules if each.breaches]
    for each in red:
        yield ("  ", Styled(f"{each.rule.name}: {len(each.breaches)}", Style.WARN), f"  {each.rule.meaning}")
    if not red:
        yield ("  nothing",)


def _rule(each: RuleToday) -> Iterator[Line]:
    level = Styled(_WORDS[each.level], _STYLES[each.level])
    yield (Styled(each.rule.name, Style.TITLE), " = ", level, f": {each.rule.meaning}")
    yield (f"  broken today: {len(each.breaches)}",)
    for finding in each.breaches[:_SHOWN]:
        yield (f"    {finding.reason}",)
    if len(each.breaches) > _SHOWN:
        yield (f"    and {len(each.breaches) - _SHOWN} more; --output-format json names all of them",)


def as_json(today: PolicyToday, **more: Any) -> str:
    """Return the document."""
    return inert(
        {
            "schema": SCHEMA,
            "has_file": today.has_file,
            "profile": today.found.rules.profile,
            **more,
            "rules": [
                {
                    "name": each.rule.name,
                    "meaning": each.rule.meaning,
                    "level": _WORDS[each.level],
                    "breaches": finding_rows(each.breaches),
                    "unasked": each.unasked,
                }
                for each in today.rules
            ],
            "undecided": list(today.found.undecided),
        }
    )
