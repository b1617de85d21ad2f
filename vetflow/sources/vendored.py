"""The files of a vendored crate: read from the disk, each checked against cargo's list before it is used."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import NamedTuple

from vetflow.sources.archives import LARGEST_ARCHIVE, VendoredCrate, sha256
from vetflow.sources.tarball import refuse


class VendoredFile(NamedTuple):
    """A regular file below the crate's folder."""

    path: str
    executable: bool
    content: bytes


def read_vendored(crate: VendoredCrate) -> Iterator[VendoredFile]:
    """Yield the files that cargo's list names, in the order of their paths; links are not followed.

    Raises RefusedArchiveError when one is missing, is no regular file, or has another checksum.
    """
    for path, checksum in sorted(crate.files.items()):
        if os.path.isabs(path) or ".." in path.split("/"):
            refuse(crate.path, f"the name '{path}' leads out of the crate")
        place = os.path.join(crate.path, path)
        try:
            handle = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            with open(handle, "rb") as file:
                content = file.read(LARGEST_ARCHIVE)
                executable = bool(os.fstat(handle).st_mode & 0o100)
        except OSError as error:
            refuse(crate.path, f"'{path}' cannot be read", error.strerror or str(error))
        if sha256(content) != checksum:
            refuse(crate.path, f"'{path}' is not what was vendored: its checksum differs")
        yield VendoredFile(path, executable, content)
