"""A review's checklist: what is asked of its reader, and what the signed statement says of what they looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from vetflow.app.checklist import Subject, checklist_of
from vetflow.app.project import Project
from vetflow.app.review.values import AskedChecklist, Certification, Delta, seen_file
from vetflow.app.rules import read_rules
from vetflow.model.names import SAFE_TO_DEPLOY, CriteriaName
from vetflow.review.session import Pair, Session
from vetflow.trust.canonical_json import text_digest
from vetflow.trust.statement import Seen


def ask(project: Project, delta: Delta, needs: Sequence[CriteriaName]) -> AskedChecklist:
    """Return what is asked of a delta's reader. needs: what the project misses of the crate. Raises StoreError."""
    pair = delta.pair
    diff = None if pair.base is None else delta.diff
    subject = Subject(pair.crate, pair.version, pair.base, delta.old, delta.new, diff, delta.host, delta.findings)
    return AskedChecklist(
        checklist_of(subject, project), read_rules(project).checklist, tuple(needs) or (SAFE_TO_DEPLOY,)
    )


def seen(
    deltas: Iterable[Delta], checklists: Mapping[Pair, AskedChecklist], session: Session, decided: Certification
) -> Seen:
    """Return a digest of the files that were viewed, what was waved through, and what was made of each checklist.

    checklists: of the deltas of which one was asked.
    """
    lines: set[str] = set()
    checked = {}
    overrides = [f"not viewed: {path}" for path in decided.unviewed]
    overrides += [f"not viewed, but what it is the same as: {each}" for each in decided.folded]
    for delta in deltas:
        files = [file for group in delta.plan.groups for file in group.files]
        viewed = [file for file in files if seen_file(delta.pair.crate, file) in session.viewed]
        lines.update(f"{file.new.sha256}  {file.path}\n" for file in viewed if file.new)
        if delta.pair in checklists:
            answers = checklists[delta.pair].answers(session, decided.criteria)
            checked[delta.pair.crate] = answers.checked()
            overrides += [f"checklist: {sentence}" for sentence in answers.against(decided.criteria)]
    view = text_digest("".join(sorted(lines))) if lines else None
    return Seen(view=view, assisted_by=decided.assisted_by, overrides=tuple(overrides), checklists=checked)
