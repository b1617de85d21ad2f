"""What has to be known of a package to tell what of it, and of what it depends on, runs on the machine that builds it.

Cargo.lock has only names and versions. Kinds and conditions of dependencies, features and targets stand in the manifest
that was published. That never changes for an archive, so these facts are kept by its checksum for good.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Final, NamedTuple

from vetflow.errors import Place, WorkspaceError
from vetflow.formats.cargo_dependencies import ManifestDependency
from vetflow.formats.cargo_toml import BUILD_SCRIPT, Manifest
from vetflow.model.names import CrateName
from vetflow.model.packages import DependencyKind, Targets
from vetflow.model.requirement import VersionReq

LIBRARY: Final = "src/lib.rs"
"""Where cargo looks for the library of a package that does not say."""

_DEPENDENCY: Final = "dep:"


class CrateDependency(NamedTuple):
    """One line of a manifest's tables of dependencies.

    key: the name in the manifest, by which features refer to it; package: the real name. requirement: None accepts
    every version. target: the `cfg(...)` or target triple of its table, None where it holds for all.
    features: what it asks of the dependency, besides the default feature.
    """

    key: str
    package: CrateName
    requirement: VersionReq | None
    kind: DependencyKind
    target: str | None = None
    optional: bool = False
    default_features: bool = True
    features: tuple[str, ...] = ()


class CrateFacts(NamedTuple):
    """What a manifest and the names of the files beside it say.

    targets: nothing in it is None. links: the native library the package claims. dependencies: in cargo's order;
    of published crates without those for development, which nobody else ever builds. features: as declared, without
    those that optional dependencies imply (see `feature_table`).
    """

    targets: Targets
    links: str | None = None
    dependencies: tuple[CrateDependency, ...] = ()
    features: Mapping[str, tuple[str, ...]] = {}

    def feature_table(self) -> Mapping[str, tuple[str, ...]]:
        """Return all features: an optional dependency is one, too, unless a `dep:` hides it or a feature has its name.

        Linear in features and dependencies.
        """
        hidden = {
            value[len(_DEPENDENCY) :]
            for values in self.features.values()
            for value in values
            if value.startswith(_DEPENDENCY)
        }
        implied = {
            dependency.key: (_DEPENDENCY + dependency.key,)
            for dependency in self.dependencies
            if dependency.optional and dependency.key not in hidden
        }
        return {**implied, **self.features}


def published_facts(manifest: Manifest, paths: Container[str]) -> CrateFacts:
    """Return the facts about a published crate, by cargo's rules (shared spec behaviour A1, graph 4).

    manifest: its Cargo.toml, the one cargo wrote when it was published. paths: the files of the package, relative to
    its root. Raises WorkspaceError for a manifest without a [package].
    """
    package = manifest.package
    if package is None:
        raise WorkspaceError(f"{manifest.file} has no [package]", place=Place(manifest.file))
    library = manifest.library
    script = package.build_script
    targets = Targets(
        has_library=library is not None or ("lib" in package.automatic and LIBRARY in paths),
        proc_macro=library is not None and library.proc_macro,
        build_script=BUILD_SCRIPT in paths if script is None else script,
    )
    declared = [each for each in manifest.dependencies if each.kind is not DependencyKind.DEV]
    return declared_facts(manifest, targets, declared)


def declared_facts(manifest: Manifest, targets: Targets, declared: Iterable[ManifestDependency]) -> CrateFacts:
    """Return the facts about a package whose targets are known; `declared` are its dependencies, none inherited."""
    links = manifest.package.links if manifest.package is not None else None
    return CrateFacts(targets, links, tuple([_dependency(each) for each in declared]), manifest.features)


def _dependency(declared: ManifestDependency) -> CrateDependency:
    table = declared.table
    return CrateDependency(
        key=declared.key,
        package=declared.package,
        requirement=declared.requirement,
        kind=declared.kind,
        target=table[1] if table[0] == "target" else None,
        optional=declared.optional,
        default_features=declared.default_features is not False,
        features=declared.features,
    )
