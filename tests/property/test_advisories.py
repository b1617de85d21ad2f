"""RustSec's ranges and OSV's, written after them, mean the same versions."""

from __future__ import annotations

import json
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.compat.advisory_worlds import requirements_near
from vetflow.formats.affected_versions import affected_ranges
from vetflow.formats.osv import parse_osv
from vetflow.model.advisories import AffectedRange
from vetflow.model.version import VetVersion, parse_version

numbers = st.integers(min_value=0, max_value=3)
pre_releases = st.sampled_from(["", "", "-0", "-alpha", "-rc.1", "-rc.1.0"])
versions = st.builds("{}.{}.{}{}".format, numbers, numbers, numbers, pre_releases).map(parse_version)


def as_osv(ranges: tuple[AffectedRange, ...], random: Random) -> bytes:
    events = [{"introduced": str(each.introduced or "0")} for each in ranges]
    events += [{"fixed": str(each.fixed)} for each in ranges if each.fixed is not None]
    random.shuffle(events)
    affected = {
        "package": {"ecosystem": "crates.io", "name": "anvil"},
        "ranges": [{"type": "SEMVER", "events": events}],
    }
    return json.dumps({"id": "GHSA-made-up", "affected": [affected]}).encode()


@given(versions, st.lists(versions, min_size=1, max_size=8), st.integers())
def test_both_formats_mean_the_same_versions(near: VetVersion, asked: list[VetVersion], seed: int) -> None:
    random = Random(seed)
    patched, unaffected = requirements_near(near, random)
    ranges = affected_ranges((*patched, *unaffected))
    found = parse_osv(as_osv(ranges, random), "f").advisories
    for version in (near, *asked):
        assert any(each.affects(version) for each in found) is any(each.contains(version) for each in ranges)


@given(versions, st.lists(versions, min_size=1, max_size=8), st.integers())
def test_ranges_do_not_touch_and_stand_in_order(near: VetVersion, asked: list[VetVersion], seed: int) -> None:
    patched, unaffected = requirements_near(near, Random(seed))
    ranges = affected_ranges((*patched, *unaffected))
    for one, other in pairwise(ranges):
        assert one.fixed is not None
        assert other.introduced is not None
        assert one.fixed < other.introduced
    for version in asked:
        assert sum(each.contains(version) for each in ranges) <= 1
