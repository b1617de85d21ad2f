"""What vetflow ships is found in a checkout and in an installed wheel alike."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from vetflow.app.shipped import shipped_path
from vetflow.errors import VetflowError


def test_the_bundled_workspace_is_found_from_this_very_code() -> None:
    assert os.path.isfile(shipped_path("demo", "Cargo.lock"))


def test_a_checkout_has_it_beside_the_package(tmp_path: Path) -> None:
    (tmp_path / "audits" / "demo").mkdir(parents=True)
    assert shipped_path("demo", package=str(tmp_path / "vetflow")) == str(tmp_path / "audits" / "demo")


def test_a_wheel_has_it_inside_the_package_whatever_lies_beside(tmp_path: Path) -> None:
    inside = tmp_path / "vetflow" / "_audits" / "demo"
    inside.mkdir(parents=True)
    (tmp_path / "audits" / "demo").mkdir(parents=True)
    assert shipped_path("demo", package=str(tmp_path / "vetflow")) == str(inside)


def test_an_incomplete_installation_says_so(tmp_path: Path) -> None:
    with pytest.raises(VetflowError, match=r"'demo.Cargo.lock' is missing") as raised:
        shipped_path("demo", "Cargo.lock", package=str(tmp_path / "vetflow"))
    assert raised.value.help == "install vetflow again"
