"""The sizes of audits: how much there is to read in a version, or from one version to another.

The numbers are cargo-vet's, except where a crate plays tricks: `git diff --numstat` in the user's own repository can be
told by the crate to show nothing, this cannot. A size depends on nothing but the two contents, so it is kept under what
identifies them and computed once on a machine.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Final, Protocol

from vetflow.diffing.contents import count_whole
from vetflow.diffing.trees import compare_crates
from vetflow.errors import VetflowError
from vetflow.model.contents import CrateFile
from vetflow.model.report import CrateVersion
from vetflow.model.suggestions import CrateDelta, DiffStat, Size, UnknownSize

KIND: Final = "sizes"
"""What a cache calls entries of this kind."""
_RULES: Final = "1"
"""To be changed with any rule of what is counted, so that no older number is taken for a new one."""
_ENTRY: Final = re.compile(rb"([0-9]+) ([0-9]+) ([0-9]+)\n\Z")


class CrateContents(Protocol):
    """The crates somebody has or can get, verified. Nothing is raised for what cannot be had."""

    def fingerprints(self, crates: Collection[CrateVersion]) -> Mapping[CrateVersion, str]:
        """Return what identifies the content of each crate, such as its archive's checksum, where that is known.

        Asks for no archive.
        """
        ...

    def obtain(self, crates: Collection[CrateVersion]) -> Mapping[CrateVersion, str]:
        """Get what is not at hand, side by side; return why, as half a sentence, for crates that cannot be had."""
        ...

    def files(self, crate: CrateVersion) -> Iterator[CrateFile]:
        """Yield the files of a crate that was obtained; raises VetflowError, also in the middle."""
        ...


class SizeCache(Protocol):
    """Keeps small entries by kind and key, see `sources.cache`."""

    def read(self, kind: str, key: str) -> bytes | None:
        """Return an entry; None when there is none."""
        ...

    def write(self, kind: str, key: str, content: bytes) -> None:
        """Keep an entry; raises OSError."""
        ...


class CrateSizes:
    """A `model.ports.DiffSizes` over the contents of crates."""

    def __init__(self, contents: CrateContents, cache: SizeCache, environ: Mapping[str, str]) -> None:
        """Take the crates, where to keep sizes, and the environment in which to look for git."""
        self._contents = contents
        self._cache = cache
        self._environ = environ
        self._known: dict[CrateDelta, Size] = {}

    def sizes(self, deltas: Collection[CrateDelta]) -> Mapping[CrateDelta, Size]:
        """Return the size of each delta, or why it is unknown; gets only the crates of what was never measured."""
        new = [delta for delta in dict.fromkeys(deltas) if delta not in self._known]
        keys = self._keys(new) if new else {}
        self._known |= self._kept(keys)
        unmeasured = [delta for delta in new if delta not in self._known]
        if unmeasured:
            measured = self._measure(unmeasured)
            self._keep(measured, keys)
            self._known |= measured
        return {delta: self._known[delta] for delta in deltas}

    def _keys(self, deltas: Iterable[CrateDelta]) -> Mapping[CrateDelta, str]:
        """Return under which key a size is kept; nothing for a crate that nothing identifies."""
        ends = {delta: delta.ends() for delta in deltas}
        prints = self._contents.fingerprints({crate for crates in ends.values() for crate in crates})
        return {
            delta: hashlib.sha256("\n".join([_RULES, *(prints[crate] for crate in crates)]).encode()).hexdigest()
            for delta, crates in ends.items()
            if all(crate in prints for crate in crates)
        }

    def _kept(self, keys: Mapping[CrateDelta, str]) -> Mapping[CrateDelta, Size]:
        found: dict[CrateDelta, Size] = {}
        for delta, key in keys.items():
            entry = _ENTRY.match(self._cache.read(KIND, key) or b"")
            if entry:
                found[delta] = DiffStat(*map(int, entry.groups()))
        return found

    def _keep(self, measured: Mapping[CrateDelta, Size], keys: Mapping[CrateDelta, str]) -> None:
        for delta, size in measured.items():
            if isinstance(size, DiffStat) and delta in keys:
                with suppress(OSError):  # then the next run measures it again
                    self._cache.write(KIND, keys[delta], b"%d %d %d\n" % size)

    def _measure(self, deltas: Collection[CrateDelta]) -> Mapping[CrateDelta, Size]:
        lacking = self._contents.obtain(dict.fromkeys(end for delta in deltas for end in delta.ends()).keys())
        measured: dict[CrateDelta, Size] = {}
        to_compare: list[CrateDelta] = []
        for delta in deltas:
            missing = next((end for end in delta.ends() if end in lacking), None)
            if missing is not None:
                measured[delta] = _unknown(missing, lacking[missing])
            elif delta.base is None:
                measured[delta] = self._count(delta)
            else:
                to_compare.append(delta)
        return measured | (self._compare(to_compare) if to_compare else {})

    def _count(self, delta: CrateDelta) -> Size:
        (crate,) = delta.ends()
        try:
            return count_whole(delta, self._contents.files(crate))
        except VetflowError as error:
            return _unknown(crate, error.message)

    def _compare(self, deltas: Collection[CrateDelta]) -> dict[CrateDelta, Size]:
        try:
            return compare_crates(deltas, self._contents.files, self._environ)
        except VetflowError as error:
            return dict.fromkeys(deltas, UnknownSize(": ".join((error.message, *error.causes))))
        except OSError as error:
            return dict.fromkeys(deltas, UnknownSize(f"no room to compare versions in: {error.strerror or error}"))


def _unknown(crate: CrateVersion, reason: str) -> UnknownSize:
    return UnknownSize(f"{crate.name} {crate.version}: {reason}")
