"""The store's three files taken apart for a merge, and put together again.

Entries are grouped by what they are about, so that two people who audit different versions never meet. Tables that
people write by hand, imports and policies, are merged field by field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from vetflow.errors import StoreError
from vetflow.model.audits import Audit
from vetflow.model.names import CrateName
from vetflow.model.store import AuditsFile, ConfigFile, CriteriaEntry, Import, ImportsFile, Policy, PolicyTable
from vetflow.trust.merge import ALL, Group, Groups, Parts

_Entry = TypeVar("_Entry", bound=NamedTuple)

_OF_PEER: Final = "imported from "


def config_groups(config: ConfigFile) -> Groups:
    """Take config.toml apart."""
    groups: dict[Group, Parts] = {
        Group("cargo-vet.version", ""): {ALL: (config.version,)},
        Group("default-criteria", ""): {ALL: (config.default_criteria,)},
    }
    for name, source in config.imports.items():
        groups[Group("imports", name)] = _fields(source)
    for crate, policies in config.policy.by_name.items():
        for version, policy in policies.items():
            groups[Group("policy", crate, "" if version is None else str(version))] = {
                "": (version,),
                **_fields(policy),
            }
    return groups | dict(_lists("exemptions", config.exemptions, lambda row: str(row.version)))


def config_of(groups: Groups) -> ConfigFile:
    """Put config.toml together; raises StoreError for an import without an address."""
    imports: dict[str, Import] = {}
    policies: dict[CrateName, dict[Any, Policy]] = {}
    for group, parts in groups.items():
        if group.table == "imports":
            if "url" not in parts:
                raise StoreError(f"nothing is left of the address of the import {group.name}")
            imports[group.name] = _with_fields(Import((), ()), parts)
        elif group.table == "policy":
            policies.setdefault(group.name, {})[parts[ALL][0]] = _with_fields(Policy(), parts)
    return ConfigFile(
        version=groups[Group("cargo-vet.version", "")][ALL][0],
        default_criteria=groups[Group("default-criteria", "")][ALL][0],
        imports=imports,
        policy=PolicyTable(policies),
        exemptions=_tables(groups, "exemptions"),
    )


def audits_groups(audits: AuditsFile, of: str = "") -> Groups:
    """Take audits.toml apart, or what is imported from somebody. of: what begins the names of its tables."""
    criteria: dict[Group, Parts] = {
        Group(f"{of}criteria", name): {ALL: (entry,)} for name, entry in audits.criteria.items()
    }
    return {
        **criteria,
        **dict(_lists(f"{of}audits", audits.audits, _subject)),
        **dict(_lists(f"{of}wildcard-audits", audits.wildcard_audits, lambda row: str(row.source))),
        **dict(_lists(f"{of}trusted", audits.trusted, lambda row: str(row.source))),
    }


def audits_of(groups: Groups, of: str = "") -> AuditsFile:
    """Put audits.toml together."""
    criteria: dict[str, CriteriaEntry] = {
        group.name: parts[ALL][0] for group, parts in groups.items() if group.table == f"{of}criteria"
    }
    return AuditsFile(
        criteria,
        _tables(groups, f"{of}wildcard-audits"),
        _tables(groups, f"{of}audits"),
        _tables(groups, f"{of}trusted"),
    )


def imports_groups(imports: ImportsFile) -> Groups:
    """Take imports.lock apart."""
    groups: dict[Group, Parts] = {
        **dict(_lists("unpublished", imports.unpublished, lambda row: str(row.version))),
        **dict(_lists("publisher", imports.publisher, lambda row: str(row.version))),
    }
    for peer, file in imports.audits.items():
        groups[Group("peer", peer)] = {ALL: (True,)}
        groups |= audits_groups(file, f"{_OF_PEER}{peer} ")
    return groups


def imports_of(groups: Groups) -> ImportsFile:
    """Put imports.lock together; rows of a peer that one side removed go with it."""
    peers = [group.name for group in groups if group.table == "peer"]
    return ImportsFile(
        unpublished=_tables(groups, "unpublished"),
        publisher=_tables(groups, "publisher"),
        audits={peer: audits_of(groups, f"{_OF_PEER}{peer} ") for peer in peers},
    )


def _lists(
    table: str, entries: Mapping[str, Iterable[Any]], about: Callable[[Any], str]
) -> Iterator[tuple[Group, Parts]]:
    """Yield entries by what they are about."""
    for name, rows in entries.items():
        found: dict[str, list[Any]] = {}
        for row in rows:
            found.setdefault(about(row), []).append(row)
        yield from ((Group(table, name, entry, is_list=True), {ALL: each}) for entry, each in found.items())


def _tables(groups: Groups, table: str) -> dict[str, tuple[Any, ...]]:
    tables: dict[str, tuple[Any, ...]] = {}
    for group, parts in groups.items():
        if group.table == table:
            tables[group.name] = (*tables.get(group.name, ()), *parts.get(ALL, ()))
    return tables


def _subject(audit: Audit) -> str:
    if audit.violation is not None:
        return f"violation {audit.violation}"
    return f"{audit.base} -> {audit.version}" if audit.base else str(audit.version)


def _fields(table: NamedTuple) -> Parts:
    """Return the fields that say something; a mapping key by key, crates that are left out one by one."""
    parts: dict[str, Sequence[Any]] = {}
    for field, value in table._asdict().items():
        if isinstance(value, Mapping):
            parts |= {f"{field}.{key}": (each,) for key, each in value.items()}
        elif field == "exclude":
            parts |= {f"{field}.{each}": (each,) for each in value}
        elif value is not None:
            parts[field] = (value,)
    return parts


def _with_fields(empty: _Entry, parts: Parts) -> _Entry:
    values: dict[str, Any] = {}
    for part, (value,) in parts.items():
        field, dot, key = part.partition(".")
        if not part:
            continue
        if not dot:
            values[field] = value
        elif field == "exclude":
            values[field] = (*values.get(field, ()), value)
        else:
            values[field] = {**values.get(field, {}), key: value}
    return empty._replace(**values)
