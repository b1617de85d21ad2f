"""What cargo compiles and runs of a crate on this machine: read from its manifest and the files beside it.

The rules are cargo's (shared spec behaviour A1, graph 4): a library is declared by `[lib]` or inferred from
`src/lib.rs`, a build script is named by `package.build` or inferred from `build.rs`.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from typing import Final

from vetflow.formats.cargo_toml import Manifest, parse_manifest
from vetflow.formats.toml import decode_utf8
from vetflow.model.packages import Targets
from vetflow.sources.archives import CrateArchive, LocalCrate, VendoredCrate, sha256
from vetflow.sources.tarball import LARGEST_CONTENT, read_members, refuse

_MANIFEST: Final = "Cargo.toml"
_LIBRARY: Final = "src/lib.rs"
_BUILD_SCRIPT: Final = "build.rs"


def read_targets(crate: LocalCrate) -> Targets:
    """Return the targets of a crate found by `find_archive`; nothing in them is left open.

    Reads an archive to its end: what comes later replaces what came before when cargo unpacks it, so an
    archive may say that it has no library, or no build script, only as a whole. Linear in the unpacked size
    (2 ms for an average crate), in constant memory. Raises RefusedArchiveError, and TomlError or
    WorkspaceError for a manifest that cannot be read.
    """
    text, paths, place = _archived(crate) if isinstance(crate, CrateArchive) else _vendored(crate)
    return _targets(parse_manifest(decode_utf8(text, place), place), paths)


def _archived(crate: CrateArchive) -> tuple[bytes, Collection[str], str]:
    text = None
    paths = set()
    for member in read_members(crate.content, crate.stem, crate.path, (_MANIFEST,)):
        paths.add(member.path)
        if member.path == _MANIFEST:
            text = member.content
    if text is None:
        refuse(crate.path, "it has no Cargo.toml")
    return text, paths, os.path.join(crate.path, _MANIFEST)


def _vendored(crate: VendoredCrate) -> tuple[bytes, Collection[str], str]:
    path = os.path.join(crate.path, _MANIFEST)
    try:
        with open(path, "rb") as file:
            text = file.read(LARGEST_CONTENT)
    except OSError as error:
        refuse(path, "it cannot be read", error.strerror or str(error))
    if sha256(text) != crate.files.get(_MANIFEST):
        refuse(path, "its sha-256 is not the one in .cargo-checksum.json: the vendored package was changed")
    # Cargo infers targets from what lies in the folder, whether or not the checksums list it.
    present = {name for name in (_LIBRARY, _BUILD_SCRIPT) if os.path.isfile(os.path.join(crate.path, name))}
    return text, present, path


def _targets(manifest: Manifest, paths: Collection[str]) -> Targets:
    package = manifest.package
    if package is None:
        refuse(manifest.file, "its manifest has no [package]")
    inferred = "lib" in package.automatic and _LIBRARY in paths
    script = package.build_script
    return Targets(
        has_library=manifest.library is not None or inferred,
        proc_macro=manifest.library is not None and manifest.library.proc_macro,
        build_script=_BUILD_SCRIPT in paths if script is None else script,
    )
