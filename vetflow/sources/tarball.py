"""The files of a crate's archive, read in memory; nothing is ever unpacked to disk.

An archive is refused for links, devices, sparse files, names that are absolute, climb up, lie outside `NAME-VERSION/`
or occur twice, for data behind its end, and for sizes no honest crate has. `tarfile` is made to read all
it can, so it is not used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from vetflow.model.contents import CrateFile, CrateFiles
from vetflow.sources.crate_paths import check_distinct, check_path
from vetflow.sources.inflate import MOST_UNPACKED
from vetflow.sources.refusal import refuse
from vetflow.sources.tar_headers import BLOCK, Header, TarReader

MOST_MEMBERS: Final = 100_000
LARGEST_MANIFEST: Final = 8 * 1024 * 1024
"""The largest file of which one alone is asked for; the largest manifests are some hundred kilobytes."""


class Member(NamedTuple):
    """A regular file of an archive. path: below `NAME-VERSION/`. content: None unless it was asked for."""

    path: str
    size: int
    executable: bool
    content: bytes | None


def read_crate(archive: bytes, stem: str, file: str) -> CrateFiles:
    """Return all files of a crate's archive, whose checksum the caller has verified.

    stem: the `NAME-VERSION` they must lie under; file: the archive's path, for errors. Takes 5 ms for an average crate.
    Raises RefusedArchiveError.
    """
    return {
        member.path: CrateFile(member.path, member.executable, member.content or b"")
        for member in read_members(archive, stem, file, lambda _: True, MOST_UNPACKED)
    }


def read_members(
    archive: bytes, stem: str, file: str, wanted: Callable[[str], bool], largest: int = LARGEST_MANIFEST
) -> Iterator[Member]:
    """Yield the regular files of a crate's archive in its order, with the content of those that are `wanted`.

    largest: a wanted member with more bytes is refused. stem, file: see `read_crate`. Raises RefusedArchiveError as
    soon as something is wrong, which may be after members were yielded: rely on what is *absent*, and on paths being
    distinct, only at the end.
    """
    reader = TarReader(archive, file)
    files: list[str] = []
    folders: list[str] = []
    while (header := reader.next_header()) is not None:
        if len(files) + len(folders) == MOST_MEMBERS:
            refuse(file, f"it has more than {MOST_MEMBERS} members")
        path = _path_below(stem, header, file)
        if header.is_folder:
            folders.append(path)
            continue
        files.append(path)
        content = None
        if wanted(path):
            if header.size > largest:
                refuse(file, f"'{path}' has {header.size} bytes, more than {largest}")
            content = reader.read(header.size)
        else:
            reader.skip(header.size)
        reader.skip(-header.size % BLOCK)
        yield Member(path, header.size, header.executable, content)
    check_distinct(files, folders, file)


def read_stem(archive: bytes, file: str) -> str:
    """Return the folder under which an archive has its first file: the `NAME-VERSION` it claims to be.

    Raises RefusedArchiveError; also for an archive without any file.
    """
    header = TarReader(archive, file).next_header()
    if header is None:
        refuse(file, "it is empty")
    return header.name.partition("/")[0]


def _path_below(stem: str, header: Header, file: str) -> str:
    name = header.name.removesuffix("/") if header.is_folder else header.name
    check_path(name, file)
    first, _, path = name.partition("/")
    if first != stem or not (path or header.is_folder):
        refuse(file, f"'{header.name}' does not lie under '{stem}/'")
    return path
