"""Crates share a form when they say that they come from one repository, or from one revision."""

from __future__ import annotations

import json

from vetflow.model.contents import CrateFile, CrateFiles
from vetflow.review.batch import Origin, origin, why_apart

REVISION = "0123456789abcdef0123456789abcdef01234567"
HOME = "https://git.example.org/quay"


def crate(manifest: str = "", revision: str | None = None) -> CrateFiles:
    texts = {"Cargo.toml": manifest}
    if revision:
        texts[".cargo_vcs_info.json"] = json.dumps({"git": {"sha1": revision}, "path_in_vcs": ""})
    return {path: CrateFile(path, False, text.encode()) for path, text in texts.items()}


def package(repository: str) -> str:
    return f'[package]\nname = "quay"\nrepository = "{repository}"\n'


def test_an_origin_is_what_a_crate_says_of_itself() -> None:
    assert origin(crate(package(HOME), REVISION)) == Origin(HOME, REVISION)
    assert origin(crate('[package]\nname = "quay"\n')) == Origin(None, None)
    assert origin({}) == Origin(None, None)


def test_a_repository_is_the_same_with_and_without_its_suffix() -> None:
    for spelled in (HOME, f"{HOME}/", f"{HOME}.git", f"  {HOME} "):
        assert origin(crate(package(spelled))).repository == HOME


def test_a_manifest_that_nobody_can_read_names_no_repository() -> None:
    assert origin(crate("[package")).repository is None
    assert origin(crate('package = "quay"')).repository is None
    assert origin(crate("[package]\nrepository = 7\n")).repository is None


def test_one_repository_is_enough_and_so_is_one_revision() -> None:
    assert why_apart({"quay": crate(package(HOME)), "quay-macros": crate(package(f"{HOME}.git"))}) is None
    assert why_apart({"quay": crate("", REVISION), "quay-macros": crate("", REVISION)}) is None
    moved = {"quay": crate(package(HOME), REVISION), "quay-macros": crate(package(f"{HOME}-old"), REVISION)}
    assert why_apart(moved) is None


def test_crates_that_name_nothing_have_nothing_in_common() -> None:
    apart = why_apart({"quay": crate(), "ring-of-keys": crate()})
    assert apart is not None
    assert "quay from nowhere it names" in apart


def test_all_of_them_have_to_agree() -> None:
    other = crate(package("https://git.example.org/other"), "f" * 40)
    apart = why_apart({"quay": crate(package(HOME)), "quay-macros": crate(package(HOME)), "other": other})
    assert apart is not None
    assert "other from https://git.example.org/other" in apart
