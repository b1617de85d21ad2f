"""What the real cargo-vet made of single values: accepted and rewritten, or refused and why."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

_PREFIX = "Failed to parse toml file: "


def recorded(shared: Path, kind: str) -> dict[str, str]:
    """Return for each input of a kind what cargo-vet answered: the canonical text, or its error."""
    cases = json.loads((shared / "fixtures/format/scalars.json").read_text())[kind]
    return {case["input"]: case.get("output") or case["error"].removeprefix(_PREFIX) for case in cases}


def answers(parse: Callable[[str], object], inputs: dict[str, str]) -> dict[str, str]:
    """Return what `parse` answers to the same inputs."""
    return {text: answer(parse, text) for text in inputs}


def answer(parse: Callable[[str], object], text: str) -> str:
    try:
        return str(parse(text))
    except ValueError as error:
        return str(error)
