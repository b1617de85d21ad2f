"""audits.toml, read strictly and written canonically: criteria, audits, wildcard audits, trusted publishers.

The same tables stand in imports.lock, once for every import, and in what peers publish; the functions for one
table or entry are therefore public. Grammar and order: shared spec format 3 and 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from vetflow.formats.canonical import (
    Table,
    UserId,
    Value,
    entry_tables,
    one_or_many,
    optional_order,
    write_tables,
)
from vetflow.formats.entries import VERSION_HELP, Reader, read_file
from vetflow.model.audits import Audit, AuditKind, PublisherSource, TrustedEntry, WildcardAudit
from vetflow.model.requirement import RequirementSyntaxError, VersionReq, parse_requirement
from vetflow.model.store import AuditsFile, CriteriaEntry
from vetflow.model.version import WHITE_SPACE, VersionSyntaxError, VetVersion, parse_version

HEADER: Final = "\n# cargo-vet audits file\n"

_CRITERIA_KEYS: Final = dict.fromkeys(("description", "description-url", "implies", "aggregated-from"))
_AUDIT_KEYS: Final = dict.fromkeys(
    ("who", "criteria", "version", "delta", "violation", "importable", "notes", "aggregated-from"),
)
_DELTA_HELP: Final = "write two versions with an arrow between them, for example `1.0.0 -> 1.0.1`"
_VIOLATION_HELP: Final = "write a requirement as in Cargo.toml, for example `>=1.0, <1.3`"
_KIND_HELP: Final = "say what was audited with one of them, and make an entry of its own for each"


def parse_audits(text: str, file: str) -> AuditsFile:
    """Read an audits.toml; `file` is what errors call it. Raises StoreError with all problems at once."""
    return read_file(text, file, read_audits_file)


def write_audits(audits: AuditsFile, logins: Mapping[int, str]) -> str:
    """Return the text cargo-vet writes; `logins` says whose a user id is (`imports_lock.login_comments`)."""
    return HEADER + write_tables(audits_tables(audits, logins))


def read_audits_file(reader: Reader, tables: Mapping[str, Any]) -> AuditsFile:
    """Read criteria, audits and so on from the table they all stand in."""
    if "audits" not in tables:
        reader.missing("audits", "even without audits there is an empty table of that name")
    return AuditsFile(
        criteria=reader.tables(tables, "criteria", read_criteria_entry),
        wildcard_audits=reader.entries(tables, "wildcard-audits", read_wildcard_audit),
        audits=reader.entries(tables, "audits", read_audit),
        trusted=reader.entries(tables, "trusted", read_trusted_entry),
    )


def read_criteria_entry(reader: Reader, table: dict[str, Any]) -> CriteriaEntry:
    """Read one `[criteria.NAME]` table; unknown keys are problems."""
    reader.only_keys(table, _CRITERIA_KEYS)
    return CriteriaEntry(
        reader.text(table, "description"),
        reader.text(table, "description-url"),
        reader.strings(table, "implies"),
        reader.strings(table, "aggregated-from"),
    )


def read_audit(reader: Reader, table: dict[str, Any]) -> Audit:
    """Read one `[[audits.CRATE]]` entry; unknown keys are problems."""
    reader.only_keys(table, _AUDIT_KEYS)
    kind = AuditKind.FULL
    version = base = violation = None
    if "version" in table:
        version = reader.version(table, "version")
    if "delta" in table:
        kind = AuditKind.DELTA
        base, version = _read_delta(reader, table)
    if "violation" in table:
        kind = AuditKind.VIOLATION
        violation = _read_violation(reader, table)
    if ("version" in table) + ("delta" in table) + ("violation" in table) != 1:
        reader.note((), "audit entries must have exactly one of 'version', 'delta' and 'violation'", _KIND_HELP)
    return Audit(
        kind,
        reader.strings(table, "criteria"),
        version,
        base,
        violation,
        reader.strings(table, "who"),
        reader.flag(table, "importable") is not False,
        reader.text(table, "notes"),
        reader.strings(table, "aggregated-from"),
    )


def read_wildcard_audit(reader: Reader, table: dict[str, Any]) -> WildcardAudit:
    """Read one `[[wildcard-audits.CRATE]]` entry; unknown keys are ignored."""
    return WildcardAudit(
        reader.required_strings(table, "criteria"),
        reader.source(table),
        reader.date(table, "start"),
        reader.date(table, "end"),
        reader.strings(table, "who"),
        reader.flag(table, "renew"),
        reader.text(table, "notes"),
        reader.strings(table, "aggregated-from"),
    )


def read_trusted_entry(reader: Reader, table: dict[str, Any]) -> TrustedEntry:
    """Read one `[[trusted.CRATE]]` entry; unknown keys are ignored."""
    return TrustedEntry(
        reader.required_strings(table, "criteria"),
        reader.source(table),
        reader.date(table, "start"),
        reader.date(table, "end"),
        reader.text(table, "notes"),
        reader.strings(table, "aggregated-from"),
    )


def audits_tables(audits: AuditsFile, logins: Mapping[int, str]) -> dict[str, Value]:
    """Return the tables of an audits file as they are written; `audits` is there even when it is empty."""
    tables: dict[str, Value] = {
        "criteria": {name: _criteria_table(entry) for name, entry in sorted(audits.criteria.items())},
        "wildcard-audits": entry_tables(
            audits.wildcard_audits,
            _wildcard_order,
            lambda entry: _wildcard_table(entry, logins),
        ),
        "audits": entry_tables(audits.audits, _audit_order, _audit_table),
        "trusted": entry_tables(audits.trusted, _trusted_order, lambda entry: _trusted_table(entry, logins)),
    }
    return {key: table for key, table in tables.items() if table or key == "audits"}


def _read_delta(reader: Reader, table: Mapping[str, Any]) -> tuple[VetVersion | None, VetVersion | None]:
    """Read `FROM -> TO`, split at the first arrow."""
    value = table["delta"]
    if type(value) is not str:
        reader.wrong_type(("delta",), value, "a delta `VERSION -> VERSION`", _DELTA_HELP)
        return None, None
    base, arrow, version = value.partition("->")
    if not arrow:
        reader.note(("delta",), "'delta' must be a delta of the form 'VERSION -> VERSION'", _DELTA_HELP)
        return None, None
    try:
        return parse_version(base.strip(WHITE_SPACE)), parse_version(version.strip(WHITE_SPACE))
    except VersionSyntaxError as error:
        reader.note(("delta",), str(error), VERSION_HELP)
        return None, None


def _read_violation(reader: Reader, table: Mapping[str, Any]) -> VersionReq | None:
    value = table["violation"]
    if type(value) is not str:
        reader.wrong_type(("violation",), value, "a version requirement", _VIOLATION_HELP)
        return None
    try:
        return parse_requirement(value)
    except RequirementSyntaxError as error:
        reader.note(("violation",), str(error), _VIOLATION_HELP)
        return None


def _criteria_table(entry: CriteriaEntry) -> Table:
    table: dict[str, Value] = {}
    if entry.description is not None:
        table["description"] = entry.description
    if entry.description_url is not None:
        table["description-url"] = entry.description_url
    if entry.implies:
        table["implies"] = one_or_many(entry.implies)
    if entry.aggregated_from:
        table["aggregated-from"] = one_or_many(entry.aggregated_from)
    return table


def _audit_table(audit: Audit) -> Table:
    table: dict[str, Value] = {}
    if audit.who:
        table["who"] = one_or_many(audit.who)
    table["criteria"] = one_or_many(audit.criteria)
    if audit.kind is AuditKind.FULL:
        table["version"] = str(audit.version)
    elif audit.kind is AuditKind.DELTA:
        table["delta"] = f"{audit.base} -> {audit.version}"
    else:
        table["violation"] = str(audit.violation)
    if not audit.importable:
        table["importable"] = False
    if audit.notes is not None:
        table["notes"] = audit.notes
    if audit.aggregated_from:
        table["aggregated-from"] = one_or_many(audit.aggregated_from)
    return table


def _wildcard_table(entry: WildcardAudit, logins: Mapping[int, str]) -> Table:
    table: dict[str, Value] = {}
    if entry.who:
        table["who"] = one_or_many(entry.who)
    _add_trust(table, entry, logins)
    if entry.renew is not None:
        table["renew"] = entry.renew
    _add_remarks(table, entry)
    return table


def _trusted_table(entry: TrustedEntry, logins: Mapping[int, str]) -> Table:
    table: dict[str, Value] = {}
    _add_trust(table, entry, logins)
    _add_remarks(table, entry)
    return table


def _add_trust(table: dict[str, Value], entry: WildcardAudit | TrustedEntry, logins: Mapping[int, str]) -> None:
    table["criteria"] = one_or_many(entry.criteria)
    if isinstance(entry.source, int):
        table["user-id"] = UserId(entry.source, logins.get(entry.source))
    else:
        table["trusted-publisher"] = entry.source
    table["start"] = str(entry.start)
    table["end"] = str(entry.end)


def _add_remarks(table: dict[str, Value], entry: WildcardAudit | TrustedEntry) -> None:
    if entry.notes is not None:
        table["notes"] = entry.notes
    if entry.aggregated_from:
        table["aggregated-from"] = one_or_many(entry.aggregated_from)


def _audit_order(audit: Audit) -> tuple[object, ...]:
    """Return the sort key of an audit; cargo-vet leaves out `importable` and `aggregated-from`."""
    if audit.kind is AuditKind.FULL:
        subject: tuple[object, ...] = (audit.version,)
    elif audit.kind is AuditKind.DELTA:
        subject = (audit.base, audit.version)
    else:
        subject = (str(audit.violation),)
    return audit.kind, subject, audit.criteria, audit.who, optional_order(audit.notes)


def _wildcard_order(entry: WildcardAudit) -> tuple[object, ...]:
    renew = -1 if entry.renew is None else int(entry.renew)
    return (
        *(entry.who, entry.criteria, _source_order(entry.source), entry.start, entry.end, renew),
        *(optional_order(entry.notes), entry.aggregated_from),
    )


def _trusted_order(entry: TrustedEntry) -> tuple[object, ...]:
    return (
        *(entry.criteria, _source_order(entry.source), entry.start, entry.end),
        *(optional_order(entry.notes), entry.aggregated_from),
    )


def _source_order(source: PublisherSource) -> tuple[int, PublisherSource]:
    """Return the sort key of a publisher: user ids by number, then trusted publishers."""
    return (0, source) if isinstance(source, int) else (1, source)
