"""What a proposal does to the store that judges it: takes it away, moves it, brings entries that nobody vouches for.

cargo-vet believes whatever the store of a proposal says. Where nobody signs, that leaves somebody to look at who made
it; so a proposal never needs nothing only because it says so itself.
"""

from __future__ import annotations

import os.path
from collections.abc import Callable, Iterable, Iterator, Sequence
from shlex import quote
from typing import Final

from vetflow.app.network import Sources
from vetflow.app.pins import pin_reading
from vetflow.app.project import Project
from vetflow.app.readings import Progress, identity_of, read_packages
from vetflow.app.signature_files import shown
from vetflow.app.signing import new_entries
from vetflow.app.surface_lock import find_surface_lock, read_surface_lock
from vetflow.errors import Place
from vetflow.formats.store_files import AUDITS, CONFIG, IMPORTS
from vetflow.model.audits import Audit, AuditKind
from vetflow.model.findings import Finding, Level
from vetflow.model.names import CrateName
from vetflow.model.pins import PinnedCrate, SurfaceLock
from vetflow.model.ports import FileTree
from vetflow.model.store import ImportsFile, Store
from vetflow.project.other_locks import other_lock_files
from vetflow.trust.claims import claim_of, entries_of
from vetflow.trust.debt import debt

_MOST_NAMED: Final = 5


class _WithFolder:
    """A `FileTree` that is one tree but for a folder, which another tree has."""

    def __init__(self, tree: FileTree, folder: str, other: FileTree) -> None:
        self._tree = tree
        self._folder = folder
        self._other = other

    def _of(self, path: str) -> FileTree:
        return self._other if path == self._folder or path.startswith(self._folder + os.sep) else self._tree

    def read(self, path: str) -> bytes:
        """Return the content of a file; raises OSError."""
        return self._of(path).read(path)

    def is_file(self, path: str) -> bool:
        """Whether there is a file of this path."""
        return self._of(path).is_file(path)

    def is_dir(self, path: str) -> bool:
        """Whether there is a folder of this path."""
        return self._of(path).is_dir(path)

    def list_dir(self, path: str) -> Sequence[str]:
        """Return the names in a folder."""
        return self._of(path).list_dir(path)

    def identity(self, path: str) -> str | None:
        """Return what tells a copy of a tree from another."""
        return self._of(path).identity(path)


def with_a_store(head: Project, base: Project | None) -> tuple[Project, tuple[Finding, ...]]:
    """Return the proposal with the base's store where it brings none, and what is to be said of where its store is.

    Whoever takes the store away is still answered: by what the base says.
    """
    if base is None or not base.tree.is_dir(base.store.folder):
        return head, ()
    name = shown(base, "").rstrip("/")
    if not head.tree.is_dir(head.store.folder):
        reason = f"the proposal has no folder {name} any more, so that nothing would be checked; the base's was used"
        removed = Finding("policy/store-removed", Level.FAIL, None, reason, f"restore {name} from version control")
        tree = _WithFolder(head.tree, base.store.folder, base.tree)
        return head._replace(tree=tree, store=base.store), (removed,)
    if head.store.folder == base.store.folder:
        return head, ()
    there = os.path.relpath(head.store.folder, head.workspace.root)
    reason = f"the store is in {there} now, and is in {name} at the base: everything that decides may be another there"
    return head, (Finding("policy/changed", Level.WARN, None, reason),)


def store_findings(
    head: Project, base: Store, now: Store, why_not: Callable[[str], str | None], *, nobody_signs: bool
) -> Iterator[Finding]:
    """Yield what a proposal brings by which crates pass, without anybody vouching for it.

    why_not: see `rules.InForce`. nobody_signs: entries are not signed in this project, though they should be.
    """
    config = Place(shown(head, CONFIG))
    exempted = debt(base.config.exemptions, now.config.exemptions).new
    unvouched = why_not(CONFIG) if exempted else None
    for crate, exemption in exempted:
        reason = f"{crate} {exemption.version} is exempted here: nobody has read it"
        level = Level.NOTE if unvouched is None else Level.WARN
        settle = f"vetflow inspect {crate} {exemption.version}"
        yield Finding("debt/new", level, config, f"{reason}; {unvouched}" if unvouched else reason, settle)
    if not nobody_signs:
        return
    entries = [
        str(claim_of(crate, entry))
        for crate, entry in new_entries(base.audits, now.audits)
        if not (isinstance(entry, Audit) and entry.kind is AuditKind.VIOLATION)
    ]
    if entries:
        reason = f"entries that are new, in a project where nobody signs: {_some(entries)}; is it known who made them?"
        yield Finding("signatures/nobody-signs", Level.WARN, Place(shown(head, AUDITS)), reason)


