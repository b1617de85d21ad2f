"""Cargo.toml as a value: what a manifest declares, before inheritance and without looking at any other file.

Only what shapes the dependency graph is read. Relative paths are made absolute, because the manifest that declares a
path is the one it is relative to, also when another manifest inherits the dependency.
"""

from __future__ import annotations

import os.path
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from vetflow.errors import WorkspaceError
from vetflow.formats.cargo_text import parse_workspace_toml, raise_problems, value_place
from vetflow.formats.source_id import GitSource, canonical_repository
from vetflow.model.names import CrateName
from vetflow.model.packages import DependencyKind
from vetflow.model.requirement import RequirementSyntaxError, VersionReq, parse_requirement
from vetflow.model.version import VersionSyntaxError, VetVersion, parse_version

NO_VERSION: Final = parse_version("0.0.0")
"""The version of a package that states none."""

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


class PackageSection(NamedTuple):
    """`[package]`. version, edition: None where inherited from the workspace (`version.workspace = true`).

    workspace: the `package.workspace` pointer, as written. build_script: None means "if there is a build.rs".
    automatic: the kinds of targets cargo looks for by itself. vet: the value of `metadata.vet`.
    """

    name: CrateName
    version: VetVersion | None
    edition: str | None
    workspace: str | None
    build_script: bool | None
    automatic: frozenset[str]
    vet: object


class LibrarySection(NamedTuple):
    """`[lib]`."""

    name: str | None
    has_path: bool
    proc_macro: bool


class WorkspaceSection(NamedTuple):
    """`[workspace]`. Patterns and paths are as written; None where the key is absent."""

    members: tuple[str, ...] | None
    exclude: tuple[str, ...]
    dependencies: Mapping[str, ManifestDependency]
    version: VetVersion | None
    edition: str | None
    vet: object


class Replacement(NamedTuple):
    """One entry of `[replace]`: which package it replaces, as written (`name:version`), and by what."""

    spec: str
    dependency: ManifestDependency


class Manifest(NamedTuple):
    """One Cargo.toml. `file` is its absolute path, `directory` its folder; a virtual manifest has no `package`.

    dependencies: in cargo's order (tables as above, then those of each target; by key within a table).
    patches: by registry name or URL. explicit_targets: whether it lists binaries, examples, tests or benches.
    """

    file: str
    directory: str
    package: PackageSection | None
    library: LibrarySection | None
    explicit_targets: bool
    dependencies: tuple[ManifestDependency, ...]
    features: Mapping[str, tuple[str, ...]]
    workspace: WorkspaceSection | None
    patches: Mapping[str, tuple[ManifestDependency, ...]]
    replacements: tuple[Replacement, ...]


def library_name(manifest: Manifest) -> str:
    """Return the name by which code refers to a package's library."""
    name = manifest.library.name if manifest.library is not None else None
    if name is None and manifest.package is not None:
        name = manifest.package.name
    return (name or "").replace("-", "_")


def parse_manifest(text: str, file: str) -> Manifest:
    """Read a manifest; linear in its size. `file` must be absolute: paths are resolved against its folder.

    Raises WorkspaceError: for text that is no TOML, or for all the malformed parts that matter here at once.
    """
    directory = os.path.dirname(file)
    reader = _Reader(text, file, directory)
    table = parse_workspace_toml(text, file)
    manifest = Manifest(
        file=file,
        directory=directory,
        package=reader.package(table),
        library=reader.library(table.get("lib")),
        explicit_targets=any([bool(table.get(kind)) for kind in ("bin", "example", "test", "bench")]),
        dependencies=reader.all_dependencies(table),
        features=reader.features(table),
        workspace=reader.workspace(table),
        patches=reader.patches(table),
        replacements=tuple(
            [Replacement(d.key, d) for d in reader.dependencies(table, ("replace",), DependencyKind.NORMAL)]
        ),
    )
    raise_problems(reader.problems, f"{file} has {len(reader.problems)} problems", file)
    return manifest


def parse_patches(
    table: Mapping[str, Any], text: str, file: str, directory: str
) -> Mapping[str, tuple[ManifestDependency, ...]]:
    """Read the `[patch]` of a table of cargo's configuration; paths are relative to `directory`.

    Raises WorkspaceError for all that is malformed.
    """
    reader = _Reader(text, file, directory)
    patches = reader.patches(table)
    raise_problems(reader.problems, f"{file} has {len(reader.problems)} problems", file)
    return patches


