"""What the core asks of the outside world: small protocols, implemented at the edges and faked in tests."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # a check reads files through a port and needs no suggestions
    from vetflow.model.names import CrateName
    from vetflow.model.suggestions import CrateDelta, Size
    from vetflow.model.version import VetVersion


class FileTree(Protocol):
    """A read-only view of a directory tree: the disk, or a revision of a git repository.

    Paths are absolute and normalised (`os.path.normpath`), with `/` as separator. No method writes.
    """

    def read(self, path: str) -> bytes:
        """Return the content of a file; raises OSError (FileNotFoundError when there is none)."""
        ...

    def is_file(self, path: str) -> bool:
        """Whether `path` names a file."""
        ...

    def is_dir(self, path: str) -> bool:
        """Whether `path` names a directory."""
        ...

    def list_dir(self, path: str) -> Sequence[str]:
        """Return the names in a directory, sorted; empty when it is none."""
        ...

    def identity(self, path: str) -> str | None:
        """Return what tells a directory on disk from a copy of it; None where there is no such thing."""
        ...


class DiffSizes(Protocol):
    """Measures what somebody would have to read. Archives may be fetched for it; nothing is raised for that."""

    def sizes(self, deltas: Collection[CrateDelta]) -> Mapping[CrateDelta, Size]:
        """Return the size of each delta, or why it is unknown.

        Asked for many at once, so that archives can be fetched side by side; each delta is computed once.
        """
        ...


class IndexVersions(Protocol):
    """Knows which versions of a crate are published."""

    def published(
        self, versions: Mapping[CrateName, Collection[VetVersion]]
    ) -> Mapping[CrateName, Collection[VetVersion] | None]:
        """Return all published versions of each crate, yanked ones too.

        versions: by crate those that matter; an answer that knows all of them may be of an earlier day, as no version
        is ever taken back. None where nobody can say in this run, or where the registry has no such crate: then any
        version is presumed to be published, as cargo-vet does.
        """
        ...
