"""Tiny archives for tests: well-formed ones, and ones that no `cargo package` would make."""

from __future__ import annotations

import gzip
import hashlib
import io
import tarfile
from collections.abc import Mapping
from pathlib import Path

STEM = "oddlamp-1.2.3"


def entry(name: str, content: bytes = b"", *, kind: bytes = tarfile.REGTYPE, link: str = "") -> bytes:
    """One member as it stands in a tar stream, its name taken as it is."""
    info = tarfile.TarInfo(name)
    info.type = kind
    info.linkname = link
    info.size = len(content)
    return info.tobuf(tarfile.GNU_FORMAT) + content + bytes(-len(content) % 512)


def packed(*entries: bytes, end: bytes = bytes(1024)) -> bytes:
    """Return the entries as a gzipped tar stream."""
    return gzip.compress(b"".join(entries) + end, mtime=0)


def crate(files: Mapping[str, str], stem: str = STEM) -> bytes:
    """Return a well-formed archive of the files."""
    return packed(*(entry(f"{stem}/{path}", text.encode()) for path, text in files.items()))


def by_tarfile(files: Mapping[str, bytes], dialect: int) -> bytes:
    """Return an archive that the standard library wrote, in one of its dialects of tar."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz", format=dialect) as archive:
        for path, content in files.items():
            info = tarfile.TarInfo(path)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def write(path: Path, content: bytes | str) -> Path:
    """Write a file and the folders it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
