"""How much of a change is build-time code: the lines of build scripts and proc macros alone, embedded files included.

Measured as whole sizes are, by the same git, over only those files of each crate that its reading names; and kept, as
these are, by what identifies the contents.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from vetflow.app.reading import Reading
from vetflow.diffing.sizes import CrateContents, CrateSizes, SizeCache
from vetflow.model.contents import CrateFile
from vetflow.model.ports import DiffSizes
from vetflow.model.report import CrateVersion
from vetflow.model.suggestions import CrateDelta, DiffStat
from vetflow.surface.tiers import Tier

_NOTHING = "nothing runs"


class BuildTimeCrates:
    """A `diffing.sizes.CrateContents` of the files that run while somebody builds."""

    def __init__(self, crates: CrateContents, readings: Mapping[CrateVersion, Reading]) -> None:
        """Take the crates, and what was read of some of them."""
        self._crates = crates
        self._readings = readings

    def fingerprints(self, crates: Collection[CrateVersion]) -> Mapping[CrateVersion, str]:
        """Return what identifies the build-time files of each crate that was read."""
        return {
            crate: f"build-time {self._readings[crate].digest or _NOTHING}"
            for crate in crates
            if crate in self._readings
        }

    def obtain(self, crates: Collection[CrateVersion]) -> Mapping[CrateVersion, str]:
        """Get what has build-time files; return why, for crates that cannot be had."""
        unread = {crate: "it was not read" for crate in crates if crate not in self._readings}
        return {**unread, **self._crates.obtain([crate for crate in crates if self._paths(crate)])}

    def files(self, crate: CrateVersion) -> Iterator[CrateFile]:
        """Yield the build-time files of a crate; raises WorkspaceError."""
        paths = self._paths(crate)
        return (file for file in self._crates.files(crate) if file.path in paths) if paths else iter(())

    def _paths(self, crate: CrateVersion) -> frozenset[str]:
        reading = self._readings.get(crate)
        return frozenset(reading.surface.paths(Tier.BUILD_SCRIPT, Tier.PROC_MACRO) if reading else ())


def build_lines(
    deltas: Collection[CrateDelta],
    readings: Mapping[CrateVersion, Reading],
    crates: CrateContents,
    cache: SizeCache,
    environ: Mapping[str, str],
) -> Mapping[CrateDelta, int]:
    """Return the build-time lines of each delta whose ends were read and could be measured."""
    known: dict[CrateDelta, int] = {}
    changed: list[CrateDelta] = []
    for delta in deltas:
        ends = [readings.get(end) for end in delta.ends()]
        if all(ends):
            digests = {end.digest for end in ends if end} | ({None} if delta.base is None else set())
            if len(digests) == 1:
                known[delta] = 0
            else:
                changed.append(delta)
    sizes: DiffSizes = CrateSizes(BuildTimeCrates(crates, readings), cache, environ)
    measured = sizes.sizes(changed) if changed else {}
    return known | {delta: size.lines for delta, size in measured.items() if isinstance(size, DiffStat)}
