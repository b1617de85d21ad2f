"""`metadata.vet` of a manifest: where a workspace or package says its store is.

Both sources of a workspace (a `cargo metadata` document, manifests) end in the same two tables, so the rules stand
once, here: shared spec format 10.
"""

from __future__ import annotations

from vetflow.errors import Place, WorkspaceError


def read_store_path(workspace: object, package: object, workspace_file: str, package_file: str) -> str | None:
    """Return `store.path` as written, or None where nobody set it.

    workspace, package: the value of `vet` in the workspace's and in the root package's `metadata`, None if absent.
    The files are named in errors. Raises WorkspaceError when a table is malformed or both are present.
    """
    paths = [
        _store_path(table, subject, file)
        for table, subject, file in (
            (workspace, "Workspace", workspace_file),
            (package, "Root package", package_file),
        )
        if table is not None
    ]
    if len(paths) == 2:
        raise WorkspaceError(
            "`metadata.vet` stands in the workspace's table and in the root package's: it is not clear which one holds",
            help="keep `workspace.metadata.vet` and remove `package.metadata.vet`",
            place=Place(package_file),
        )
    return paths[0] if paths else None


def _store_path(table: object, subject: str, file: str) -> str | None:
    """Read one `vet` table; `version` is checked and otherwise of no effect, unknown keys are allowed."""
    cause = None
    path = None
    if not isinstance(table, dict):
        cause = "`metadata.vet` is not a table"
    else:
        version, store = table.get("version"), table.get("store")
        if version is not None and (type(version) is not int or version < 0):
            cause = "`metadata.vet.version` is not a non-negative integer"
        elif store is not None and not isinstance(store, dict):
            cause = "`metadata.vet.store` is not a table"
        elif store is not None:
            path = store.get("path")
            if path is not None and not isinstance(path, str):
                cause = "`metadata.vet.store.path` is not a string"
    if cause is not None:
        raise WorkspaceError(
            f"{subject} had [metadata.vet] but it was malformed",
            help='write `store = { path = "..." }`',
            place=Place(file),
            causes=[cause],
        )
    return path
