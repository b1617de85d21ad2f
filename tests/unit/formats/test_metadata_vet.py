"""`metadata.vet`, as in shared spec format 10."""

from __future__ import annotations

import pytest

from vetflow.errors import WorkspaceError
from vetflow.formats.metadata_vet import read_store_path


def read(workspace: object, package: object) -> str | None:
    return read_store_path(workspace, package, "/ws/Cargo.toml", "/ws/app/Cargo.toml")


STORE = {"store": {"path": "elsewhere"}}


@pytest.mark.parametrize(
    ("workspace", "package", "expected"),
    [
        (None, None, None),
        (STORE, None, "elsewhere"),
        (None, STORE, "elsewhere"),
        ({}, None, None),
        ({"store": {}}, None, None),
        ({"version": 99}, None, None),
        ({**STORE, "version": 1, "unknown": True}, None, "elsewhere"),
    ],
)
def test_the_path_is_returned_as_written(workspace: object, package: object, expected: str | None) -> None:
    assert read(workspace, package) == expected


@pytest.mark.parametrize(
    ("table", "cause"),
    [
        ("elsewhere", "`metadata.vet` is not a table"),
        ({"version": -1}, "`metadata.vet.version` is not a non-negative integer"),
        ({"version": True}, "`metadata.vet.version` is not a non-negative integer"),
        ({"version": "1"}, "`metadata.vet.version` is not a non-negative integer"),
        ({"store": "elsewhere"}, "`metadata.vet.store` is not a table"),
        ({"store": {"path": 1}}, "`metadata.vet.store.path` is not a string"),
    ],
)
def test_a_malformed_table_is_refused(table: object, cause: str) -> None:
    for tables, subject, file in (((table, None), "Workspace", "/ws/"), ((None, table), "Root package", "/ws/app/")):
        with pytest.raises(WorkspaceError) as raised:
            read(*tables)
        error = raised.value
        assert error.message == f"{subject} had [metadata.vet] but it was malformed"
        assert (str(error.place), error.causes) == (f"{file}Cargo.toml", (cause,))


def test_both_tables_are_one_too_many() -> None:
    with pytest.raises(WorkspaceError, match="and in the root package's"):
        read(STORE, {})
