"""`python -m tests.perf.deltas [CRATE…]`: how much of real version deltas runs during a build, and what they raise.

Fetches the versions from the registry once, into vetflow's own cache, and compares them outside any workspace. The
pairs are those of a study of build-time code (shared spec behaviour C5). Never part of a test run.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Sequence
from typing import Final, NamedTuple

from vetflow.app.request import Request
from vetflow.app.review_crates import Wanted, review_delta
from vetflow.cli.world import real_world
from vetflow.errors import VetflowError
from vetflow.surface.tiers import Grade, Tier

PAIRS: Final = """
serde_derive 1.0.171 1.0.172
serde_derive 1.0.172 1.0.173
serde_derive 1.0.183 1.0.184
proc-macro2 1.0.85 1.0.86
proc-macro2 1.0.55 1.0.56
libc 0.2.155 0.2.156
ring 0.17.8 0.17.9
openssl-sys 0.9.102 0.9.103
zstd-sys 2.0.10+zstd.1.5.6 2.0.12+zstd.1.5.6
syn 2.0.66 2.0.67
thiserror 1.0.61 1.0.62
thiserror-impl 1.0.61 1.0.62
rustix 0.38.34 0.38.35
anyhow 1.0.86 1.0.87
cc 1.1.0 1.1.7
pkg-config 0.3.30 0.3.31
autocfg 1.3.0 1.4.0
libz-sys 1.1.18 1.1.19
bindgen 0.69.4 0.69.5
tokio-macros 2.3.0 2.4.0
async-trait 0.1.80 0.1.81
clap_derive 4.5.4 4.5.5
prost-build 0.13.1 0.13.2
aws-lc-sys 0.20.0 0.20.1
windows_x86_64_msvc 0.52.5 0.52.6
mio 0.8.11 1.0.1
indexmap 2.2.6 2.3.0
ahash 0.8.10 0.8.11
crc32fast 1.4.0 1.4.2
num-traits 0.2.18 0.2.19
typenum 1.16.0 1.17.0
wasm-bindgen-macro-support 0.2.92 0.2.93
tracing-attributes 0.1.26 0.1.27
cxx-build 1.0.120 1.0.124
pest_derive 2.7.10 2.7.11
time-macros 0.2.17 0.2.18
"""
WRITTEN_BY_CARGO: Final = frozenset({"Cargo.lock", "Cargo.toml.orig"})
FOCUSED: Final = frozenset({Tier.BUILD_SCRIPT, Tier.PROC_MACRO})


class Measured(NamedTuple):
    """Changed lines of one pair, and the highest grade among what is new."""

    full: int
    focused: int
    named: int
    grade: Grade
    is_complete: bool
    seconds: float


def measure(request: Request, crate: str, old: str, new: str) -> Measured:
    """Compare two versions; raises VetflowError where they cannot be had."""
    started = time.monotonic()
    delta = review_delta(request, Wanted(crate, (old, new)), lambda *_: None)
    lines = {group.tier: group.lines for group in delta.plan.groups}
    return Measured(
        full=sum(file.lines for file in delta.diff.files if file.path not in WRITTEN_BY_CARGO),
        focused=sum(lines.get(tier, 0) for tier in FOCUSED),
        named=lines.get(Tier.INPUT, 0),
        grade=delta.grade,
        is_complete=not delta.diff.incomplete,
        seconds=time.monotonic() - started,
    )


def summary(found: Sequence[Measured]) -> str:
    """Return the sums and medians of all pairs."""
    full, focused = [each.full for each in found], [each.focused for each in found]
    medians = f"medians {statistics.median(full):g} and {statistics.median(focused):g}"
    return f"{len(found)} pairs: {sum(full):,} lines in full, {sum(focused):,} focused; {medians}"


def tell(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Print a line for each pair and a summary; return 1 when a diff was incomplete."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("crates", nargs="*", help="only pairs of these crates")
    wanted = parser.parse_args().crates
    world = real_world()
    request = Request(cwd="/", cargo_home=world.cargo_home, today=world.today(), environ=world.environ)
    tell(f"{'pair':44}{'full':>9}{'T1+T2':>8}{'T4':>8}  {'new':9}{'seconds':>8}")
    found = []
    for pair in PAIRS.split("\n"):
        words = pair.split()
        if not words or (wanted and words[0] not in wanted):
            continue
        try:
            measured = measure(request, words[0], words[1], words[2])
        except VetflowError as error:
            tell(f"{pair:44} {error.message}")
            continue
        found.append(measured)
        numbers = f"{measured.full:>9,}{measured.focused:>8,}{measured.named:>8,}"
        state = "" if measured.is_complete else "  INCOMPLETE"
        tell(f"{pair:44}{numbers}  {measured.grade.name.lower():9}{measured.seconds:>8.1f}{state}")
    if found:
        tell(summary(found))
    return int(any(not each.is_complete for each in found))


if __name__ == "__main__":
    sys.exit(main())
