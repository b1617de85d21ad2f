"""Cargo.lock, versions 1 to 4, as a value. What its entries mean for a workspace is `graph`'s business.

Source: shared spec graph 1; the behaviour of cargo 1.95 where that is silent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from vetflow.errors import WorkspaceError
from vetflow.formats.cargo_text import TableReader, parse_workspace_toml, value_place
from vetflow.formats.source_id import node_version
from vetflow.model.names import CrateName
from vetflow.model.version import VersionSyntaxError, VetVersion

NEWEST_VERSION: Final = 4

_CHECKSUM: Final = "checksum "
_REGENERATE: Final = "restore Cargo.lock from version control, or run `cargo generate-lockfile`"


class LockEntry(NamedTuple):
    """One `[[package]]`.

    semver: the version as written; version: as cargo-vet compares it. source: None for a path package.
    checksum: lower-case hex, also where a version 1 lock keeps it under `[metadata]`.
    dependencies: `name`, `name version` or `name version (source)`, as written. replace: likewise, or None.
    """

    name: CrateName
    semver: str
    version: VetVersion
    source: str | None
    checksum: str | None
    dependencies: tuple[str, ...]
    replace: str | None


class Lockfile(NamedTuple):
    """A whole Cargo.lock. `version` is None where it has no version key: that is version 1 or 2."""

    file: str
    version: int | None
    entries: tuple[LockEntry, ...]
    unused_patches: tuple[LockEntry, ...]


def parse_lock(text: str, file: str) -> Lockfile:
    """Read a lock; linear in its size. `file` names it in errors.

    Raises WorkspaceError for text that is no TOML (a merge conflict is named as such), for a version that this vetflow
    does not know, and for malformed entries, all of them at once.
    """
    table = parse_workspace_toml(text, file)
    version = table.get("version")
    if version is not None and version not in (3, NEWEST_VERSION):
        raise WorkspaceError(
            f"Cargo.lock has version {version}, which is not known here",
            help=f"vetflow reads lock files up to version {NEWEST_VERSION}; is there a newer vetflow?",
            place=value_place(text, file, ("version",)),
        )
    reader = _LockReader(text, file, table)
    # Locks of cargo before 2017 keep the root package apart, as `[root]`.
    root = reader.entries([table["root"]], ("root",)) if "root" in table else ()
    entries = reader.entries(table.get("package"), ("package",))
    patch = table.get("patch")
    unused = reader.entries(patch.get("unused"), ("patch", "unused")) if isinstance(patch, dict) else ()
    reader.raise_problems()
    return Lockfile(file, version, root + entries, unused)


class _LockReader(TableReader):
    """Reads the entries of one lock and collects what is wrong with them."""

    def __init__(self, text: str, file: str, table: Mapping[str, Any]) -> None:
        super().__init__(text, file)
        metadata = table.get("metadata")
        self._checksums = {
            key[len(_CHECKSUM) :]: value
            for key, value in (metadata.items() if isinstance(metadata, dict) else ())
            if key.startswith(_CHECKSUM) and isinstance(value, str) and value != "<none>"
        }

    def entries(self, tables: object, path: tuple[str, ...]) -> tuple[LockEntry, ...]:
        """Read one array of tables; `path` leads to it."""
        if tables is None:
            return ()
        if not isinstance(tables, list):
            self.note(f"`{'.'.join(path)}` of Cargo.lock is not an array", *path, way_out=_REGENERATE)
            return ()
        entries: list[LockEntry] = []
        seen: set[tuple[str, str, str | None]] = set()
        for i, table in enumerate(tables):
            try:
                entry = self._entry(table)
            except _MalformedError as error:
                self.note(str(error), *path, i, way_out=_REGENERATE)
                continue
            identity = (entry.name, entry.semver, entry.source)
            if identity in seen:
                self.note(
                    f"package `{entry.name} {entry.semver}` is listed twice in Cargo.lock",
                    *path,
                    i,
                    way_out=_REGENERATE,
                )
            seen.add(identity)
            entries.append(entry)
        return tuple(entries)

    def _entry(self, table: Any) -> LockEntry:
        if not isinstance(table, dict):
            raise _MalformedError("a package in Cargo.lock is not a table")
        name, semver = table.get("name"), table.get("version")
        source, checksum, replace = table.get("source"), table.get("checksum"), table.get("replace")
        if not isinstance(name, str) or not isinstance(semver, str):
            missing = "version" if isinstance(name, str) else "name"
            raise _MalformedError(f"a package in Cargo.lock has no `{missing}` of type string")
        for key, value in (("source", source), ("checksum", checksum), ("replace", replace)):
            if value is not None and not isinstance(value, str):
                raise _MalformedError(f"`{key}` of package `{name}` in Cargo.lock is not a string")
        dependencies = table.get("dependencies", ())
        if dependencies and not (
            isinstance(dependencies, list) and all(isinstance(text, str) for text in dependencies)
        ):
            raise _MalformedError(f"`dependencies` of package `{name}` in Cargo.lock is not an array of strings")
        try:
            version = node_version(semver, source)
        except VersionSyntaxError as error:
            raise _MalformedError(f"package `{name}` in Cargo.lock has an invalid version: {error}") from None
        if checksum is None and self._checksums:
            checksum = self._checksums.get(f"{name} {semver} ({source})")
        return LockEntry(name, semver, version, source, checksum and checksum.lower(), tuple(dependencies), replace)


class _MalformedError(ValueError):
    """Why an entry cannot be read."""
