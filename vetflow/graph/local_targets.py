"""What of a local package cargo would compile: its library, proc macro and build script, by cargo's conventions."""

from __future__ import annotations

import os.path

from vetflow.errors import Place, WorkspaceError
from vetflow.formats.cargo_toml import Manifest, library_name
from vetflow.model.packages import Targets
from vetflow.model.ports import FileTree

_LIBRARY = "src/lib.rs"


def local_targets(tree: FileTree, manifest: Manifest, edition: str | None) -> Targets:
    """Return the targets of a package whose files are in `tree`.

    A library is there when `[lib]` is, or `src/lib.rs` exists and `autolib` is not false (shared spec graph 1).
    Raises WorkspaceError where cargo would refuse the package: a library without its file, or no target at all.
    """
    package = manifest.package
    if package is None:
        raise WorkspaceError(f"{manifest.file} has no [package]", place=Place(manifest.file))
    directory = manifest.directory
    library = manifest.library
    has_file = tree.is_file(os.path.join(directory, _LIBRARY))
    if library is not None:
        if library.path is None and not has_file:
            _require_legacy_library(tree, manifest, edition)
    elif not (has_file and "lib" in package.automatic) and not _has_other_target(tree, manifest):
        raise WorkspaceError(
            f"package `{package.name}` has no target: nothing in it can be compiled",
            help="add src/lib.rs or src/main.rs, or declare a [lib] or [[bin]]",
            place=Place(manifest.file),
        )
    build_script = package.build_script
    if build_script is None:
        build_script = tree.is_file(os.path.join(directory, "build.rs"))
    return Targets(
        has_library=library is not None or (has_file and "lib" in package.automatic),
        proc_macro=library is not None and library.proc_macro,
        build_script=build_script,
    )


def _require_legacy_library(tree: FileTree, manifest: Manifest, edition: str | None) -> None:
    """Refuse a `[lib]` without a path and without src/lib.rs; only the 2015 edition looks for src/NAME.rs."""
    path = os.path.join(manifest.directory, "src", f"{library_name(manifest)}.rs")
    if edition != "2015" or not tree.is_file(path):
        raise WorkspaceError(
            f"the library of {manifest.file} has no file: src/lib.rs does not exist",
            help="add src/lib.rs, or write `path` in [lib]",
            place=Place(manifest.file),
        )


def _has_other_target(tree: FileTree, manifest: Manifest) -> bool:
    """Whether there is a binary, example, test or benchmark, declared or found in its usual place."""
    if manifest.explicit_targets:
        return True
    automatic = manifest.package.automatic if manifest.package is not None else frozenset()
    directory = manifest.directory
    if "bins" in automatic and tree.is_file(os.path.join(directory, "src/main.rs")):
        return True
    folders = (("bins", "src/bin"), ("examples", "examples"), ("tests", "tests"), ("benches", "benches"))
    return any(kind in automatic and _has_program(tree, os.path.join(directory, folder)) for kind, folder in folders)


def _has_program(tree: FileTree, folder: str) -> bool:
    """Whether a folder has a `NAME.rs` or a `NAME/main.rs`."""
    return any(
        (name.endswith(".rs") and tree.is_file(os.path.join(folder, name)))
        or tree.is_file(os.path.join(folder, name, "main.rs"))
        for name in (tree.list_dir(folder) if tree.is_dir(folder) else ())
    )
