"""Advisories in words: each match, each yanked version, each ignore and the age of the database as a `Finding`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from shlex import quote
from typing import Final, TypeAlias

from vetflow.errors import Place
from vetflow.model.advisories import AdvisoryIgnore, AdvisoryKind, AdvisoryPolicy
from vetflow.model.dates import Date
from vetflow.model.findings import Finding, Level
from vetflow.model.packages import Package
from vetflow.trust.advisories import AdvisoryMatch, violation_ranges

PlaceOf: TypeAlias = Callable[[Package], Place | None]
"""Where Cargo.lock lists a package."""

_KINDS: Final[Mapping[AdvisoryKind, str]] = {
    AdvisoryKind.VULNERABILITY: "has a known vulnerability",
    AdvisoryKind.UNSOUND: "is unsound",
    AdvisoryKind.UNMAINTAINED: "is not maintained any more",
    AdvisoryKind.NOTICE: "has a notice",
}


def match_finding(match: AdvisoryMatch, vetted_by: Sequence[str], place: PlaceOf) -> Finding:
    """Return a match as a finding. vetted_by: the entries, in words, that vet the package all the same."""
    package, advisory = match.package, match.advisory
    what = "was published to do harm" if advisory.malicious else _KINDS[advisory.kind]
    reason = f"{package.name} {package.version} {what}: {advisory.id}, {advisory.title}"
    if match.is_ignored and match.ignored is not None:
        return Finding(
            "advisories/ignored",
            Level.NOTE,
            place(package),
            f"{reason}; ignored until {match.ignored.until}: {match.ignored.reason}",
        )
    if match.ignored is not None and not advisory.malicious:
        reason += f"; it was ignored until {match.ignored.until}: {match.ignored.reason}"
    if vetted_by and advisory.kind in {AdvisoryKind.VULNERABILITY, AdvisoryKind.UNSOUND}:
        reason += f"; vetted all the same by {', '.join(vetted_by)}"
    kind = "malicious" if advisory.malicious else advisory.kind.value
    return Finding(f"advisories/{kind}", match.level, place(package), reason, settle_match(match))


def settle_match(match: AdvisoryMatch) -> str | None:
    """Return the commands that lead away from an advisory: to the smallest fix, and the delta to read for it."""
    package = match.package
    if match.fix is None:
        return None
    name, version = quote(package.name), package.version
    return f"cargo update -p {name}@{version} --precise {match.fix}; vetflow diff {name} {version} {match.fix}"


def violation_commands(match: AdvisoryMatch) -> tuple[str, ...]:
    """Return the commands that would record the advisory as violations; none where that leaves no way out.

    A violation fails the check of everybody who imports the store: it is offered, and never recorded by itself. Names
    and texts are quoted for a shell, so that neither lock nor advisory adds to what a person runs.
    """
    advisory = match.advisory
    if match.fix is None or (advisory.kind is not AdvisoryKind.VULNERABILITY and not advisory.malicious):
        return ()
    notes = quote(f"{advisory.id}: {advisory.url}")
    return tuple(
        f"vetflow record-violation {quote(advisory.crate)} {quote(requirement)} --notes {notes}"
        for requirement in violation_ranges(advisory)
    )


def yanked_finding(package: Package, level: Level, place: PlaceOf) -> Finding:
    """Return that a locked version was taken back by who published it."""
    reason = f"{package.name} {package.version} was yanked: who published it took it back"
    settle = f"cargo update -p {quote(package.name)}@{package.version}"
    return Finding("advisories/yanked", level, place(package), reason, settle)


def unused_ignore_finding(ignore: AdvisoryIgnore) -> Finding:
    """Return that an ignore is about nothing here any more."""
    reason = f"nothing here is affected by {ignore.id}, which is ignored until {ignore.until}: {ignore.reason}"
    return Finding("advisories/unused-ignore", Level.NOTE, None, reason, "remove it from `advisories.ignore`")


def staleness(updated: Date | None, policy: AdvisoryPolicy, today: Date, where: str) -> str | None:
    """Say why an advisory database is too old to tell anything; None when it is not.

    updated: the day on which it last changed, None where that is unknown, which is too old as well.
    """
    if updated is None:
        return f"nobody can tell when {where} was last brought up to date"
    if updated.plus_days(policy.max_staleness) < today:
        return f"{where} was last brought up to date on {updated}, more than {policy.max_staleness} days ago"
    return None
