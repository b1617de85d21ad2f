"""Stores that cargo-vet was given in its own tests and in ours: the same causes, in the same places.

Words and drawing are each tool's own. What is compared is the kind of a problem, its file, its line, and the
name or key it is about.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.fakes import MemoryTree
from tests.stores import FOLDER, contents
from vetflow.errors import StoreError, VetflowError
from vetflow.model.dates import Date
from vetflow.model.store import STORE_FILES
from vetflow.project.disk import DiskTree
from vetflow.store.format import format_store
from vetflow.store.open import open_store

KINDS = (
    "is not a valid criteria name",
    "more than a year in the future",
    "is not correctly formatted",
    "out-of-date with respect to configuration",
    "unknown field",
    "missing field",
    "must have exactly one of",
    "cannot mix versioned and unversioned policies",
    "created with an incompatible version",
    "created with a newer version",
)


class Cause(NamedTuple):
    """A problem as far as both tools tell it."""

    kind: str
    subject: str = ""
    file: str = ""
    line: int = 0


def kind_of(message: str) -> str:
    (kind,) = [kind for kind in KINDS if kind in message]
    return kind


def subject_of(message: str) -> str:
    """Return the first quoted name of a message; of a diff, the file it is about."""
    diff = re.search(r"--- old/(\S+)", message)
    quoted = re.search(r"['`]([^'`]+)['`]", message)
    return diff[1] if diff else quoted[1] if quoted else ""


def drawn_causes(drawing: str) -> Iterator[Cause]:
    """Read the problems out of cargo-vet's drawing: the first line it marks is the one meant."""
    for block in re.split(r"^\s*(?:ERROR|Error:)?\s*\u00d7", drawing, flags=re.MULTILINE)[1:]:
        message = re.sub(r"\s*\n\s*│ ?", "\n" if "--- old/" in block else " ", block.partition("╭─[")[0])
        if "has consistency errors" in message:
            continue
        if kind_of(message) == "out-of-date with respect to configuration":
            yield Cause(kind_of(message))
            continue
        source = re.search(r"╭─\[(\S+?):\d+:\d+\]", block)
        marked = re.search(r"(\d+) │(?: ╭─▶|[^\n]*\n\s*·)", block)
        file, line = (source[1], int(marked[1])) if source and marked else ("", 0)
        yield Cause(kind_of(message), subject_of(message), file, line)


def our_causes(error: VetflowError) -> Iterator[Cause]:
    """Return our problems with what cargo-vet tells of each kind."""
    for problem in error.related or (error,):
        kind, place = kind_of(problem.message), problem.place
        assert place is not None
        if kind == "out-of-date with respect to configuration":
            yield Cause(kind)
        elif kind in {
            "is not correctly formatted",
            "created with an incompatible version",
            "created with a newer version",
        }:
            yield Cause(kind, subject_of(problem.message))
        else:
            yield Cause(kind, subject_of(problem.message), Path(place.file).name, place.line or 0)


def parse_cases(shared: Path) -> list[Path]:
    cases = sorted((shared / "cargo-vet-cases/parse").iterdir())
    assert len(cases) == 15
    return cases


def refused_with(tree: MemoryTree) -> list[Cause]:
    try:
        open_store(tree, FOLDER, today=Date(2023, 1, 1), locked=True)
    except StoreError as error:
        return list(our_causes(error))
    return []


def test_causes_and_places_are_those_of_cargo_vets_own_cases(shared: Path) -> None:
    for case in parse_cases(shared):
        texts = {name: (case / name).read_text() for name in STORE_FILES}
        texts["config.toml"] = texts["config.toml"].replace('version = "1.0"', 'version = "0.10"')
        found = refused_with(MemoryTree({f"{FOLDER}/{name}": text for name, text in texts.items()}))
        if not texts["config.toml"].strip():
            # As a library cargo-vet skips the version check that it makes as a program.
            assert found.pop(0).kind == "created with an incompatible version", case.name
        assert found == list(drawn_causes((case / "error.txt").read_text())), case.name


def json_causes(document: str, folder: Path) -> Iterator[Cause]:
    """Read the problems out of cargo-vet's JSON, which places them by byte offset."""
    for problem in json.loads(document)["error"]["related"]:
        before = (folder / problem["filename"]).read_bytes()[: problem["labels"][0]["span"]["offset"]]
        message, file = problem["message"], problem["filename"]
        yield Cause(kind_of(message), subject_of(message), file, before.count(b"\n") + 1)


class RecordedRun(NamedTuple):
    """A run of cargo-vet on the store in `folder`.

    causes: why it was refused; None when there was a verdict.
    """

    folder: Path
    locked: bool
    causes: list[Cause] | None


def recorded_runs(shared: Path) -> list[RecordedRun]:
    runs = []
    for case in json.loads((shared / "fixtures/format/index.json").read_text()):
        if not case["name"].startswith("chk-"):
            continue
        folder = shared / "fixtures/format" / case["name"] / "input"
        causes = None
        if "\u00d7 " in case["stderr"]:
            causes = list(drawn_causes(case["stderr"]))
        elif case["exit_code"] and "json" in case["command"]:
            causes = list(json_causes(case["stdout"], folder))
        runs.append(RecordedRun(folder, "--locked" in case["command"], causes))
    assert len(runs) == 17
    return runs


def test_recorded_runs_are_refused_for_the_recorded_causes(shared: Path) -> None:
    for folder, locked, causes in recorded_runs(shared):
        found = None
        try:
            open_store(DiskTree(), str(folder), today=Date(2026, 1, 15), locked=locked)
        except StoreError as error:
            found = list(our_causes(error))
        assert found == causes, folder.parent.name


def test_formatting_leaves_the_recorded_bytes(shared: Path, tmp_path: Path) -> None:
    cases = sorted((shared / "fixtures/format").glob("fmt-*"))
    assert len(cases) == 10
    for case in cases:
        store = tmp_path / case.name
        store.mkdir()
        for name, content in contents(case / "input").items():
            (store / name).write_bytes(content)
        format_store(DiskTree(), str(store), today=Date(2026, 1, 15), waiting=lambda: None)
        assert contents(store) == contents(case / "expected"), case.name
