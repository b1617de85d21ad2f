"""What import-linter cannot see: sizes, the core's purity, and what a `check` loads before it answers."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.small_project import write_small_project

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "vetflow").rglob("*.py"))
CORE = ("errors.py", "text", "model", "formats", "graph", "resolve", "surface", "trust", "review")
CORE_MODULES = [path for path in MODULES if path.relative_to(ROOT / "vetflow").parts[0] in CORE]
LARGEST = 400

# Files, clock, environment and terminal belong to the edges: the core gets text, values and ports.
WORLDLY = {
    "os": {
        "environ", "getenv", "getcwd", "listdir", "scandir", "walk", "stat", "lstat", "open", "readlink",
        "path.exists", "path.isfile", "path.isdir", "path.islink", "path.abspath", "path.realpath",
        "path.expanduser", "path.getsize", "path.getmtime",
    },
    "time": {"time", "time_ns", "gmtime", "localtime", "monotonic", "sleep"},
    "datetime": {"datetime.now", "datetime.utcnow", "datetime.today", "date.today"},
    "sys": {"stdin", "stdout", "stderr", "argv", "exit"},
    "random": {"*"},
    "io": {"open"},
    "pathlib": {"*"},
}  # fmt: skip

# Each costs milliseconds that every check would pay (shared spec graph 5).
HEAVY = {
    "asyncio", "cryptography", "dataclasses", "difflib", "email", "git", "http", "httpx",
    "importlib.metadata", "inspect", "json", "logging", "pathlib", "rich", "socket", "ssl", "subprocess",
    "tempfile", "textual", "threading", "tomlkit", "tomllib", "unidiff", "unittest", "urllib.request",
}  # fmt: skip


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_what_it_owns_and_stays_small(path: Path) -> None:
    text = path.read_text()
    assert ast.get_docstring(ast.parse(text)), "it has no docstring"
    lines = text.count("\n")
    assert lines <= LARGEST, f"{lines} lines: it owns more than one idea"


@pytest.mark.parametrize("path", CORE_MODULES, ids=name_of)
def test_the_core_sees_nothing_of_the_machine(path: Path) -> None:
    assert list(worldly_uses(ast.parse(path.read_text()))) == []


def worldly_uses(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in {"open", "print", "input"}
        ):
            yield f"{node.func.id}() in line {node.lineno}"
        elif isinstance(node, ast.ImportFrom) and node.module in WORLDLY:
            taken = {alias.name for alias in node.names}
            if forbidden := taken & first_words(WORLDLY[node.module]) or ("*" in WORLDLY[node.module] and taken):
                yield f"{node.module}: {', '.join(sorted(forbidden))} in line {node.lineno}"
        elif isinstance(node, ast.Import):
            yield from (f"{a.name} in line {node.lineno}" for a in node.names if "*" in WORLDLY.get(a.name, ()))
        elif isinstance(node, ast.Attribute):
            module, _, rest = ast.unparse(node).partition(".")
            if rest in WORLDLY.get(module, ()):
                yield f"{module}.{rest} in line {node.lineno}"


def first_words(names: set[str]) -> set[str]:
    return {name for name in names if "." not in name} | ({"path"} if any("." in name for name in names) else set())


def test_the_search_for_uses_of_the_machine_finds_them() -> None:
    planted = "from time import time\nimport random\nopen('x')\nos.path.isfile('x')\nos.environ['HOME']\n"
    assert len(list(worldly_uses(ast.parse(planted)))) == 5


def test_every_folder_of_tests_is_a_package() -> None:
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    assert [str(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


LOADED_BY_CHECK = """
import sys
before = set(sys.modules)
from vetflow.cli.main import main
from vetflow.cli.world import real_world
code = main(["check", "--locked"], real_world())
print("exit", code)
print(*sorted(set(sys.modules) - before), sep="\\n")
"""


def test_a_check_loads_nothing_heavy(tmp_path: Path) -> None:
    """Runs in a process of its own: this one has loaded everything."""
    write_small_project(tmp_path)
    ran = subprocess.run(
        [sys.executable, "-c", LOADED_BY_CHECK], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    _, succeeded, loaded = ran.stdout.partition("exit 0\n")
    assert succeeded, ran.stdout + ran.stderr
    assert sorted(HEAVY & set(loaded.split())) == []
