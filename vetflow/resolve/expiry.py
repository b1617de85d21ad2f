"""Wildcard audits that end soon, and their renewal (shared spec resolver 12.6)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from vetflow.model.audits import WildcardAudit
from vetflow.model.dates import Date
from vetflow.model.names import CrateName
from vetflow.model.store import AuditsFile

WARNING_DAYS: Final = 42
"""How many days before its end a wildcard audit is due for renewal."""
INACTIVE_DAYS: Final = 112
"""How long a crate must have published nothing to count as inactive."""
RENEWED_MONTHS: Final = 12
"""How long a renewed wildcard audit holds, which is as long as one may."""


class DueAudit(NamedTuple):
    """A wildcard audit to renew: the entry, and its position among those of the crate. expired: it has ended."""

    crate: CrateName
    position: int
    audit: WildcardAudit
    expired: bool


def due_audits(
    audits: AuditsFile, today: Date, last_published: Mapping[CrateName, Date], *, include_inactive: bool = False
) -> tuple[DueAudit, ...]:
    """Return the own wildcard audits that end within six weeks or have ended, by crate name.

    last_published: the latest day of a crate's publisher rows, as crates.io has them now; as with cargo-vet, versions
    whose publisher is not known do not count. A crate that has published nothing since the entry's end, and nothing for
    sixteen weeks, is left out unless `include_inactive`; one of which no day is known counts as active. Entries with
    `renew = false` are never due.
    """
    soon = today.plus_days(WARNING_DAYS)
    long_ago = today.plus_days(-INACTIVE_DAYS)
    return tuple(
        due
        for due in _renewable(audits, today)
        if due.audit.end < soon
        and (include_inactive or last_published.get(due.crate, today) >= min(due.audit.end, long_ago))
    )


def renewable_audits(audits: AuditsFile, crate: CrateName, today: Date) -> tuple[DueAudit, ...]:
    """Return all wildcard audits of one crate that may be renewed, due or not."""
    return tuple(due for due in _renewable(audits, today) if due.crate == crate)


def renew(audits: AuditsFile, due: Iterable[DueAudit], today: Date) -> AuditsFile:
    """Return the audits with these entries, found in the same `audits`, ending a year from today."""
    end = today.plus_months(RENEWED_MONTHS)
    entries = {name: list(found) for name, found in audits.wildcard_audits.items()}
    for crate, position, audit, _ in due:
        entries[crate][position] = audit._replace(end=end)
    return audits._replace(wildcard_audits={name: tuple(found) for name, found in entries.items()})


def _renewable(audits: AuditsFile, today: Date) -> Iterable[DueAudit]:
    for crate, entries in sorted(audits.wildcard_audits.items()):
        for position, audit in enumerate(entries):
            if audit.renew is not False:
                yield DueAudit(crate, position, audit, expired=audit.end < today)
