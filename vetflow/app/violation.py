"""`record-violation`: state that versions of a crate do not meet criteria."""

from __future__ import annotations

from vetflow.app.foreign import criteria_to_record
from vetflow.app.project import Project
from vetflow.app.recording import WritePlan, record
from vetflow.app.updating import Run
from vetflow.model.audits import Audit, AuditKind
from vetflow.model.names import CrateName, CriteriaName
from vetflow.model.requirement import VersionReq
from vetflow.model.store import Store
from vetflow.store.open import OpenedStore


def record_violation(
    project: Project,
    crate: CrateName,
    versions: VersionReq,
    who: tuple[str, ...],
    run: Run,
    *,
    criteria: tuple[CriteriaName, ...] = (),
    notes: str | None = None,
    force: bool = False,
) -> WritePlan:
    """Add a violation to the own audits; nothing is fetched and no other entry changes.

    criteria: those that are not met, recorded as given; the store's default where there are none. force: also for a
    crate that is not in use. Raises NotFoundError for an unknown crate or criterion, and StoreError. Source: shared
    spec resolver 12.3.
    """

    def change(opened: OpenedStore) -> Store:
        store = opened.store
        names = criteria_to_record(project, store, crate, criteria, force=force)
        violation = Audit(AuditKind.VIOLATION, names, violation=versions, who=who, notes=notes)
        audits = {**store.audits.audits, crate: (*store.audits.audits.get(crate, ()), violation)}
        return store._replace(audits=store.audits._replace(audits=audits))

    return record(project, change, dry_run=run.dry_run, waiting=run.waiting, own_files=run.own_files)
