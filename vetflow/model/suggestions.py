"""Audits that would settle what fails, and how much somebody would have to read for each of them.

Nodes are indices into the `PackageGraph` that was judged, as in `model.report`.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from vetflow.model.audits import Publisher
from vetflow.model.criteria import CriteriaSet
from vetflow.model.names import CrateName, ImportName
from vetflow.model.report import CrateVersion
from vetflow.model.version import VetVersion


class CrateDelta(NamedTuple):
    """What an audit would be of: what changes from `base` to `version`, or with None all of `version`."""

    name: CrateName
    base: VetVersion | None
    version: VetVersion

    def ends(self) -> tuple[CrateVersion, ...]:
        """Return the one or two versions it is about, the one it starts from first."""
        end = CrateVersion(self.name, self.version)
        return (end,) if self.base is None else (CrateVersion(self.name, self.base), end)


class DiffStat(NamedTuple):
    """The size of a difference between two versions, or of a whole version: every line of it is inserted."""

    insertions: int
    deletions: int
    files_changed: int

    @property
    def lines(self) -> int:
        """What cargo-vet calls the cost: the lines to read."""
        return self.insertions + self.deletions


class UnknownSize(NamedTuple):
    """A size that could not be found out. reason: half a sentence, without a full stop."""

    reason: str


Size: TypeAlias = DiffStat | UnknownSize


class Suggestion(NamedTuple):
    """An audit that brings a failing crate to where it is vetted.

    node: the failing crate. target: the version audits have to lead to: the node's, or for a git revision the
    published version that is audited before it. missing: all criteria without a path (closed set). parents: the names
    of the packages that depend on it, sorted.
    """

    node: int
    delta: CrateDelta
    size: Size
    target: VetVersion
    missing: CriteriaSet
    parents: tuple[CrateName, ...]

    @property
    def lines(self) -> int | None:
        """The lines to read, None when nobody knows."""
        return self.size.lines if isinstance(self.size, DiffStat) else None


class Suggest(NamedTuple):
    """The audits suggested for all that fails.

    suggestions: cargo-vet's list, the smallest first. unmeasured: what that list leaves out because no candidate for a
    crate could be measured, by name and version. failures: every candidate that could not be measured, also where
    another one could.
    """

    suggestions: tuple[Suggestion, ...]
    unmeasured: tuple[Suggestion, ...]
    failures: tuple[tuple[CrateDelta, UnknownSize], ...]

    @property
    def total_lines(self) -> int:
        """What cargo-vet calls the backlog: the lines of its list. There may be more to read."""
        return sum(suggestion.lines or 0 for suggestion in self.suggestions)


class TrustHint(NamedTuple):
    """Somebody is trusted who publishes this crate.

    trusted_by: None for the own store, else the imports that trust them. publisher: a row of theirs.
    is_exact: they published the suggested version itself, not only another one. is_sole: nobody else ever
    published this crate.
    """

    trusted_by: tuple[ImportName | None, ...]
    publisher: Publisher
    is_exact: bool
    is_sole: bool


class ImportHint(NamedTuple):
    """A publisher of audits, not yet imported, whose audits would help. lines: what is then left to read."""

    name: ImportName
    lines: int


class Hints(NamedTuple):
    """What else is known about a suggestion. publisher: who published the version it leads to."""

    publisher: Publisher | None = None
    trust: TrustHint | None = None
    imports: tuple[ImportHint, ...] = ()
