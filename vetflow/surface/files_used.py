"""Which files code reads or writes, as far as it tells, and which rule that falls under."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from vetflow.surface.traced import Alternative, Kind, Value, described, known_text

_PACKAGE: Final = "CARGO_MANIFEST_DIR"
_OUT: Final = "OUT_DIR"
_WORKING_DIRECTORY: Final = "the working directory"


def judge_write(value: Value) -> Iterator[tuple[str, str]]:
    """Yield the rules that writing to a path falls under, each with what it is."""
    for alternative in value:
        first = alternative[0] if alternative else None
        if first is not None and first.kind is Kind.VARIABLE and first.text == _OUT and not _leaves(alternative):
            yield "fs-write/out-dir", "OUT_DIR"
        elif first is None or first.kind in {Kind.UNKNOWN, Kind.PACKAGE}:
            yield "fs-write/untraced", described(alternative)
        else:
            yield "fs-write/outside", described(alternative)


def judge_read(value: Value) -> Iterator[tuple[str, str]]:
    """Yield the rules that reading a path falls under, each with what it is.

    The working directory of a build script is its package; that of a macro is not, which counts more in any case.
    """
    for alternative in value:
        first = alternative[0] if alternative else None
        if first is None or first.kind in {Kind.UNKNOWN, Kind.PACKAGE}:
            yield "fs-read/untraced", described(alternative)
        elif not _leaves(alternative) and (
            (first.kind is Kind.VARIABLE and first.text in {_OUT, _PACKAGE})
            or (first.kind is Kind.LITERAL and not _is_absolute(first.text))
            or (first.kind is Kind.PLACE and first.text == _WORKING_DIRECTORY)
        ):
            yield "fs-read/package", known_text(alternative) or first.text
        else:
            yield "fs-read/other", described(alternative)


def _leaves(alternative: Alternative) -> bool:
    """Whether a path leads out of the folder it begins in; what is not known counts as one name."""
    rest = "".join(part.text if part.kind is Kind.LITERAL else "x" for part in alternative[1:])
    first = alternative[0]
    depth = 0
    for name in re.split(r"[/\\]", (first.text if first.kind is Kind.LITERAL else "") + rest):
        depth += -1 if name == ".." else 0 if name in {"", "."} else 1
        if depth < 0:
            return True
    return False


def _is_absolute(text: str) -> bool:
    return text.startswith(("/", "\\", "~")) or text[1:2] == ":"
