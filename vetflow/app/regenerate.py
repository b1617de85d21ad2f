"""`regenerate`: make one kind of the store's entries anew."""

from __future__ import annotations

from vetflow.app.audit_as import audit_as
from vetflow.app.audit_as_repair import repair_policies, unanswered
from vetflow.app.network import open_sources
from vetflow.app.recording import record
from vetflow.app.request import Request
from vetflow.app.updating import Run, Task, Updated, open_for_writing, update_project
from vetflow.model.store import Store
from vetflow.resolve.update_plan import CHECK, PRUNE, REGENERATE_EXEMPTIONS
from vetflow.store.open import OpenedStore


def regenerate_exemptions(request: Request, run: Run) -> Updated:
    """Exempt what does not vet, with as few and as narrow exemptions as will do, and prune everything else.

    A crate with a contradicted violation stays as it is. Raises what `updating.update_project` raises.
    """
    return update_project(open_for_writing(request), Task(REGENERATE_EXEMPTIONS), run)


def regenerate_imports(request: Request, run: Run) -> Updated:
    """Take over what is needed of the imports, with the texts of their criteria as they are now, and prune.

    `request` must not be locked. Raises what `updating.update_project` raises.
    """
    return update_project(open_for_writing(request), Task(PRUNE, accept_changed_criteria=True), run)


def regenerate_unpublished(request: Request, run: Run) -> Updated:
    """Drop the unpublished rows of versions that have been published, even if the project then does not vet.

    `request` must not be locked. Raises what `updating.update_project` raises.
    """
    return update_project(open_for_writing(request), Task(CHECK, unpublished_anew=True), run)


def regenerate_audit_as(request: Request, run: Run) -> Updated:
    """Guess for every package of our own whether it is audited as a crate of crates.io, where its policy does not fit.

    Asks crates.io also in a locked run, as cargo-vet does, but not in a frozen one. Raises what opening project and
    store raises.
    """
    project = open_for_writing(request)
    store = project.open_store(locked=request.locked).store
    with open_sources(project, run.progress) as sources:
        known = audit_as(project, project.graph(store.config.policy).packages, store, sources)

    def change(opened: OpenedStore) -> Store:
        return repair_policies(project, opened.store, known)

    written = record(project, change, dry_run=run.dry_run, waiting=run.waiting)
    return Updated(written, unanswered(project, store, known))
