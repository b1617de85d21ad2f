"""Fakes of the ports that suggestions need, and a short way to write deltas down: `aa 1.0.0 -> 2.0.0`, `aa 2.0.0`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from vetflow.model.suggestions import CrateDelta, DiffStat, Size, UnknownSize
from vetflow.model.version import VetVersion, parse_version

NOT_THERE = UnknownSize("nobody has it")


def delta_of(text: str) -> CrateDelta:
    """Return the delta that a text such as `aa 1.0.0 -> 2.0.0` means."""
    name, _, versions = text.partition(" ")
    base, arrow, version = versions.rpartition(" -> ")
    return CrateDelta(name, parse_version(base) if arrow else None, parse_version(version))


def text_of(delta: CrateDelta) -> str:
    """Return the text that means a delta."""
    return f"{delta.name} {delta.version}" if delta.base is None else f"{delta.name} {delta.base} -> {delta.version}"


class Measured:
    """A `DiffSizes` that knows the lines of some deltas, all of them inserted in one file."""

    def __init__(self, lines: Mapping[str, int]) -> None:
        self._sizes: dict[CrateDelta, Size] = {delta_of(text): DiffStat(count, 0, 1) for text, count in lines.items()}
        self.asked: list[list[str]] = []

    def sizes(self, deltas: Collection[CrateDelta]) -> Mapping[CrateDelta, Size]:
        self.asked.append([text_of(delta) for delta in deltas])
        return {delta: self._sizes.get(delta, NOT_THERE) for delta in deltas}


class Published:
    """An `IndexVersions` that knows the versions of some crates."""

    def __init__(self, versions: Mapping[str, Sequence[str]]) -> None:
        self._versions = {name: frozenset(map(parse_version, texts)) for name, texts in versions.items()}
        self.asked: list[frozenset[str]] = []

    def published(self, versions: Mapping[str, Collection[VetVersion]]) -> Mapping[str, Collection[VetVersion] | None]:
        self.asked.append(frozenset(versions))
        return {name: self._versions.get(name) for name in versions}
