"""docs/own-supply-chain.md is complete: its tables list what is declared and what is installed, no more."""

from __future__ import annotations

import tomllib
from importlib.metadata import distribution

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import REPOSITORY

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
PAGE = (REPOSITORY / "docs" / "own-supply-chain.md").read_text(encoding="utf-8")
ROWS = {
    cells[0]: cells
    for line in PAGE.splitlines()
    if line.startswith("|") and len(cells := [cell.strip() for cell in line.strip("|").split("|")]) == 6
}
DECLARED = [
    Requirement(text)
    for text in (
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["dev"],
        *PROJECT["build-system"]["requires"],
    )
]


def installed_with(requirements: list[Requirement]) -> set[str]:
    """Return the names of all packages that the requirements bring into this environment."""
    found: set[tuple[str, frozenset[str]]] = set()
    pending = list(requirements)
    while pending:
        requirement = pending.pop()
        key = (canonicalize_name(requirement.name), frozenset(requirement.extras))
        if key in found:
            continue
        found.add(key)
        for text in distribution(requirement.name).requires or ():
            needed = Requirement(text)
            extras = requirement.extras or {""}
            if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in extras):
                pending.append(needed)
    return {name for name, _ in found}


@pytest.mark.parametrize("requirement", DECLARED, ids=lambda requirement: requirement.name)
def test_every_declared_dependency_is_listed_with_its_range(requirement: Requirement) -> None:
    assert set(ROWS[requirement.name][1].split(",")) == set(map(str, requirement.specifier))


def test_what_comes_with_the_runtime_dependencies_is_listed_and_nothing_else() -> None:
    runtime = installed_with([Requirement(text) for text in PROJECT["project"]["dependencies"]])
    development = {requirement.name for requirement in DECLARED} - runtime
    assert ROWS.keys() - development - {"package", "---"} == runtime


def test_every_row_gives_a_reason_a_licence_native_code_and_a_publisher() -> None:
    assert [name for name, cells in ROWS.items() if not all(cells)] == []
