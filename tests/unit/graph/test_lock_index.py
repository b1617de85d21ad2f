from __future__ import annotations

import pytest

from tests.unit.graph.workspaces import entry, lock, published
from vetflow.formats.cargo_lock import parse_lock
from vetflow.formats.cargo_toml import parse_manifest
from vetflow.graph.local_packages import LocalPackage
from vetflow.graph.lock_index import LockIndex
from vetflow.model.names import CRATES_IO
from vetflow.model.version import parse_version

GIT = "git+https://git.example/tiny?branch=next"


def index(text: str, *local: str) -> LockIndex:
    packages = []
    for name_and_version in local:
        name, version = name_and_version.split()
        manifest = parse_manifest(f'[package]\nname = "{name}"\n', f"/ws/{name}-{version}/Cargo.toml")
        packages.append(LocalPackage(manifest, name, parse_version(version), (), is_member=True))
    return LockIndex(parse_lock(text, "Cargo.lock"), packages)


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("tiny", None),
        ("tiny 1.0.0", 0),
        ("tiny 2.0.0", None),
        (f"tiny 2.0.0 ({CRATES_IO})", 1),
        (f"tiny 2.0.0 ({GIT})", 2),
        ("small", 3),
        ("small 1.0.0", 3),
        (f"small 1.0.0 ({CRATES_IO})", 3),
        ("small 1.0.1", None),
        ("small 1.0.0 (registry+https://crates.example)", None),
        ("both", 5),
        (f"both 1.0.0 ({CRATES_IO})", 4),
        ("gone", None),
    ],
)
def test_a_reference_says_as_much_as_it_needs(reference: str, expected: int | None) -> None:
    text = lock(
        published("tiny", "1.0.0"),
        published("tiny", "2.0.0"),
        entry("tiny", "2.0.0", source=f"{GIT}#{'0' * 40}"),
        published("small", "1.0.0"),
        published("both", "1.0.0"),
        entry("both", "1.0.0"),
    )
    assert index(text, "both 1.0.0").find(reference) == expected


def test_an_entry_without_a_source_counts_when_it_can_be_a_path_package() -> None:
    found = index(lock(entry("app"), entry("util", "0.9.0"), entry("stranger")), "app 0.1.0", "util 1.0.0")
    assert found.is_live == [True, True, False]
    assert found.directories == ["/ws/app-0.1.0", None, None]
    assert found.find("stranger") is None


def test_with_two_path_packages_of_a_name_the_version_decides() -> None:
    text = lock(entry("util", "1.0.0"), entry("util", "2.0.0"), entry("util", "3.0.0"))
    found = index(text, "util 1.0.0", "util 2.0.0")
    assert found.directories == ["/ws/util-1.0.0", "/ws/util-2.0.0", None]
    assert found.is_live == [True, True, False]


def test_references_that_lead_nowhere_are_no_edges() -> None:
    assert index(lock(published("tiny", "1.0.0", "gone", "small"), published("small", "1.0.0"))).targets(0) == [1]


def test_a_replaced_entry_leads_to_what_replaced_it() -> None:
    text = lock(published("tiny", "1.0.0", extra='replace = "tiny 1.0.0"\n'), entry("tiny", "1.0.0"))
    assert index(text, "tiny 1.0.0").targets(0) == [1]
