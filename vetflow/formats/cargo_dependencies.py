"""Declared dependencies: the tables of Cargo.toml that name other packages, and `[patch]`.

Relative paths are made absolute, because the file that declares a path is the one it is relative to, also when another
manifest inherits the dependency.
"""

from __future__ import annotations

import os.path
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from vetflow.formats.cargo_text import TableReader
from vetflow.formats.source_id import GitSource, canonical_repository
from vetflow.model.names import CrateName
from vetflow.model.packages import DependencyKind
from vetflow.model.requirement import RequirementSyntaxError, VersionReq, parse_requirement

_INHERITED: Final = {"workspace": True}
_DEPENDENCY_TYPES: Final[Mapping[str, type]] = {
    **dict.fromkeys(("version", "path", "git", "branch", "tag", "rev", "package"), str),
    **dict.fromkeys(("registry", "registry-index"), str),
    **dict.fromkeys(("optional", "workspace", "default-features", "default_features"), bool),
}
_TABLES: Final = (
    (("dependencies",), DependencyKind.NORMAL),
    (("dev-dependencies", "dev_dependencies"), DependencyKind.DEV),
    (("build-dependencies", "build_dependencies"), DependencyKind.BUILD),
)
"""In the order in which cargo reads them; of two spellings the first wins."""


class ManifestDependency(NamedTuple):
    """One declared dependency.

    table, key: where it stands. package: the real name, which `package = "..."` may set apart from the key.
    requirement: None accepts every version. directory: absolute, of a path dependency. registry: name or index URL of
    a registry other than crates.io. default_features: None where the manifest does not say.
    inherited: `workspace = true`; then only `optional`, `features` and `default_features` are its own.
    """

    table: tuple[str, ...]
    key: str
    package: CrateName
    kind: DependencyKind
    requirement: VersionReq | None = None
    directory: str | None = None
    git: GitSource | None = None
    registry: str | None = None
    optional: bool = False
    default_features: bool | None = None
    features: tuple[str, ...] = ()
    inherited: bool = False


class DependencyReader(TableReader):
    """Reads the tables of dependencies of one file; paths in them are relative to `directory`."""

    def __init__(self, text: str, file: str, directory: str) -> None:
        super().__init__(text, file)
        self._directory = directory

    def all_dependencies(self, table: Mapping[str, Any]) -> tuple[ManifestDependency, ...]:
        """Read the dependencies of all tables and of all targets, whatever their `cfg`."""
        found = []
        for names, kind in _TABLES:
            found += self.dependencies(table, names, kind)
        targets = self.get(table, "target", dict, ()) or {}
        for target in sorted(targets):
            section = self.get(targets, target, dict, ("target",))
            for names, kind in _TABLES if section else ():
                found += self.dependencies(section, names, kind, ("target", target))
        return tuple(found)

    def dependencies(
        self,
        parent: Mapping[str, Any],
        names: tuple[str, ...],
        kind: DependencyKind,
        path: tuple[str, ...] = (),
    ) -> list[ManifestDependency]:
        """Read one table of dependencies, sorted by key; `names` are the spellings of its name."""
        name = next((name for name in names if name in parent), None)
        if name is None:
            return []
        table = self.get(parent, name, dict, path)
        return [self._dependency((*path, name), key, table[key], kind) for key in sorted(table or ())]

    def _dependency(self, table: tuple[str, ...], key: str, value: Any, kind: DependencyKind) -> ManifestDependency:
        if isinstance(value, str):
            return ManifestDependency(table, key, key, kind, self._requirement(value, table, key))
        if value == _INHERITED:
            return ManifestDependency(table, key, key, kind, inherited=True)
        path = (*table, key)
        if not isinstance(value, dict):
            self.note(f"`{'.'.join(path)}` must be a version requirement or a table", *path)
            return ManifestDependency(table, key, key, kind)
        get = self._checked(value, path).get
        directory, version, defaults = get("path"), get("version"), get("default-features")
        git = self._git(value, path) if "git" in value else None
        inherited = get("workspace") is True
        if version is None and directory is None and git is None and not inherited:
            what = "a version, a path, a git repository or `workspace = true`"
            self.note(f"dependency `{key}` needs {what}", *path)
        registry = get("registry") or get("registry-index")
        return ManifestDependency(
            table=table,
            key=key,
            package=get("package") or key,
            kind=kind,
            requirement=None if version is None else self._requirement(version, table, key),
            directory=(None if directory is None else os.path.normpath(os.path.join(self._directory, directory))),
            git=git,
            registry=None if registry == "crates-io" else registry,
            optional=get("optional") or False,
            default_features=get("default_features") if defaults is None else defaults,
            features=(self.strings(value, "features", path) or ()) if "features" in value else (),
            inherited=inherited,
        )

    def _checked(self, value: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
        """Return a dependency's table without values of a wrong type, which are noted."""
        wrong = [key for key in value if key in _DEPENDENCY_TYPES and type(value[key]) is not _DEPENDENCY_TYPES[key]]
        for key in wrong:
            self.get(value, key, _DEPENDENCY_TYPES[key], path)
        return {key: value[key] for key in value if key not in wrong} if wrong else value

    def _requirement(self, text: str, table: tuple[str, ...], key: str) -> VersionReq | None:
        try:
            return parse_requirement(text)
        except RequirementSyntaxError as error:
            self.note(f"dependency `{key}` has an invalid version requirement `{text}`: {error}", *table, key)
            return None

    def _git(self, value: Mapping[str, Any], path: tuple[str, ...]) -> GitSource | None:
        if not isinstance(value["git"], str):
            return None
        if "path" in value:
            self.note(f"dependency `{path[-1]}` has both a path and a git repository", *path)
        references = [f"{key}={value[key]}" for key in ("branch", "tag", "rev") if key in value]
        if len(references) > 1:
            self.note(f"dependency `{path[-1]}` has more than one of branch, tag and rev", *path)
        return GitSource(canonical_repository(value["git"]), references[0] if references else "")

    def patches(self, table: Mapping[str, Any]) -> Mapping[str, tuple[ManifestDependency, ...]]:
        """Read the tables of `[patch]`, by the registry name or URL they are for."""
        section = self.get(table, "patch", dict, ()) or {}
        return {
            source: tuple(self.dependencies(section, (source,), DependencyKind.NORMAL, ("patch",)))
            for source in section
        }
