"""Advisory databases as they lie on disk: what is read of them, and what is named because it cannot be."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.unit.sources.packing import write
from vetflow.errors import NotFoundError
from vetflow.model.dates import Date
from vetflow.sources import advisory_db
from vetflow.sources.advisory_db import read_advisory_db

ADVISORY = """```toml
id = "RUSTSEC-2026-0001"
package = "anvil"
[versions]
patched = [">=1.0.3"]
```

# Sharp
"""


def record(name: str, crate: str = "anvil", **more: Any) -> str:
    affected = {"package": {"ecosystem": "crates.io", "name": crate}, "versions": ["1.0.0"]}
    return json.dumps({"id": name, "modified": "2026-01-02T00:00:00Z", "affected": [affected], **more})


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    write(tmp_path / "crates/anvil/RUSTSEC-2026-0001.md", ADVISORY)
    os.utime(tmp_path / "crates/anvil/RUSTSEC-2026-0001.md", (1_768_000_000, 1_768_000_000))
    return tmp_path


def archive(path: Path, members: Mapping[str, str]) -> str:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, text in members.items():
            opened.writestr(name, text)
    return str(path)


def test_of_a_checkout_the_folders_of_the_crates_in_question_are_read(checkout: Path) -> None:
    write(checkout / "crates/bramble/broken.md", "nothing")
    found = read_advisory_db(str(checkout), {"anvil", "cobalt"})
    assert {crate: [each.id for each in some] for crate, some in found.advisories.items()} == {
        "anvil": ["RUSTSEC-2026-0001"]
    }
    assert found.unread == ()


def test_the_newest_file_tells_the_day(checkout: Path) -> None:
    assert read_advisory_db(str(checkout), ()).updated == Date(2026, 1, 9)


def test_hidden_files_and_other_kinds_are_no_advisories(checkout: Path) -> None:
    write(checkout / "crates/anvil/.draft.md", "nothing")
    write(checkout / "crates/anvil/README", "nothing")
    assert read_advisory_db(str(checkout), {"anvil"}).unread == ()


@pytest.mark.parametrize("content", [b"nothing", b"\xff", ADVISORY.replace('"anvil"', '"bramble"').encode()])
def test_what_cannot_be_understood_is_named(checkout: Path, content: bytes) -> None:
    write(checkout / "crates/anvil/RUSTSEC-2026-0002.md", content)
    found = read_advisory_db(str(checkout), {"anvil"})
    assert len(found.advisories["anvil"]) == 1
    assert [os.path.basename(each.file) for each in found.unread] == ["RUSTSEC-2026-0002.md"]


@pytest.mark.parametrize("name", ["../anvil", "anvil/", "a\0b", "", "/"])
def test_a_name_that_is_no_crates_leads_nowhere(checkout: Path, name: str) -> None:
    assert read_advisory_db(str(checkout), {name}).advisories == {}


def test_of_an_archive_every_record_is_read_and_those_of_other_crates_are_left_out(tmp_path: Path) -> None:
    path = archive(
        tmp_path / "all.zip",
        {
            "A.json": record("A"),
            "B.json": record("B", "bramble", modified="2026-01-05T00:00:00Z"),
            "C.json": "{",
            "README": "x",
        },
    )
    found = read_advisory_db(path, {"anvil"})
    assert [each.id for each in found.advisories["anvil"]] == ["A"]
    assert found.updated == Date(2026, 1, 5)
    assert [each.file for each in found.unread] == [f"{path}/C.json"]


def test_a_record_larger_than_any_is_named_and_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(advisory_db, "_LARGEST", 1000)
    path = archive(tmp_path / "all.zip", {"A.json": record("A", details="x" * 2000)})
    found = read_advisory_db(path, {"anvil"})
    assert (found.advisories, len(found.unread)) == ({}, 1)


def test_an_archive_that_is_damaged_or_locked_is_none(tmp_path: Path) -> None:
    path = Path(archive(tmp_path / "all.zip", {"A.json": record("A" * 100)}))
    whole = path.read_bytes()
    start = whole.index(b"A.json") + len("A.json")
    damaged = (whole[:100], whole[:start] + b"\xff" * 20 + whole[start + 20 :], _encrypted(whole))
    for content in damaged:
        path.write_bytes(content)
        with pytest.raises(NotFoundError, match="is no archive of OSV records"):
            read_advisory_db(str(path), {"anvil"})


def _encrypted(archive: bytes) -> bytes:
    """Return the archive with the flag set that says its members are encrypted."""
    central = archive.index(b"PK\x01\x02")
    changed = bytearray(archive)
    changed[6] |= 1
    changed[central + 8] |= 1
    return bytes(changed)


def test_neither_folder_nor_file_is_no_database(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing"):
        with pytest.raises(NotFoundError, match="there is no advisory database"):
            read_advisory_db(str(path), {"anvil"})
