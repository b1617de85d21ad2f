"""The map in `vetflow.app` leads to every use case: a folder of this size is not found through by looking."""

from __future__ import annotations

import re
from pathlib import Path

import vetflow.app


def test_the_map_names_every_module_and_no_other() -> None:
    folder = Path(vetflow.app.__file__).parent
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    named = set(re.findall(r"`([a-z_]+)`", vetflow.app.__doc__ or ""))
    assert named == modules
