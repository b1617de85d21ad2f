"""Cargo.toml as a value: what a manifest declares, before inheritance and without looking at any other file.

Only what shapes the dependency graph is read.
"""

from __future__ import annotations

import os.path
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from vetflow.formats.cargo_dependencies import DependencyReader, ManifestDependency
from vetflow.formats.cargo_text import parse_workspace_toml
from vetflow.model.names import CrateName
from vetflow.model.packages import DependencyKind
from vetflow.model.version import VersionSyntaxError, VetVersion, parse_version

NO_VERSION: Final = parse_version("0.0.0")
"""The version of a package that states none."""

BUILD_SCRIPT: Final = "build.rs"
"""Where cargo looks for the build script of a package that does not say."""


class PackageSection(NamedTuple):
    """`[package]`. version, edition: None where inherited from the workspace (`version.workspace = true`).

    workspace: the `package.workspace` pointer, as written. build: the build scripts it names, as written (more than one
    with a nightly feature); none where it wants none, None where "build.rs, if there is one" holds.
    automatic: the kinds of targets cargo looks for by itself. vet: the value of `metadata.vet`. links: the native
    library it claims. resolver: "1", "2" or "3", None where the edition decides.
    """

    name: CrateName
    version: VetVersion | None
    edition: str | None
    workspace: str | None
    build: tuple[str, ...] | None
    automatic: frozenset[str]
    vet: object
    links: str | None = None
    resolver: str | None = None

    @property
    def build_script(self) -> bool | None:
        """Whether it has a build script; None means "if there is a build.rs"."""
        return None if self.build is None else bool(self.build)


class LibrarySection(NamedTuple):
    """`[lib]`. path: of its root, as written; None where it is the usual one."""

    name: str | None
    path: str | None
    proc_macro: bool


class WorkspaceSection(NamedTuple):
    """`[workspace]`. Patterns and paths are as written; None where the key is absent.

    resolver: as in `PackageSection`. default_members: what cargo builds when no package is named.
    """

    members: tuple[str, ...] | None
    exclude: tuple[str, ...]
    dependencies: Mapping[str, ManifestDependency]
    version: VetVersion | None
    edition: str | None
    vet: object
    resolver: str | None = None
    default_members: tuple[str, ...] | None = None


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
    reader = _ManifestReader(text, file, directory)
    table = parse_workspace_toml(text, file)
    manifest = Manifest(
        file=file,
        directory=directory,
        package=reader.package(table),
        library=reader.library(table.get("lib")),
        explicit_targets=any(table.get(kind) for kind in ("bin", "example", "test", "bench")),
        dependencies=reader.all_dependencies(table),
        features=reader.features(table),
        workspace=reader.workspace(table),
        patches=reader.patches(table),
        replacements=tuple(
            [Replacement(d.key, d) for d in reader.dependencies(table, ("replace",), DependencyKind.NORMAL)]
        ),
    )
    reader.raise_problems()
    return manifest


_AUTOMATIC: Final = {
    "lib": "autolib",
    "bins": "autobins",
    "examples": "autoexamples",
    "tests": "autotests",
    "benches": "autobenches",
}


class _ManifestReader(DependencyReader):
    """Reads the sections of one manifest."""

    def package(self, table: Mapping[str, Any]) -> PackageSection | None:
        """Read `[package]`, which old manifests call `[project]`."""
        section = "package" if "package" in table or "project" not in table else "project"
        package = self.get(table, section, dict, ())
        if package is None:
            return None
        path = (section,)
        name = self.get(package, "name", str, path)
        if name is None and "name" not in package:
            self.note(f"`{section}` has no `name`", section)
        metadata = self.get(package, "metadata", dict, path)
        return PackageSection(
            name=name or "",
            version=self._version(package, path),
            edition=self._edition(package, path),
            workspace=self.get(package, "workspace", str, path),
            build=self._build(package, path),
            automatic=frozenset([k for k, flag in _AUTOMATIC.items() if package.get(flag) is not False]),
            vet=metadata.get("vet") if metadata else None,
            links=self.get(package, "links", str, path),
            resolver=self.get(package, "resolver", str, path),
        )

    def _build(self, package: Mapping[str, Any], path: tuple[str, ...]) -> tuple[str, ...] | None:
        match package.get("build"):
            case None:
                return None
            case bool(wanted):
                return (BUILD_SCRIPT,) if wanted else ()
            case list():
                return self.strings(package, "build", path) or ()
            case _:
                script = self.get(package, "build", str, path)
                return () if script is None else (script,)

    def _version(self, table: Mapping[str, Any], path: tuple[str, ...]) -> VetVersion | None:
        value = table.get("version")
        if value is None:
            return NO_VERSION
        if _is_inherited(value):
            return None
        text = self.get(table, "version", str, path)
        try:
            # Cargo ignores blanks around a package's version.
            return NO_VERSION if text is None else parse_version(text.strip())
        except VersionSyntaxError as error:
            self.note(f"`{path[-1]}.version` is not a version: {error}", *path, "version")
            return NO_VERSION

    def _edition(self, table: Mapping[str, Any], path: tuple[str, ...]) -> str | None:
        value = table.get("edition")
        if value is None:
            return "2015"
        return None if _is_inherited(value) else self.get(table, "edition", str, path)

    def library(self, table: object) -> LibrarySection | None:
        if table is None:
            return None
        if not isinstance(table, dict):
            self.note("`lib` must be a table", "lib")
            return None
        crate_types = table.get("crate-type", table.get("crate_type"))
        return LibrarySection(
            name=self.get(table, "name", str, ("lib",)),
            path=self.get(table, "path", str, ("lib",)),
            proc_macro=(
                table.get("proc-macro", table.get("proc_macro")) is True
                or (isinstance(crate_types, list) and "proc-macro" in crate_types)
            ),
        )

    def features(self, table: Mapping[str, Any]) -> Mapping[str, tuple[str, ...]]:
        features = self.get(table, "features", dict, ())
        return {key: self.strings(features, key, ("features",)) or () for key in features or ()}

    def workspace(self, table: Mapping[str, Any]) -> WorkspaceSection | None:
        section = self.get(table, "workspace", dict, ())
        if section is None:
            return None
        path = ("workspace",)
        package = self.get(section, "package", dict, path) or {}
        metadata = self.get(section, "metadata", dict, path)
        declared = self.dependencies(section, ("dependencies",), DependencyKind.NORMAL, path)
        package_path = ("workspace", "package")
        return WorkspaceSection(
            members=self.strings(section, "members", path),
            exclude=self.strings(section, "exclude", path) or (),
            dependencies={dependency.key: dependency for dependency in declared},
            version=self._version(package, package_path) if "version" in package else None,
            edition=self.get(package, "edition", str, package_path),
            vet=metadata.get("vet") if metadata else None,
            resolver=self.get(section, "resolver", str, path),
            default_members=self.strings(section, "default-members", path),
        )


def _is_inherited(value: object) -> bool:
    return isinstance(value, dict) and value.get("workspace") is True
