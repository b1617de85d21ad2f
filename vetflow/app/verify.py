"""`verify`: whether every entry of audits.toml is signed, and for all that it claims.

Against a base revision, the base says whose keys count and which entries are older than signing; a proposal cannot
allow its own keys. Only what the proposal changes is then reported, and what it takes away.
"""

from __future__ import annotations

import os.path
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from typing import Final, NamedTuple

from vetflow.app.checklist_files import own_checklists
from vetflow.app.project import Project, open_project
from vetflow.app.recording import own_text
from vetflow.app.request import Request
from vetflow.app.signature_files import NO_SIGNATURES, POLICY_FILES, SignatureFiles, read_signature_files, shown
from vetflow.app.signing import new_entries
from vetflow.errors import Place
from vetflow.formats.positions import KeyPath
from vetflow.formats.signatures_baseline import BASELINE
from vetflow.formats.signatures_toml import SIGNATURES, SignatureRow
from vetflow.formats.store_files import AUDITS, CONFIG
from vetflow.model.findings import Finding, Level
from vetflow.model.names import CRATES_IO, CrateName
from vetflow.model.store import EMPTY_STORE, AuditsFile, Store
from vetflow.store.open import OpenedStore
from vetflow.trust.claims import VIOLATION, Entry, claim_of, entries_of
from vetflow.trust.meaning import meanings
from vetflow.trust.signatures import Flaw, Judge, Keys, Problem, Rules, Sound
from vetflow.trust.verification import EntryVerdict, Surroundings, Verification, own_words, verify_entries

_RESIGN: Final = "look at it again, then `vetflow sign --resign {crate}`"
_SETTLE: Final[Mapping[Flaw, str]] = {
    Flaw.UNSIGNED: "whoever it names runs `vetflow sign {crate}`",
    Flaw.BAD_SIGNATURE: "restore signatures.toml, or `vetflow sign --resign {crate}`",
    Flaw.UNKNOWN_KEY: "if the key is theirs, an owner runs `vetflow keys add`",
    Flaw.REVOKED: "somebody whose key counts reads it again: `vetflow sign --resign {crate}`",
    Flaw.OUT_OF_WINDOW: "`vetflow sign --resign {crate}` with a key that is valid now",
}


class Verify(NamedTuple):
    """What came of it. signs: whether the project has keys that count at all; without, no entry can be verified.

    base: the commit whose keys counted, None for the store's own. findings: what is wrong and in the scope asked for.
    """

    verification: Verification
    signs: bool
    base: str | None
    findings: tuple[Finding, ...]

    @property
    def succeeded(self) -> bool:
        """Whether nothing found is a failure."""
        return all(finding.level is not Level.FAIL for finding in self.findings)


class _Base(NamedTuple):
    """The store as the base revision has it. policy: the texts of `POLICY_FILES`. checklists: the project's own."""

    commit: str
    store: Store
    files: SignatureFiles
    policy: Mapping[str, str | None]
    checklists: Mapping[str, str] = {}


def verify(request: Request, now: int, *, since: str | None = None, rules: Rules | None = None) -> Verify:
    """Verify the entries of a store; raises StoreError for files that cannot be understood.

    now: seconds since 1970. since: the base revision.
    """
    return verify_project(open_project(request), now, since=since, rules=rules)


