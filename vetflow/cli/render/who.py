"""The answer of `who`: sets with their entries for people, a document for programs (docs/schemas/who.json)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from vetflow.app.who import SetKind, Who, Witness
from vetflow.app.wording import enumerate_words, publisher_name
from vetflow.cli.output import Line, Style, Styled
from vetflow.cli.render.report_json import inert
from vetflow.model.audits import Audit, AuditKind, Publisher, PublisherSource, TrustedEntry, WildcardAudit
from vetflow.model.version import VetVersion
from vetflow.resolve.evidence import Standing

SCHEMA: Final = "vetflow/who/1"
_KINDS: Final = {AuditKind.FULL: "full", AuditKind.DELTA: "delta", AuditKind.VIOLATION: "violation"}
_INDENT: Final = "    "


def as_lines(who: Who) -> Iterator[Line]:
    """Yield what each set says, and then which sets say nothing or could not be asked."""
    versions = enumerate_words([str(version) for version in who.versions])
    subject = f"{who.crate} {versions}" if versions else f"{who.crate} (no version of it is in the graph)"
    yield (Styled(subject, Style.TITLE),)
    if not who.witnesses:
        yield ("  no set that could be asked says anything of it",)
    for witness in who.witnesses:
        yield ()
        yield from _witness(witness, who.publishers)
    yield ()
    if who.silent:
        yield (Styled(f"nothing from: {enumerate_words(who.silent)}", Style.FAINT),)
    if who.not_asked:
        yield (f"not asked, because a locked run makes no request: {enumerate_words(who.not_asked)}",)
    for lacking in who.lacking:
        yield (Styled("could not be had", Style.WARN), f": {lacking.what}: {lacking.reason}")


def as_json(who: Who) -> str:
    """Return the answer as a document with a schema."""
    published = {row.version: row for row in who.publishers}
    return inert(
        {
            "schema": SCHEMA,
            "crate": who.crate,
            "versions": [_version(version, published.get(version)) for version in who.versions],
            "sets": [_set(witness, who.publishers) for witness in who.witnesses],
            "silent": list(who.silent),
            "not_asked": list(who.not_asked),
            "lacking": [each._asdict() for each in who.lacking],
        }
    )


def _witness(witness: Witness, publishers: tuple[Publisher, ...]) -> Iterator[Line]:
    names = {SetKind.OWN: "your own store", SetKind.IMPORT: f"{witness.name} (imported)"}
    yield (
        Styled(names.get(witness.kind) or f"{witness.name} (not imported)", Style.TITLE),
        Styled(f"  {witness.place}", Style.FAINT),
    )
    for standing in witness.evidence.standings:
        yield ("  ", *_standing(standing))
    for audit in witness.evidence.audits:
        by = f", by {enumerate_words(audit.who)}" if audit.who else ""
        yield (_INDENT, f"{_subject(audit)} for {_criteria(audit)}{by}")
    for wildcard in witness.evidence.wildcard_audits:
        yield (_INDENT, _trust(wildcard, publishers))
    for entry in witness.evidence.trusted:
        yield (_INDENT, _trust(entry, publishers))


def _standing(standing: Standing) -> Line:
    version = str(standing.version)
    if standing.criteria:
        rests = ", resting on trust in who published it" if standing.on_trust else ""
        return (version, ": ", Styled(f"vetted for {enumerate_words(standing.criteria)}{rests}", Style.GOOD))
    if standing.nearest is None:
        return (version, ": not vetted by these entries, nor any other version")
    return (version, f": not vetted; the nearest version that is: {standing.nearest}")


def _subject(audit: Audit) -> str:
    if audit.kind is AuditKind.DELTA:
        return f"changes {audit.base} -> {audit.version}"
    return f"violation of {audit.violation}" if audit.kind is AuditKind.VIOLATION else f"all of {audit.version}"


def _trust(entry: WildcardAudit | TrustedEntry, publishers: tuple[Publisher, ...]) -> str:
    name = publisher_name(entry.source, _row_of(entry.source, publishers))
    days = f"from {entry.start} until before {entry.end}"
    if isinstance(entry, TrustedEntry):
        return f"trust in what {name} publishes {days}, for {_criteria(entry)}"
    by = f", by {enumerate_words(entry.who)}" if entry.who else ""
    return f"everything {name} publishes {days} (a wildcard audit), for {_criteria(entry)}{by}"


def _row_of(source: PublisherSource, publishers: tuple[Publisher, ...]) -> Publisher | None:
    return next((row for row in publishers if row.source == source), None)


def _criteria(entry: Audit | WildcardAudit | TrustedEntry) -> str:
    return enumerate_words(entry.criteria) or "no criteria"


def _version(version: VetVersion, row: Publisher | None) -> dict[str, Any]:
    published = None if row is None else {"by": publisher_name(row.source, row), "on": str(row.when)}
    return {"version": str(version), "published": published}


def _set(witness: Witness, publishers: tuple[Publisher, ...]) -> dict[str, Any]:
    found = witness.evidence
    return {
        "name": witness.name,
        "kind": witness.kind.value,
        "place": witness.place,
        "standings": [
            {
                "version": str(each.version),
                "criteria": list(each.criteria),
                "on_trust": each.on_trust,
                "nearest": None if each.nearest is None else str(each.nearest),
            }
            for each in found.standings
        ],
        "audits": [_audit(audit) for audit in found.audits],
        "wildcard_audits": [
            {**_trust_object(entry, publishers), "who": list(entry.who)} for entry in found.wildcard_audits
        ],
        "trusted": [_trust_object(entry, publishers) for entry in found.trusted],
    }


def _audit(audit: Audit) -> dict[str, Any]:
    return {
        "kind": _KINDS[audit.kind],
        "version": None if audit.version is None else str(audit.version),
        "base": None if audit.base is None else str(audit.base),
        "violation": None if audit.violation is None else str(audit.violation),
        "criteria": list(audit.criteria),
        "who": list(audit.who),
        "notes": audit.notes,
    }


def _trust_object(entry: WildcardAudit | TrustedEntry, publishers: tuple[Publisher, ...]) -> dict[str, Any]:
    return {
        "publisher": publisher_name(entry.source, _row_of(entry.source, publishers)),
        "start": str(entry.start),
        "end": str(entry.end),
        "criteria": list(entry.criteria),
        "notes": entry.notes,
    }
