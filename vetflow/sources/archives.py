"""Crates that are already on this machine, used only when their checksum is the lock's.

An archive is looked for as `NAME-VERSION.crate` (the download caches of a cargo home, a local registry) and
as an unpacked package of a vendored directory source. Whatever has another checksum than Cargo.lock demands
is reported and never used. Nothing is written, fetched or unpacked to disk.
"""

from __future__ import annotations

import os
import re
import stat
from typing import Final, NamedTuple, TypeAlias

from vetflow.errors import Place
from vetflow.model.findings import Finding, Level

LARGEST_ARCHIVE: Final = 256 * 1024 * 1024
"""No archive above this is read. crates.io takes 10 MiB, and some tens for a few crates."""
_LARGEST_LIST: Final = 64 * 1024 * 1024
_CHECKSUM_FILE: Final = ".cargo-checksum.json"
_FILE_NAME: Final = re.compile(r"[0-9A-Za-z_][0-9A-Za-z_.+-]*\Z")


class CrateArchive(NamedTuple):
    """A `.crate` file with the expected checksum. stem: the `NAME-VERSION` all its members lie under."""

    path: str
    stem: str
    content: bytes


class VendoredCrate(NamedTuple):
    """An unpacked package of a directory source, of the expected checksum. files: sha-256 by path."""

    path: str
    files: dict[str, str]


LocalCrate: TypeAlias = CrateArchive | VendoredCrate


class ArchiveSearch(NamedTuple):
    """What was found: the crate, None when it is not on this machine, and what had to be left aside."""

    crate: LocalCrate | None
    findings: tuple[Finding, ...] = ()


def download_caches(cargo_home: str) -> tuple[str, ...]:
    """Return the folders in which cargo keeps the archives it downloaded, one for each registry."""
    cache = os.path.join(cargo_home, "registry", "cache")
    try:
        return tuple(os.path.join(cache, name) for name in sorted(os.listdir(cache)))
    except OSError:  # cargo has downloaded nothing yet
        return ()


def find_archive(name: str, version: str, checksum: str, folders: tuple[str, ...]) -> ArchiveSearch:
    """Find a crate in `folders`, in their order; the first with the right checksum is taken.

    checksum: the sha-256 of the archive in lower-case hex, as it stands in Cargo.lock. Reads one archive in
    the usual case. Never raises: what cannot be read or does not match is a finding.
    """
    stem = f"{name}-{version}"
    if not (_FILE_NAME.match(stem) and _FILE_NAME.match(name)):
        return ArchiveSearch(None)  # no name of a published crate, and nothing to make a path of
    findings: list[Finding] = []
    for folder in folders:
        for search in (
            _look_for_archive(os.path.join(folder, f"{stem}.crate"), stem, checksum),
            _look_for_vendored(folder, (stem, name), checksum),
        ):
            findings += search.findings
            if search.crate:
                return ArchiveSearch(search.crate, tuple(findings))
    return ArchiveSearch(None, tuple(findings))


def _look_for_archive(path: str, stem: str, checksum: str) -> ArchiveSearch:
    content = _read(path, LARGEST_ARCHIVE)
    if content is None:
        return ArchiveSearch(None)
    if isinstance(content, Finding):
        return ArchiveSearch(None, (content,))
    found = sha256(content)
    if found != checksum:
        return ArchiveSearch(None, (_mismatch(path, found, checksum),))
    return ArchiveSearch(CrateArchive(path, stem, content))


def _look_for_vendored(folder: str, names: tuple[str, str], checksum: str) -> ArchiveSearch:
    """Look for a package of a directory source; `cargo vendor` names folders with or without the version.

    A folder with another package checksum is another version of the crate, or another crate: no finding.
    """
    findings = []
    for name in names:
        path = os.path.join(folder, name)
        text = _read(os.path.join(path, _CHECKSUM_FILE), _LARGEST_LIST)
        if isinstance(text, Finding):
            findings.append(text)
        elif text is not None:
            package, files = _checksums(text)
            if package == checksum:
                return ArchiveSearch(VendoredCrate(path, files), tuple(findings))
    return ArchiveSearch(None, tuple(findings))


def _checksums(text: bytes) -> tuple[str | None, dict[str, str]]:
    import json  # noqa: PLC0415  only where crates are vendored

    try:
        table = json.loads(text)
        return table["package"], {str(path): str(digest) for path, digest in table["files"].items()}
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):  # not written by cargo
        return None, {}


def _read(path: str, largest: int) -> bytes | Finding | None:
    """Return a regular file's content, a finding when it cannot be read, None when there is none."""
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            return None
        if status.st_size > largest:
            return _left_aside("archive/too-large", path, f"it has {status.st_size} bytes, vetflow reads {largest}")
        with open(path, "rb") as file:
            return file.read(largest)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return _left_aside("archive/unreadable", path, error.strerror or str(error))


def _mismatch(path: str, found: str, expected: str) -> Finding:
    reason = f"its sha-256 is {found}, but Cargo.lock says {expected}; delete it and let cargo download it again"
    return _left_aside("archive/checksum-mismatch", path, reason)


def _left_aside(identifier: str, path: str, reason: str) -> Finding:
    return Finding(identifier, Level.WARN, Place(path), f"left aside: {reason}")


def sha256(content: bytes) -> str:
    """Return the sha-256 of `content` in lower-case hex."""
    import hashlib  # noqa: PLC0415  loads OpenSSL; most checks open no archive

    return hashlib.sha256(content).hexdigest()