def verify_project(project: Project, now: int, *, since: str | None = None, rules: Rules | None = None) -> Verify:
    """Do the same for a project that is open."""
    opened = project.open_store(locked=False)
    files = read_signature_files(project)
    base = None if since is None else _base(project, since)
    # A proposal that brings the first keys has no others to be judged by, and says so.
    trusted = base.files if base is not None and base.files.keys is not None else files
    rules = rules or Rules()
    history = first_seen_in(project, SIGNATURES, since or project.commit or "HEAD")
    judge = Judge(trusted.keys or Keys(), now, history, rules)
    look = judge.remembering()
    verification = verify_entries(
        list(entries_of(opened.store.audits)),
        files.signatures.rows,
        judge,
        surroundings(project, opened, trusted if trusted.signatures.rows else files, rules),
        frozenset(trusted.baseline),
        look=look,
    )
    changed = (*_table_changes(base, opened), *_removed_violations(base, opened)) if base else ()
    if trusted.keys is None and not files.signatures.rows:
        return Verify(verification, signs=False, base=base and base.commit, findings=changed)
    scope = _Scope(base, judge, rules, look)
    findings = (
        *(_policy_changes(project, base) if base else ()),
        *changed,
        *_entry_findings(opened, verification, scope),
        *_stray_findings(project, verification, scope),
    )
    return Verify(verification, signs=True, base=base and base.commit, findings=findings)


def surroundings(project: Project, opened: OpenedStore, files: SignatureFiles, rules: Rules) -> Surroundings:
    """Return what the own entries of a store are held against."""
    words = own_words(opened.store.criteria, meanings(opened.store.audits.criteria))
    return Surroundings(words, locked_checksums(project), files.signatures.audience, rules.allow_note_edits)


def locked_checksums(project: Project) -> Mapping[tuple[CrateName, str], str]:
    """Return the checksums that Cargo.lock has of archives of crates.io, by crate and version."""
    return {
        (package.name, str(package.version)): package.checksum
        for package in project.workspace.packages
        if package.source == CRATES_IO and package.checksum
    }


class _Scope:
    """What is reported: everything, or what is wrong now and was not at the base."""

    def __init__(
        self, base: _Base | None, judge: Judge, rules: Rules, look: Callable[[SignatureRow], Sound | Problem]
    ) -> None:
        self._is_all = base is None
        self._rows = set(base.files.signatures.rows) if base else set()
        self._wrong = set(_wrong_before(base, judge, rules, look)) if base else set()

    def has_entry(self, verdict: EntryVerdict, problem: Problem) -> bool:
        """Whether an entry has a problem that it did not have."""
        return (verdict.crate, verdict.entry, problem.flaw) not in self._wrong

    def has_row(self, row: SignatureRow) -> bool:
        """Whether a signature is new."""
        return self._is_all or row not in self._rows


def _wrong_before(
    base: _Base, judge: Judge, rules: Rules, look: Callable[[SignatureRow], Sound | Problem]
) -> Iterator[tuple[CrateName, Entry, Flaw]]:
    """Yield the entries that were not signed as they stood at the base; its Cargo.lock is not looked at."""
    words = own_words(base.store.criteria, meanings(base.store.audits.criteria))
    around = Surroundings(words, {}, base.files.signatures.audience, rules.allow_note_edits)
    entries = list(entries_of(base.store.audits))
    for verdict in verify_entries(entries, base.files.signatures.rows, judge, around, look=look).entries:
        if verdict.problem is not None:
            yield verdict.crate, verdict.entry, verdict.problem.flaw


def _base(project: Project, rev: str) -> _Base:
    from vetflow.project.revision import open_revision  # noqa: PLC0415  brings GitPython

    with closing(open_revision(project.request.cwd, rev)) as tree:
        at_base = project._replace(tree=tree, commit=tree.commit)
        if not tree.is_dir(project.store.folder):
            return _Base(tree.commit, EMPTY_STORE, NO_SIGNATURES, dict.fromkeys(POLICY_FILES))
        store = at_base.open_store(locked=False).store
        policy = {name: own_text(at_base, name) for name in POLICY_FILES}
        return _Base(tree.commit, store, read_signature_files(at_base), policy, own_checklists(at_base))


def first_seen_in(project: Project, name: str, rev: str) -> Callable[[str], int | None]:
    """Return the function that says when a signature came into a file of the store, in the history of `rev`."""

    def seen(armour: str) -> int | None:
        from vetflow.project.first_seen import first_seen  # noqa: PLC0415  few keys have ended or are revoked

        return first_seen(project.store.folder, rev, os.path.join(project.store.folder, name), armour)

    return seen