def imports_findings(head: Project, base: ImportsFile, now: ImportsFile) -> Iterator[Finding]:
    """Yield what is new in imports.lock, and violations that are gone; for a project that keeps no receipts."""
    place = Place(shown(head, IMPORTS))
    for peer, file in base.audits.items():
        left = frozenset(entries_of(now.audits[peer])) if peer in now.audits else frozenset()
        for crate, entry in entries_of(file):
            if isinstance(entry, Audit) and entry.kind is AuditKind.VIOLATION and (crate, entry) not in left:
                reason = f"the {claim_of(crate, entry)} from {peer} is no longer there"
                yield Finding("imports/violation-missing", Level.FAIL, place, reason)
    rows = []
    for peer, file in now.audits.items():
        known = frozenset(entries_of(base.audits[peer])) if peer in base.audits else frozenset()
        rows += [f"{claim_of(*row)} from {peer}" for row in entries_of(file) if row not in known]
    for crate, publishers in now.publisher.items():
        known_rows = base.publisher.get(crate, ())
        rows += [f"who published {crate} {row.version}" for row in publishers if row not in known_rows]
    if rows:
        reason = f"rows that are new, and that nobody is known to have accepted: {_some(rows)}"
        settle = "`vetflow imports accept` writes down what was accepted; `vetflow imports review` looks at it"
        yield Finding("imports/new-rows", Level.WARN, place, reason, settle)


def other_lock_findings(head: Project, base: Project) -> Iterator[Finding]:
    """Yield other lock files of the repository that a proposal brings or changes: what they lock is not looked at."""
    lock = head.lock_file()
    if lock is None:
        return
    before = frozenset(other_lock_files(lock, base.commit))
    for path in other_lock_files(lock, head.commit):
        old, new = (tree.read(path) if tree.is_file(path) else None for tree in (base.tree, head.tree))
        if path in before and old == new:
            continue
        name = os.path.relpath(path, head.request.cwd)
        settle = f"vetflow ci --manifest-path {quote(os.path.join(os.path.dirname(name), 'Cargo.toml'))}"
        yield Finding("lock/other-changed", Level.WARN, Place(name), f"{name} changes, and is judged by itself", settle)


def surface_lock_findings(
    head: Project, base: Project, known: Iterable[SurfaceLock | None], sources: Sources, progress: Progress
) -> Iterator[Finding]:
    """Yield what a proposal writes into surface.lock that nothing bears out: later runs would believe it.

    known: what is pinned elsewhere, or was read in this run. What is in none of these is held against its archive.
    """
    path = find_surface_lock(head.tree, head.workspace, head.store.folder)
    if path is None or (base.tree.is_file(path) and base.tree.read(path) == head.tree.read(path)):
        return
    said = read_surface_lock(head.tree, path, head.request.cwd)
    borne_out = {pin for lock in known if lock for pin in _pins(lock)}
    others = [pin for pin in _pins(said) if pin not in borne_out]
    wanted = {(name, row.version, row.checksum): (name, row) for name, row in others}
    packages = [each for each in head.workspace.packages if (each.name, each.version, each.checksum) in wanted]
    readings = read_packages(packages, head.request, sources, progress) if packages else None
    for package in packages:
        reading = readings.found.get(identity_of(package)) if readings else None
        if reading is not None:
            borne_out.add((package.name, pin_reading(package.version, package.checksum, reading)))
    unfounded = [f"{name} {row.version}" for name, row in others if (name, row) not in borne_out]
    if unfounded:
        place = Place(os.path.relpath(path, head.request.cwd))
        reason = f"surface.lock says what is not known to be so of {_some(unfounded)}; later runs would believe it"
        yield Finding("growth/unfounded-pin", Level.FAIL, place, reason, "vetflow baseline")


def _pins(lock: SurfaceLock) -> Iterator[tuple[CrateName, PinnedCrate]]:
    """Yield what is pinned of each crate by itself: whether something links it each run finds out anew."""
    for name, rows in lock.crates.items():
        yield from ((name, row._replace(host=False)) for row in rows)


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more
