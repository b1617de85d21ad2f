"""`vetflow fmt` on a store folder."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

from tests.stores import AUDITS, CONFIG, IMPORTS, contents, on_disk, texts
from vetflow.errors import StoreError
from vetflow.model.dates import Date
from vetflow.project.disk import DiskTree
from vetflow.store.format import format_store, require_formatted

TODAY = Date(2026, 1, 15)
DATED = 'user-id = 1\nstart = "2024-01-01"\nend = "2030-01-01"\n'


def never() -> None:
    pytest.fail("nobody holds the lock")


def formatted(store: Path) -> tuple[str, ...]:
    return format_store(DiskTree(), str(store), today=TODAY, waiting=never)


def test_a_canonical_store_stays_untouched(tmp_path: Path) -> None:
    store = on_disk(tmp_path)
    stamps = {path.name: path.stat().st_mtime_ns for path in store.iterdir()}
    assert formatted(store) == ()
    assert {path.name: path.stat().st_mtime_ns for path in store.iterdir()} == stamps


def test_files_that_differ_are_rewritten_and_named(tmp_path: Path) -> None:
    store = on_disk(tmp_path, texts(config=CONFIG + "\n# a note\n", imports=IMPORTS.replace("\n", "\r\n")))
    assert formatted(store) == ("imports.lock", "config.toml")
    assert contents(store) == {name: text.encode() for name, text in texts().items()}


def test_an_older_store_is_raised_to_the_current_version(tmp_path: Path) -> None:
    store = on_disk(tmp_path, texts(config=CONFIG.replace("0.10", "0.9")))
    assert formatted(store) == ("config.toml",)
    assert (store / "config.toml").read_text() == CONFIG


def test_a_missing_config_is_written_as_cargo_vet_does(tmp_path: Path) -> None:
    store = on_disk(tmp_path)
    (store / "config.toml").unlink()
    assert formatted(store) == ("config.toml",)
    assert (store / "config.toml").read_text() == '\n# cargo-vet config file\n\n[cargo-vet]\nversion = "0.10"\n'


@pytest.mark.parametrize(
    "audits",
    [
        '[[audits.quill]]\ncriteria = "nope"\nversion = "1.0.0"\n',
        "[audits",
        f'[[wildcard-audits.quill]]\ncriteria = "safe-to-run"\n{DATED}[audits]\n',
    ],
)
def test_a_store_that_cargo_vet_refuses_is_not_touched(tmp_path: Path, audits: str) -> None:
    store = on_disk(tmp_path, texts(config=CONFIG + "#\n", audits=audits))
    before = contents(store)
    with pytest.raises(StoreError):
        formatted(store)
    assert contents(store) == before


@pytest.mark.parametrize(
    "audits",
    [
        '[criteria.ours]\ndescription = "d"\nimplies = "ours"\n[audits]\n',
        '[criteria.safe-to-run]\ndescription = "d"\n[audits]\n',
        f'[[trusted.quill]]\ncriteria = "nope"\n{DATED}[audits]\n',
    ],
)
def test_what_only_resolving_refuses_is_formatted_as_cargo_vet_does(tmp_path: Path, audits: str) -> None:
    store = on_disk(tmp_path, texts(audits=audits))
    assert formatted(store) == ("audits.toml",)
    assert (store / "audits.toml").read_text().startswith("\n# cargo-vet audits file\n\n[")


def test_an_imports_lock_out_of_date_is_formatted_all_the_same(tmp_path: Path) -> None:
    config = CONFIG.replace("\n[[", '\n[imports.peer]\nurl = "https://peer.example/a"\n\n[[')
    store = on_disk(tmp_path, texts(config=config, audits=AUDITS.strip()))
    assert formatted(store) == ("audits.toml",)


def test_formatting_waits_for_the_lock(tmp_path: Path) -> None:
    store = on_disk(tmp_path, texts(audits=AUDITS + "#\n"))
    holder = (store / "config.toml").open("r+b")
    fcntl.flock(holder, fcntl.LOCK_EX)
    said: list[str] = []

    def waiting() -> None:
        said.append("waiting")
        assert (store / "audits.toml").read_text() == AUDITS + "#\n"
        holder.close()

    assert format_store(DiskTree(), str(store), today=TODAY, waiting=waiting) == ("audits.toml",)
    assert said == ["waiting"]


@pytest.mark.parametrize("end", ["", "\n\n"])
def test_locked_accepts_what_a_locked_check_accepts_and_writes_nothing(tmp_path: Path, end: str) -> None:
    store = on_disk(tmp_path, texts(audits=AUDITS.rstrip() + end))
    before = contents(store)
    require_formatted(DiskTree(), str(store), today=TODAY)
    assert contents(store) == before


@pytest.mark.parametrize(
    "files", [texts(audits=AUDITS + "#\n"), texts(config=CONFIG.replace("0.10", "0.9")), texts(config="")]
)
def test_locked_refuses_what_would_change_and_writes_nothing(tmp_path: Path, files: dict[str, str]) -> None:
    store = on_disk(tmp_path, files)
    before = contents(store)
    with pytest.raises(StoreError):
        require_formatted(DiskTree(), str(store), today=TODAY)
    assert contents(store) == before