def _entry_findings(opened: OpenedStore, verification: Verification, scope: _Scope) -> Iterator[Finding]:
    paths = _paths(opened.store.audits)
    for verdict, path in zip(verification.entries, paths, strict=True):
        problem = verdict.problem
        if problem is None or verdict.is_old or not scope.has_entry(verdict, problem):
            continue
        what = claim_of(verdict.crate, verdict.entry)
        settle = _SETTLE.get(problem.flaw, _RESIGN).format(crate=verdict.crate)
        place = opened.files.place(AUDITS, path)
        yield Finding(f"signatures/{problem.flaw.value}", Level.FAIL, place, f"{what}: {problem.reason}", settle)


def _stray_findings(project: Project, verification: Verification, scope: _Scope) -> Iterator[Finding]:
    place = Place(shown(project, SIGNATURES))
    for row, problem in verification.stray:
        if scope.has_row(row):
            reason = f"signature about {row.crate}: {problem.reason}"
            yield Finding(f"signatures/{problem.flaw.value}", Level.WARN, place, reason)


def _policy_changes(project: Project, base: _Base) -> Iterator[Finding]:
    """Name what decides whether signatures count and is not as the base has it."""
    for name in POLICY_FILES:
        if own_text(project, name) == base.policy[name]:
            continue
        place = Place(shown(project, name))
        if name == BASELINE and base.files.keys is not None:
            added = read_signature_files(project).baseline.keys() - base.files.baseline.keys()
            if added:
                reason = f"{len(added)} entries were added to {name}, which only shrinks; the base's was used"
                yield Finding("signatures/policy-changed", Level.FAIL, place, reason)
            continue
        used = "there was none" if base.files.keys is None else "the base's was used"
        reason = f"{name} differs from the base ({used}): whoever owns the keys must look at it"
        yield Finding("signatures/policy-changed", Level.WARN, place, reason)
    checklists = own_checklists(project)
    for path in sorted(checklists.keys() | base.checklists.keys()):
        if checklists.get(path) != base.checklists.get(path):
            reason = f"{path} differs from the base: it says what reviewers are asked"
            yield Finding("signatures/policy-changed", Level.WARN, Place(path), reason)


def _table_changes(base: _Base, opened: OpenedStore) -> Iterator[Finding]:
    """Name the tables of the store that say what counts, where they are not as the base has them.

    A criterion that is new says nothing about older entries; one that means something else does.
    """
    then, now = base.store, opened.store
    redefined = [name for name, entry in then.audits.criteria.items() if now.audits.criteria.get(name) != entry]
    for file, key, changed in (
        (CONFIG, "imports", then.config.imports != now.config.imports),
        (CONFIG, "policy", then.config.policy != now.config.policy),
        (AUDITS, "criteria", bool(redefined)),
    ):
        if changed:
            reason = f"[{key}] of {file} differs from the base: it decides what counts"
            yield Finding("signatures/policy-changed", Level.WARN, opened.files.place(file, (key,)), reason)


def _removed_violations(base: _Base, opened: OpenedStore) -> Iterator[Finding]:
    for crate, entry in new_entries(opened.store.audits, base.store.audits):
        claim = claim_of(crate, entry)
        if claim.kind == VIOLATION:
            place = opened.files.place(AUDITS)
            yield Finding("signatures/violation-removed", Level.FAIL, place, f"the {claim} is no longer there")


def _paths(audits: AuditsFile) -> Iterator[KeyPath]:
    """Yield where each entry stands, in the order of `claims.entries_of`."""
    tables = (("audits", audits.audits), ("wildcard-audits", audits.wildcard_audits), ("trusted", audits.trusted))
    for key, table in tables:
        for crate, rows in table.items():
            yield from ((key, crate, index) for index in range(len(rows)))
