"""What cargo compiles and runs of a crate on this machine: read from its manifest and the files beside it.

What these say is for `graph.crate_facts` to tell.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from typing import Final

from vetflow.formats.cargo_toml import BUILD_SCRIPT, parse_manifest
from vetflow.formats.toml import decode_utf8
from vetflow.graph.crate_facts import LIBRARY, published_facts
from vetflow.model.packages import Targets
from vetflow.sources.archives import CrateArchive, LocalCrate, VendoredCrate, sha256
from vetflow.sources.refusal import refuse
from vetflow.sources.tarball import LARGEST_MANIFEST, read_members

_MANIFEST: Final = "Cargo.toml"


def read_targets(crate: LocalCrate) -> Targets:
    """Return the targets of a crate found by `find_archive`; nothing in them is left open.

    Reads an archive to its end: what comes later replaces what came before when cargo unpacks it, so an
    archive may say that it has no library, or no build script, only as a whole. Linear in the unpacked size
    (2 ms for an average crate), in constant memory. Raises RefusedArchiveError, and TomlError or
    WorkspaceError for a manifest that cannot be read.
    """
    text, paths, place = _archived(crate) if isinstance(crate, CrateArchive) else _vendored(crate)
    manifest = parse_manifest(decode_utf8(text, place), place)
    if manifest.package is None:
        refuse(manifest.file, "its manifest has no [package]")
    return published_facts(manifest, paths).targets


def _archived(crate: CrateArchive) -> tuple[bytes, Collection[str], str]:
    text = None
    paths = set()
    for member in read_members(crate.content, crate.stem, crate.path, _MANIFEST.__eq__):
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
            text = file.read(LARGEST_MANIFEST)
    except OSError as error:
        refuse(path, "it cannot be read", error.strerror or str(error))
    if sha256(text) != crate.files.get(_MANIFEST):
        refuse(path, "its sha-256 is not the one in .cargo-checksum.json: the vendored package was changed")
    # Cargo infers targets from what lies in the folder, whether or not the checksums list it.
    present = {name for name in (LIBRARY, BUILD_SCRIPT) if os.path.isfile(os.path.join(crate.path, name))}
    return text, present, path
