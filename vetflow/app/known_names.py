"""The names against which a new one is held: the widely used crates that vetflow ships, and the project's own."""

from __future__ import annotations

from collections.abc import Iterable

from vetflow.app.shipped import shipped_path
from vetflow.formats.popular_toml import parse_popular
from vetflow.graph.look_alikes import KnownNames
from vetflow.model.names import CrateName


def known_names(own: Iterable[CrateName] = ()) -> KnownNames:
    """Return the known names. own: those the project has had before, which are what they seem to it."""
    path = shipped_path("popular.toml")
    with open(path, encoding="utf-8") as file:
        return KnownNames((*parse_popular(file.read(), path), *own))
