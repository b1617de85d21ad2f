"""`audits/facts.toml`: crates of which vetflow knows, without looking, that they have no library.

Each `[[no-library]]` has `crate`, `versions` (a requirement) and `reason` (how that is known).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from vetflow.errors import WorkspaceError
from vetflow.formats.cargo_text import parse_workspace_toml, value_place
from vetflow.model.names import CrateName
from vetflow.model.requirement import RequirementSyntaxError, VersionReq, parse_requirement

_TABLE: Final = "no-library"
_KEYS: Final = ("crate", "versions", "reason")


class NoLibrary(NamedTuple):
    """The versions of a crate that match `versions` have no library; `reason` says how that is known."""

    versions: VersionReq
    reason: str


def parse_facts(text: str, file: str) -> Mapping[CrateName, tuple[NoLibrary, ...]]:
    """Read the shipped facts, by crate; raises WorkspaceError with the place of the first mistake."""
    table = parse_workspace_toml(text, file)
    facts: dict[CrateName, tuple[NoLibrary, ...]] = {}
    entries = table.get(_TABLE, [])
    unknown = next((key for key in table if key != _TABLE), None)
    if unknown is not None or not isinstance(entries, list):
        message = f"only an array of tables `{_TABLE}` is known here"
        raise WorkspaceError(message, place=value_place(text, file, (unknown or _TABLE,)))
    for i, entry in enumerate(entries):
        try:
            crate, fact = _fact(entry)
        except ValueError as error:
            message = f"a fact is malformed: {error}"
            raise WorkspaceError(message, place=value_place(text, file, (_TABLE, i))) from None
        facts[crate] = (*facts.get(crate, ()), fact)
    return facts


def _fact(entry: Any) -> tuple[CrateName, NoLibrary]:
    if not isinstance(entry, dict) or sorted(entry) != sorted(_KEYS):
        raise ValueError(f"it needs the keys {', '.join(_KEYS)} and no other")
    crate, versions, reason = (entry[key] for key in _KEYS)
    if not (isinstance(crate, str) and isinstance(versions, str) and isinstance(reason, str)):
        raise ValueError("its values must be strings")  # noqa: TRY004  the caller gives it a place
    try:
        return crate, NoLibrary(parse_requirement(versions), reason)
    except RequirementSyntaxError as error:
        raise ValueError(f"`{versions}` is not a version requirement: {error}") from None
