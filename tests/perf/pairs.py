"""`python -m tests.perf.pairs FOLDER...`: what `surface --check` says of real version bumps.

Takes the archives in the folders (a cargo home's `registry/cache/*`, for example), pairs every version of a crate with
the next one that is there, and asks of each pair what a project that pinned the older one would be asked about the
newer. Prints the share of pairs on which nothing is asked, and every question. Downloads nothing.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from vetflow.app.crates import CrateContent
from vetflow.app.pins import pin_reading
from vetflow.app.reading import read_content
from vetflow.errors import VetflowError
from vetflow.model.packages import DependencyKind
from vetflow.model.pins import PinnedCrate
from vetflow.model.version import VersionSyntaxError, VetVersion, parse_version
from vetflow.sources.archives import sha256
from vetflow.sources.processes import in_processes, processors
from vetflow.sources.tarball import read_crate
from vetflow.surface.growth import Growth, crate_growth, tiers_of

NEW_DEPENDENCY = "a new dependency that runs during the build"


class Archive(NamedTuple):
    """An archive of a crate, by the name of its file."""

    name: str
    version: VetVersion
    path: str


class Seen(NamedTuple):
    """What matters of an archive. needs: the packages it cannot be built without."""

    pinned: PinnedCrate
    needs: frozenset[str]


class Pair(NamedTuple):
    """A bump, and what is asked about it. dependencies: new ones, needed and known to run code during the build."""

    old: Archive
    new: Archive
    grown: tuple[Growth, ...]
    dependencies: tuple[str, ...]

    @property
    def step(self) -> str:
        """The kind of bump, by what a semantic version says."""
        before, after = self.old.version, self.new.version
        if before.major != after.major or (before.major == 0 and before.minor != after.minor):
            return "incompatible"
        return "minor" if before.minor != after.minor else "patch"


def archives(folders: Iterable[str]) -> list[Archive]:
    """Return the archives in folders, each name and version once."""
    found: dict[tuple[str, VetVersion], Archive] = {}
    for folder in folders:
        for path in sorted(Path(folder).glob("*.crate")):
            archive = _archive(path)
            if archive is not None:
                found.setdefault((archive.name, archive.version), archive)
    return list(found.values())


def _archive(path: Path) -> Archive | None:
    """Read name and version from a file's name: the first `-` after which a version begins."""
    parts = path.stem.split("-") if path.suffix == ".crate" else []
    for end in range(1, len(parts)):
        try:
            return Archive("-".join(parts[:end]), parse_version("-".join(parts[end:])), str(path))
        except VersionSyntaxError:
            continue
    return None


def see(archive: Archive) -> Seen | str:
    """Read an archive; why not, where it cannot be read."""
    try:
        with open(archive.path, "rb") as file:
            content = file.read()
        files = read_crate(content, os.path.basename(archive.path).removesuffix(".crate"), archive.path)
        checksum = sha256(content)
        reading = read_content(CrateContent(archive.name, archive.version, files, checksum, archive.path))
    except VetflowError as error:
        return error.message
    needed = frozenset(
        each.package for each in reading.facts.dependencies if not each.optional and each.kind is not DependencyKind.DEV
    )
    return Seen(pin_reading(archive.version, checksum, reading), needed)


def pairs(seen: Mapping[Archive, Seen]) -> list[Pair]:
    """Return the bumps among archives, the oldest first."""
    by_name: dict[str, list[Archive]] = {}
    for archive in sorted(seen, key=lambda each: (each.name, each.version)):
        by_name.setdefault(archive.name, []).append(archive)
    running = {each.name for each, what in seen.items() if tiers_of(what.pinned.targets, host=False)}
    return [
        Pair(
            old,
            new,
            tuple(crate_growth(new.name, seen[new].pinned, [seen[old].pinned])),
            tuple(sorted((seen[new].needs - seen[old].needs) & running)),
        )
        for versions in by_name.values()
        for old, new in pairwise(versions)
    ]


def report(found: list[Pair]) -> None:
    """Print shares, then each question."""
    for title, chosen in (
        ("all pairs", found),
        *(
            (f"{step} bumps", [each for each in found if each.step == step])
            for step in ("patch", "minor", "incompatible")
        ),
    ):
        silent = sum(not each.grown for each in chosen)
        quiet = sum(not (each.grown or each.dependencies) for each in chosen)
        share = 100 / max(1, len(chosen))
        _tell(f"{title}: {len(chosen)}, nothing asked about the crate {silent} ({silent * share:.1f} %), ")
        _tell(f"    nor about a new needed dependency that runs during the build {quiet} ({quiet * share:.1f} %)")
    kinds = Counter(kind for each in found for kind in {growth.kind.value for growth in each.grown})
    kinds[NEW_DEPENDENCY] = sum(bool(each.dependencies) for each in found)
    for kind, count in kinds.most_common():
        _tell(f"{kind}: {count} pairs")
    for each in found:
        if each.grown or each.dependencies:
            asked = Counter(f"{growth.kind.value} {growth.capability}" for growth in each.grown)
            asked.update(f"new dependency {name}" for name in each.dependencies)
            words = ", ".join(f"{what} x{count}" if count > 1 else what for what, count in asked.items())
            _tell(f"  {each.new.name} {each.old.version} -> {each.new.version}: {words}")


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")


def main() -> int:
    """Read the archives the command line names and report on the pairs among them."""
    parser = argparse.ArgumentParser(prog="python -m tests.perf.pairs", description=__doc__)
    parser.add_argument("folders", nargs="+", metavar="FOLDER", help="where archives are")
    parser.add_argument("--at-least", type=int, default=1000, metavar="N", help="fewer pairs are an error (1000)")
    options = parser.parse_args()
    everything = archives(options.folders)
    results = in_processes(see, everything, processors())
    seen = {each: what for each, what in zip(everything, results, strict=True) if isinstance(what, Seen)}
    for each, what in zip(everything, results, strict=True):
        if isinstance(what, str):
            _tell(f"not read: {each.name} {each.version}: {what}")
    found = pairs(seen)
    report(found)
    return 0 if len(found) >= options.at_least else 1


if __name__ == "__main__":
    sys.exit(main())
