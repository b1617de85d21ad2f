"""How a lock and manifests that disagree are told: each rule of refusal as a sentence with its place and the way out.

The rules are numbered as in shared spec graph 1.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from vetflow.errors import Place, WorkspaceError
from vetflow.formats.cargo_dependencies import ManifestDependency
from vetflow.formats.cargo_lock import LockEntry
from vetflow.graph.local_packages import LocalPackage
from vetflow.graph.lock_index import LockIndex
from vetflow.graph.manifests import Manifests

UPDATE: Final = "run `cargo update --workspace` (or any build without `--locked`) and commit Cargo.lock"


class Disagreements:
    """Collects what is wrong, in the order in which it is found."""

    def __init__(self, manifests: Manifests, index: LockIndex) -> None:
        self._manifests = manifests
        self._index = index
        self._absent: set[str] = set()
        self.problems: list[WorkspaceError] = []

    def note_absent(self, package: LocalPackage) -> None:
        """Rule (1): a local package without an entry of its name and version; noted once for a package."""
        if package.directory in self._absent:
            return
        self._absent.add(package.directory)
        listed = [e.semver for e in self._index.entries if e.name == package.name and e.source is None]
        file = package.manifest.file
        self.note_lock(
            f"Cargo.lock lists `{package.name} {' and '.join(listed)}`, but {file} has version {package.version}"
            if listed
            else f"Cargo.lock does not list `{package.name} {package.version}` ({file})"
        )

    def note_unmatched(self, package: LocalPackage, dependency: ManifestDependency, edges: Sequence[LockEntry]) -> None:
        """Rule (2): a dependency that no edge of the lock satisfies. edges: those to packages of its name."""
        requirement = f" {dependency.requirement}" if dependency.requirement is not None else ""
        listed = edges or self._index.named(dependency.package)
        versions = " and ".join(f"{entry.semver} from {entry.source or 'a path'}" for entry in listed)
        if edges:
            why = f"Cargo.lock has {versions}"
        elif listed:
            why = f"Cargo.lock has {versions} only for other packages"
        else:
            why = "Cargo.lock does not list it"
        message = f"`{package.name}` depends on `{dependency.package}{requirement}`, but {why}"
        self.note_dependency(package, dependency, message, UPDATE)

    def note_undeclared(self, package: LocalPackage, entry: LockEntry) -> None:
        """Rule (3): an edge of the lock that nothing in the manifest asks for."""
        self.note_lock(
            f"in Cargo.lock `{package.name}` depends on `{entry.name} {entry.semver}`, "
            f"which {package.manifest.file} does not declare or not switch on"
        )

    def note_unneeded(self, reached: Collection[int]) -> None:
        """Rule (4): entries that count and that no member reaches."""
        for number, entry in enumerate(self._index.entries):
            if self._index.is_live[number] and number not in reached:
                self.note_lock(f"Cargo.lock lists `{entry.name} {entry.semver}`, on which nothing depends")

    def note_dangling(self, entry: LockEntry) -> None:
        """Rule (4), reversed: a third-party entry that depends on something which is not there.

        What such a package depends on does not change, so something was lost: a patch, or an entry.
        """
        missing = [text for text in entry.dependencies if self._index.find(text) is None]
        self.note_lock(
            f"in Cargo.lock `{entry.name} {entry.semver}` depends on `{'`, `'.join(missing)}`, which is not there"
        )

    def note_dependency(
        self, package: LocalPackage, dependency: ManifestDependency, message: str, way_out: str
    ) -> None:
        """Note something about a declared dependency, at its declaration."""
        self._note(message, way_out, self._manifests.dependency_place(package.manifest, dependency))

    def note_patch(self, file: str, dependency: ManifestDependency, message: str, way_out: str = UPDATE) -> None:
        """Rule (5), last part: note something about an entry of `[patch]` or `[replace]` in `file`."""
        self._note(message, way_out, self._manifests.place(file, *dependency.table, dependency.key))

    def note_lock(self, message: str) -> None:
        """Note something of the lock that the manifests do not ask for."""
        self._note(message, UPDATE, Place(self._index.file))

    def _note(self, message: str, way_out: str, place: Place) -> None:
        self.problems.append(WorkspaceError(message, help=way_out, place=place))
