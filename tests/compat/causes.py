"""Why a run was refused, as a class and a place that both programs' words can be brought to.

Two refusals agree when each cause of cargo-vet's is one of ours. Ours may name more: cargo-vet stops at the
first file that it cannot read, vetflow tells everything at once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

_KINDS = (
    (
        "criteria contradict each other",
        r"implies itself|Cannot specify multiple criteria|cannot be defined again",
    ),
    ("unknown criteria", r"is not a valid criteria name|no entry found for key"),
    ("wildcard audit ends too late", r"more than a year in the future"),
    ("file not formatted", r"not correctly formatted"),
    ("imports.lock does not fit", r"out-of-date with respect to configuration"),
    ("store of another version", r"(incompatible|newer) version of cargo-vet"),
    ("policy lacks a version", r"missing an associated version"),
    ("policy of something unused", r"don't correspond to crates being used"),
    ("policy must be versioned", r"must be versioned"),
    ("package not unique", r"Ambiguous package version"),
    ("violation conflicts", r"violation conflicts"),
    ("no store", r"Couldn't acquire the store|store not found"),
)
_WRAPPERS = re.compile(
    r"has consistency errors|issues with your third-party policy|cannot be read|has \d+ problems"
)
_PARSED_FILES = ("config.toml", "audits.toml", "imports.lock")


class Cause(NamedTuple):
    """A class of errors, and the line of a store file it is about, where there is one."""

    kind: str
    file: str | None = None
    line: int | None = None


def real_causes(exit_code: int, stdout: str, stderr: str, files: Mapping[str, bytes]) -> frozenset[Cause]:
    """Return why cargo-vet refused; files are the store's, to turn its offsets into lines."""
    if exit_code == 101:
        return frozenset({Cause(_kind(stderr) or f"panic: {stderr.strip()[:200]}")})
    return frozenset(_real(_error(stdout), files))


def our_causes(stdout: str) -> frozenset[Cause]:
    """Return why vetflow refused."""
    return frozenset(_ours(_error(stdout)))


def _error(stdout: str) -> dict[str, Any]:
    try:
        document = json.loads(stdout)
    except ValueError:
        return {"message": f"no JSON: {stdout[:200]}"}
    found = document.get("error") if isinstance(document, dict) else None
    return found if isinstance(found, dict) else {"message": f"no error: {stdout[:200]}"}


def _kind(text: str) -> str | None:
    return next((kind for kind, pattern in _KINDS if re.search(pattern, text)), None)


def _real(error: Mapping[str, Any], files: Mapping[str, bytes]) -> Iterator[Cause]:
    message: str = error["message"]
    file: str | None = error.get("filename")
    line = None
    if file is not None and file in files and error.get("labels"):
        line = files[file][: error["labels"][0]["span"]["offset"]].count(b"\n") + 1
    if message.startswith("`cargo metadata` exited"):
        yield Cause("no graph")
    elif message.startswith("Failed to parse toml file"):
        yield Cause("file cannot be read", file, line)
    elif kind := _kind(message):
        yield Cause(kind, file, line)
    elif not _WRAPPERS.search(message):
        yield Cause(message[:200], file, line)
    for problem in error.get("related", ()):
        yield from _real(problem, files)


def _ours(error: Mapping[str, Any]) -> Iterator[Cause]:
    message: str = error["message"]
    path = error.get("filename") or ""
    file, line = path.rpartition("/")[2] or None, error.get("line")
    if kind := _kind(message):
        yield Cause(kind, file, line)
    elif not _WRAPPERS.search(message):
        known = file in _PARSED_FILES
        yield Cause(
            "file cannot be read" if known else "no graph", file if known else None, line if known else None
        )
    for problem in error.get("related", ()):
        yield from _ours(problem)


def unexplained(real: frozenset[Cause], ours: frozenset[Cause]) -> frozenset[Cause]:
    """Return the causes of cargo-vet that vetflow does not name.

    cargo-vet gives a place for parse errors and criteria names only; without one the class decides.
    """
    return frozenset(
        cause
        for cause in real
        if not any(
            cause.kind == our.kind
            and (cause.file is None or cause.file == our.file)
            and (cause.line is None or cause.line == our.line)
            for our in ours
        )
    )
