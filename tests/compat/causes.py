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
    ("policies with and without version", r"cannot mix versioned and unversioned policies"),
    ("exemptions under both names", r"duplicate field `exemptions`"),
    ("package not unique", r"Ambiguous package version"),
    ("violation conflicts", r"violation conflicts"),
    ("not UTF-8", r"couldn't load toml|not valid UTF-8|not contain valid UTF-8"),
    ("no store", r"Couldn't acquire the store|store not found"),
)
_WRAPPERS = re.compile(r"has consistency errors|issues with your third-party policy|cannot be read|has \d+ problems")
_PARSED_FILES = ("config.toml", "audits.toml", "imports.lock")


class Cause(NamedTuple):
    """A class of errors, and the lines of a store file it is about, where there are some."""

    kind: str
    file: str | None = None
    lines: tuple[int, int] | None = None


def real_causes(stdout: str, files: Mapping[str, bytes]) -> frozenset[Cause]:
    """Return why cargo-vet refused or crashed; files are the store's, to turn its offsets into lines."""
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
    lines = None
    if file is not None and file in files and error.get("labels"):
        span = error["labels"][0]["span"]
        before, within = files[file][: span["offset"]], files[file][span["offset"] :][: span["length"]]
        first = before.count(b"\n") + 1
        # Whatever is wrong with a policy's key is told of the word itself, wherever it first stands.
        lines = None if within == b"policy" else (first, first + within.count(b"\n"))
    said = " ".join((message, *error.get("causes", ())))
    kind = _kind(said)
    if message.startswith("`cargo metadata` exited"):
        yield Cause("no graph")
    elif message.startswith("Failed to parse toml file"):
        yield Cause(kind) if kind else Cause("file cannot be read", file, lines)
    elif kind:
        yield Cause(kind, file, lines)
    elif not _WRAPPERS.search(message):
        yield Cause(said[:200], file, lines)
    for problem in error.get("related", ()):
        yield from _real(problem, files)


def _ours(error: Mapping[str, Any]) -> Iterator[Cause]:
    message: str = error["message"]
    path = error.get("filename") or ""
    file, line = path.rpartition("/")[2] or None, error.get("line")
    lines = (line, line) if line is not None else None
    if kind := _kind(message):
        yield Cause(kind, file, lines)
    elif file in _PARSED_FILES and not _WRAPPERS.search(message):
        yield Cause("file cannot be read", file, lines)
    elif not _WRAPPERS.search(message):
        yield Cause("no graph")
    for problem in error.get("related", ()):
        yield from _ours(problem)


def unexplained(real: frozenset[Cause], ours: frozenset[Cause]) -> frozenset[Cause]:
    """Return the causes of cargo-vet that vetflow does not name at their place.

    cargo-vet gives a place for some classes only, and sometimes a whole entry; without one the class decides.
    """
    return frozenset(cause for cause in real if not any(_covers(cause, our) for our in ours))


def _covers(real: Cause, ours: Cause) -> bool:
    if real.kind != ours.kind or real.file not in {None, ours.file}:
        return False
    if real.lines is None:
        return True
    return ours.lines is not None and real.lines[0] <= ours.lines[0] <= real.lines[1]
