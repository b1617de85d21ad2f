"""The maps in `vetflow.app` and its folders lead to every use case: so many are not found by looking through them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import vetflow.app

FOLDER = Path(vetflow.app.__file__).parent
FOLDERS = sorted(path.parent for path in FOLDER.rglob("__init__.py"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_map_names_everything_in_its_folder_and_nothing_else(folder: Path) -> None:
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    folders = {path.parent.name for path in folder.glob("*/__init__.py")}
    said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text())) or ""
    assert set(re.findall(r"`([a-z_]+)`", said)) - {folder.name} == modules | folders
