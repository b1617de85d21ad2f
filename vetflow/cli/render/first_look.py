"""The first screen: a workspace without a store, in words that need no explanation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from vetflow.app.first_look import FirstLook
from vetflow.app.surface import SurfaceCrate
from vetflow.app.wording import count_of
from vetflow.cli.output import Line, Style, Styled
from vetflow.cli.render.surface import refused_lines, running_line
from vetflow.cli.render.surface_words import NO_PROOF, capabilities, graded, tier_words
from vetflow.surface.tiers import Grade

_MOST_ROWS: Final = 6
_STEPS: Final = (
    ("vetflow surface", "every crate that runs code, and where in it"),
    ("vetflow baseline", "take all this as known; `vetflow surface --check` then asks about growth alone"),
    ("vetflow init", "begin to record who read what (cargo-vet's store, supply-chain/)"),
)


def as_lines(look: FirstLook) -> Iterator[Line]:
    """Yield one screen."""
    survey = look.survey
    widest = survey.widest_counts()
    yield (Styled(running_line(survey.counts()), Style.TITLE),)
    elsewhere = f"{widest.crates} crates in Cargo.lock, {widest.running} of them run code in some build"
    yield (f"{elsewhere}. 0 of them reviewed by you: there is no store yet.",)
    yield from refused_lines(survey)
    if absent := len(survey.lacking) - len(survey.refused):
        count = count_of(absent, "crate")
        yield (Styled("incomplete", Style.WARN), f": {count} not on this machine; `vetflow surface` fetches them")
    yield ()
    yield from _findings([each for each in survey.crates if each.grade >= Grade.REVIEW])
    yield ()
    yield from _newest(look)
    yield ()
    yield (Styled("Next", Style.TITLE),)
    for command, what in _STEPS:
        yield ("  ", Styled(f"{command:18}", Style.COMMAND), what)


def _findings(crates: list[SurfaceCrate]) -> Iterator[Line]:
    if not crates:
        yield (f"Nothing in their build-time code stands out; {NO_PROOF}.",)
        return
    yield (Styled(f"To look at ({len(crates)})", Style.TITLE),)
    ordered = sorted(crates, key=lambda each: (-each.grade, not each.compiled, each.package.name))
    for each in ordered[:_MOST_ROWS]:
        here = "" if each.compiled else ", not in a plain build here"
        yield (
            "  ",
            graded(each.grade, f"{each.grade.name.lower():7}"),
            f"{each.package.name} {each.package.version} ({tier_words(each.tiers)}{here}): ",
            capabilities(each.findings),
        )
    if len(ordered) > _MOST_ROWS:
        yield (f"  and {len(ordered) - _MOST_ROWS} more",)


def _newest(look: FirstLook) -> Iterator[Line]:
    if not look.newest:
        yield ("When the crates were published is not known on this machine.",)
        return
    yield (Styled(f"Newest {len(look.newest)}", Style.TITLE),)
    for each in look.newest:
        yield (f"  {each.day}  {each.package.name} {each.package.version}",)
    if look.undated:
        yield (Styled(f"  of {count_of(look.undated, 'further crate')} the day is not known here", Style.FAINT),)
