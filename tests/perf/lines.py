"""`python -m tests.perf.lines FOLDER...`: how many changed lines of real bumps are build-time code.

The bumps are those of shared spec behaviour C5, by name and version; their archives have to be in the folders. Counts
lines added and removed, without Cargo.lock and Cargo.toml.orig, in all files and in those of build scripts and proc
macros; beside these, lines of a library as it would count in the host closure. Downloads nothing.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
from typing import Final, NamedTuple

from tests.perf.pairs import Archive, archives
from vetflow.app.reading import load_rules
from vetflow.diffing.compare import compare_contents
from vetflow.model.contents import CrateFiles
from vetflow.review.plan import reading_plan
from vetflow.sources.tarball import read_crate
from vetflow.surface.analysis import Analysis, analyse
from vetflow.surface.tiers import Tier

BUMPS: Final = """
serde_derive 1.0.171 1.0.172, serde_derive 1.0.172 1.0.173, serde_derive 1.0.183 1.0.184, proc-macro2 1.0.85
1.0.86, proc-macro2 1.0.55 1.0.56, libc 0.2.155 0.2.156, ring 0.17.8 0.17.9, openssl-sys 0.9.102 0.9.103,
zstd-sys 2.0.10 2.0.12, syn 2.0.66 2.0.67, thiserror 1.0.61 1.0.62, thiserror-impl 1.0.61 1.0.62, rustix
0.38.34 0.38.35, anyhow 1.0.86 1.0.87, cc 1.1.0 1.1.7, pkg-config 0.3.30 0.3.31, autocfg 1.3.0 1.4.0, libz-sys
1.1.18 1.1.19, bindgen 0.69.4 0.69.5, tokio-macros 2.3.0 2.4.0, async-trait 0.1.80 0.1.81, clap_derive 4.5.4
4.5.5, prost-build 0.13.1 0.13.2, aws-lc-sys 0.20.0 0.20.1, windows_x86_64_msvc 0.52.5 0.52.6, mio 0.8.11
1.0.1, indexmap 2.2.6 2.3.0, ahash 0.8.10 0.8.11, crc32fast 1.4.0 1.4.2, num-traits 0.2.18 0.2.19, typenum
1.16.0 1.17.0, wasm-bindgen-macro-support 0.2.92 0.2.93, tracing-attributes 0.1.26 0.1.27, cxx-build 1.0.120
1.0.124, pest_derive 2.7.10 2.7.11, time-macros 0.2.17 0.2.18
"""
_UNCOUNTED: Final = frozenset({"Cargo.lock", "Cargo.toml.orig"})


class Measured(NamedTuple):
    """Changed lines of one bump. embedded: of files that build-time code names or compiles.."""

    title: str
    full: int
    focused: int
    library: int
    embedded: int
    runs: bool


def measure(old: Archive, new: Archive) -> Measured:
    """Compare two archives."""
    before, after = _files(old), _files(new)
    sides = [_look(files) for files in (before, after)]
    diff = compare_contents(before, after, os.environ)
    plan = reading_plan(diff, sides[0].surface, sides[1].surface, sides[1].evidence)
    lines = {
        group.tier: sum(file.lines for file in group.files if file.path not in _UNCOUNTED) for group in plan.groups
    }
    focused = lines.get(Tier.BUILD_SCRIPT, 0) + lines.get(Tier.PROC_MACRO, 0)
    runs = any(each.digest is not None for each in sides)
    title = f"{new.name} {old.version} -> {new.version}"
    return Measured(
        title, sum(lines.values()), focused, lines.get(Tier.HOST_LIBRARY, 0), lines.get(Tier.INPUT, 0), runs
    )


def _files(archive: Archive) -> CrateFiles:
    with open(archive.path, "rb") as file:
        return read_crate(file.read(), os.path.basename(archive.path).removesuffix(".crate"), archive.path)


def _look(files: CrateFiles) -> Analysis:
    return analyse(files, load_rules(), host_library=True, under_review=True)


def main() -> int:
    """Measure every bump whose two archives are there."""
    parser = argparse.ArgumentParser(prog="python -m tests.perf.lines", description=__doc__)
    parser.add_argument("folders", nargs="+", metavar="FOLDER", help="where archives are")
    known = {(each.name, str(each.version).partition("+")[0]): each for each in archives(parser.parse_args().folders)}
    measured = []
    for text in BUMPS.replace("\n", " ").split(","):
        name, old, new = text.split()
        if (name, old) in known and (name, new) in known:
            measured.append(measure(known[name, old], known[name, new]))
        else:
            _tell(f"not there: {name} {old} or {new}")
    _tell(f"{'':44}{'full':>9}{'focused':>9}{'library':>9}{'embedded':>9}")
    for each in measured:
        _tell(f"{each.title:44}{each.full:9}{each.focused:9}{each.library:9}{each.embedded:9}")
    running = [each for each in measured if each.runs]
    for title, chosen in (("all", measured), ("with a build script or proc macro", running)):
        if chosen:
            full, focused = (sum(getattr(each, name) for each in chosen) for name in ("full", "focused"))
            middle = [statistics.median(getattr(each, name) for each in chosen) for name in ("full", "focused")]
            sums = f"{len(chosen)} bumps, {full} lines in full, {focused} focused"
            _tell(f"{title}: {sums}; medians {middle[0]:g}, {middle[1]:g}")
    return 0


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
