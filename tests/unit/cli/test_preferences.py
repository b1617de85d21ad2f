"""What a user prefers is read from one file, and every problem with it is told with its place."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest

from tests.fakes import FIXED_DAY
from vetflow.cli.preferences import Preferences, read_preferences
from vetflow.cli.world import World
from vetflow.errors import Place, TomlError


def preferences(folder: Path, text: str | None) -> Preferences:
    path = folder / "vetflow" / "config.toml"
    path.parent.mkdir()
    if text is not None:
        path.write_text(text)
    environ = {"XDG_CONFIG_HOME": str(folder)}
    return read_preferences(World(environ, "/", StringIO(), StringIO(), StringIO(), lambda: FIXED_DAY))


def test_without_a_file_there_are_none(tmp_path: Path) -> None:
    assert preferences(tmp_path, None) == Preferences()


def test_theme_and_keys_are_read_with_the_places_of_the_keys(tmp_path: Path) -> None:
    read = preferences(tmp_path, 'theme = "vetflow-light"\n\n[keys]\n"review.viewed" = "f5"\n  "queue.sort" = "z"\n')
    assert read.theme == "vetflow-light"
    assert read.keys == {"review.viewed": "f5", "queue.sort": "z"}
    file = str(tmp_path / "vetflow" / "config.toml")
    assert read.places == {"review.viewed": Place(file, 4, 1), "queue.sort": Place(file, 5, 3)}


@pytest.mark.parametrize("text", ["theme = 1", 'keys = "f5"', "[keys]\nreview.viewed = 'f5'"])
def test_what_is_no_preference_is_told(tmp_path: Path, text: str) -> None:
    with pytest.raises(TomlError, match="the preferences cannot be understood"):
        preferences(tmp_path, text)
