"""A pull request against a recorded project, for `ci`: everything committed, nothing to fetch.

The project's own audits are signed by somebody made up, what it imports has receipts, all crates are pinned, and there
is a database of advisories about crates of its lock. The facts are made up too: what counts is that there are as many.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, NamedTuple

from tests.perf.measure import Program, vetflow_command
from tests.receipts import accept_everything
from tests.signers import ADDRESS, line_of, signed
from tests.unit.project.repository import Repository
from vetflow.app.project import Project, open_project
from vetflow.app.request import Request
from vetflow.formats.signatures_toml import SignatureRow, SignaturesFile, write_signatures
from vetflow.formats.surface_lock import write_surface_lock
from vetflow.model.audits import Audit, TrustedEntry, WildcardAudit
from vetflow.model.dates import Date
from vetflow.model.packages import Targets
from vetflow.model.pins import PinnedCrate, SurfaceLock
from vetflow.model.version import parse_version
from vetflow.store.open import OpenedStore
from vetflow.trust.claims import entries_of
from vetflow.trust.signatures import addresses

SIGNED: Final = 1_000
ADVISORIES: Final = 1_000
BUMPS: Final = 4
MOMENT: Final = "2026-08-22T12:00:00Z"
TODAY: Final = Date(2026, 8, 22)
SIGNED_AT: Final = 1_785_542_400
_ALL: Final = 'namespaces="audit-v1@vetflow,import-v1@vetflow,git"'
_ENTRY: Final = re.compile(
    r'name = "(?P<name>[^"]+)"\nversion = "(?P<version>[^"]+)"\n'
    r'source = "registry[^"]+"\nchecksum = "(?P<sum>[^"]+)"'
)


class Prepared(NamedTuple):
    """What is to be measured, and how many entries and receipts it holds."""

    program: Program
    signed: int
    receipts: int


def prepare(root: Path, scratch: Path) -> Prepared:
    """Make a repository of a recorded project whose last commit bumps four crates."""
    project = open_project(Request(str(root), str(scratch / "cargo"), TODAY))
    opened = project.open_store(locked=False)
    store = root / "supply-chain"
    count = _sign(project, opened, store)
    accept_everything(root, scratch / "cargo", at=SIGNED_AT, today=TODAY)
    lock = (root / "Cargo.lock").read_text()
    older = _older(lock)
    _pin([lock, older], store)
    database = scratch / "cargo" / "advisory-db"
    _advise(lock, database)
    repository = Repository(root)
    (root / "Cargo.lock").write_text(older)
    repository.commit({})
    repository.commit({"Cargo.lock": lock})
    words = ("ci", "--base", "HEAD~1", "--rev", "HEAD", "--offline", "--current-time", MOMENT)
    environ = {"CARGO_HOME": str(scratch / "cargo"), "XDG_CACHE_HOME": str(scratch / "cache")}
    return Prepared(Program((*vetflow_command(), *words), root, environ), count, len(opened.store.config.imports))


def _sign(project: Project, opened: OpenedStore, store: Path) -> int:
    rows: list[SignatureRow] = []
    lines: dict[str, str] = {}
    sums = {
        (each.name, str(each.version)): f"sha256:{each.checksum}"
        for each in project.workspace.packages
        if each.checksum
    }
    for crate, entry in entries_of(opened.store.audits):
        who = _author(entry)
        if who is None or len(rows) == SIGNED:
            continue
        artifacts = {
            str(end): f"git:{end.git}" if end.git else sums.get((crate, str(end)), f"sha256:{'ab' * 32}")
            for end in ((entry.version, entry.base) if isinstance(entry, Audit) else ())
            if end is not None
        }
        row = signed(
            crate, entry, who=who, at=SIGNED_AT, artifacts=artifacts, criteria=dict(opened.store.audits.criteria)
        )
        rows.append(row)
        lines[row.signer] = line_of(row.signer, options=_ALL)
    lines[ADDRESS] = line_of(options=_ALL)
    (store / "signatures.toml").write_text(write_signatures(SignaturesFile(rows=tuple(rows))))
    (store / "allowed_signers").write_text("".join(lines.values()))
    return len(rows)


def _author(entry: Audit | WildcardAudit | TrustedEntry) -> str | None:
    if isinstance(entry, TrustedEntry):
        return None
    return next((who for who in entry.who if addresses((who,))), None)


def _older(lock: str) -> str:
    """Return the lock with four crates at versions of before."""
    found = [match for match in _ENTRY.finditer(lock) if re.fullmatch(r"\d+\.\d+\.[1-9]\d*", match["version"])]
    bumped = [match for match in found if lock.count(f'name = "{match["name"]}"') == 1]
    for match in bumped[:BUMPS]:
        major, minor, patch = match["version"].split(".")
        before = match[0].replace(f'"{match["version"]}"', f'"{major}.{minor}.{int(patch) - 1}"')
        lock = lock.replace(match[0], before.replace(match["sum"], match["sum"][::-1]))
    return lock


def _pin(locks: list[str], store: Path) -> None:
    crates: dict[str, dict[str, PinnedCrate]] = {}
    for lock in locks:
        for number, match in enumerate(_ENTRY.finditer(lock)):
            runs = number % 5 == 0
            crates.setdefault(match["name"], {})[match["sum"]] = PinnedCrate(
                parse_version(match["version"]),
                match["sum"],
                Targets(has_library=True, proc_macro=False, build_script=runs),
                surface=f"{number:064x}" if runs else None,
            )
    text = write_surface_lock(SurfaceLock("perf", {name: tuple(rows.values()) for name, rows in crates.items()}))
    (store / "surface.lock").write_text(text)


def _advise(lock: str, database: Path) -> None:
    names = [match["name"] for match in _ENTRY.finditer(lock)]
    for number in range(ADVISORIES):
        name, advisory = names[number % len(names)], f"RUSTSEC-2026-{number:04}"
        text = (
            f'```toml\n[advisory]\nid = "{advisory}"\npackage = "{name}"\ndate = "2026-08-01"\n'
            f'[versions]\npatched = [">= 0.0.1"]\n```\n\n# Something about {name}\n'
        )
        path = database / "crates" / name / f"{advisory}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    Repository(database).commit({})