_AUTOMATIC: Final = {
    "lib": "autolib",
    "bins": "autobins",
    "examples": "autoexamples",
    "tests": "autotests",
    "benches": "autobenches",
}


class _Reader:
    """Reads the parts of one manifest and collects what is wrong with them."""

    def __init__(self, text: str, file: str, directory: str) -> None:
        self._text = text
        self._file = file
        self._directory = directory
        self.problems: list[WorkspaceError] = []

    def _problem(self, message: str, *path: str) -> None:
        self.problems.append(WorkspaceError(message, place=value_place(self._text, self._file, path)))

    def _get(self, table: Mapping[str, Any], key: str, kind: type, path: tuple[str, ...]) -> Any:
        """Return a value of the given type, None where it is absent or wrong."""
        value = table.get(key)
        if value is not None and type(value) is not kind:
            self._problem(f"`{'.'.join((*path, key))}` must be {_TYPE_NAMES[kind]}", *path, key)
            return None
        return value

    def _strings(self, table: Mapping[str, Any], key: str, path: tuple[str, ...]) -> tuple[str, ...] | None:
        values = self._get(table, key, list, path)
        if values is None:
            return None
        if not all([isinstance(value, str) for value in values]):
            self._problem(f"`{'.'.join((*path, key))}` must be an array of strings", *path, key)
            return None
        return tuple(values)

    def package(self, table: Mapping[str, Any]) -> PackageSection | None:
        """Read `[package]`, which old manifests call `[project]`."""
        section = "package" if "package" in table or "project" not in table else "project"
        package = self._get(table, section, dict, ())
        if package is None:
            return None
        path = (section,)
        name = self._get(package, "name", str, path)
        if name is None and "name" not in package:
            self._problem(f"`{section}` has no `name`", section)
        metadata = self._get(package, "metadata", dict, path)
        build = package.get("build")
        return PackageSection(
            name=name or "",
            version=self._version(package, path),
            edition=self._edition(package, path),
            workspace=self._get(package, "workspace", str, path),
            build_script=None if build is None else build is not False,
            automatic=frozenset([k for k, flag in _AUTOMATIC.items() if package.get(flag) is not False]),
            vet=metadata.get("vet") if metadata else None,
        )

    def _version(self, table: Mapping[str, Any], path: tuple[str, ...]) -> VetVersion | None:
        value = table.get("version")
        if value is None:
            return NO_VERSION
        if _is_inherited(value):
            return None
        text = self._get(table, "version", str, path)
        try:
            # Cargo ignores blanks around a package's version.
            return NO_VERSION if text is None else parse_version(text.strip())
        except VersionSyntaxError as error:
            self._problem(f"`{path[-1]}.version` is not a version: {error}", *path, "version")
            return NO_VERSION

    def _edition(self, table: Mapping[str, Any], path: tuple[str, ...]) -> str | None:
        value = table.get("edition")
        if value is None:
            return "2015"
        return None if _is_inherited(value) else self._get(table, "edition", str, path)

    def library(self, table: object) -> LibrarySection | None:
        if table is None:
            return None
        if not isinstance(table, dict):
            self._problem("`lib` must be a table", "lib")
            return None
        crate_types = table.get("crate-type", table.get("crate_type"))
        return LibrarySection(
            name=self._get(table, "name", str, ("lib",)),
            has_path="path" in table,
            proc_macro=(
                table.get("proc-macro", table.get("proc_macro")) is True
                or (isinstance(crate_types, list) and "proc-macro" in crate_types)
            ),
        )

    def features(self, table: Mapping[str, Any]) -> Mapping[str, tuple[str, ...]]:
        features = self._get(table, "features", dict, ())
        return {key: self._strings(features, key, ("features",)) or () for key in features or ()}

    def all_dependencies(self, table: Mapping[str, Any]) -> tuple[ManifestDependency, ...]:
        """Read the dependencies of all tables and of all targets, whatever their `cfg`."""
        found = []
        for names, kind in _TABLES:
            found += self.dependencies(table, names, kind)
        targets = self._get(table, "target", dict, ()) or {}
        for target in sorted(targets):
            section = self._get(targets, target, dict, ("target",))
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
        table = self._get(parent, name, dict, path)
        return [self._dependency((*path, name), key, table[key], kind) for key in sorted(table or ())]

    def _dependency(
        self, table: tuple[str, ...], key: str, value: Any, kind: DependencyKind
    ) -> ManifestDependency:
        if isinstance(value, str):
            return ManifestDependency(table, key, key, kind, self._requirement(value, table, key))
        if value == _INHERITED:
            return ManifestDependency(table, key, key, kind, inherited=True)
        path = (*table, key)
        if not isinstance(value, dict):
            self._problem(f"`{'.'.join(path)}` must be a version requirement or a table", *path)
            return ManifestDependency(table, key, key, kind)
        get = self._checked(value, path).get
        directory, version, defaults = get("path"), get("version"), get("default-features")
        git = self._git(value, path) if "git" in value else None
        inherited = get("workspace") is True
        if version is None and directory is None and git is None and not inherited:
            what = "a version, a path, a git repository or `workspace = true`"
            self._problem(f"dependency `{key}` needs {what}", *path)
        registry = get("registry") or get("registry-index")
        return ManifestDependency(
            table=table,
            key=key,
            package=get("package") or key,
            kind=kind,
            requirement=None if version is None else self._requirement(version, table, key),
            directory=(
                None if directory is None else os.path.normpath(os.path.join(self._directory, directory))
            ),
            git=git,
            registry=None if registry == "crates-io" else registry,
            optional=get("optional") or False,
            default_features=get("default_features") if defaults is None else defaults,
            features=(self._strings(value, "features", path) or ()) if "features" in value else (),
            inherited=inherited,
        )

    def _checked(self, value: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
        """Return a dependency's table without values of a wrong type, which are noted."""
        wrong = [
            key
            for key in value
            if key in _DEPENDENCY_TYPES and type(value[key]) is not _DEPENDENCY_TYPES[key]
        ]
        for key in wrong:
            self._get(value, key, _DEPENDENCY_TYPES[key], path)
        return {key: value[key] for key in value if key not in wrong} if wrong else value

    def _requirement(self, text: str, table: tuple[str, ...], key: str) -> VersionReq | None:
        try:
            return parse_requirement(text)
        except RequirementSyntaxError as error:
            self._problem(
                f"dependency `{key}` has an invalid version requirement `{text}`: {error}", *table, key
            )
            return None

    def _git(self, value: Mapping[str, Any], path: tuple[str, ...]) -> GitSource | None:
        if not isinstance(value["git"], str):
            return None
        if "path" in value:
            self._problem(f"dependency `{path[-1]}` has both a path and a git repository", *path)
        references = [f"{key}={value[key]}" for key in ("branch", "tag", "rev") if key in value]
        if len(references) > 1:
            self._problem(f"dependency `{path[-1]}` has more than one of branch, tag and rev", *path)
        return GitSource(canonical_repository(value["git"]), references[0] if references else "")

    def workspace(self, table: Mapping[str, Any]) -> WorkspaceSection | None:
        section = self._get(table, "workspace", dict, ())
        if section is None:
            return None
        path = ("workspace",)
        package = self._get(section, "package", dict, path) or {}
        metadata = self._get(section, "metadata", dict, path)
        declared = self.dependencies(section, ("dependencies",), DependencyKind.NORMAL, path)
        package_path = ("workspace", "package")
        return WorkspaceSection(
            members=self._strings(section, "members", path),
            exclude=self._strings(section, "exclude", path) or (),
            dependencies={dependency.key: dependency for dependency in declared},
            version=self._version(package, package_path) if "version" in package else None,
            edition=self._get(package, "edition", str, package_path),
            vet=metadata.get("vet") if metadata else None,
        )

    def patches(self, table: Mapping[str, Any]) -> Mapping[str, tuple[ManifestDependency, ...]]:
        section = self._get(table, "patch", dict, ()) or {}
        return {
            source: tuple(self.dependencies(section, (source,), DependencyKind.NORMAL, ("patch",)))
            for source in section
        }


_TYPE_NAMES: Final = {str: "a string", bool: "a boolean", dict: "a table", list: "an array"}


def _is_inherited(value: object) -> bool:
    return isinstance(value, dict) and value.get("workspace") is True
