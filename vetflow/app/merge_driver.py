"""`merge-driver`: git hands over three versions of a file of the store, and gets back what both sides want."""

from __future__ import annotations

import os

from vetflow.app.project import open_project
from vetflow.app.request import Request
from vetflow.errors import StoreError, UsageError
from vetflow.formats.toml import decode_utf8
from vetflow.project.merge_settings import MergeSettings, missing_settings, write_settings
from vetflow.store.folder import store_not_found
from vetflow.trust.merge_files import MERGED_FILES, MergedText, merge_texts


def merge_file(cwd: str, base: str, ours: str, theirs: str, name: str) -> MergedText:
    """Merge the files at three paths, and write the result to that of `ours`, as git asks of a merge driver.

    name: what the file is called in the repository. Raises UsageError for a file that vetflow does not merge, and
    StoreError for one that cannot be read or written.
    """
    kind = os.path.basename(name)
    if kind not in MERGED_FILES:
        raise UsageError(f"vetflow does not merge {name}", help=f"it merges {', '.join(MERGED_FILES)}")
    merged = merge_texts(kind, *(_read(os.path.join(cwd, path)) for path in (base, ours, theirs)))
    try:
        with open(os.path.join(cwd, ours), "w", encoding="utf-8", newline="") as file:
            file.write(merged.text)
    except OSError as error:
        raise StoreError(f"{ours} cannot be written", causes=(error.strerror or str(error),)) from error
    return merged


def install_driver(request: Request, *, dry_run: bool) -> MergeSettings:
    """Tell git to merge the store's files with vetflow, as far as it does not know; return what was added.

    dry_run: only return it. Raises StoreError where there is no store, WorkspaceError where there is no repository.
    """
    project = open_project(request)
    folder = project.store.folder
    if project.commit:
        raise UsageError("a revision cannot be written to", help="leave --rev out")
    if not project.tree.is_dir(folder):
        raise store_not_found(folder)
    missing = missing_settings(folder, MERGED_FILES)
    if not dry_run:
        write_settings(folder, missing)
    return missing


def _read(path: str) -> str:
    try:
        with open(path, "rb") as file:
            return decode_utf8(file.read(), path)
    except OSError as error:
        raise StoreError(f"{path} cannot be read", causes=(error.strerror or str(error),)) from error
