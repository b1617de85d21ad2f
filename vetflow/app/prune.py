"""`prune`: take out of the store what the verdict does not need."""

from __future__ import annotations

from vetflow.app.request import Request
from vetflow.app.updating import Run, Task, Updated, open_for_writing, update_project
from vetflow.resolve.update_plan import prune_plan


def prune(request: Request, run: Run, *, exemptions: bool = True, imports: bool = True, audits: bool = True) -> Updated:
    """Prefer what peers say to exemptions, and drop what is not needed; also when the project does not vet.

    exemptions, imports, audits: whether such entries go; of the own audits only those marked as not importable ever do.
    Raises what `updating.update_project` raises.
    """
    plan = prune_plan(exemptions=exemptions, non_importable=audits, imports=imports)
    return update_project(open_for_writing(request), Task(plan), run)
