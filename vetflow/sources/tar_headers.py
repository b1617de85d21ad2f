"""The headers of a tar stream, read as strictly as a hostile archive demands.

This is no general tar reader. It knows what `cargo package` has ever written (regular files, folders, long names as
GNU or pax records) and refuses everything else. Where two readers could understand a header differently, a crate could
show one content to the reviewer and another to cargo, whose reader has ways of its own: it honours the size of a
folder, and takes every line of a pax record for a record.
"""

from __future__ import annotations

from typing import Final, NamedTuple, NoReturn

from vetflow.sources.inflate import Inflated
from vetflow.sources.refusal import refuse

BLOCK: Final = 512

_LONGEST_NAME: Final = 64 * 1024
_POSIX: Final = b"ustar\x0000"
_GNU: Final = b"ustar  \0"
_REGULAR: Final = frozenset((b"0", b"\0"))
_DIRECTORY: Final = b"5"
_GNU_LONG_NAME: Final = b"L"
_PAX: Final = b"x"
_PAX_GLOBAL: Final = b"g"
_REFUSED_KINDS: Final = {
    b"1": "a hard link",
    b"2": "a symbolic link",
    b"3": "a character device",
    b"4": "a block device",
    b"6": "a named pipe",
    b"S": "a sparse file",
}


class Header(NamedTuple):
    """What a header says of a file or folder. size: of the content that follows; none follows a folder."""

    name: str
    is_folder: bool
    size: int
    executable: bool


class TarReader:
    """Headers and contents of a tar stream, in order."""

    def __init__(self, archive: bytes, file: str) -> None:
        """Take a gzipped tar stream, and its path for errors."""
        self._unpacked = Inflated(archive, file)
        self._file = file
        self.read = self._unpacked.read
        self.skip = self._unpacked.skip

    def next_header(self) -> Header | None:
        """Return the next member's header, None at the end; leaves the stream before its content."""
        announced, long_name = False, None
        while (block := self.read(BLOCK)).count(0) != BLOCK:
            kind, size, executable = self._properties(block)
            if kind in {_GNU_LONG_NAME, _PAX}:
                if announced:
                    self._refuse("a file is announced twice")
                record = self._record(size)
                announced = True
                long_name = record.removesuffix(b"\0") if kind == _GNU_LONG_NAME else self._pax_path(record)
            elif kind == _PAX_GLOBAL:
                if self._pax_path(self._record(size)) is not None:
                    self._refuse("a global record names all its files")
            else:
                short_name = self._short_name(block)
                return self._header(
                    self._decoded(short_name if long_name is None else long_name), kind, size, executable
                )
        if announced:
            self._refuse("it announces a file that does not come")
        self._unpacked.expect_only_zeros()
        return None

    def _refuse(self, reason: str) -> NoReturn:
        refuse(self._file, reason)

    def _header(self, name: str, kind: bytes, size: int, executable: bool) -> Header:
        is_folder = kind == _DIRECTORY
        if not is_folder and kind not in _REGULAR:
            what = _REFUSED_KINDS.get(kind, f"of the unknown kind {kind!r}")
            self._refuse(f"'{name}' is {what}")
        if is_folder and size:
            self._refuse(f"the folder '{name}' has a size, which some readers skip and others read")
        return Header(name, is_folder, size, executable)

    def _properties(self, block: bytes) -> tuple[bytes, int, bool]:
        """Return kind, size and executable bit; owner and times are of no interest and not looked at."""
        checksum = sum(block) - sum(block[148:156]) + 8 * ord(" ")
        if self._number(block[148:156]) != checksum:
            self._refuse("a header's checksum is wrong")
        return block[156:157], self._number(block[124:136]), bool(self._number(block[100:108]) & 0o111)

    def _number(self, field: bytes) -> int:
        digits = field.partition(b"\0")[0].strip(b" ")
        if not digits or digits.strip(b"01234567"):
            self._refuse("a header has a number that is not octal")
        return int(digits, 8)

    def _short_name(self, block: bytes) -> bytes:
        """Return the name in a header, to which POSIX adds a prefix where GNU has nothing of use."""
        name, prefix = block[:100].partition(b"\0")[0], block[345:500].partition(b"\0")[0]
        dialect = block[257:265]
        if dialect not in {_POSIX, _GNU} or (dialect == _GNU and prefix):
            self._refuse("a header is of a dialect that readers understand differently")
        return prefix + b"/" + name if prefix else name

    def _record(self, size: int) -> bytes:
        if size > _LONGEST_NAME:
            self._refuse("it has a name longer than any crate needs")
        record = self.read(size)
        if self.read(-size % BLOCK).strip(b"\0"):
            self._refuse("a long name goes on behind its end")
        return record

    def _pax_path(self, record: bytes) -> bytes | None:
        """Return the path of pax records; every other property that changes what a file is, is refused."""
        path = None
        while record:
            length, space, _ = record.partition(b" ")
            end = int(length) if space and length.isdigit() and len(length) < 7 else 0
            key, equals, value = record[len(length) + 1 : end].partition(b"=")
            if not equals or not end <= len(record) or not value.endswith(b"\n"):
                self._refuse("a pax record is malformed")
            if b"\n" in key or b"\n" in value[:-1]:
                self._refuse("a pax record has a line feed, behind which some readers see another record")
            if key == b"path":
                if path is not None:
                    self._refuse("a pax record gives two names")
                path = value[:-1]
            elif key in {b"size", b"linkpath"} or key.startswith(b"GNU.sparse"):
                self._refuse(f"a pax record sets {self._decoded(key)!r}")
            record = record[end:]
        return path

    def _decoded(self, name: bytes) -> str:
        try:
            return name.decode()
        except UnicodeDecodeError:
            self._refuse(f"the name {name!r} is not UTF-8")
