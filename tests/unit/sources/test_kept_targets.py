"""What archives were seen to hold, from one run to the next."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from vetflow.model.packages import Targets
from vetflow.sources.cache import Cache
from vetflow.sources.kept_targets import keep_targets, kept_targets

CHECKSUM = "ab" * 32


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(str(tmp_path), lambda: 0.0)


@pytest.mark.parametrize("flags", list(product((False, True), repeat=3)))
def test_what_was_seen_is_known_to_the_next_run(cache: Cache, flags: tuple[bool, bool, bool]) -> None:
    keep_targets(cache, CHECKSUM, Targets(*flags))
    assert kept_targets(cache, CHECKSUM) == Targets(*flags)


def test_nothing_is_known_of_what_was_never_looked_at(cache: Cache) -> None:
    assert kept_targets(cache, CHECKSUM) is None


@pytest.mark.parametrize("content", [b"", b"library", b"library read", b"\xff"])
def test_half_an_entry_says_nothing(cache: Cache, content: bytes) -> None:
    cache.write("targets", CHECKSUM, content)
    assert kept_targets(cache, CHECKSUM) is None


def test_a_cache_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "targets").write_text("")
    cache = Cache(str(tmp_path), lambda: 0.0)
    keep_targets(cache, CHECKSUM, Targets(has_library=True, proc_macro=False, build_script=False))
    assert kept_targets(cache, CHECKSUM) is None
