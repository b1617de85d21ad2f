"""A crate is taken from this machine only when it is the one that Cargo.lock means."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.unit.sources.packing import STEM, crate, digest, write
from vetflow.errors import Place
from vetflow.model.findings import Level
from vetflow.sources import archives
from vetflow.sources.archives import (
    ArchiveSearch,
    CrateArchive,
    VendoredCrate,
    download_caches,
    find_archive,
)

ARCHIVE = crate({"Cargo.toml": "[package]"})
CHECKSUM = digest(ARCHIVE)
OTHER = crate({"Cargo.toml": "[package] # changed"})


def find(*folders: Path, checksum: str = CHECKSUM) -> ArchiveSearch:
    return find_archive("oddlamp", "1.2.3", checksum, tuple(map(str, folders)))


def vendored(folder: Path, name: str, checksum: str | None = CHECKSUM) -> Path:
    checksums = {"files": {"Cargo.toml": "aa"}, "package": checksum}
    write(folder / name / ".cargo-checksum.json", json.dumps(checksums))
    return folder / name


def test_an_archive_with_the_checksum_of_the_lock_is_found(tmp_path: Path) -> None:
    path = write(tmp_path / f"{STEM}.crate", ARCHIVE)
    assert find(tmp_path) == ArchiveSearch(CrateArchive(str(path), STEM, ARCHIVE))


def test_a_crate_that_nobody_downloaded_is_not_found(tmp_path: Path) -> None:
    write(tmp_path / "oddlamp-1.2.4.crate", ARCHIVE)
    assert find(tmp_path, tmp_path / "no such folder") == ArchiveSearch(None)


def test_an_archive_with_another_checksum_is_named_and_not_used(tmp_path: Path) -> None:
    path = write(tmp_path / f"{STEM}.crate", OTHER)
    found = find(tmp_path)
    assert found.crate is None
    assert [(f.id, f.level, f.place) for f in found.findings] == [
        ("archive/checksum-mismatch", Level.WARN, Place(str(path)))
    ]
    assert digest(OTHER) in found.findings[0].reason
    assert CHECKSUM in found.findings[0].reason


def test_the_search_goes_on_after_a_wrong_archive_and_reports_it(tmp_path: Path) -> None:
    write(tmp_path / "a" / f"{STEM}.crate", OTHER)
    right = write(tmp_path / "b" / f"{STEM}.crate", ARCHIVE)
    found = find(tmp_path / "a", tmp_path / "b")
    assert found.crate == CrateArchive(str(right), STEM, ARCHIVE)
    assert [finding.id for finding in found.findings] == ["archive/checksum-mismatch"]


def test_an_archive_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / f"{STEM}.crate", ARCHIVE)
    monkeypatch.setattr(archives, "LARGEST_ARCHIVE", len(ARCHIVE) - 1)
    found = find(tmp_path)
    assert found.crate is None
    assert [finding.id for finding in found.findings] == ["archive/too-large"]


def test_what_is_no_regular_file_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "folder" / f"{STEM}.crate").mkdir(parents=True)
    os.mkfifo(tmp_path / f"{STEM}.crate")
    assert find(tmp_path, tmp_path / "folder") == ArchiveSearch(None)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / f"{STEM}.crate"
    path.symlink_to(path)
    found = find(tmp_path)
    assert found.crate is None
    assert [(finding.id, finding.place) for finding in found.findings] == [("archive/unreadable", Place(str(path)))]


@pytest.mark.parametrize("name", [STEM, "oddlamp"])
def test_a_vendored_package_is_found_with_or_without_the_version_in_its_folder(tmp_path: Path, name: str) -> None:
    path = vendored(tmp_path, name)
    assert find(tmp_path) == ArchiveSearch(VendoredCrate(str(path), {"Cargo.toml": "aa"}))


@pytest.mark.parametrize("checksum", [None, digest(OTHER)])
def test_a_vendored_package_of_another_checksum_is_another_crate(tmp_path: Path, checksum: str | None) -> None:
    vendored(tmp_path, "oddlamp", checksum)
    assert find(tmp_path) == ArchiveSearch(None)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"package": "aa"}', '{"package": 1, "files": []}', "[" * 10_000])
def test_a_checksum_file_that_cargo_did_not_write_vouches_for_nothing(tmp_path: Path, text: str) -> None:
    write(tmp_path / "oddlamp" / ".cargo-checksum.json", text)
    assert find(tmp_path) == ArchiveSearch(None)


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("../oddlamp", "1.2.3"),
        ("oddlamp", "1.2.3/../../x"),
        ("..", "1.0.0"),
        ("", "1.0.0"),
        ("odd\0", "1.0.0"),
    ],
)
def test_a_name_that_would_lead_out_of_the_folder_is_not_looked_for(tmp_path: Path, name: str, version: str) -> None:
    write(tmp_path / f"{name}-{version}.crate".replace("\0", ""), ARCHIVE)
    inside = tmp_path / "inside"
    inside.mkdir(exist_ok=True)
    assert find_archive(name, version, CHECKSUM, (str(inside),)) == ArchiveSearch(None)


def test_build_metadata_is_part_of_the_file_name(tmp_path: Path) -> None:
    write(tmp_path / "oddlamp-1.2.3+built.4.crate", ARCHIVE)
    assert find_archive("oddlamp", "1.2.3+built.4", CHECKSUM, (str(tmp_path),)).crate is not None


def test_every_registry_has_a_download_cache(tmp_path: Path) -> None:
    for registry in ("index.b-2", "index.a-1"):
        (tmp_path / "registry" / "cache" / registry).mkdir(parents=True)
    cache = tmp_path / "registry" / "cache"
    assert download_caches(str(tmp_path)) == (str(cache / "index.a-1"), str(cache / "index.b-2"))


def test_a_cargo_home_that_is_not_there_has_no_caches(tmp_path: Path) -> None:
    assert download_caches(str(tmp_path / "nowhere")) == ()
