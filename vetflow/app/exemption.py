"""`add-exemption`: let a version pass that nobody has read."""

from __future__ import annotations

from vetflow.app.foreign import criteria_to_record
from vetflow.app.project import open_project
from vetflow.app.recording import WritePlan, record
from vetflow.app.request import Request
from vetflow.app.updating import Run
from vetflow.model.audits import Exemption
from vetflow.model.names import CrateName, CriteriaName
from vetflow.model.store import Store
from vetflow.model.version import VetVersion
from vetflow.store.open import OpenedStore


def add_exemption(
    request: Request,
    crate: CrateName,
    version: VetVersion,
    run: Run,
    *,
    criteria: tuple[CriteriaName, ...] = (),
    notes: str | None = None,
    suggest: bool = True,
    force: bool = False,
) -> WritePlan:
    """Add an exemption beside those there are; nothing is fetched and no other entry changes.

    criteria: recorded as given; the store's default where there are none. suggest: whether `suggest` counts the version
    as something to read. force: also for a crate that is not in use. Raises NotFoundError for an unknown crate or
    criterion, and StoreError. Source: shared spec resolver 12.3.
    """
    project = open_project(request)

    def change(opened: OpenedStore) -> Store:
        store = opened.store
        names = criteria_to_record(project, store, crate, criteria, force=force)
        exemption = Exemption(version, names, suggest=suggest, notes=notes)
        exemptions = {**store.config.exemptions, crate: (*store.config.exemptions.get(crate, ()), exemption)}
        return store._replace(config=store.config._replace(exemptions=exemptions))

    return record(project, change, dry_run=run.dry_run, waiting=run.waiting)
