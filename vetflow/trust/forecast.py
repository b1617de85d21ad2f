"""What ends within the next months, and the day on which a run of `ci` fails because of it.

That a wildcard audit or trust in a publisher ends fails no check: what was published before stays vetted (cargo-vet's
rule, shared spec resolver 4). It is the next release that is then to be read. What a project accepted, allowed, ignored
or put off until a day comes back on the day after it, and fails where its rule does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import Enum
from typing import Final, NamedTuple

from vetflow.errors import Place
from vetflow.model.advisories import AdvisoryIgnore
from vetflow.model.dates import Date
from vetflow.model.decisions import Acceptance, Decisions
from vetflow.model.findings import Finding, Level
from vetflow.model.names import CrateName
from vetflow.model.rules import AllowedCrate, Backlog, ProjectRules
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
    ALLOWED = "allowed"
    BACKLOG = "backlog"


class Expiry(NamedTuple):
    """Something that ends. day: the first on which it does not hold any more. what: in words, with what follows.

    fails: something fails from that day on.
    """

    day: Date
    ending: Ending
    what: str
    fails: bool = False


class HoldingUp(NamedTuple):
    """What keeps something from failing today, and nothing else does."""

    accepted: Collection[Acceptance] = ()
    ignored: Collection[AdvisoryIgnore] = ()
    allowed: Collection[AllowedCrate] = ()
    backlog: bool = False


_NOTHING: Final = HoldingUp()


class Dated(NamedTuple):
    """Everything with a last day. in_use: names of the crates in the graph: of others nothing ends."""

    store: Store
    in_use: Collection[CrateName]
    decisions: Decisions = Decisions()
    rules: ProjectRules = ProjectRules()
    backlog: Backlog | None = None


def expiries(dated: Dated, holding_up: HoldingUp = _NOTHING) -> tuple[Expiry, ...]:
    """Return what ends on some day, the first first.

    Of imports only wildcard audits count: trust in a publisher is not imported.
    """
    store, in_use = dated.store, dated.in_use
    found = [
        *_wildcards("your own", store.audits, in_use),
        *(each for peer, file in store.imports.audits.items() for each in _wildcards(f"{peer}'s", file, in_use)),
        *_trust(store.audits, in_use),
        *_acceptances(dated.decisions, in_use, holding_up),
        *_rules(dated.rules, in_use, holding_up),
    ]
    if dated.backlog is not None and dated.backlog.findings:
        what = "the time in which what broke rules when they were adopted only warns"
        found.append(Expiry(dated.backlog.until.plus_days(1), Ending.BACKLOG, what, holding_up.backlog))
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


def _acceptances(decisions: Decisions, in_use: Collection[CrateName], holding_up: HoldingUp) -> Iterator[Expiry]:
    for crate, accepted in decisions.acceptances.items():
        for each in accepted if crate in in_use else ():
            if each.until is not None:
                what = f"the accepted finding {each.capability} of {crate}"
                yield Expiry(each.until.plus_days(1), Ending.ACCEPTANCE, what, each in holding_up.accepted)


def _rules(rules: ProjectRules, in_use: Collection[CrateName], holding_up: HoldingUp) -> Iterator[Expiry]:
    for ignored in rules.advisories.policy.ignores:
        what = f"the ignored advisory {ignored.id}: {ignored.reason}"
        yield Expiry(ignored.until.plus_days(1), Ending.IGNORE, what, ignored in holding_up.ignored)
    for allowed in rules.gate.allow:
        if allowed.crate in in_use:
            what = f"what lets {allowed.crate} {allowed.versions} pass the gate: {allowed.reason}"
            yield Expiry(allowed.until.plus_days(1), Ending.ALLOWED, what, allowed in holding_up.allowed)


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


def failing_day_finding(ends: Iterable[Expiry], today: Date) -> Finding | None:
    """Return on which day within 90 days a run begins to fail, in words; None when nothing that ends makes it fail."""
    last = today.plus_days(HORIZONS[-1])
    first = min((each for each in ends if each.fails and today < each.day <= last), default=None, key=lambda e: e.day)
    if first is None:
        return None
    reason = f"`vetflow ci` will fail from {first.day} on, if nothing changes until then: on that day ends {first.what}"
    return Finding("expiry/fails", Level.WARN, None, reason)
