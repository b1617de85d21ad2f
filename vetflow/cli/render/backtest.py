"""A lock's past under a policy: events and sums for people, and as a document (docs/schemas/backtest.json)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from vetflow.app.backtest.walk import UNSHALLOW, Backtest
from vetflow.app.wording import count_of
from vetflow.cli.output import Line, Style, Styled
from vetflow.cli.render.report_json import inert
from vetflow.model.findings import Finding
from vetflow.model.packages import Package
from vetflow.model.rules import rule_of
from vetflow.review.backtest import Event, Sums, by_month
from vetflow.trust.decision import Decision
from vetflow.trust.moments import write_moment

SCHEMA: Final = "vetflow/backtest/1"
NOT_JUDGED: Final = (
    "whether a version had been yanked",
    "who signed and may certify what",
    "imports and their receipts",
    "exemptions",
    "changes of publishers",
    "settings of the build",
)
"""What `ci` judges today, and nobody can tell of the past or does not try to."""
_NAMED: Final = 5
_STYLES: Final = {Decision.STOP: Style.BAD, Decision.REVIEW: Style.WARN, Decision.NONE: Style.FAINT}
_HEADINGS: Final = ("", "commits", "changes", "passed", "reviews", "stops", "unknown", "minutes")


def as_lines(found: Backtest) -> Iterator[Line]:
    """Yield the events, the sums of each month, and what they mean."""
    yield (Styled(f"Cargo.lock from {_day(found.since)} to {found.head[:12]}, judged by {found.policy}", Style.TITLE),)
    yield from _limits(found)
    for step in found.steps:
        for event in sorted(step.events, key=lambda each: (each.at, each.crate, each.new)):
            yield from _event_lines(event)
    yield ()
    yield from _table(found)
    yield ()
    yield from _meaning(found)
    if found.incident is not None:
        yield ()
        yield (Styled("Injected into the newest lock, an attack as the one on arrayref in August 2026:", Style.TITLE),)
        for event in found.incident.events:
            yield from _event_lines(event)
    yield ()
    yield (Styled(f"Not judged: {', '.join(NOT_JUDGED)}.", Style.FAINT),)


def as_json(found: Backtest) -> str:
    """Return the answer as a document with a schema."""
    return inert(
        {
            "schema": SCHEMA,
            "since": _day(found.since),
            "head": found.head,
            "first": None if found.first is None else found.first.name,
            "policy": found.policy,
            "advisory_databases": list(found.databases),
            "shallow": found.cut,
            "events": [_event(event) for step in found.steps for event in step.events],
            "unknown": [
                {
                    "at": write_moment(step.at),
                    "commit": step.commit,
                    "crate": each.crate,
                    "new": str(each.version),
                    "why": each.why,
                }
                for step in found.steps
                for each in step.unknown
            ],
            "unread": [{"at": write_moment(at), "commit": commit, "why": why} for at, commit, why in found.unread],
            "months": [{"month": month, **_sums(sums)} for month, sums in by_month(found.steps).items()],
            "total": _sums(found.sums),
            "rules": [{"rule": rule, "events": number} for rule, number in _by_rule(found)],
            "packages": found.packages,
            "lacking": [_package(package, why) for package, why in found.lacking],
            "undated": [_package(package, why) for package, why in found.undated],
            "incident": None if found.incident is None else [_event(event) for event in found.incident.events],
            "not_judged": list(NOT_JUDGED),
        }
    )


def _limits(found: Backtest) -> Iterator[Line]:
    """Say what this does not know, before anything it says."""
    if found.cut:
        yield (Styled(f"The clone is shallow, and its history begins within that time: {UNSHALLOW}", Style.WARN),)
    if found.unread:
        yield (Styled(f"Could not be read ({count_of(len(found.unread), 'commit')}):", Style.WARN),)
        yield from ((f"  {_day(at)} {commit[:12]}: {why}",) for at, commit, why in found.unread[:_NAMED])
        yield from _more(len(found.unread))
    yield from _gap("what of them ran during a build", found.lacking, found.packages)
    yield from _gap("how old they were", found.undated, found.packages)
    if not found.databases:
        yield (Styled("No advisory database was asked: there is none at hand", Style.WARN),)


def _gap(what: str, rows: Sequence[tuple[Package, str]], packages: int) -> Iterator[Line]:
    if rows:
        yield (Styled(f"Not known of {len(rows):,} of {count_of(packages, 'package')}: {what}", Style.WARN),)
        yield from ((f"  {package.name} {package.version}: {why}",) for package, why in rows[:_NAMED])
        yield from _more(len(rows))


def _more(number: int) -> Iterator[Line]:
    if number > _NAMED:
        yield (f"  and {number - _NAMED:,} more; --output-format json names all of them",)


def _event_lines(event: Event) -> Iterator[Line]:
    """Yield one event, and of a stop its reasons: they are few, and somebody will ask."""
    old = f"{event.old} -> " if event.base is not None else ""
    minutes = "? min" if event.minutes is None else f"{_minutes(event.minutes)} min"
    rules = ", ".join(dict.fromkeys(map(_rule, event.findings)))
    yield (
        f"{write_moment(event.at)[:16].replace('T', ' ')}  {event.commit[:12]}  ",
        Styled(f"{event.decision.value:6}", _STYLES[event.decision]),
        f"  {minutes:>8}  {event.crate} {old}{event.new}  ",
        Styled(rules, Style.FAINT),
    )
    if event.decision is Decision.STOP:
        yield from ((f"    {finding.reason}",) for finding in event.findings)


def _table(found: Backtest) -> Iterator[Line]:
    rows = [(month, sums) for month, sums in by_month(found.steps).items()]
    cells = [_HEADINGS, *(_row(month, sums) for month, sums in rows), _row("in all", found.sums)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(_HEADINGS))]
    for number, row in enumerate(cells):
        text = "  ".join(f"{cell:>{width}}" for cell, width in zip(row, widths, strict=True))
        yield (Styled(text, Style.FAINT if number == 0 else Style.TITLE),) if number in (0, len(cells) - 1) else (text,)


def _row(name: str, sums: Sums) -> tuple[str, ...]:
    numbers = (sums.commits, sums.changes, sums.passed, sums.reviews, sums.stops, sums.unknown)
    return (name, *(f"{number:,}" for number in numbers), _minutes(sums.minutes))


def _meaning(found: Backtest) -> Iterator[Line]:
    """Say what the sums come to, in sentences."""
    sums = found.sums
    new = count_of(sums.changes - sums.bumps, "new crate")
    yield (
        Styled(f"{sums.passed:,} of {count_of(sums.changes, 'change')} would have passed without a human", Style.TITLE),
        f" ({count_of(sums.bumps, 'bump')}, {new}).",
    )
    if sums.unknown:
        yield (
            Styled(f"Of {count_of(sums.unknown, 'change')} nobody can tell: they count for nothing here.", Style.WARN),
        )
    asked = f"{count_of(sums.reviews, 'review')} and {count_of(sums.stops, 'stop')}"
    yield (f"{asked}, about {count_of(round(sums.minutes), 'minute')} of reading in all; waiting costs none.",)
    if asking := _by_rule(found):
        yield (f"By rule: {', '.join(f'{rule} {number:,}' for rule, number in asking)}.",)
    if sums.unmeasured:
        yield (
            f"How long {count_of(sums.unmeasured, 'more of these', 'more of these')} would have taken is not known.",
        )
    yield ("What was locked at the beginning counts as read, and so does whatever was asked for, from then on.",)


def _by_rule(found: Backtest) -> list[tuple[str, int]]:
    """Return how many events each rule has a part in, the most first: which rule to relax is the first question."""
    events = (event for step in found.steps for event in step.events)
    return Counter(rule for event in events for rule in dict.fromkeys(map(_rule, event.findings))).most_common()


def _rule(finding: Finding) -> str:
    """Return the rule that a finding breaks, as vetflow.toml calls it."""
    rule = rule_of(finding.id)
    return finding.id if rule is None else rule.name.removesuffix(".level")


def _minutes(minutes: float) -> str:
    return f"{round(minutes) or (1 if minutes else 0):,}"


def _day(at: int) -> str:
    return write_moment(at)[:10]


def _event(event: Event) -> dict[str, Any]:
    return {
        "at": write_moment(event.at),
        "commit": event.commit,
        "crate": event.crate,
        "old": None if event.old is None else str(event.old),
        "new": str(event.new),
        "is_change": event.is_change,
        "decision": event.decision.value,
        "findings": [
            {"id": each.id, "rule": _rule(each), "level": each.level.value, "reason": each.reason}
            for each in event.findings
        ],
        "reads": event.reads.value,
        "minutes": None if event.minutes is None else round(event.minutes, 1),
    }


def _sums(sums: Sums) -> dict[str, float]:
    return {**sums._asdict(), "minutes": round(sums.minutes, 1)}


def _package(package: Package, why: str) -> dict[str, str]:
    return {"name": package.name, "version": str(package.version), "why": why}
