"""Units of code: what is compiled together, and so what one search for capabilities looks through.

A crate has at most two that matter: its build script, and its library (a proc macro, code linked into programs that
run during the build, or code that only runs in the product). How much a capability deserves attention depends on
which of them has it (shared spec behaviour B).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from vetflow.model.contents import CrateFiles
from vetflow.surface.tiers import Tier

if TYPE_CHECKING:
    from tree_sitter import Tree


class Role(Enum):
    """Where a unit runs."""

    BUILD_SCRIPT = "build script"
    PROC_MACRO = "proc macro"
    HOST_LIBRARY = "library used during the build"
    RUNTIME = "library at run time"

    @property
    def tier(self) -> Tier | None:
        """The tier of the unit's code; None for code that does not run during the build."""
        return _TIERS.get(self)


_TIERS = {
    Role.BUILD_SCRIPT: Tier.BUILD_SCRIPT,
    Role.PROC_MACRO: Tier.PROC_MACRO,
    Role.HOST_LIBRARY: Tier.HOST_LIBRARY,
}


class ParsedFile(NamedTuple):
    """A file of Rust code and its syntax tree, which may contain errors.

    test_only: the half-open byte ranges of items that are compiled for tests only, sorted, none within another.
    """

    path: str
    source: bytes
    tree: Tree
    test_only: tuple[tuple[int, int], ...]


class CodeUnit(NamedTuple):
    """What is compiled together from one root.

    root: the path of the root file; it may be absent from `files`. files: by path, as the walk reached them.
    dependencies: the names by which the code may refer to other crates (`-` as `_`), each with the packages that may
    be meant: several where target tables disagree. links: the native library the package claims. package: all files
    of the crate.
    """

    role: Role
    root: str
    files: Mapping[str, ParsedFile]
    dependencies: Mapping[str, tuple[str, ...]]
    links: str | None
    package: CrateFiles
