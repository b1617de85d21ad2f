"""What cargo builds of a published package: its build script, its library, and whether that is a proc macro.

The rules are cargo's (shared spec behaviour A1): the published Cargo.toml decides, and the files beside it where it is
silent. A root may have any name, `docs/CHANGELOG.md` as well as `build.rs`.
"""

from __future__ import annotations

from collections.abc import Collection, Container
from posixpath import isabs, normpath
from typing import Final

from vetflow.formats.cargo_toml import BUILD_SCRIPT, Manifest, library_name
from vetflow.model.disk_names import disk_name
from vetflow.surface.tiers import Roots

LIBRARY: Final = "src/lib.rs"


def find_roots(manifest: Manifest, paths: Container[str]) -> Roots:
    """Return the roots of a package from its published manifest and the paths of its files.

    Paths are normalised; one that starts with `..` or `/` leads out of the package. Cargo lists a build script that
    is declared and absent, and so does this.
    """
    package = manifest.package
    if package is None:
        return Roots((), None, proc_macro=False)
    build = package.build
    if build is None:
        build = (BUILD_SCRIPT,) if BUILD_SCRIPT in paths else ()
    library = _library(manifest, paths)
    return Roots(
        build_scripts=tuple([package_path(path, paths) for path in build]),
        library=library,
        proc_macro=library is not None and manifest.library is not None and manifest.library.proc_macro,
        links=package.links,
    )


def _library(manifest: Manifest, paths: Container[str]) -> str | None:
    package, library = manifest.package, manifest.library
    if library is None:
        automatic = package is not None and "lib" in package.automatic
        return LIBRARY if automatic and LIBRARY in paths else None
    if library.path is not None:
        return package_path(library.path, paths)
    # The 2015 edition also looks for a library that is named after the package.
    legacy = f"src/{library_name(manifest)}.rs"
    return legacy if LIBRARY not in paths and legacy in paths else LIBRARY


def package_path(text: str, paths: Container[str]) -> str:
    r"""Return the normal form of a path as a manifest or source file writes it, relative to the package's root.

    `\` separates on Windows; it does here, too, unless a file has it in its name.
    """
    path = normpath(text)
    return path if path in paths or "\\" not in path else normpath(path.replace("\\", "/"))


def leaves_package(path: str) -> bool:
    """Whether a normalised path leads out of the package, on any system."""
    return isabs(path) or path.startswith("../") or path == ".." or path[1:2] == ":"


def hidden_build_scripts(manifest: Manifest, paths: Collection[str]) -> tuple[str, ...]:
    """Return the files that cargo takes for the build script only where the disk ignores case, `Build.rs`.

    None where the manifest speaks, or where there is a build script: `walk` takes what collides with that.
    """
    package = manifest.package
    if package is None or package.build is not None or BUILD_SCRIPT in paths:
        return ()
    return tuple(sorted(path for path in paths if disk_name(path) == BUILD_SCRIPT))
