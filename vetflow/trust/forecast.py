"""What ends within the next months, and the day on which something fails because of it.

That a wildcard audit or trust in a publisher ends fails no check: what was published before stays vetted (cargo-vet's
rule, shared spec resolver 4). It is the next release that is then to be read. What a project accepted or ignores until
a day comes back on the day after it. Whether and when a run fails is found out by asking it, day by day.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from enum import Enum
from typing import Final, NamedTuple

from vetflow.errors import Place
from vetflow.model.advisories import AdvisoryPolicy
from vetflow.model.dates import Date
from vetflow.model.decisions import Decisions
from vetflow.model.findings import Finding, Level
from vetflow.model.names import CrateName
from vetflow.model.store import AuditsFile, Store

HORIZONS: Final = (30, 60, 90)
"""The days that are looked ahead, as people plan them."""
_LATER: Final = "what is published from then on is to be read"


class Ending(Enum):
    """What ends; the value is the name of its finding."""

    WILDCARD = "wildcard"
    TRUST = "trust"
    ACCEPTANCE = "acceptance"
    IGNORE = "ignore"


class Expiry(NamedTuple):
    """Something that ends. day: the first on which it does not hold any more. what: in words, with what follows."""

    day: Date
    ending: Ending
    what: str


def expiries(
    store: Store, in_use: Collection[CrateName], decisions: Decisions, policy: AdvisoryPolicy
) -> tuple[Expiry, ...]:
    """Return what ends on some day, the first first. in_use: names of the crates in the graph: of others nothing ends.

    Of imports only wildcard audits count: trust in a publisher is not imported.
    """
    found = [
        *_wildcards("your own", store.audits, in_use),
        *(each for peer, file in store.imports.audits.items() for each in _wildcards(f"{peer}'s", file, in_use)),
        *_trust(store.audits, in_use),
        *_acceptances(decisions, in_use),
        *(
            Expiry(each.until.plus_days(1), Ending.IGNORE, f"the ignored advisory {each.id}: {each.reason}")
            for each in policy.ignores
        ),
    ]
    return tuple(sorted(found, key=lambda each: (each.day, each.ending.value, each.what)))


def _wildcards(whose: str, file: AuditsFile, in_use: Collection[CrateName]) -> Iterator[Expiry]:
    for crate, entries in file.wildcard_audits.items():
        if crate in in_use:
            what = f"{whose} wildcard audit of {crate}: {_LATER}"
            yield from (Expiry(entry.end, Ending.WILDCARD, what) for entry in entries)


def _trust(file: AuditsFile, in_use: Collection[CrateName]) -> Iterator[Expiry]:
    for crate, entries in file.trusted.items():
        if crate in in_use:
            what = f"trust in a publisher of {crate}: {_LATER}"
            yield from (Expiry(entry.end, Ending.TRUST, what) for entry in entries)


def _acceptances(decisions: Decisions, in_use: Collection[CrateName]) -> Iterator[Expiry]:
    for crate, accepted in decisions.acceptances.items():
        for each in accepted if crate in in_use else ():
            if each.until is not None:
                what = f"the accepted finding {each.capability} of {crate}"
                yield Expiry(each.until.plus_days(1), Ending.ACCEPTANCE, what)


def within(ends: Iterable[Expiry], today: Date) -> Mapping[int, tuple[Expiry, ...]]:
    """Return what ends after today, by the nearest of `HORIZONS`; what is farther away is left out."""
    found: dict[int, list[Expiry]] = {days: [] for days in HORIZONS}
    for each in ends:
        horizon = next((days for days in HORIZONS if today < each.day <= today.plus_days(days)), None)
        if horizon is not None:
            found[horizon].append(each)
    return {days: tuple(some) for days, some in found.items()}


def expiry_findings(ends: Iterable[Expiry], today: Date, place: Place | None = None) -> Iterator[Finding]:
    """Yield what ends within 90 days: a warning when that is within 30, a note otherwise."""
    for days, some in within(ends, today).items():
        level = Level.WARN if days == HORIZONS[0] else Level.NOTE
        for each in some:
            yield Finding(f"expiry/{each.ending.value}", level, place, f"on {each.day} ends {each.what}")


def first_failing_day(
    fails: Callable[[Date], bool], ends: Iterable[Expiry], today: Date, horizon: int = HORIZONS[-1]
) -> Date | None:
    """Return the first day, today included, on which something fails, by asking; None when it is none within `horizon`.

    fails: the whole run as it would be on a day. Only what ends can change its answer, so it is asked today and on the
    days on which something does: what depends on the day in another way must be among `ends`.
    """
    last = today.plus_days(horizon)
    days = sorted({today, *(each.day for each in ends if today < each.day <= last)})
    return next((day for day in days if fails(day)), None)


def failing_day_finding(day: Date | None, what: str, today: Date) -> Finding | None:
    """Return that a run will fail on a day, in words; None when it will not, or does already."""
    if day is None or day <= today:
        return None
    return Finding("expiry/fails", Level.WARN, None, f"{what} will fail from {day} on, if nothing changes until then")
