"""Cargo workspaces as values, and the files that spell them: path packages, and registries as folders.

A world is a folder with `ws` (the workspace), `ext` (path packages outside of it) and one folder per source
that cargo would otherwise fetch from: crates.io, an alternate registry, a git repository.
`.cargo/config.toml` replaces those by directory sources, so that cargo resolves any graph of invented crates
without a network.
"""

from __future__ import annotations

import json
import os.path
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from random import Random
from typing import Literal, NamedTuple, TypeAlias
from urllib.parse import urlencode

from tests.compat.toml_text import Document, Scribe, Value

Source: TypeAlias = Literal["crates-io", "alternate", "git", "path"]
Section: TypeAlias = Literal["dependencies", "build-dependencies", "dev-dependencies"]

ALTERNATE_INDEX = "sparse+https://alternate.example/index/"
GIT_URL = "https://git.example/tools"
GIT_REVISION = "0123456789abcdef0123456789abcdef01234567"
NOTHING: Mapping[str, tuple[str, ...]] = {}
SOURCE_FOLDERS: Mapping[Source, str] = {"crates-io": "registry", "alternate": "alternate", "git": "forge"}


class Dependency(NamedTuple):
    """One dependency declaration.

    folder: where a path dependency lies, relative to the world. alias: the key of a renamed dependency.
    inherited: declared in `[workspace.dependencies]`, taken with `workspace = true`.
    """

    package: str
    source: Source
    section: Section = "dependencies"
    requirement: str | None = None
    folder: str | None = None
    alias: str | None = None
    target: str | None = None
    optional: bool = False
    inherited: bool = False
    features: tuple[str, ...] = ()
    default_features: bool = True

    @property
    def key(self) -> str:
        """The name under which it is declared."""
        return self.alias or self.package


class Crate(NamedTuple):
    """One version of a crate in a source."""

    name: str
    version: str
    source: Source
    dependencies: tuple[Dependency, ...] = ()
    features: Mapping[str, tuple[str, ...]] = NOTHING
    library: bool = True


class PathPackage(NamedTuple):
    """A package of the project. folder is relative to the world; workspace is its `package.workspace`."""

    name: str
    version: str
    folder: str
    dependencies: tuple[Dependency, ...] = ()
    features: Mapping[str, tuple[str, ...]] = NOTHING
    library: bool = True
    inherits_version: bool = False
    workspace: str | None = None
    metadata: Document = NOTHING


