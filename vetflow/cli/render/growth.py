"""What build-time code has grown: lines for people, a document for programs (docs/schemas/surface-check.json)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from vetflow.app.growth import GrowthCheck, JudgedGrowth, growth_sentence
from vetflow.app.wording import count_of
from vetflow.cli.output import Line, Style, Styled
from vetflow.cli.render.report_json import inert
from vetflow.model.version import VetVersion
from vetflow.surface.growth import Growth
from vetflow.surface.tiers import Tier

SCHEMA: Final = "vetflow/surface-check/1"
_MOST_ALIKE: Final = 4


def as_lines(checked: GrowthCheck) -> Iterator[Line]:
    """Yield the answer, what grew crate by crate, and the commands that settle it."""
    failing, accepted = _split(checked.grown)
    if failing:
        crates = len({(each.growth.crate, each.growth.version) for each in failing})
        yield (Styled(f"Build-time code has grown in {count_of(crates, 'crate')}", Style.BAD),)
    elif checked.lacking:
        yield (Styled("Undecided: some crates could not be read", Style.WARN),)
    else:
        yield (Styled(f"No growth of build-time code since {checked.pinned} was written", Style.GOOD),)
    compared = (
        f"{count_of(checked.crates, 'crate')} compared with {checked.pinned}; {checked.unpinned} not pinned there"
    )
    yield (f"{compared}, {len(checked.lacking)} of them not read",)
    yield from _groups(failing)
    yield from _lacking(checked)
    if accepted:
        yield (Styled(f"{count_of(len(accepted), 'accepted finding')} left out (findings.toml)", Style.FAINT),)
    if checked.other_rules:
        yield (Styled("note", Style.WARN), f": {checked.pinned} was written with other rules, and some of the crates")
        yield ("could not be read again: what seems new may only be seen better now",)
    if failing:
        yield ()
        yield from _ways_out(checked, failing)


def _ways_out(checked: GrowthCheck, failing: Sequence[JudgedGrowth]) -> Iterator[Line]:
    yield ("`vetflow surface CRATE` shows the places. When all is as it should be, `vetflow baseline` takes what",)
    yield ("is in Cargo.lock now as known.",)
    if checked.can_accept:
        words = sorted({each.growth.capability for each in failing})
        yield ("For a part of it: `vetflow accept CRATE FINDING --reason ...`, where FINDING is one of",)
        yield (f"{', '.join(words)}, also with what stands behind it (`process:sh`).",)


def as_json(checked: GrowthCheck) -> str:
    """Return the answer as a document with a schema."""
    conclusion = "growth" if checked.failing else "undecided" if checked.lacking else "no growth"
    return inert(
        {
            "schema": SCHEMA,
            "conclusion": conclusion,
            "pinned": checked.pinned,
            "crates": checked.crates,
            "unpinned": checked.unpinned,
            "growth": [
                {
                    "id": each.growth.kind.value,
                    "name": each.growth.crate,
                    "version": str(each.growth.version),
                    "since": [str(version) for version in each.growth.since],
                    "capability": each.growth.capability,
                    "detail": each.growth.detail,
                    "tier": each.growth.tier.value,
                    "grade": int(each.growth.grade),
                    "accepted": None if each.acceptance is None else each.acceptance.reason,
                }
                for each in checked.grown
            ],
            "lacking": [
                {"name": package.name, "version": str(package.version), "reason": why.reason}
                for package, why in checked.lacking
            ],
            "other_rules": checked.other_rules,
        }
    )


def _split(grown: Iterable[JudgedGrowth]) -> tuple[list[JudgedGrowth], list[JudgedGrowth]]:
    rows = list(grown)
    return [each for each in rows if each.acceptance is None], [each for each in rows if each.acceptance is not None]


def _groups(failing: Iterable[JudgedGrowth]) -> Iterator[Line]:
    """Yield what grew, crate by crate, the gravest first; libraries that are only linked somewhere, in one line."""
    by_crate: dict[tuple[str, VetVersion], list[Growth]] = {}
    for each in failing:
        by_crate.setdefault((each.growth.crate, each.growth.version), []).append(each.growth)
    alone = {crate for crate, growths in by_crate.items() if {each.tier for each in growths} == {Tier.HOST_LIBRARY}}
    own = [growths for crate, growths in by_crate.items() if crate not in alone]
    for growths in sorted(own, key=lambda growths: -max(each.grade for each in growths)):
        yield from _crate(growths)
    if alone:
        yield ()
        count = count_of(len(alone), "further library", "further libraries")
        yield (Styled(f"{count} linked into build-time code now", Style.TITLE),)
        yield (f"  {', '.join(f'{name} {version}' for name, version in sorted(alone))}",)


def _crate(growths: Sequence[Growth]) -> Iterator[Line]:
    first = growths[0]
    since = ", ".join(map(str, first.since))
    yield ()
    yield (Styled(f"{first.crate} {first.version}", Style.TITLE), f" (was {since})" if since else " (new)")
    for _, alike in groupby(growths, lambda each: (each.kind, each.capability)):
        same = list(alike)
        for growth in same[:_MOST_ALIKE]:
            yield (f"  {growth_sentence(growth)}",)
        if len(same) > _MOST_ALIKE:
            yield (f"  and {len(same) - _MOST_ALIKE} more like it",)


def _lacking(checked: GrowthCheck) -> Iterator[Line]:
    if checked.lacking:
        yield ()
    for package, why in checked.lacking:
        yield (Styled("not read", Style.WARN), f": {package.name} {package.version} ({why.reason})")
