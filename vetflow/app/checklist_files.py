"""The files in which a project asks items of its own of crates: the folder `checklists` of its store."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

from vetflow.app.project import Project
from vetflow.formats.toml import decode_utf8
from vetflow.store.folder import shown_name

FOLDER: Final = "checklists"
FORM: Final = ".toml"


def own_checklists(project: Project) -> Mapping[str, str]:
    """Return the texts by what errors call each file, in order; raises StoreError for one that is no UTF-8."""
    folder = os.path.join(project.store.folder, FOLDER)
    shown = {name: f"{shown_name(project.store.folder)}/{FOLDER}/{name}" for name in project.tree.list_dir(folder)}
    return {
        path: decode_utf8(project.tree.read(os.path.join(folder, name)), path)
        for name, path in shown.items()
        if name.endswith(FORM)
    }
