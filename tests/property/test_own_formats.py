"""Laws of vetflow's own files: what is written is read back, and written the same again, whatever the order was."""

from __future__ import annotations

import random
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.property.strategies import dates, many, names, strings, versions
from vetflow.formats.findings_toml import parse_findings, write_findings
from vetflow.formats.surface_lock import parse_surface_lock, write_surface_lock
from vetflow.model.decisions import Acceptance, Decisions, Hold
from vetflow.model.packages import Targets
from vetflow.model.pins import PinnedCapability, PinnedCrate, ShippedBinary, SurfaceLock

words = st.text(st.sampled_from("abc.:-_\"'\\é"), min_size=1, max_size=6)
some = st.lists(names, max_size=3).map(sorted).map(tuple)
capabilities = st.lists(st.builds(PinnedCapability, words, words, strings, st.integers(0, 3)), max_size=3)
binaries = st.lists(st.builds(ShippedBinary, strings.filter(bool), words), max_size=2)
pinned_crates: SearchStrategy[PinnedCrate] = st.builds(
    PinnedCrate,
    version=versions,
    checksum=st.none() | strings.filter(bool),
    targets=st.builds(Targets, st.booleans(), st.booleans(), st.booleans()),
    links=st.none() | strings,
    build_only=some,
    build_too=some,
    host=st.booleans(),
    surface=st.none() | strings,
    capabilities=capabilities.map(sorted).map(tuple),
    binaries=binaries.map(sorted).map(tuple),
)
surface_locks: SearchStrategy[SurfaceLock] = st.builds(
    SurfaceLock,
    strings,
    st.dictionaries(names, st.lists(pinned_crates, min_size=1, max_size=2).map(tuple), max_size=4),
)
decisions: SearchStrategy[Decisions] = st.builds(
    Decisions,
    st.dictionaries(
        names,
        st.lists(
            st.builds(
                Acceptance, strings, st.none() | strings, strings, many, st.none() | versions, st.none() | dates()
            ),
            min_size=1,
            max_size=3,
        ).map(tuple),
        max_size=3,
    ),
    st.dictionaries(
        names,
        st.lists(st.builds(Hold, strings, strings, many, dates(), st.none() | versions), min_size=1, max_size=3).map(
            tuple
        ),
        max_size=3,
    ),
)


@given(lock=surface_locks)
def test_a_surface_lock_is_read_back_and_written_the_same_again(lock: SurfaceLock) -> None:
    text = write_surface_lock(lock)
    again = parse_surface_lock(text, "surface.lock")

    assert again.rules == lock.rules
    assert {name: sorted(map(str, rows)) for name, rows in again.crates.items()} == {
        name: sorted(map(str, rows)) for name, rows in lock.crates.items()
    }
    assert write_surface_lock(again) == text


@given(lock=surface_locks, seed=st.integers())
def test_the_order_in_which_crates_were_looked_at_leaves_no_trace(lock: SurfaceLock, seed: int) -> None:
    shuffled = list(lock.crates.items())
    random.Random(seed).shuffle(shuffled)
    turned: Mapping[str, tuple[PinnedCrate, ...]] = {name: rows[::-1] for name, rows in shuffled}

    assert write_surface_lock(lock._replace(crates=turned)) == write_surface_lock(lock)


@given(made=decisions)
def test_decisions_are_read_back_and_written_the_same_again(made: Decisions) -> None:
    text = write_findings(made)
    again = parse_findings(text, "findings.toml")

    assert {name: sorted(map(str, rows)) for name, rows in again.acceptances.items()} == {
        name: sorted(map(str, rows)) for name, rows in made.acceptances.items()
    }
    assert {name: sorted(map(str, rows)) for name, rows in again.holds.items()} == {
        name: sorted(map(str, rows)) for name, rows in made.holds.items()
    }
    assert write_findings(again) == text
