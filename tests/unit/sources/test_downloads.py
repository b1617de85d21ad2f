"""Crates: found, or downloaded and verified; one that cannot be had does not stop the others."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.unit.sources.fake_network import FakeFetcher, unreachable
from vetflow.sources.archives import CrateArchive, sha256
from vetflow.sources.cache import Cache
from vetflow.sources.downloads import CrateId, Crates

TEMPLATE = "https://crates.example/{crate}-{version}.crate"


def crate(name: str, content: bytes) -> CrateId:
    return CrateId(name, "1.0.0", sha256(content))


def url(name: str) -> str:
    return f"https://crates.example/{name}-1.0.0.crate"


class Machine:
    """A machine with a folder of cargo's and our cache."""

    def __init__(self, folder: Path) -> None:
        self.cargo = folder / "cargo"
        self.cargo.mkdir()
        self.cache = Cache(str(folder / "cache"), time.time)
        self.crates = Crates((str(self.cargo),), self.cache)

    def content(self, wanted: CrateId) -> bytes | None:
        found = self.crates.find(wanted).crate
        assert found is None or isinstance(found, CrateArchive)
        return found.content if found else None


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_missing_crate_is_downloaded_verified_and_found_from_then_on(machine: Machine) -> None:
    oakleaf = crate("oakleaf", b"archive")
    fetcher = FakeFetcher({url("oakleaf"): b"archive"})
    assert machine.crates.find(oakleaf).crate is None
    assert machine.crates.download([oakleaf], fetcher, TEMPLATE) == {}
    path = machine.cache.path("crates", oakleaf.checksum)
    assert machine.crates.find(oakleaf).crate == CrateArchive(path, "oakleaf-1.0.0", b"archive")
    assert machine.crates.download([oakleaf], fetcher, TEMPLATE) == {}
    assert fetcher.urls == [url("oakleaf")]


def test_a_crate_cargo_has_is_not_downloaded(machine: Machine) -> None:
    (machine.cargo / "oakleaf-1.0.0.crate").write_bytes(b"archive")
    fetcher = FakeFetcher({})
    assert machine.crates.download([crate("oakleaf", b"archive")], fetcher, TEMPLATE) == {}
    assert fetcher.asked == []


def test_a_damaged_crate_of_cargos_is_reported_and_replaced_by_our_own(machine: Machine) -> None:
    (machine.cargo / "oakleaf-1.0.0.crate").write_bytes(b"damaged")
    oakleaf = crate("oakleaf", b"archive")
    machine.crates.download([oakleaf], FakeFetcher({url("oakleaf"): b"archive"}), TEMPLATE)
    search = machine.crates.find(oakleaf)
    assert isinstance(search.crate, CrateArchive)
    assert search.crate.content == b"archive"
    assert [finding.id for finding in search.findings] == ["archive/checksum-mismatch"]


def test_a_damaged_entry_of_the_cache_is_downloaded_again(machine: Machine) -> None:
    oakleaf = crate("oakleaf", b"archive")
    machine.cache.write("crates", oakleaf.checksum, b"damaged")
    assert machine.content(oakleaf) is None
    machine.crates.download([oakleaf], FakeFetcher({url("oakleaf"): b"archive"}), TEMPLATE)
    assert machine.content(oakleaf) == b"archive"


def test_another_archive_than_the_lock_demands_is_never_stored(machine: Machine) -> None:
    oakleaf = crate("oakleaf", b"archive")
    reasons = machine.crates.download([oakleaf], FakeFetcher({url("oakleaf"): b"forged"}), TEMPLATE)
    assert reasons[oakleaf] == (
        f"what the registry sent has the sha-256 {sha256(b'forged')} and not {oakleaf.checksum}: it was not used"
    )
    assert machine.content(oakleaf) is None
    assert not os.path.exists(machine.cache.folder)


def test_one_failed_download_does_not_stop_the_others(machine: Machine) -> None:
    oakleaf, birch, alder = (crate(name, name.encode()) for name in ("oakleaf", "birch", "alder"))
    fetcher = FakeFetcher({url("birch"): unreachable(url("birch")), url("alder"): b"alder"})
    assert machine.crates.download([oakleaf, birch, alder, alder], fetcher, TEMPLATE) == {
        oakleaf: "the registry has no archive of this version",
        birch: "the server did not answer in time",
    }
    assert machine.content(alder) == b"alder"
    assert len(fetcher.asked) == 3


def test_archives_are_limited_and_not_kept_twice(machine: Machine) -> None:
    fetcher = FakeFetcher({})
    machine.crates.download([crate("oakleaf", b"")], fetcher, TEMPLATE)
    assert [(ask.keep, ask.largest) for ask in fetcher.asked] == [(False, 256 * 1024 * 1024)]


def test_without_a_network_the_missing_ones_are_named(machine: Machine) -> None:
    oakleaf, birch = crate("oakleaf", b"a"), crate("birch", b"b")
    (machine.cargo / "birch-1.0.0.crate").write_bytes(b"b")
    assert machine.crates.download([oakleaf, birch], None, TEMPLATE) == {oakleaf: "this run makes no requests"}


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("in the way")
    machine = Machine(tmp_path)
    oakleaf = crate("oakleaf", b"archive")
    reasons = machine.crates.download([oakleaf], FakeFetcher({url("oakleaf"): b"archive"}), TEMPLATE)
    assert reasons[oakleaf].startswith(f"it could not be stored in {tmp_path}/cache: ")
