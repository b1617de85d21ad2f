"""The build-time surface of a crate as values: which files run on the machine that builds it, and how they are reached.

Source: shared spec behaviour A.
"""

from __future__ import annotations

from enum import Enum, IntEnum
from typing import NamedTuple


class Grade(IntEnum):
    """How much a piece of evidence deserves a person's attention."""

    EXPECTED = 0
    NOTE = 1
    REVIEW = 2
    ALERT = 3


class Tier(Enum):
    """Why code of a crate is part of the build-time surface; the value is the spec's short name."""

    BUILD_SCRIPT = "T1"
    PROC_MACRO = "T2"
    HOST_LIBRARY = "T3"
    INPUT = "T4"
    MANIFEST = "T5"


class Reached(NamedTuple):
    """How a file was reached: from which file and line (None: from the manifest), and by which words."""

    path: str
    line: int | None
    how: str


class SurfaceFile(NamedTuple):
    """A file of the surface. tier: the lowest it belongs to. is_code: Rust source, whatever its name says.

    compiled: source text of another language that the build script may compile into the product.
    """

    path: str
    tier: Tier
    reached: Reached
    is_code: bool
    compiled: bool = False


class Roots(NamedTuple):
    """What cargo builds of a package, as its published manifest says.

    build_scripts: paths, several only with a nightly feature; they may be absent from the package. library: the path of
    the library's root, None without a library. links: the native library the package claims.
    """

    build_scripts: tuple[str, ...]
    library: str | None
    proc_macro: bool
    links: str | None = None


class Unresolved(NamedTuple):
    """Something the walk could not follow; what it might reach is part of the surface nevertheless, or is said here."""

    path: str
    line: int
    what: str


class CrateSurface(NamedTuple):
    """The build-time surface of one crate: T1 and T2 always, T3 where it was asked for, T4 of all of these.

    files: sorted by tier and path, each path once. escaping: paths that lead out of the crate, as written.
    """

    roots: Roots
    files: tuple[SurfaceFile, ...]
    unresolved: tuple[Unresolved, ...] = ()
    escaping: tuple[Unresolved, ...] = ()

    def paths(self, *tiers: Tier) -> tuple[str, ...]:
        """Return the paths of the given tiers, of all when none is given."""
        return tuple(file.path for file in self.files if not tiers or file.tier in tiers)
