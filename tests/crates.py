"""Crates held in memory, for whoever measures or compares them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from tests.suggesting import delta_of
from vetflow.errors import WorkspaceError
from vetflow.model.contents import CrateFile, CrateFiles
from vetflow.model.report import CrateVersion


def crate(text: str) -> CrateVersion:
    """Return the crate that a text such as `aa 1.0.0` means."""
    return delta_of(text).ends()[0]


def files_of(files: Mapping[str, str | bytes], executable: Collection[str] = ()) -> list[CrateFile]:
    """Return files by path."""
    return [
        CrateFile(path, path in executable, text.encode() if isinstance(text, str) else text)
        for path, text in files.items()
    ]


def contents_of(files: Mapping[str, str | bytes], executable: Collection[str] = ()) -> CrateFiles:
    """Return the content of a crate."""
    return {file.path: file for file in files_of(files, executable)}


class MemoryCrates:
    """A `CrateContents` over `aa 1.0.0` -> files, which notes what it is asked for.

    unidentified: crates of which nothing tells the content apart. broken: crates whose files end in an error.
    executable: the paths of programs.
    """

    def __init__(
        self,
        crates: Mapping[str, Mapping[str, str | bytes]],
        *,
        unidentified: Collection[str] = (),
        broken: Collection[str] = (),
        executable: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        programs = executable or {}
        self._files = {crate(text): files_of(files, programs.get(text, ())) for text, files in crates.items()}
        self._unidentified = set(map(crate, unidentified))
        self._broken = set(map(crate, broken))
        self.obtained: list[set[CrateVersion]] = []
        self.read: list[CrateVersion] = []

    def fingerprints(self, crates: Collection[CrateVersion]) -> Mapping[CrateVersion, str]:
        return {each: f"content of {each.name} {each.version}" for each in crates if each not in self._unidentified}

    def obtain(self, crates: Collection[CrateVersion]) -> Mapping[CrateVersion, str]:
        self.obtained.append(set(crates))
        return {each: "nobody has it" for each in crates if each not in self._files}

    def files(self, crate: CrateVersion) -> Iterator[CrateFile]:
        self.read.append(crate)
        yield from self._files[crate]
        if crate in self._broken:
            raise WorkspaceError("the archive ends in the middle")
