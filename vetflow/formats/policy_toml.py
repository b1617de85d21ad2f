"""vetflow.toml: a project's own rules, written by people and kept beside the store's files; see `model.rules`.

A profile (`[profile.NAME]`) holds the same tables and only what it has stricter. Days may be written with or without
quotes. The JSON Schema in docs/schemas/vetflow.toml.json says the same to an editor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeVar

from vetflow.errors import StoreError
from vetflow.formats.entries import Reader, read_file
from vetflow.formats.time_span import TimeSpanError, parse_time_span
from vetflow.model.advisories import AdvisoryIgnore, AdvisoryKind, AdvisoryPolicy
from vetflow.model.dates import Date
from vetflow.model.findings import Level
from vetflow.model.requirement import RequirementSyntaxError, VersionReq, parse_requirement
from vetflow.model.rules import (
    LEVEL_WORDS,
    RULES,
    Accepted,
    AdvisoryRules,
    AllowedCrate,
    Assisted,
    ChecklistWeight,
    CoolDownRules,
    Demanded,
    GateRules,
    ProjectRules,
    SignatureRules,
    SignerCount,
    SkippedWait,
)

VERSION: Final = 1
_WAY_OUT: Final = "remove it, or correct the spelling: a rule that vetflow does not know is in force for nobody"
_ANY: Final = parse_requirement("*")
_KINDS: Final = ("full", "delta", "violation", "wildcard", "trusted")
_OWN_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "signatures": ("require", "allow-note-edits", "require-touch", "revoke-mode", "rule"),
    "signers": ("criteria",),
    "gate": ("criteria", "accept", "carry-over", "scope", "allow"),
    "cool-down": ("min-age", "privileged-min-age", "exempt-publishers", "skip"),
    "advisories": ("databases", "max-staleness", "ignore"),
    "lock": ("sources",),
}
"""The keys of each table besides those that set levels."""
_IN_PROFILES: Final = frozenset(
    {
        "require",
        "require-touch",
        "revoke-mode",
        "rule",
        "accept",
        "min-age",
        "privileged-min-age",
        "max-staleness",
    }
)
_TABLES: Final = tuple(dict.fromkeys(rule.table for rule in RULES))
_TOP: Final = dict.fromkeys(("version", "assisted", "checklist", *_TABLES, "profile"))

_Row = TypeVar("_Row")


def parse_rules(text: str, file: str, profile: str | None = None) -> ProjectRules:
    """Read a vetflow.toml; `file` is what errors call it. Raises StoreError with all problems at once.

    profile: the stricter set that is to be in force; StoreError when the file has none of that name.
    """
    return read_file(text, file, lambda reader, tables: _read(reader, tables, profile, file))


def _read(reader: Reader, tables: dict[str, Any], profile: str | None, file: str) -> ProjectRules:
    version = tables.get("version")
    if type(version) is not int or version != VERSION:
        reader.note(("version",), f"this vetflow reads version {VERSION} of the file alone", "write `version = 1`")
    reader.only_keys(tables, _TOP, _WAY_OUT)
    rules = _read_tables(reader, tables)
    profiles = {}
    for name, table in reader.table(tables, "profile").items():
        reader.at = ("profile", name)
        if type(table) is not dict:
            reader.wrong_type((), table, "a table", f"write `[profile.{name}.gate]` and the like")
            continue
        profiles[name] = _read_profile(reader, tables, table, rules)
        reader.at = ()
    if profile is None:
        return rules
    if profile not in profiles and not reader.problems:
        known = ", ".join(profiles) or "none"
        raise StoreError(f"{file} has no profile '{profile}'", help=f"profiles: {known}")
    return profiles.get(profile, rules)._replace(profile=profile)


def _read_profile(reader: Reader, tables: dict[str, Any], own: dict[str, Any], rules: ProjectRules) -> ProjectRules:
    """Read a profile as the whole file would be with it, and note what it has more lenient."""
    reader.only_keys(own, dict.fromkeys(_TABLES), _WAY_OUT)
    merged = {key: value for key, value in tables.items() if key != "profile"}
    for table, values in own.items():
        if table not in _TABLES or type(values) is not dict:
            continue
        levels = {rule.key for rule in RULES if rule.table == table}
        for key in values:
            if key not in levels | _IN_PROFILES:
                reader.note((table, key), f"a profile has no `{key}` of its own", "write it outside of profiles")
        usual = merged.get(table)
        merged[table] = {**usual, **values} if type(usual) is dict else values
        if type(usual) is dict and type(usual.get("rule")) is type(values.get("rule")) is list:
            merged[table]["rule"] = [*usual["rule"], *values["rule"]]  # all that apply hold
    strict = _read_tables(reader, merged)
    for table, key in _more_lenient(strict, rules):
        reader.note((table, key), "a profile may only be stricter than the rest of the file", None)
    return strict


def _more_lenient(strict: ProjectRules, rules: ProjectRules) -> Iterator[tuple[str, str]]:
    """Yield what a profile asks less of than the rest of the file, by table and key."""
    for rule in RULES:
        if _weight(strict.level(rule)) < _weight(rules.level(rule)):
            yield rule.table, rule.key
    asked, usual = strict.signatures, rules.signatures
    demands = list(Demanded)
    lenient = {
        ("signatures", "require"): demands.index(asked.require) < demands.index(usual.require),
        ("signatures", "require-touch"): usual.require_touch and not asked.require_touch,
        ("signatures", "revoke-mode"): asked.first_seen_counts and not usual.first_seen_counts,
        ("cool-down", "min-age"): (strict.cool_down.min_age or 0) < (rules.cool_down.min_age or 0),
        ("cool-down", "privileged-min-age"): (strict.cool_down.privileged_min_age or 0)
        < (rules.cool_down.privileged_min_age or 0),
        ("advisories", "max-staleness"): strict.advisories.policy.max_staleness > rules.advisories.policy.max_staleness,
        ("gate", "accept"): not strict.gate.accept <= rules.gate.accept,
    }
    yield from (place for place, is_lenient in lenient.items() if is_lenient)


def _weight(level: Level) -> int:
    return list(Level).index(level)


def _read_tables(reader: Reader, tables: Mapping[str, Any]) -> ProjectRules:
    top = reader.at
    levels: dict[str, Level] = {}
    read: dict[str, dict[str, Any]] = {}
    for table in _TABLES:
        reader.at = top
        values = read[table] = reader.table(tables, table)
        reader.at = (*top, table)
        keys = [rule.key for rule in RULES if rule.table == table]
        reader.only_keys(values, dict.fromkeys((*keys, *_OWN_KEYS.get(table, ()))), _WAY_OUT)
        for key in keys:
            if key in values and (level := reader.choice(values, key, LEVEL_WORDS, Level.WARN)) is not None:
                levels[f"{table}.{key}"] = level

    def at(table: str, make: Callable[[Reader, dict[str, Any]], _Row]) -> _Row:
        reader.at = (*top, table)
        return make(reader, read[table])

    rules = ProjectRules(
        levels=levels,
        signers=at("signers", lambda inner, table: inner.string_map(table, "criteria")),
        signatures=at("signatures", _signatures),
        gate=at("gate", _gate),
        cool_down=at("cool-down", _cool_down),
        advisories=at("advisories", lambda inner, table: _advisories(inner, table, levels)),
        expected_sources=at("lock", lambda inner, table: inner.string_list(table, "sources")),
    )
    reader.at = top
    return rules._replace(
        assisted=reader.choice(tables, "assisted", _words(Assisted), Assisted.MARK),
        checklist=reader.choice(tables, "checklist", _words(ChecklistWeight), ChecklistWeight.LIGHT),
    )


def _signatures(reader: Reader, table: dict[str, Any]) -> SignatureRules:
    revoke = {"first-seen": True, "hard": False}
    touch = reader.flag(table, "require-touch")
    return SignatureRules(
        require=reader.choice(table, "require", _words(Demanded), Demanded.NEW),
        counts=reader.rows(table, "rule", _signer_count),
        allow_note_edits=bool(reader.flag(table, "allow-note-edits")),
        require_touch=touch is not False,
        first_seen_counts=reader.choice(table, "revoke-mode", revoke, default=True),
    )


def _signer_count(reader: Reader, row: dict[str, Any]) -> SignerCount:
    demands = ("min-signers", "max-age-days", "not-author-of-bump")
    reader.only_keys(row, dict.fromkeys(("criteria", "kinds", "privileged", *demands)), _WAY_OUT)
    if not any(key in row for key in demands):
        reader.note((), "the rule asks for nothing", f"write one of {', '.join(demands)}")
    kinds = reader.strings(row, "kinds")
    for kind in kinds:
        if kind not in _KINDS:
            reader.note(("kinds",), f"there is no kind '{kind}'", f"kinds: {', '.join(_KINDS)}")
    return SignerCount(
        _positive(reader, row, "min-signers", "a number of people") or 1,
        reader.strings(row, "criteria"),
        kinds,
        privileged=bool(reader.flag(row, "privileged")),
        max_age_days=_positive(reader, row, "max-age-days", "a number of days"),
        not_author_of_bump=bool(reader.flag(row, "not-author-of-bump")),
    )


def _positive(reader: Reader, row: dict[str, Any], key: str, expected: str) -> int | None:
    value = row.get(key)
    if value is None:
        return None
    if type(value) is not int or value < 1:
        reader.wrong_type((key,), value, expected, f"write for example `{key} = 2`")
        return None
    return value


def _gate(reader: Reader, table: dict[str, Any]) -> GateRules:
    usual = GateRules()
    accepted = _words(Accepted)
    accept = reader.strings(table, "accept")
    for word in accept:
        if word not in accepted:
            reader.note(("accept",), f"there is no kind of entry '{word}'", f"kinds: {', '.join(accepted)}")
    return GateRules(
        criteria=reader.strings(table, "criteria") or usual.criteria,
        accept=frozenset(accepted[word] for word in accept if word in accepted) if "accept" in table else usual.accept,
        carry_over=reader.flag(table, "carry-over") is not False,
        dev=reader.choice(table, "scope", {"normal+build": False, "all": True}, default=False),
        allow=reader.rows(table, "allow", _allowed),
    )


def _allowed(reader: Reader, row: dict[str, Any]) -> AllowedCrate:
    reader.only_keys(row, dict.fromkeys(("crate", "versions", "reason", "until")), _WAY_OUT)
    return AllowedCrate(
        reader.required_text(row, "crate") or "",
        _requirement(reader, row),
        _reason(reader, row),
        _day(reader, row, "until"),
    )


def _cool_down(reader: Reader, table: dict[str, Any]) -> CoolDownRules:
    return CoolDownRules(
        _span(reader, table, "min-age"),
        _span(reader, table, "privileged-min-age"),
        reader.strings(table, "exempt-publishers"),
        reader.rows(table, "skip", _skipped),
    )


def _skipped(reader: Reader, row: dict[str, Any]) -> SkippedWait:
    reader.only_keys(row, dict.fromkeys(("crate", "version", "reason")), _WAY_OUT)
    return SkippedWait(reader.required_text(row, "crate") or "", reader.version(row, "version"), _reason(reader, row))


def _advisories(reader: Reader, table: dict[str, Any], levels: Mapping[str, Level]) -> AdvisoryRules:
    of_kind = {kind: levels.get(f"advisories.{kind.value}", Level.WARN) for kind in AdvisoryKind}
    policy = AdvisoryPolicy(
        ignores=reader.rows(table, "ignore", _ignore),
        max_staleness=_days(reader, table, "max-staleness", AdvisoryPolicy().max_staleness),
        levels=of_kind,
        yanked=levels.get("advisories.yanked", Level.WARN),
    )
    return AdvisoryRules(reader.strings(table, "databases"), policy)


def _ignore(reader: Reader, row: dict[str, Any]) -> AdvisoryIgnore:
    reader.only_keys(row, dict.fromkeys(("id", "reason", "until")), _WAY_OUT)
    return AdvisoryIgnore(reader.required_text(row, "id") or "", _reason(reader, row), _day(reader, row, "until"))


def _words(choices: type[Any]) -> dict[str, Any]:
    return {choice.value: choice for choice in choices}


def _reason(reader: Reader, row: dict[str, Any]) -> str:
    """Return a reason, which must say something."""
    reason = reader.required_text(row, "reason")
    if reason is not None and not reason.strip():
        reader.note(("reason",), "a reason must say something", "say why, for whoever comes after you")
    return reason or ""


def _day(reader: Reader, row: dict[str, Any], key: str) -> Date:
    """Return a day that must be there, in quotes or not."""
    from datetime import date, datetime  # noqa: PLC0415  only what ends has days

    value = row.get(key)
    if isinstance(value, date) and not isinstance(value, datetime):
        return Date(value.year, value.month, value.day)
    return reader.date(row, key)


def _requirement(reader: Reader, row: dict[str, Any]) -> VersionReq:
    text = reader.required_text(row, "versions")
    if text is None:
        return _ANY
    try:
        return parse_requirement(text)
    except RequirementSyntaxError as error:
        reader.note(("versions",), str(error), 'write a requirement such as `"^1.2"`')
        return _ANY


def _span(reader: Reader, table: Mapping[str, Any], key: str) -> int | None:
    text = reader.text(table, key)
    if text is None:
        return None
    try:
        return parse_time_span(text)
    except TimeSpanError as error:
        reader.note((key,), str(error), 'write for example `"3 days"`')
        return None


def _days(reader: Reader, table: Mapping[str, Any], key: str, default: int) -> int:
    span = _span(reader, table, key)
    return default if span is None else span // 86_400
