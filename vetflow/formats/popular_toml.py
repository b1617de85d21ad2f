"""`audits/popular.toml`: the names of widely used crates, which vetflow ships to hold new names against."""

from __future__ import annotations

from vetflow.errors import WorkspaceError
from vetflow.formats.cargo_text import parse_workspace_toml, value_place
from vetflow.model.names import CrateName

_KEY = "names"


def parse_popular(text: str, file: str) -> tuple[CrateName, ...]:
    """Read the one array of strings, `names`; raises WorkspaceError for anything else."""
    table = parse_workspace_toml(text, file)
    names = table.get(_KEY)
    if set(table) != {_KEY} or not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        message = f"only an array of strings `{_KEY}` is known here"
        raise WorkspaceError(message, place=value_place(text, file, (_KEY,)))
    return tuple(names)
