"""The content of a crate is had from wherever a user says, and verified as far as anybody vouches for it."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.fakes import FIXED_DAY
from tests.unit.sources.fake_network import FakeFetcher, unreachable
from tests.unit.sources.packing import crate, digest, write
from vetflow.app.crate_batch import Unread, why_unread, work_on_crates
from vetflow.app.crates import CrateContent, CrateReader, is_path
from vetflow.app.network import Sources
from vetflow.app.request import Request
from vetflow.errors import NotFoundError, TomlError, UndecidedError
from vetflow.model.packages import Package
from vetflow.model.version import parse_version
from vetflow.sources.answers import Answer
from vetflow.sources.cache import Cache
from vetflow.sources.endpoints import DOWNLOAD, INDEX
from vetflow.sources.index import download_url
from vetflow.sources.refusal import RefusedArchiveError

CRATES_IO = "registry+https://github.com/rust-lang/crates.io-index"
V1 = parse_version("1.2.3")
FILES = {"Cargo.toml": '[package]\nname = "oddlamp"\nversion = "1.2.3"\n', "src/lib.rs": "pub fn on() {}\n"}
ARCHIVE = crate(FILES)
DOWNLOADED = {download_url(DOWNLOAD, "oddlamp", "1.2.3", digest(ARCHIVE)): ARCHIVE}


def index(*rows: tuple[str, bytes, bool]) -> dict[str, bytes]:
    text = "".join(
        json.dumps({"name": "oddlamp", "vers": version, "cksum": digest(archive), "yanked": yanked}) + "\n"
        for version, archive, yanked in rows
    )
    return {f"{INDEX}od/dl/oddlamp": text.encode()}


class Machine:
    """A working directory, a cargo home, and what the network has."""

    def __init__(self, folder: Path, pages: dict[str, bytes | Answer]) -> None:
        self.cwd = folder / "work"
        self.cwd.mkdir()
        self.archives = folder / "archives"
        self.archives.mkdir()
        self.fetcher = FakeFetcher(pages)
        cache = Cache(str(folder / "cache"), time.time)
        self.sources = Sources(self.fetcher, INDEX, cache, (str(self.archives),))
        self.request = Request(cwd=str(self.cwd), cargo_home=str(folder / "home"), today=FIXED_DAY)

    def reader(self) -> CrateReader:
        return CrateReader(self.request, self.sources)

    def lock(self, checksum: str) -> None:
        write(self.cwd / "Cargo.toml", '[package]\nname = "app"\nversion = "0.1.0"\n[dependencies]\noddlamp = "1"\n')
        write(self.cwd / "src/lib.rs", "")
        write(
            self.cwd / "Cargo.lock",
            f'version = 4\n\n[[package]]\nname = "app"\nversion = "0.1.0"\ndependencies = [\n "oddlamp",\n]\n\n'
            f'[[package]]\nname = "oddlamp"\nversion = "1.2.3"\nsource = "{CRATES_IO}"\nchecksum = "{checksum}"\n',
        )


def machine(folder: Path, *pages: dict[str, bytes]) -> Machine:
    return Machine(folder, {url: page for each in pages for url, page in each.items()})


def texts(content: CrateContent) -> dict[str, str]:
    return {path: file.content.decode() for path, file in content.files.items()}


def test_outside_any_workspace_the_index_vouches_for_a_version(tmp_path: Path) -> None:
    content = machine(tmp_path, index(("1.2.3", ARCHIVE, False)), DOWNLOADED).reader().version("oddlamp", V1)
    assert (content.name, content.version, content.identity) == ("oddlamp", V1, digest(ARCHIVE))
    assert texts(content) == FILES
    assert content.origin.endswith("checksum from the index")


def test_a_yanked_version_is_read_and_called_so(tmp_path: Path) -> None:
    content = machine(tmp_path, index(("1.2.3", ARCHIVE, True)), DOWNLOADED).reader().version("oddlamp", V1)
    assert content.origin.endswith("checksum from the index, where it is yanked")


def test_in_a_workspace_cargo_lock_vouches_and_nobody_is_asked(tmp_path: Path) -> None:
    here = machine(tmp_path)
    here.lock(digest(ARCHIVE))
    (here.archives / "oddlamp-1.2.3.crate").write_bytes(ARCHIVE)
    content = here.reader().version("oddlamp", V1)
    assert texts(content) == FILES
    assert content.origin.endswith("checksum from Cargo.lock")
    assert here.fetcher.urls == []


def test_an_archive_with_another_checksum_than_the_lock_is_never_read(tmp_path: Path) -> None:
    here = machine(tmp_path, index(("1.2.3", ARCHIVE, False)), DOWNLOADED)
    here.lock("0" * 64)
    (here.archives / "oddlamp-1.2.3.crate").write_bytes(ARCHIVE)
    with pytest.raises(UndecidedError, match="is not on this machine") as raised:
        here.reader().version("oddlamp", V1)
    assert any("sha-256" in cause for cause in raised.value.causes)


def test_a_version_that_is_not_published_is_said_to_be_none(tmp_path: Path) -> None:
    here = machine(tmp_path, index(("1.2.2", ARCHIVE, False), ("1.3.0", ARCHIVE, False)))
    with pytest.raises(NotFoundError, match="the registry has no oddlamp") as raised:
        here.reader().version("oddlamp", V1)
    assert raised.value.help == "the versions around it: 1.2.2, 1.3.0"


def test_without_lock_and_index_nothing_is_read(tmp_path: Path) -> None:
    url = f"{INDEX}od/dl/oddlamp"
    here = Machine(tmp_path, {url: unreachable(url)})
    (here.archives / "oddlamp-1.2.3.crate").write_bytes(ARCHIVE)
    with pytest.raises(UndecidedError, match="nobody can tell the checksum"):
        here.reader().version("oddlamp", V1)


def test_a_vendored_crate_is_identified_by_its_tree_and_not_by_the_archive_it_claims_to_be(tmp_path: Path) -> None:
    here = machine(tmp_path)
    here.lock(digest(ARCHIVE))
    for path, text in FILES.items():
        write(here.archives / "oddlamp" / path, text)
    listed = {path: digest(text.encode()) for path, text in FILES.items()}
    checksums = json.dumps({"package": digest(ARCHIVE), "files": listed})
    write(here.archives / "oddlamp/.cargo-checksum.json", checksums)
    content = here.reader().version("oddlamp", V1)
    assert texts(content) == FILES
    assert content.identity != digest(ARCHIVE)
    assert content.origin.startswith("the vendored package ")


def test_a_folder_is_a_crate(tmp_path: Path) -> None:
    here = machine(tmp_path)
    for path, text in FILES.items():
        write(here.cwd / "lamp" / path, text)
    content = here.reader().path("lamp/")
    assert (content.name, content.version, content.origin) == ("oddlamp", V1, "the folder lamp/, as it is now")
    assert texts(content) == FILES


def test_a_crate_file_is_a_crate_whatever_it_is_called(tmp_path: Path) -> None:
    here = machine(tmp_path)
    (here.cwd / "downloaded.crate").write_bytes(ARCHIVE)
    content = here.reader().path("downloaded.crate")
    assert (content.name, content.version, content.identity) == ("oddlamp", V1, digest(ARCHIVE))


def test_a_hostile_crate_file_is_refused(tmp_path: Path) -> None:
    here = machine(tmp_path)
    (here.cwd / "bad.crate").write_bytes(ARCHIVE + b"more")
    with pytest.raises(RefusedArchiveError):
        here.reader().path("bad.crate")


@pytest.mark.parametrize("path", ["nowhere", "nowhere.crate", "empty"])
def test_a_path_without_a_crate_is_said_to_have_none(tmp_path: Path, path: str) -> None:
    here = machine(tmp_path)
    (here.cwd / "empty").mkdir()
    with pytest.raises(NotFoundError):
        here.reader().path(path)


@pytest.mark.parametrize("text", [".", "..", "./lamp", "lamp/", "/abs", "lamp-1.0.0.crate"])
def test_words_that_are_paths(text: str) -> None:
    assert is_path(text)


@pytest.mark.parametrize("text", ["lamp", "1.2.3", "1.2.3@git:" + "0" * 40, "lamp@1.2.3"])
def test_words_that_are_none(text: str) -> None:
    assert not is_path(text)


def count_files(content: CrateContent) -> int:
    return len(content.files)


def test_what_cannot_be_understood_is_refused_and_what_cannot_be_had_is_not() -> None:
    assert why_unread(TomlError("no TOML")) == Unread("no TOML", refused=True)
    assert why_unread(UndecidedError("not here")) == Unread("not here")


def test_many_crates_are_worked_on_and_each_has_its_own_outcome(tmp_path: Path) -> None:
    bad = crate(FILES, stem="badlamp-1.2.3") + b"more"
    here = machine(tmp_path, DOWNLOADED)
    (here.archives / "badlamp-1.2.3.crate").write_bytes(bad)
    packages = [
        Package(name, V1, CRATES_IO, checksum)
        for name, checksum in (("badlamp", digest(bad)), ("oddlamp", digest(ARCHIVE)), ("gonelamp", "0" * 64))
    ]
    told: list[tuple[int, int]] = []
    results = work_on_crates(
        packages, count_files, here.request, here.sources, progress=lambda _, done, total: told.append((done, total))
    )
    assert list(results) == packages
    bad_result, good, gone = results.values()
    assert good == 2
    assert isinstance(bad_result, Unread)
    assert bad_result.refused
    assert gone == Unread("the registry has no archive of this version")
    assert told
