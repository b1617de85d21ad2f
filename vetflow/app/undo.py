"""Taking back what was just recorded, as long as nobody has written since."""

from __future__ import annotations

from vetflow.app.project import Project
from vetflow.app.recording import WritePlan
from vetflow.errors import StoreError
from vetflow.store.folder import read_own_text
from vetflow.store.lock import hold_lock
from vetflow.store.write import remove_file, write_files


def take_back(project: Project, plan: WritePlan) -> None:
    """Give the store's files the texts they had before `plan` was written; raises StoreError when they changed since.

    Files of vetflow's own that the plan created are removed.
    """
    folder = project.store.folder
    with hold_lock(folder, lambda: None):
        for name in plan.changed:
            if read_own_text(project.tree, folder, name) != plan.after[name]:
                raise StoreError(
                    f"{name} changed since, and nothing was taken back",
                    help="take the entry out by hand, or with git",
                )
        write_files(folder, {name: plan.before[name] for name in plan.changed if name in plan.before})
        for name in plan.changed:
            if name not in plan.before:
                remove_file(folder, name)
