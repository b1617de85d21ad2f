"""Findings as GitHub Actions workflow commands: annotations at the line of Cargo.lock or of the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from vetflow.model.findings import Finding, Level
from vetflow.text import shown

_COMMAND: Final = {Level.NOTE: "notice", Level.WARN: "warning", Level.FAIL: "error"}


def workflow_commands(findings: Iterable[Finding]) -> str:
    """Return one workflow command a finding. The runner's own escapes keep crate text from forging commands."""
    return "".join(f"{command}\n" for command in _commands(findings))


def _commands(findings: Iterable[Finding]) -> Iterator[str]:
    for finding in findings:
        place = finding.place
        where = [f"title={_property(finding.id)}"]
        if place:
            where.insert(0, f"file={_property(place.file)}")
            if place.line is not None:
                where.insert(1, f"line={place.line}")
        settle = f" ({finding.settle})" if finding.settle else ""
        yield f"::{_COMMAND[finding.level]} {','.join(where)}::{_data(finding.reason + settle)}"


def _data(text: str) -> str:
    return shown(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
