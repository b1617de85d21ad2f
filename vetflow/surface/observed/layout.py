"""The machine as a build under observation sees it: which folders are there, and what for.

`project.bubblewrap` makes the machine look like this, `allowed` and `acts` judge by it.
"""

from __future__ import annotations

from typing import Final, NamedTuple

TARGET: Final = "/vetflow-build"
"""Where the build writes; a fresh folder, the only one that it shares with the machine."""
TEMPORARY: Final = "/tmp"  # noqa: S108  the sandbox's own
_OWN: Final = (TARGET, TEMPORARY, "/dev", "/proc")


class Layout(NamedTuple):
    """The folders of a build under observation, absolute and without symbolic links.

    home: shows decoys in the place of what is there. sources: the workspace, and packages it takes from elsewhere on
    this disk. toolchain: where `bin/cargo` is. readable: what the user added. decoys: files of `sources` that a planted
    file hides. canary: what every planted secret contains.
    """

    home: str
    sources: tuple[str, ...]
    cargo_home: str
    toolchain: str
    canary: str
    readable: tuple[str, ...] = ()
    decoys: tuple[str, ...] = ()

    def is_shown(self, path: str, *, within: str) -> bool:
        """Whether a path is in a folder that the build has to read: sources, crates, toolchain, its own output.

        within: a private folder that the path is in; what counts is the innermost of all.
        """
        folders = (*self._given, TARGET, TEMPORARY)
        return any(is_below(path, folder) and len(folder) > len(within) for folder in folders)

    def is_of_the_sandbox(self, path: str) -> bool:
        """Whether what is at a path began to be there with the sandbox, and is gone after it."""
        own = [folder for folder in _OWN if is_below(path, folder)]
        return bool(own) and not any(is_below(path, folder) and len(folder) > len(own[0]) for folder in self._given)

    @property
    def _given(self) -> tuple[str, ...]:
        return (*self.sources, self.cargo_home, self.toolchain, *self.readable)


def is_below(path: str, folder: str) -> bool:
    """Whether a normalised path is a folder or in it."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")
