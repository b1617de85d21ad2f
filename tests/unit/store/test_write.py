"""Writing files of a store: what changes, what stays, what an interruption leaves."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.stores import AUDITS, CONFIG, IMPORTS, contents, on_disk
from vetflow.errors import StoreError
from vetflow.store.write import write_files

NEW_CONFIG = CONFIG.replace("1.2.0", "1.3.0")
NEW_AUDITS = "\n# cargo-vet audits file\n\n[criteria.reviewed]\n\n[audits]\n"
NEW_IMPORTS = IMPORTS + "\n[audits.peer.audits]\n"


def test_only_files_with_other_bytes_are_written(tmp_path: Path) -> None:
    store = on_disk(tmp_path)
    before = {name: (store / name).stat() for name in ("config.toml", "imports.lock")}
    assert write_files(str(store), {"config.toml": CONFIG, "audits.toml": NEW_AUDITS, "imports.lock": IMPORTS}) == (
        "audits.toml",
    )
    assert contents(store) == {
        "config.toml": CONFIG.encode(),
        "audits.toml": NEW_AUDITS.encode(),
        "imports.lock": IMPORTS.encode(),
    }
    for name, stat in before.items():
        assert (store / name).stat().st_mtime_ns == stat.st_mtime_ns
        assert (store / name).stat().st_ino == stat.st_ino


def test_nothing_to_change_touches_nothing(tmp_path: Path) -> None:
    store = on_disk(tmp_path)
    folder = store.stat().st_mtime_ns
    assert write_files(str(store), {"config.toml": CONFIG, "audits.toml": AUDITS, "imports.lock": IMPORTS}) == ()
    assert store.stat().st_mtime_ns == folder


def test_config_stays_the_same_file_and_is_written_last(tmp_path: Path) -> None:
    store = on_disk(tmp_path)
    config, audits = (store / "config.toml").stat().st_ino, (store / "audits.toml").stat().st_ino
    written = write_files(
        str(store), {"config.toml": NEW_CONFIG, "audits.toml": NEW_AUDITS, "imports.lock": NEW_IMPORTS}
    )
    assert written == ("imports.lock", "audits.toml", "config.toml")
    assert (store / "config.toml").stat().st_ino == config
    assert (store / "audits.toml").stat().st_ino != audits


@pytest.mark.parametrize("text", ["short\n", CONFIG + "# and a much longer tail\n" * 100, ""])
def test_config_has_exactly_its_new_text_whatever_its_length(tmp_path: Path, text: str) -> None:
    store = on_disk(tmp_path)
    write_files(str(store), {"config.toml": text})
    assert (store / "config.toml").read_bytes() == text.encode()


def test_line_ends_and_characters_are_written_as_they_are(tmp_path: Path) -> None:
    store = on_disk(tmp_path)
    write_files(str(store), {"audits.toml": "a\r\nb\n\u00e9\u2028"})
    assert (store / "audits.toml").read_bytes() == b"a\r\nb\n\xc3\xa9\xe2\x80\xa8"


def test_permissions_stay(tmp_path: Path) -> None:
    store = on_disk(tmp_path)
    for name, mode in (("audits.toml", 0o640), ("config.toml", 0o664)):
        (store / name).chmod(mode)
    write_files(str(store), {"config.toml": NEW_CONFIG, "audits.toml": NEW_AUDITS})
    assert (store / "audits.toml").stat().st_mode & 0o7777 == 0o640
    assert (store / "config.toml").stat().st_mode & 0o7777 == 0o664


@pytest.mark.parametrize("name", ["config.toml", "audits.toml", "imports.lock"])
def test_a_symbolic_link_stays_and_its_target_is_written(tmp_path: Path, name: str) -> None:
    store = on_disk(tmp_path)
    shared = tmp_path / "shared"
    shared.mkdir()
    os.replace(store / name, shared / "target")
    (store / name).symlink_to("../shared/target")
    write_files(str(store), {name: "new\n"})
    assert (store / name).is_symlink()
    assert (shared / "target").read_text() == "new\n"
    assert [path.name for path in shared.iterdir()] == ["target"]


def test_files_that_are_not_there_are_created(tmp_path: Path) -> None:
    texts = {"config.toml": CONFIG, "audits.toml": AUDITS}
    assert write_files(str(tmp_path), texts) == ("audits.toml", "config.toml")
    assert contents(tmp_path) == {name: text.encode() for name, text in texts.items()}


def test_what_a_killed_writer_left_behind_does_not_survive_the_next_write(tmp_path: Path) -> None:
    store = on_disk(tmp_path)
    (store / ".audits.toml.vetflow-new").write_text("half of a")
    write_files(str(store), {"audits.toml": NEW_AUDITS})
    assert sorted(contents(store)) == ["audits.toml", "config.toml", "imports.lock"]
    assert (store / "audits.toml").read_text() == NEW_AUDITS


def test_a_file_planted_under_the_temporary_name_is_not_written_through(tmp_path: Path) -> None:
    store = on_disk(tmp_path)
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (store / ".audits.toml.vetflow-new").symlink_to(victim)
    write_files(str(store), {"audits.toml": NEW_AUDITS})
    assert victim.read_text() == "mine"


@contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    """Let every file end at `size` bytes: to a writer that is a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)


def test_a_full_disk_leaves_the_old_files_and_nothing_else(tmp_path: Path) -> None:
    store = on_disk(tmp_path)
    before = contents(store)
    with pytest.raises(StoreError, match="Failed to commit store") as caught, file_size_limit(1000):
        write_files(str(store), {"config.toml": NEW_CONFIG, "audits.toml": NEW_AUDITS, "imports.lock": "#" * 2000})
    assert contents(store) == before
    assert "File too large" in caught.value.causes[0]


def test_a_config_that_does_not_fit_keeps_its_old_text(tmp_path: Path) -> None:
    store = on_disk(tmp_path)
    with pytest.raises(StoreError, match="Failed to commit store"), file_size_limit(1000):
        write_files(str(store), {"config.toml": "#" * 2000})
    assert (store / "config.toml").read_text() == CONFIG


def test_a_folder_that_is_gone_is_an_error_with_its_cause(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="Failed to commit store") as caught:
        write_files(str(tmp_path / "gone"), {"audits.toml": AUDITS})
    assert "No such file or directory" in caught.value.causes[0]


def test_nothing_stays_behind_when_a_file_cannot_take_its_name(tmp_path: Path) -> None:
    store = on_disk(tmp_path)
    (store / "imports.lock").unlink()
    (store / "imports.lock").symlink_to("nowhere/imports.lock")
    with pytest.raises(StoreError, match="Failed to commit store"):
        write_files(str(store), {"audits.toml": NEW_AUDITS, "imports.lock": NEW_IMPORTS})
    assert sorted(path.name for path in store.iterdir()) == ["audits.toml", "config.toml", "imports.lock"]
    assert (store / "audits.toml").read_text() == AUDITS
