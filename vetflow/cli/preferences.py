"""What a user prefers, from `$XDG_CONFIG_HOME/vetflow/config.toml`: the theme and the keys of the review.

theme = "vetflow-light"       # vetflow-dark, vetflow-light or vetflow-ansi

[keys]
"review.viewed" = "space"     # the id of a binding, and the key it is to have
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple

from vetflow.cli.world import World
from vetflow.errors import Place, TomlError
from vetflow.formats.positions import locate
from vetflow.formats.toml import decode_utf8, parse_toml


class Preferences(NamedTuple):
    """theme: None for the default. keys: by the id of a binding. places: where each of them stands, by its id."""

    theme: str | None = None
    keys: Mapping[str, str] = {}
    places: Mapping[str, Place] = {}


def preferences_path(world: World) -> str:
    """Return where preferences are read from."""
    given = world.environ.get("XDG_CONFIG_HOME", "")
    base = given if os.path.isabs(given) else os.path.join(world.home, ".config")
    return os.path.join(base, "vetflow", "config.toml")


def read_preferences(world: World) -> Preferences:
    """Return the user's preferences, the default ones without a file; raises TomlError for what cannot be read."""
    path = preferences_path(world)
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError:
        return Preferences()
    text = decode_utf8(content, path)
    table = parse_toml(text, path)
    theme, keys = table.get("theme"), table.get("keys", {})
    if not (theme is None or isinstance(theme, str)) or not _are_texts(keys):
        raise TomlError(
            "the preferences cannot be understood",
            help='they look like: theme = "vetflow-light", and below [keys] "review.viewed" = "space"',
            place=Place(path),
        )
    places = {each: Place(path, *(locate(text, ("keys", each), key=True) or ())) for each in keys}
    return Preferences(theme, dict(keys), places)


def _are_texts(keys: object) -> bool:
    return isinstance(keys, dict) and all(isinstance(key, str) for key in keys.values())
