"""The cache directory: entries whole or absent, swept when nobody uses them, and nothing else touched."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from pathlib import Path

import pytest

from vetflow.errors import UndecidedError
from vetflow.sources.cache import Cache, cache_folder

KEY = "ab" + "0" * 62
OTHER = "cd" + "1" * 62
DAY = 24 * 60 * 60


class Later:
    """A clock that can be set forward."""

    def __init__(self) -> None:
        self.days = 0.0

    def __call__(self) -> float:
        return time.time() + self.days * DAY


def test_an_entry_is_read_as_it_was_written(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path / "cache"), time.time)
    assert cache.read("http", KEY) is None
    cache.write("http", KEY, b"old")
    cache.write("http", KEY, b"new")
    assert cache.read("http", KEY) == b"new"
    assert cache.read("crates", KEY) is None


def test_nothing_is_created_before_something_is_written(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path / "cache"), time.time)
    cache.read("http", KEY)
    cache.sweep(0)
    assert not (tmp_path / "cache").exists()


def test_the_layout_is_the_documented_one_and_nobody_elses_to_read(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path / "cache"), time.time)
    cache.write("crates", KEY, b"archive")
    entry = tmp_path / "cache" / "crates" / "ab" / KEY
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [entry]
    assert cache.path("crates", KEY) == str(entry)
    assert entry.stat().st_mode & 0o077 == 0


def test_a_write_that_fails_leaves_the_older_entry_and_no_debris(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = Cache(str(tmp_path), time.time)
    cache.write("http", KEY, b"old")

    def full(source: str, target: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        cache.write("http", KEY, b"new")
    assert cache.read("http", KEY) == b"old"
    assert len(list((tmp_path / "http" / "ab").iterdir())) == 1


def test_a_reader_beside_writers_sees_whole_entries_only(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path), time.time)
    contents = [bytes([letter]) * 200_000 for letter in b"xyz"]
    cache.write("http", KEY, contents[0])
    stop = threading.Event()

    def write(content: bytes) -> None:
        while not stop.is_set():
            cache.write("http", KEY, content)

    writers = [threading.Thread(target=write, args=(content,)) for content in contents]
    for writer in writers:
        writer.start()
    seen = {cache.read("http", KEY) for _ in range(300)}
    stop.set()
    for writer in writers:
        writer.join()
    assert seen <= set(contents)


def test_sweeping_removes_what_was_not_used_for_long(tmp_path: Path) -> None:
    later = Later()
    cache = Cache(str(tmp_path), later)
    cache.write("http", KEY, b"used")
    cache.write("http", OTHER, b"unused")
    later.days = 20
    cache.read("http", KEY)
    later.days = 40
    assert cache.sweep(30) == (1, len(b"unused"))
    assert cache.read("http", KEY) == b"used"
    assert cache.read("http", OTHER) is None


def test_sweeping_for_zero_days_removes_everything_of_ours(tmp_path: Path) -> None:
    cache = Cache(str(tmp_path), time.time)
    cache.write("http", KEY, b"1")
    cache.write("crates", OTHER, b"22")
    assert cache.sweep(0) == (2, 3)


def test_sweeping_removes_what_an_interrupted_write_left_but_not_what_is_being_written(
    tmp_path: Path,
) -> None:
    later = Later()
    cache = Cache(str(tmp_path), later)
    cache.write("http", OTHER, b"entry")
    unfinished = tmp_path / "http" / "cd" / f"{OTHER}.{'a' * 16}.new"
    unfinished.write_bytes(b"half")
    assert cache.sweep(30).files == 0
    later.days = 2
    assert cache.sweep(30).files == 1
    assert not unfinished.exists()


def test_sweeping_leaves_alone_what_is_not_ours(tmp_path: Path) -> None:
    outside = tmp_path / "outside" / "ab"
    outside.mkdir(parents=True)
    (outside / KEY).write_text("precious")
    folder = tmp_path / "cache"
    foreign = [
        folder / "notes.txt",
        folder / "http" / "readme",
        folder / "http" / "ab" / "notes",
        folder / "x.y" / "ab" / KEY,
    ]
    for path in foreign:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("foreign")
    (folder / "linked").symlink_to(tmp_path / "outside")
    (folder / "http" / "ab" / KEY).symlink_to(outside / KEY)
    assert Cache(str(folder), time.time).sweep(0).files == 0
    assert all(path.exists() for path in (*foreign, outside / KEY))


@pytest.mark.parametrize(
    ("environ", "platform", "given", "expected"),
    [
        ({"HOME": "/home/dev"}, "linux", None, "/home/dev/.cache/vetflow"),
        ({"HOME": "/home/dev", "XDG_CACHE_HOME": "/fast"}, "linux", None, "/fast/vetflow"),
        ({"HOME": "/home/dev", "XDG_CACHE_HOME": "relative"}, "linux", None, "/home/dev/.cache/vetflow"),
        (
            {"HOME": "/Users/dev", "XDG_CACHE_HOME": "/fast"},
            "darwin",
            None,
            "/Users/dev/Library/Caches/vetflow",
        ),
        ({"LOCALAPPDATA": "/local"}, "win32", None, "/local/vetflow"),
        ({"HOME": "/home/dev"}, "linux", "/elsewhere", "/elsewhere"),
    ],
)
def test_the_folder_is_the_platforms_or_the_one_given(
    environ: dict[str, str], platform: str, given: str | None, expected: str
) -> None:
    assert cache_folder(environ, platform, given) == expected


def test_without_a_home_the_folder_is_a_private_temporary_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = Path(cache_folder({}, "linux"))
    assert folder.parent == tmp_path
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_temporary_folder_of_somebody_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = cache_folder({}, "linux")
    mine = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: mine + 1)
    os.rename(folder, f"{tmp_path}/vetflow-{mine + 1}")
    with pytest.raises(UndecidedError, match="belongs to somebody else"):
        cache_folder({}, "linux")
