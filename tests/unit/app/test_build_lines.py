"""Only what runs while somebody builds counts as build-time lines, and only what changed is compared."""

from __future__ import annotations

import os
from collections.abc import Mapping

import pytest

from tests.crates import MemoryCrates, crate
from tests.readings import reading, surface
from tests.suggesting import delta_of
from tests.unit.diffing.test_sizes import MemoryCache
from vetflow.app.build_lines import build_lines
from vetflow.app.reading import Reading
from vetflow.model.report import CrateVersion
from vetflow.surface.tiers import Tier

FILES = {"build.rs": "1\n2\n", "words.txt": "a\n", "src/lib.rs": "1\n" * 50, "readme": "1\n" * 9}
CRATES = {
    "aa 1.0.0": FILES,
    "aa 1.1.0": {**FILES, "build.rs": "1\n2\n3\n", "src/lib.rs": ""},
    "aa 1.2.0": {**FILES, "src/lib.rs": "", "readme": ""},
    "bb 1.0.0": {"src/lib.rs": "1\n"},
}
TIERS = {"build.rs": Tier.BUILD_SCRIPT, "words.txt": Tier.INPUT, "src/lib.rs": Tier.HOST_LIBRARY}


def shown(digest: str | None) -> Reading:
    return Reading(reading().facts, surface(TIERS if digest else {}), (), digest, ())


READINGS = {
    crate("aa 1.0.0"): shown("one"),
    crate("aa 1.1.0"): shown("two"),
    crate("aa 1.2.0"): shown("one"),
    crate("bb 1.0.0"): shown(None),
}


def lines(delta: str, readings: Mapping[CrateVersion, Reading], crates: MemoryCrates) -> int | None:
    wanted = delta_of(delta)
    return build_lines([wanted], readings, crates, MemoryCache(), os.environ).get(wanted)


@pytest.mark.parametrize(
    ("delta", "count"),
    [("aa 1.0.0", 2), ("aa 1.0.0 -> 1.1.0", 1), ("aa 1.1.0 -> 1.2.0", 1), ("aa 1.0.0 -> 1.2.0", 0), ("bb 1.0.0", 0)],
)
def test_lines_of_build_scripts_and_proc_macros_are_counted(delta: str, count: int) -> None:
    assert lines(delta, READINGS, MemoryCrates(CRATES)) == count


@pytest.mark.parametrize("delta", ["aa 1.0.0 -> 1.2.0", "bb 1.0.0"])
def test_nothing_is_read_where_build_time_code_is_the_same(delta: str) -> None:
    crates = MemoryCrates(CRATES)
    lines(delta, READINGS, crates)
    assert (crates.obtained, crates.read) == ([], [])


def test_a_crate_that_was_not_read_has_no_number() -> None:
    assert lines("aa 1.0.0 -> 1.1.0", {crate("aa 1.0.0"): shown("one")}, MemoryCrates(CRATES)) is None
