"""The canonical writer against stores that the real cargo-vet has written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from vetflow.formats.store_files import canonical_texts, parse_store
from vetflow.model.store import STORE_FILES


def texts(folder: Path) -> dict[str, str]:
    return {name: (folder / name).read_bytes().decode() for name in STORE_FILES}


def rewritten(folder: Path) -> dict[str, str]:
    return canonical_texts(parse_store("supply-chain", texts(folder), locked=False))


def successful_cases(shared: Path) -> Iterator[tuple[Path, list[str]]]:
    folder = shared / "fixtures/format"
    for case in json.loads((folder / "index.json").read_text()):
        if case["exit_code"] == 0 and (folder / case["name"] / "expected/audits.toml").exists():
            yield folder / case["name"], case["command"]


def test_fmt_writes_what_cargo_vet_wrote(shared: Path) -> None:
    cases = [folder for folder, command in successful_cases(shared) if "fmt" in command]

    assert len(cases) == 10
    for folder in cases:
        assert rewritten(folder / "input") == texts(folder / "expected"), folder.name


def test_what_any_command_of_cargo_vet_wrote_is_left_as_it_is(shared: Path) -> None:
    folders = [folder / "expected" for folder, _ in successful_cases(shared)]

    assert len(folders) > 25
    for folder in folders:
        assert rewritten(folder) == texts(folder), folder.parent.name


def test_stores_of_real_projects_are_left_as_they_are(shared: Path) -> None:
    folders = sorted((shared / "corpus").glob("*-2026-*/ws/**/supply-chain"))

    assert len(folders) >= 15
    for folder in folders:
        assert rewritten(folder) == texts(folder), folder
