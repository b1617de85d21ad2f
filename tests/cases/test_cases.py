"""Every case folder against vetflow, and against the real cargo-vet that it promises to agree with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cases.case import CASES, Case

OURS = {"about", "tally", "nearest"}
"""What cargo-vet does not say."""

every_case = pytest.mark.parametrize(
    "folder",
    [pytest.param(file.parent, id=file.parent.name) for file in sorted(CASES.glob("*/expected.toml"))],
)


@every_case
def test_vetflow_gives_the_expected_verdict(folder: Path) -> None:
    case = Case(folder)
    assert case.verdict() == {key: value for key, value in case.expected.items() if key != "about"}


@every_case
@pytest.mark.cargo_vet
def test_the_real_cargo_vet_gives_the_expected_verdict(folder: Path, cargo_vet: Path, tmp_path: Path) -> None:
    case = Case(folder)
    expected = {key: value for key, value in case.expected.items() if key not in OURS}
    assert case.real_verdict(cargo_vet, tmp_path) == expected


def test_every_case_says_what_it_is_about() -> None:
    cases = [Case(file.parent) for file in CASES.glob("*/expected.toml")]
    assert cases
    assert [case.name for case in cases if not case.expected.get("about")] == []
