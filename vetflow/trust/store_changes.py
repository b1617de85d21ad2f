"""What one store says and another does not, entry by entry, and whether a changed entry claims more or less.

Entries are paired by what they are about. Wider is what lets more pass: more criteria, more days, another definition
that implies more; narrower the opposite; anything else is only different (shared spec trust 2.3 has why each matters).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, NamedTuple, TypeAlias

from vetflow.model.audits import Exemption, TrustedEntry, WildcardAudit
from vetflow.model.criteria import Criteria
from vetflow.model.names import CriteriaName, ImportName
from vetflow.model.store import AuditsFile, CriteriaEntry, Store
from vetflow.trust.claims import VIOLATION, claim_of


class ChangeKind(Enum):
    """What happened to an entry; the value is its name in documents."""

    ADDED = "added"
    REMOVED = "removed"
    WIDENED = "widened"
    NARROWED = "narrowed"
    CHANGED = "changed"


class StoreChange(NamedTuple):
    """One change. entries: of which kind, in the plural; peer: the import they belong to, None for own ones.

    subject: the crate, criterion or import, and what of it. detail: how it changed, or what it is for.
    """

    kind: ChangeKind
    entries: str
    peer: ImportName | None
    subject: str
    detail: str


class _Row(NamedTuple):
    entries: str
    peer: ImportName | None
    subject: str
    value: Any


_Rows: TypeAlias = Mapping[tuple[str, ImportName | None, Hashable], Sequence[_Row]]


def store_changes(before: Store, after: Store) -> tuple[StoreChange, ...]:
    """Compare two stores; the changes stand in the order of the files' tables, own ones before imported ones."""
    old, new = _by_key(before), _by_key(after)
    found: list[StoreChange] = []
    for key in dict.fromkeys((*new, *old)):
        gone, come = list(old.get(key, ())), list(new.get(key, ()))
        for row in tuple(gone):
            if row in come:
                gone.remove(row)
                come.remove(row)
        paired = min(len(gone), len(come))
        found += (_changed(then, now, after.criteria) for then, now in zip(gone[:paired], come[:paired], strict=True))
        found += (_whole(ChangeKind.REMOVED, row) for row in gone[paired:])
        found += (_whole(ChangeKind.ADDED, row) for row in come[paired:])
    order = list(_ORDER)
    return tuple(sorted(found, key=lambda each: (order.index(each.entries), each.peer or "", each.subject)))


_ORDER = (
    "criteria",
    "settings",
    "imports",
    "policies",
    "violations",
    "audits",
    "wildcard audits",
    "trusted publishers",
    "exemptions",
    "publisher rows",
    "unpublished versions",
)


def _by_key(store: Store) -> _Rows:
    rows: dict[tuple[str, ImportName | None, Hashable], list[_Row]] = {}
    for key, row in _rows(store):
        rows.setdefault((row.entries, row.peer, key), []).append(row)
    return rows


def _rows(store: Store) -> Iterator[tuple[Hashable, _Row]]:
    config = store.config
    yield "default", _Row("settings", None, "default-criteria", config.default_criteria)
    for name, source in config.imports.items():
        yield name, _Row("imports", None, name, source)
    for crate, policies in config.policy.by_name.items():
        for version, policy in policies.items():
            subject = crate if version is None else f"{crate}:{version}"
            yield subject, _Row("policies", None, subject, policy)
    yield from _audit_rows(store.audits, None)
    for crate, exemptions in config.exemptions.items():
        for row in exemptions:
            yield (crate, row.version), _Row("exemptions", None, f"{crate} {row.version}", row)
    for peer, file in store.imports.audits.items():
        yield from _audit_rows(file, peer)
    for crate, published in store.imports.publisher.items():
        for each in published:
            said = f"by {each.user_login or each.source} on {each.when}"
            yield (crate, each.version), _Row("publisher rows", None, f"{crate} {each.version}", said)
    for crate, unpublished in store.imports.unpublished.items():
        for taken in unpublished:
            said = f"taken for {taken.audited_as}"
            yield (crate, taken.version), _Row("unpublished versions", None, f"{crate} {taken.version}", said)


def _audit_rows(file: AuditsFile, peer: ImportName | None) -> Iterator[tuple[Hashable, _Row]]:
    for name, criterion in file.criteria.items():
        yield name, _Row("criteria", peer, name, criterion)
    for crate, audits in file.audits.items():
        for audit in audits:
            claim = claim_of(crate, audit)
            entries = "violations" if claim.kind == VIOLATION else "audits"
            yield (crate, claim.words), _Row(entries, peer, f"{crate} {claim.words}", audit)
    for entries, tables in (("wildcard audits", file.wildcard_audits), ("trusted publishers", file.trusted)):
        for crate, rows in tables.items():
            for row in rows:
                whom = f"user {row.source}" if isinstance(row.source, int) else row.source
                yield (crate, row.source), _Row(entries, peer, f"{crate} by {whom}", row)


def _whole(kind: ChangeKind, row: _Row) -> StoreChange:
    value = row.value
    criteria = getattr(value, "criteria", None)
    if isinstance(value, CriteriaEntry):
        detail = f"implies {', '.join(value.implies)}" if value.implies else ""
    elif isinstance(value, WildcardAudit | TrustedEntry):
        detail = f"for {', '.join(value.criteria)}, {value.start} to {value.end}"
    elif isinstance(value, str):
        detail = value
    else:
        detail = f"for {', '.join(criteria)}" if criteria else ""
    who = getattr(value, "who", ())
    by = f"by {', '.join(who)}" if who else ""
    return StoreChange(kind, row.entries, row.peer, row.subject, " ".join(part for part in (detail, by) if part))


def _changed(then: _Row, now: _Row, criteria: Criteria) -> StoreChange:
    """Describe an entry that is about the same and says something else."""
    return StoreChange(
        _direction(then.value, now.value, criteria), now.entries, now.peer, now.subject, _difference(then, now)
    )


def _difference(then: _Row, now: _Row) -> str:
    if isinstance(now.value, str):
        return f"{now.value}, was {then.value}"
    fields = [name for name in now.value._fields if getattr(then.value, name) != getattr(now.value, name)]
    return "; ".join(f"{name.replace('_', '-')}: {_words(then, name)} -> {_words(now, name)}" for name in fields)


def _words(row: _Row, field: str) -> str:
    value = getattr(row.value, field)
    if value is None or value in ((), {}):
        return "none"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} = {'+'.join(parts)}" for name, parts in sorted(value.items()))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple) and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    return str(value)


def _direction(then: Any, now: Any, criteria: Criteria) -> ChangeKind:
    if isinstance(now, CriteriaEntry):
        more, less = set(now.implies) - set(then.implies), set(then.implies) - set(now.implies)
    elif hasattr(now, "start") or isinstance(now, Exemption) or hasattr(now, "kind"):
        old, new = (_closure(criteria, each.criteria) for each in (then, now))
        more, less = set(new - old), set(old - new)
        if hasattr(now, "start"):
            more |= {"days"} if now.start < then.start or now.end > then.end else set()
            less |= {"days"} if now.start > then.start or now.end < then.end else set()
    else:
        return ChangeKind.CHANGED
    if more:
        return ChangeKind.WIDENED
    return ChangeKind.NARROWED if less else ChangeKind.CHANGED


def _closure(criteria: Criteria, names: Sequence[CriteriaName]) -> frozenset[CriteriaName]:
    """Return the names and all they imply; names that nobody defines stand for themselves."""
    known = criteria.set(tuple(name for name in names if name in criteria))
    implied = (criteria.names[index] for index in criteria.indices(known))
    return frozenset((*names, *implied))
