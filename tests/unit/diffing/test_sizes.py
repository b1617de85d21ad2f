"""Sizes of many audits at once: what is fetched for them, what is kept, and what becomes of those nobody can tell."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.crates import MemoryCrates, crate
from tests.suggesting import delta_of
from vetflow.diffing.sizes import KIND, CrateSizes
from vetflow.model.suggestions import DiffStat, UnknownSize

CRATES = {"aa 1.0.0": {"a": "1\n"}, "aa 2.0.0": {"a": "1\n2\n"}, "bb 1.0.0": {"b": "1\n2\n3\n"}}
DELTA = delta_of("aa 1.0.0 -> 2.0.0")
WHOLE = delta_of("bb 1.0.0")


class MemoryCache:
    """A `SizeCache` in memory; one that is `full` takes nothing more."""

    def __init__(self, *, full: bool = False) -> None:
        self.entries: dict[tuple[str, str], bytes] = {}
        self._full = full

    def read(self, kind: str, key: str) -> bytes | None:
        return self.entries.get((kind, key))

    def write(self, kind: str, key: str, content: bytes) -> None:
        if self._full:
            raise OSError(28, "No space left on device")
        self.entries[kind, key] = content


def test_whole_versions_and_deltas_are_measured_together() -> None:
    crates = MemoryCrates(CRATES)
    sizes = CrateSizes(crates, MemoryCache(), os.environ).sizes([DELTA, WHOLE])
    assert sizes == {DELTA: DiffStat(1, 0, 1), WHOLE: DiffStat(3, 0, 1)}
    assert crates.obtained == [{crate("aa 1.0.0"), crate("aa 2.0.0"), crate("bb 1.0.0")}]


def test_what_an_earlier_run_measured_is_neither_fetched_nor_read() -> None:
    cache = MemoryCache()
    first = CrateSizes(MemoryCrates(CRATES), cache, os.environ).sizes([DELTA, WHOLE])
    crates = MemoryCrates(CRATES)
    assert CrateSizes(crates, cache, {}).sizes([DELTA, WHOLE]) == first
    assert (crates.obtained, crates.read) == ([], [])


def test_only_what_is_new_is_fetched() -> None:
    cache = MemoryCache()
    CrateSizes(MemoryCrates(CRATES), cache, os.environ).sizes([DELTA])
    crates = MemoryCrates(CRATES)
    CrateSizes(crates, cache, os.environ).sizes([DELTA, WHOLE])
    assert crates.obtained == [{crate("bb 1.0.0")}]


def test_the_other_direction_is_another_size() -> None:
    cache = MemoryCache()
    CrateSizes(MemoryCrates(CRATES), cache, os.environ).sizes([DELTA])
    back = delta_of("aa 2.0.0 -> 1.0.0")
    assert CrateSizes(MemoryCrates(CRATES), cache, os.environ).sizes([back]) == {back: DiffStat(0, 1, 1)}


def test_within_a_run_nothing_is_tried_twice_known_or_not() -> None:
    crates = MemoryCrates(CRATES, unidentified=["bb 1.0.0"])
    missing = delta_of("cc 1.0.0")
    measuring = CrateSizes(crates, MemoryCache(), os.environ)
    assert measuring.sizes([WHOLE, missing]) == measuring.sizes([missing, WHOLE])
    assert len(crates.obtained) == 1


def test_what_nothing_identifies_is_measured_but_not_kept() -> None:
    cache = MemoryCache()
    crates = MemoryCrates(CRATES, unidentified=["aa 1.0.0", "bb 1.0.0"])
    assert CrateSizes(crates, cache, os.environ).sizes([WHOLE]) == {WHOLE: DiffStat(3, 0, 1)}
    assert CrateSizes(crates, cache, os.environ).sizes([DELTA]) == {DELTA: DiffStat(1, 0, 1)}
    assert cache.entries == {}


@pytest.mark.parametrize("damaged", [b"", b"1 2\n", b"1 2 3", b"1 2 3\n4\n", b"-1 2 3\n", b"\xff"])
def test_a_damaged_entry_is_measured_again(damaged: bytes) -> None:
    cache = MemoryCache()
    CrateSizes(MemoryCrates(CRATES), cache, os.environ).sizes([WHOLE])
    ((key, good),) = cache.entries.items()
    assert key[0] == KIND
    cache.entries[key] = damaged
    assert CrateSizes(MemoryCrates(CRATES), cache, os.environ).sizes([WHOLE]) == {WHOLE: DiffStat(3, 0, 1)}
    assert cache.entries == {key: good}


def test_a_cache_that_takes_nothing_is_no_obstacle() -> None:
    full = MemoryCache(full=True)
    assert CrateSizes(MemoryCrates(CRATES), full, os.environ).sizes([WHOLE]) == {WHOLE: DiffStat(3, 0, 1)}


def test_what_cannot_be_had_is_unknown_and_leaves_the_others_alone() -> None:
    new, old = delta_of("aa 1.0.0 -> 9.0.0"), delta_of("cc 1.0.0 -> 2.0.0")
    cache = MemoryCache()
    sizes = CrateSizes(MemoryCrates(CRATES), cache, os.environ).sizes([new, old, WHOLE])
    assert sizes == {
        new: UnknownSize("aa 9.0.0: nobody has it"),
        old: UnknownSize("cc 1.0.0: nobody has it"),
        WHOLE: DiffStat(3, 0, 1),
    }
    assert len(cache.entries) == 1


def test_what_cannot_be_read_is_unknown() -> None:
    crates = MemoryCrates(CRATES, broken=["aa 2.0.0", "bb 1.0.0"])
    assert CrateSizes(crates, MemoryCache(), os.environ).sizes([DELTA, WHOLE]) == {
        DELTA: UnknownSize("aa 2.0.0: the archive ends in the middle"),
        WHOLE: UnknownSize("bb 1.0.0: the archive ends in the middle"),
    }


def test_without_git_whole_versions_are_measured_all_the_same(tmp_path: Path) -> None:
    sizes = CrateSizes(MemoryCrates(CRATES), MemoryCache(), {"PATH": str(tmp_path)}).sizes([DELTA, WHOLE])
    assert sizes == {
        DELTA: UnknownSize("git cannot be run: No such file or directory"),
        WHOLE: DiffStat(3, 0, 1),
    }


def test_nothing_is_asked_for_nothing() -> None:
    crates = MemoryCrates({})
    assert CrateSizes(crates, MemoryCache(), {}).sizes([]) == {}
    assert crates.obtained == []
