"""Trust in a publisher as `certify --wildcard` and `trust` record it (shared spec resolver 12.1, 12.2).

A publisher is named as crates.io shows it: the login of a user, or the text of a trusted publisher.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from vetflow.errors import NotFoundError, UsageError
from vetflow.model.audits import Publisher, PublisherSource, TrustedEntry, WildcardAudit
from vetflow.model.criteria import CriteriaSet
from vetflow.model.dates import Date
from vetflow.model.names import CrateName, CriteriaName
from vetflow.model.report import VettingFailure
from vetflow.resolve.conclude import Resolution

_LONGEST_MONTHS = 12
"""How far from today trust reaches unless somebody says otherwise; a wildcard audit may not reach further."""


class TrustPeriod(NamedTuple):
    """Whose publications from `start` until before `end` are meant."""

    source: PublisherSource
    start: Date
    end: Date


class TrustAll(NamedTuple):
    """What `trust --all` is about: crates that lack criteria and that the publisher published, by name.

    skipped: crates of the backlog with other publishers, too. criteria: what the chosen crates lack together.
    """

    crates: tuple[CrateName, ...]
    skipped: tuple[CrateName, ...]
    criteria: CriteriaSet


def identifier(publisher: Publisher) -> str:
    """Return how a publisher is named on the command line."""
    return publisher.source if isinstance(publisher.source, str) else publisher.user_login or ""


def only_publisher(crate: CrateName, publishers: Iterable[Publisher]) -> str:
    """Return who published all known versions of a crate; raises NotFoundError when that is not one and the same."""
    found = {(row.source, row.user_login, row.user_name): identifier(row) for row in publishers}
    if not found:
        raise NotFoundError(
            f"The package '{crate}' has no known publishers, so cannot be trusted",
            help="publishers are known from crates.io alone: leave --locked out",
        )
    if len(found) > 1:
        raise NotFoundError(
            f"The package '{crate}' has multiple known publishers, please explicitly specify which publisher to trust",
            help=f"it was published by {', '.join(sorted(set(found.values())))}",
        )
    return next(iter(found.values()))


def trust_period(
    crate: CrateName,
    publishers: Iterable[Publisher],
    who: str,
    today: Date,
    *,
    start: Date | None = None,
    end: Date | None = None,
) -> TrustPeriod:
    """Return the period to trust a publisher for: from their first publication of the crate, for a year from today.

    publishers: rows of the crate. Raises NotFoundError when the publisher is in none of them.
    """
    theirs = [row for row in publishers if identifier(row) == who]
    if not theirs:
        raise NotFoundError(
            f"'{who}' has not published any relevant version of '{crate}'",
            help="specify somebody who has published a version of it",
        )
    earliest = min(theirs, key=lambda row: row.when)
    return TrustPeriod(earliest.source, start or earliest.when, end or today.plus_months(_LONGEST_MONTHS))


def new_wildcard_audit(
    period: TrustPeriod,
    criteria: tuple[CriteriaName, ...],
    who: tuple[str, ...],
    notes: str | None,
    today: Date,
    *,
    end_was_chosen: bool,
) -> WildcardAudit:
    """Return a wildcard audit; one whose end somebody chose is not to be renewed.

    Raises UsageError when it would end more than a year from today, which every later command would refuse.
    """
    latest = today.plus_months(_LONGEST_MONTHS)
    if period.end > latest:
        raise UsageError(
            f"end date of {period.end} is too far in the future",
            help=f"wildcard audits may end at most a year from today, on {latest}",
        )
    renew = False if end_was_chosen else None
    return WildcardAudit(criteria, period.source, period.start, period.end, who=who, renew=renew, notes=notes)


def with_trust(
    entries: tuple[TrustedEntry, ...], period: TrustPeriod, criteria: tuple[CriteriaName, ...], notes: str | None
) -> tuple[TrustedEntry, ...]:
    """Return a crate's trusted entries with one more, or with an equal one of a shorter period extended.

    An entry is extended only where there are no new notes that would be lost.
    """
    new = TrustedEntry(criteria, period.source, period.start, period.end, notes)
    if notes is None:
        for index, old in enumerate(entries):
            if _lies_within(old, new):
                extended = old._replace(start=new.start, end=new.end)
                return (*entries[:index], extended, *entries[index + 1 :])
    return (*entries, new)


def trust_all(
    backlog: Resolution,
    publishers: Mapping[CrateName, tuple[Publisher, ...]],
    who: str,
    *,
    allow_others: bool,
) -> TrustAll:
    """Return which crates of the backlog `trust --all` trusts a publisher with.

    backlog: of the store without exemptions (`backlog_store`). publishers: the rows of every crate that lacks something
    there. Raises NotFoundError when that leaves no crate.
    """
    conclusion = backlog.conclusion
    if not isinstance(conclusion, VettingFailure):
        raise NotFoundError("No failing or exempted crates, trust --all will do nothing")
    trusted: set[CrateName] = set()
    skipped: set[CrateName] = set()
    criteria = 0
    for failure in conclusion.failures:
        crate = backlog.graph.nodes[failure.node].name
        rows = publishers.get(crate, ())
        theirs = sum(identifier(row) == who for row in rows)
        if theirs and (allow_others or theirs == len(rows)):
            trusted.add(crate)
            criteria |= failure.missing
        elif theirs:
            skipped.add(crate)
    if not trusted:
        others = f"; others published versions of {', '.join(sorted(skipped))}, too" if skipped else ""
        raise NotFoundError(
            f"No failing or exempted packages published by {who}{others}",
            help="--allow-multiple-publishers trusts them with these, too" if skipped else None,
        )
    return TrustAll(tuple(sorted(trusted)), tuple(sorted(skipped)), criteria)


def _lies_within(old: TrustedEntry, new: TrustedEntry) -> bool:
    is_about_the_same = old.criteria == new.criteria and old.source == new.source
    return is_about_the_same and new.start <= old.start and old.end <= new.end
