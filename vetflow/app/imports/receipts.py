"""What was accepted of the imports of a project, and whether imports.lock holds nothing else: `imports verify`."""

from __future__ import annotations

from typing import Final

from vetflow.app.project import Project, open_project
from vetflow.app.recording import own_text
from vetflow.app.request import Request
from vetflow.app.signature_files import read_keys, shown
from vetflow.app.verify import first_seen_in
from vetflow.formats.import_receipts import RECEIPTS, Receipts, parse_receipts
from vetflow.formats.store_files import CONFIG, IMPORTS
from vetflow.model.findings import Finding, Level
from vetflow.model.names import CrateName
from vetflow.model.packages import PackageGraph
from vetflow.store.open import OpenedStore
from vetflow.trust.moments import parse_moment
from vetflow.trust.receipts import ImportFlaw, ImportProblem, judge_imports
from vetflow.trust.signatures import Judge

_OF_ROWS: Final = (ImportFlaw.FORGED, ImportFlaw.WIDENED, ImportFlaw.EDITED, ImportFlaw.PUBLISHER)


def read_receipts(project: Project) -> Receipts | None:
    """Read what was accepted; None in a project that keeps no receipts. Raises StoreError."""
    text = own_text(project, RECEIPTS)
    return None if text is None else parse_receipts(text, shown(project, RECEIPTS))


def verify_imports(request: Request, now: int) -> tuple[Finding, ...] | None:
    """Judge imports.lock by the receipts, without any request; None in a project that keeps none.

    now: seconds since 1970. Raises StoreError.
    """
    return import_findings(open_project(request), now)


def import_findings(project: Project, now: int, base: Project | None = None) -> tuple[Finding, ...] | None:
    """Do the same for a project that is open.

    base: the project at the revision whose keys count. Where that allows none, a proposal cannot sign for what it
    accepts, and only what the base accepted counts.
    """
    own = read_receipts(project)
    known = None if base is None else read_receipts(base)
    receipts = known if known is not None and base is not None and read_keys(base) is None else own or known
    if receipts is None:
        return None
    opened = project.open_store(locked=False)
    return tuple(_finding(opened, problem) for problem in _problems(project, opened, receipts, now, base or project))


def not_accepted(project: Project) -> tuple[Finding, ...]:
    """Say in one line how many rows of imports.lock nobody accepted; nothing in a project that keeps no receipts."""
    receipts = read_receipts(project)
    if receipts is None:
        return ()
    end_of_day = parse_moment(f"{project.request.today}T23:59:59Z")
    problems = _problems(project, project.open_store(locked=False), receipts, end_of_day, project)
    if not problems:
        return ()
    rows = sum(1 for problem in problems if problem.flaw in _OF_ROWS)
    others = len(problems) - rows
    parts = [f"{rows} imported rows not accepted" if rows else "", f"{others} more to look at" if others else ""]
    reason = ", ".join(part for part in parts if part)
    return (Finding("imports/not-accepted", Level.WARN, None, reason, "vetflow imports review"),)


def crates_in_use(graph: PackageGraph) -> frozenset[CrateName]:
    """Return the names of the third-party crates of a graph."""
    return frozenset(node.name for node in graph.nodes if node.is_third_party)


def import_judge(project: Project, now: int) -> Judge | None:
    """Return what the signatures of receipts are judged by; None in a project that does not sign."""
    keys = read_keys(project)
    return None if keys is None else Judge(keys, now, first_seen_in(project, RECEIPTS, project.commit or "HEAD"))


def _problems(
    project: Project, opened: OpenedStore, receipts: Receipts, now: int, keys_of: Project
) -> tuple[ImportProblem, ...]:
    # The graph without filters: imports.lock is that of the whole workspace.
    whole = project._replace(request=project.request._replace(filters=())).graph(opened.store.config.policy)
    return judge_imports(opened.store, receipts, crates_in_use(whole), import_judge(keys_of, now))


def _finding(opened: OpenedStore, problem: ImportProblem) -> Finding:
    place = opened.files.place(IMPORTS)
    if problem.flaw is ImportFlaw.CHANGED_IMPORT and problem.peer is not None:
        place = opened.files.place(CONFIG, ("imports", problem.peer))
    elif problem.peer is not None and problem.crate is not None:
        place = opened.files.place(IMPORTS, ("audits", problem.peer, "audits", problem.crate), ("audits", problem.peer))
    elif problem.crate is not None:
        place = opened.files.place(IMPORTS, ("publisher", problem.crate))
    settle = f"vetflow imports review {problem.peer}" if problem.peer else "vetflow imports review"
    return Finding(f"imports/{problem.flaw.value}", Level.FAIL, place, problem.reason, settle)