class Workspace(NamedTuple):
    """A project and all it may depend on.

    git_reference: the key and value by which git dependencies name a revision, such as `branch = "main"`.
    patches: third-party crates replaced by a path package, as (name, folder). has_table: whether the root
    manifest has a `[workspace]` at all. spelling: how manifests are spelled, 0 is plainly.
    """

    packages: tuple[PathPackage, ...]
    crates: tuple[Crate, ...]
    members: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    has_table: bool = True
    shared_version: str | None = None
    shared: tuple[Dependency, ...] = ()
    git_reference: tuple[str, str] | None = None
    patches: tuple[tuple[str, str], ...] = ()
    metadata: Document = NOTHING
    spelling: int = 0

    def files(self) -> Iterator[tuple[str, str]]:
        """Yield path (relative to the world) and text of every file, Cargo.lock and the store excepted."""
        yield ".cargo/config.toml", self._cargo_config()
        for folder in ("ext", *SOURCE_FOLDERS.values()):
            yield f"{folder}/.keep", ""
        for crate in self.crates:
            yield from self._crate_files(crate)
        scribe = Scribe(Random(self.spelling) if self.spelling else None)
        manifests = {package.folder: self._package_table(package) for package in self.packages}
        root = manifests.setdefault("ws", {})
        root.update(self._workspace_tables())
        for folder, manifest in manifests.items():
            yield f"{folder}/Cargo.toml", scribe.document(manifest)
        for package in self.packages:
            yield f"{package.folder}/src/{'lib' if package.library else 'main'}.rs", "fn main() {}\n"

    def seed_lock(self) -> str:
        """Return a Cargo.lock that fixes only the revision of git sources, which cargo cannot ask for."""
        git = [crate for crate in self.crates if crate.source == "git"]
        entries: list[dict[str, Value]] = [
            {"name": crate.name, "version": crate.version, "source": self.git_source} for crate in git
        ]
        for package in self.packages:
            wanted = [d.package for d in package.dependencies if d.source in {"git", "path"}]
            entries.append({"name": package.name, "version": package.version, "dependencies": wanted})
        return Scribe().document({"version": 4, "package": entries})

    @property
    def git_source(self) -> str:
        """The source text of git packages in Cargo.lock."""
        query = f"?{urlencode([self.git_reference])}" if self.git_reference else ""
        return f"git+{GIT_URL}{query}#{GIT_REVISION}"

    def _cargo_config(self) -> str:
        git = {"git": GIT_URL, "replace-with": "forge"}
        if self.git_reference:
            git[self.git_reference[0]] = self.git_reference[1]
        return Scribe().document(
            {
                "registries": {"alternate": {"index": ALTERNATE_INDEX}},
                "source": {
                    "crates-io": {"replace-with": "registry"},
                    "alternate-index": {"registry": ALTERNATE_INDEX, "replace-with": "alternate"},
                    self.git_source.partition("#")[0]: git,
                    **{folder: {"directory": folder} for folder in SOURCE_FOLDERS.values()},
                },
            },
        )

    def _crate_files(self, crate: Crate) -> Iterator[tuple[str, str]]:
        folder = f"{SOURCE_FOLDERS[crate.source]}/{crate.name}-{crate.version}"
        manifest: dict[str, Value] = {
            "package": {"name": crate.name, "version": crate.version, "edition": "2021"},
            **_dependency_tables(crate.dependencies, lambda d: self._requirement(d, folder)),
        }
        if crate.features:
            manifest["features"] = dict(crate.features)
        files = {
            "Cargo.toml": Scribe().document(manifest),
            f"src/{'lib' if crate.library else 'main'}.rs": "fn main() {}\n",
        }
        checksum: dict[str, object] = {
            "files": {path: sha256(text.encode()).hexdigest() for path, text in files.items()},
        }
        if crate.source != "git":
            checksum["package"] = sha256(f"{crate.name} {crate.version} {crate.source}".encode()).hexdigest()
        yield f"{folder}/.cargo-checksum.json", json.dumps(checksum)
        for path, text in files.items():
            yield f"{folder}/{path}", text

    def _package_table(self, package: PathPackage) -> dict[str, Value]:
        head: dict[str, Value] = {"name": package.name, "version": package.version, "edition": "2021"}
        if package.inherits_version:
            head["version"] = {"workspace": True}
        if package.workspace is not None:
            head["workspace"] = package.workspace
        if package.metadata:
            head["metadata"] = package.metadata
        manifest: dict[str, Value] = {"package": head}
        if package.features:
            manifest["features"] = {name: list(enables) for name, enables in package.features.items()}
        manifest.update(
            _dependency_tables(package.dependencies, lambda d: self._declaration(d, package.folder)),
        )
        return manifest

    def _workspace_tables(self) -> dict[str, Value]:
        tables: dict[str, Value] = {}
        if self.has_table:
            workspace: dict[str, Value] = {"resolver": "2"}
            if self.members:
                workspace["members"] = list(self.members)
            if self.exclude:
                workspace["exclude"] = list(self.exclude)
            if self.shared_version:
                workspace["package"] = {"version": self.shared_version}
            if self.shared:
                workspace["dependencies"] = {d.key: self._requirement(d, "ws") for d in self.shared}
            if self.metadata:
                workspace["metadata"] = self.metadata
            tables["workspace"] = workspace
        if self.patches:
            tables["patch"] = {
                "crates-io": {name: {"path": os.path.relpath(folder, "ws")} for name, folder in self.patches},
            }
        return tables

    def _declaration(self, dependency: Dependency, folder: str) -> dict[str, Value]:
        if not dependency.inherited:
            return self._requirement(dependency, folder)
        more: dict[str, Value] = {"features": list(dependency.features)} if dependency.features else {}
        return {"workspace": True, **more}

    def _requirement(self, dependency: Dependency, folder: str) -> dict[str, Value]:
        declared: dict[str, Value] = {}
        if dependency.requirement is not None:
            declared["version"] = dependency.requirement
        if dependency.source == "path" and dependency.folder is not None:
            declared["path"] = os.path.relpath(dependency.folder, folder)
        elif dependency.source == "alternate":
            declared["registry"] = "alternate"
        elif dependency.source == "git":
            declared["git"] = GIT_URL
            if self.git_reference:
                declared[self.git_reference[0]] = self.git_reference[1]
        if dependency.alias:
            declared["package"] = dependency.package
        if dependency.features:
            declared["features"] = list(dependency.features)
        if not dependency.default_features:
            declared["default-features"] = False
        return declared


def _dependency_tables(
    dependencies: Sequence[Dependency], spell: Callable[[Dependency], dict[str, Value]]
) -> dict[str, Value]:
    """Return the dependency tables of a manifest, those of targets included."""
    plain: dict[str, dict[str, Value]] = {}
    of_targets: dict[str, dict[str, dict[str, Value]]] = {}
    for dependency in dependencies:
        tables = plain if dependency.target is None else of_targets.setdefault(dependency.target, {})
        declared = spell(dependency)
        if dependency.optional:
            declared["optional"] = True
        only_version = set(declared) == {"version"}
        tables.setdefault(dependency.section, {})[dependency.key] = declared["version"] if only_version else declared
    return {**plain, "target": of_targets} if of_targets else {**plain}
