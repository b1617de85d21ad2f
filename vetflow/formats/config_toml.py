"""config.toml: the store's version, imports, policy and exemptions, read strictly and written canonically.

Grammar and order: shared spec format 4.1 and 5. Unknown keys are ignored on reading, and so lost on writing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from vetflow.formats.canonical import Table, Value, entry_tables, one_or_many, optional_order, write_tables
from vetflow.formats.entries import VERSION_HELP, Reader, read_file
from vetflow.model.audits import Exemption
from vetflow.model.names import SAFE_TO_DEPLOY, CrateName, ImportName
from vetflow.model.store import (
    CURRENT_STORE,
    OLDEST_STORE,
    ConfigFile,
    Import,
    Policy,
    PolicyTable,
    StoreVersion,
)
from vetflow.model.version import U64_MAX, VersionSyntaxError, VetVersion, parse_version

HEADER: Final = "\n# cargo-vet config file\n"

_STORE_NUMBER = re.compile(r"\+?([0-9]+)\Z")
_STORE_VERSION_HELP: Final = f'write the version of cargo-vet the store is for, for example `"{CURRENT_STORE}"`'


def parse_config(text: str, file: str) -> ConfigFile:
    """Read a config.toml; `file` is what errors call it. Raises StoreError with all problems at once."""
    return read_file(text, file, _read_config)


def write_config(config: ConfigFile) -> str:
    """Return the text cargo-vet writes for these values. The store version is written as it is."""
    tables: dict[str, Value] = {}
    if config.default_criteria != SAFE_TO_DEPLOY:
        tables["default-criteria"] = config.default_criteria
    tables["cargo-vet"] = {"version": str(config.version)}
    if config.imports:
        tables["imports"] = {name: _import_table(entry) for name, entry in sorted(config.imports.items())}
    if config.policy.by_name:
        tables["policy"] = _policy_tables(config.policy)
    exemptions = entry_tables(config.exemptions, _exemption_order, _exemption_table)
    if exemptions:
        tables["exemptions"] = exemptions
    return HEADER + write_tables(tables)


def _read_config(reader: Reader, tables: dict[str, Any]) -> ConfigFile:
    old_name = "unaudited" in tables
    if old_name and "exemptions" in tables:
        reader.note(
            ("unaudited",),
            "duplicate field `exemptions`: `unaudited` is its old name",
            "move everything to `exemptions`",
            of_key=True,
        )
    default_criteria = reader.text(tables, "default-criteria")
    return ConfigFile(
        version=_read_store_version(reader, tables),
        default_criteria=SAFE_TO_DEPLOY if default_criteria is None else default_criteria,
        imports=reader.tables(tables, "imports", _read_import),
        policy=_arrange_policies(reader, reader.tables(tables, "policy", _read_policy)),
        exemptions=reader.entries(tables, "unaudited" if old_name else "exemptions", _read_exemption),
    )


def _read_store_version(reader: Reader, tables: Mapping[str, Any]) -> StoreVersion:
    """Read `cargo-vet.version`; a file without that table is of the oldest version."""
    if "cargo-vet" not in tables:
        return OLDEST_STORE
    table = tables["cargo-vet"]
    if type(table) is not dict:
        reader.wrong_type(("cargo-vet",), table, "a table", "write `[cargo-vet]` and below it the version")
        return OLDEST_STORE
    reader.at = ("cargo-vet",)
    version = OLDEST_STORE
    text = reader.text(table, "version")
    if "version" not in table:
        reader.missing("version", _STORE_VERSION_HELP)
    elif text is not None:
        version = _parse_store_version(reader, text)
    reader.at = ()
    return version


def _parse_store_version(reader: Reader, text: str) -> StoreVersion:
    major, dot, minor = text.partition(".")
    if not dot:
        reader.note(("version",), "missing '.' separator", _STORE_VERSION_HELP)
        return OLDEST_STORE
    numbers = []
    for component in (major, minor):
        match = _STORE_NUMBER.match(component)
        if match is None:
            reason = "invalid digit found in string" if component else "cannot parse integer from empty string"
        elif len(digits := match[1].lstrip("0") or "0") > 20 or int(digits) > U64_MAX:
            reason = "number too large to fit in target type"
        else:
            numbers.append(int(digits))
            continue
        reader.note(("version",), f"error parsing version component: {reason}", _STORE_VERSION_HELP)
        return OLDEST_STORE
    return StoreVersion(*numbers)


def _read_import(reader: Reader, table: dict[str, Any]) -> Import:
    if "url" not in table:
        reader.missing("url", "write the address of the peer's audits.toml")
    return Import(
        reader.strings(table, "url"),
        reader.string_list(table, "exclude"),
        reader.string_map(table, "criteria-map"),
    )


def _read_policy(reader: Reader, table: dict[str, Any]) -> Policy:
    return Policy(
        reader.flag(table, "audit-as-crates-io"),
        reader.strings(table, "criteria") if "criteria" in table else None,
        reader.strings(table, "dev-criteria") if "dev-criteria" in table else None,
        reader.string_map(table, "dependency-criteria"),
        reader.text(table, "notes"),
    )


def _read_exemption(reader: Reader, table: dict[str, Any]) -> Exemption:
    return Exemption(
        reader.version(table, "version"),
        reader.strings(table, "criteria"),
        reader.flag(table, "suggest") is not False,
        reader.text(table, "notes"),
    )


def _arrange_policies(reader: Reader, policies: Mapping[str, Policy]) -> PolicyTable:
    """Sort policies by crate and version from keys `NAME` and `NAME:VERSION`.

    Keys are taken in byte order, so that of two spellings of one version the last wins, as in cargo-vet.
    """
    by_name: dict[CrateName, dict[VetVersion | None, Policy]] = {}
    for key, policy in sorted(policies.items()):
        name, colon, version_text = key.partition(":")
        version = None
        if colon:
            try:
                version = parse_version(version_text)
            except VersionSyntaxError as error:
                reader.note(("policy", key), f"`{key}` names no version: {error}", VERSION_HELP, of_key=True)
                continue
        versions = by_name.setdefault(name, {})
        if versions and (version is None or None in versions):
            reader.note(
                ("policy", key),
                f"cannot mix versioned and unversioned policies for {name}",
                f"either keep only `{name}`, or write `{name}:VERSION` for every version",
                of_key=True,
            )
        versions[version] = policy
    return PolicyTable(by_name)


def _import_table(entry: Import) -> Table:
    table: dict[str, Value] = {"url": one_or_many(entry.url)}
    if entry.exclude:
        table["exclude"] = entry.exclude
    if entry.criteria_map:
        table["criteria-map"] = _criteria_by_name(entry.criteria_map)
    return table


def _policy_tables(policies: PolicyTable) -> dict[str, Table]:
    """Return the policy tables, sorted by the key they are written under (so `a:1.0.14` before `a:1.0.9`)."""
    tables = {
        name if version is None else f"{name}:{version}": _policy_table(policy)
        for name, versions in policies.by_name.items()
        for version, policy in versions.items()
    }
    return dict(sorted(tables.items()))


def _policy_table(policy: Policy) -> Table:
    table: dict[str, Value] = {}
    if policy.audit_as_crates_io is not None:
        table["audit-as-crates-io"] = policy.audit_as_crates_io
    if policy.criteria is not None:
        table["criteria"] = one_or_many(policy.criteria)
    if policy.dev_criteria is not None:
        table["dev-criteria"] = one_or_many(policy.dev_criteria)
    if policy.dependency_criteria:
        table["dependency-criteria"] = _criteria_by_name(policy.dependency_criteria)
    if policy.notes is not None:
        table["notes"] = policy.notes
    return table


def _exemption_table(exemption: Exemption) -> Table:
    table: dict[str, Value] = {
        "version": str(exemption.version),
        "criteria": one_or_many(exemption.criteria),
    }
    if not exemption.suggest:
        table["suggest"] = False
    if exemption.notes is not None:
        table["notes"] = exemption.notes
    return table


def _criteria_by_name(criteria: Mapping[CrateName | ImportName, tuple[str, ...]]) -> Table:
    return {name: one_or_many(names) for name, names in sorted(criteria.items())}


def _exemption_order(exemption: Exemption) -> tuple[object, ...]:
    return exemption.version, exemption.criteria, exemption.suggest, optional_order(exemption.notes)
