"""The members of a crate's archive, read in memory and as strictly as a hostile archive demands.

This is no general tar reader. It knows what `cargo package` has ever written (regular files, directories,
long names as GNU or pax records) and refuses everything else: links, devices, sparse files, names that are
absolute, climb up, lie outside `NAME-VERSION/`, occur twice or differ in case alone, data behind the end,
sizes no honest crate has. Where two readers could understand an archive differently, a crate could show one
content to the reviewer and another to cargo; such an archive has no content here. `tarfile` is made to read
all it can, so it is not used.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple, NoReturn

from vetflow.errors import Place, VetflowError

MOST_UNPACKED: Final = 512 * 1024 * 1024
"""More than this is never unpacked: cargo's own limit."""
MOST_MEMBERS: Final = 100_000
MOST_TIMES_LARGER: Final = 100
"""How many times its own size an archive may unpack to, once it is past `ALWAYS_UNPACKED`."""
ALWAYS_UNPACKED: Final = 16 * 1024 * 1024
LARGEST_CONTENT: Final = 8 * 1024 * 1024
"""The largest member whose content is handed out; the largest manifests are some hundred kilobytes."""

_BLOCK: Final = 512
_SLICE: Final = 64 * 1024
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


class RefusedArchiveError(VetflowError):
    """An archive is malformed, or has what no honest crate has. Nothing in it may be relied upon."""


class Member(NamedTuple):
    """A regular file of an archive. path: below `NAME-VERSION/`. content: None unless it was asked for."""

    path: str
    size: int
    executable: bool
    content: bytes | None


def read_members(
    archive: bytes, stem: str, file: str, wanted: Collection[str] | None = (), largest: int = LARGEST_CONTENT
) -> Iterator[Member]:
    """Yield the regular files of a crate's archive in its order, with the content of those in `wanted`.

    wanted: None for all. largest: a wanted member with more bytes is refused. stem: the `NAME-VERSION` they must lie
    under; file: the archive's path, for errors. Raises
    RefusedArchiveError as soon as something is wrong, which may be after members were yielded: rely on what
    is *absent* only at the end.
    """
    reader = _TarReader(archive, file)
    seen: set[str] = set()
    count = 0
    while (header := reader.next_header()) is not None:
        count += 1
        if count > MOST_MEMBERS:
            reader.refuse(f"it has more than {MOST_MEMBERS} members")
        path = _checked_path(header, stem, reader)
        if header.kind == _DIRECTORY:
            continue
        if path.casefold() in seen:
            reader.refuse(f"'{path}' occurs twice, or differs from another name in case alone")
        seen.add(path.casefold())
        content = None
        if wanted is None or path in wanted:
            if header.size > largest:
                reader.refuse(f"'{path}' has {header.size} bytes, more than {largest}")
            content = reader.read(header.size)
        else:
            reader.skip(header.size)
        reader.skip(-header.size % _BLOCK)
        yield Member(path, header.size, header.executable, content)


class _Header(NamedTuple):
    name: str
    kind: bytes
    size: int
    executable: bool


def _checked_path(header: _Header, stem: str, reader: _TarReader) -> str:
    parts = header.name.split("/")
    if header.kind == _DIRECTORY and parts[-1] == "":
        parts.pop()
    if "\0" in header.name or any(part in {"", ".", ".."} for part in parts):
        reader.refuse(f"the name '{header.name}' is absolute, climbs up or is not in its simplest form")
    if parts[0] != stem or (len(parts) == 1 and header.kind != _DIRECTORY):
        reader.refuse(f"'{header.name}' does not lie under '{stem}/'")
    return "/".join(parts[1:])


class _TarReader:
    """Headers and contents of a tar stream, in order."""

    def __init__(self, archive: bytes, file: str) -> None:
        self._unpacked = _Unpacked(archive, file)
        self._file = file
        self.read = self._unpacked.read
        self.skip = self._unpacked.skip

    def refuse(self, reason: str) -> NoReturn:
        refuse(self._file, reason)

    def next_header(self) -> _Header | None:
        """Return the next member's header, None at the end; leaves the stream before its content."""
        announced, long_name = False, None
        while (block := self.read(_BLOCK)).count(0) != _BLOCK:
            kind, size, executable = self._properties(block)
            if kind in {_GNU_LONG_NAME, _PAX}:
                if announced:
                    self.refuse("a file is announced twice")
                record = self._record(size)
                announced = True
                long_name = record.rstrip(b"\0") if kind == _GNU_LONG_NAME else self._pax_path(record)
            elif kind == _PAX_GLOBAL:
                if self._pax_path(self._record(size)) is not None:
                    self.refuse("a global record names all its files")
            else:
                short_name = self._short_name(block)
                name = self._decoded(short_name if long_name is None else long_name)
                if kind != _DIRECTORY and kind not in _REGULAR:
                    what = _REFUSED_KINDS.get(kind, f"of the unknown kind {kind!r}")
                    self.refuse(f"'{name}' is {what}")
                return _Header(name, kind, size, executable)
        if announced:
            self.refuse("it announces a file that does not come")
        self._unpacked.expect_only_zeros()
        return None

    def _properties(self, block: bytes) -> tuple[bytes, int, bool]:
        """Return kind, size and executable bit; owner and times are of no interest and not looked at."""
        checksum = sum(block) - sum(block[148:156]) + 8 * ord(" ")
        if self._number(block[148:156]) != checksum:
            self.refuse("a header's checksum is wrong")
        return block[156:157], self._number(block[124:136]), bool(self._number(block[100:108]) & 0o111)

    def _number(self, field: bytes) -> int:
        digits = field.partition(b"\0")[0].strip(b" ")
        if not digits or digits.strip(b"01234567"):
            self.refuse("a header has a number that is not octal")
        return int(digits, 8)

    def _short_name(self, block: bytes) -> bytes:
        """Return the name in a header, to which POSIX adds a prefix where GNU has nothing of use."""
        name, prefix = block[:100].partition(b"\0")[0], block[345:500].partition(b"\0")[0]
        dialect = block[257:265]
        if dialect not in {_POSIX, _GNU} or (dialect == _GNU and prefix):
            self.refuse("a header is of a dialect that readers understand differently")
        return prefix + b"/" + name if prefix else name

    def _record(self, size: int) -> bytes:
        if size > _LONGEST_NAME:
            self.refuse("it has a name longer than any crate needs")
        record = self.read(size)
        if self.read(-size % _BLOCK).strip(b"\0"):
            self.refuse("a long name goes on behind its end")
        return record

    def _pax_path(self, record: bytes) -> bytes | None:
        """Return the path of pax records; every other property that changes what a file is, is refused."""
        path = None
        while record:
            length, space, _ = record.partition(b" ")
            end = int(length) if space and length.isdigit() and len(length) < 7 else 0
            key, equals, value = record[len(length) + 1 : end].partition(b"=")
            if not equals or not end <= len(record) or not value.endswith(b"\n"):
                self.refuse("a pax record is malformed")
            if key == b"path":
                if path is not None:
                    self.refuse("a pax record gives two names")
                path = value[:-1]
            elif key in {b"size", b"linkpath"} or key.startswith(b"GNU.sparse"):
                self.refuse(f"a pax record sets {self._decoded(key)!r}")
            record = record[end:]
        return path

    def _decoded(self, name: bytes) -> str:
        try:
            return name.decode()
        except UnicodeDecodeError:
            self.refuse(f"the name {name!r} is not UTF-8")


class _Unpacked:
    """The unpacked bytes of one gzip member, produced as they are read and never all at once."""

    def __init__(self, archive: bytes, file: str) -> None:
        self._archive = archive
        self._file = file
        self._fed = 0
        self._inflate = zlib.decompressobj(wbits=31)
        self._window = b""
        self._at = 0
        self._left = min(MOST_UNPACKED, max(ALWAYS_UNPACKED, MOST_TIMES_LARGER * len(archive)))

    def read(self, size: int) -> bytes:
        """Return the next `size` bytes."""
        while len(self._window) - self._at < size:
            self._produce()
        start, self._at = self._at, self._at + size
        return self._window[start : self._at]

    def skip(self, size: int) -> None:
        """Pass over the next `size` bytes."""
        while (inside := len(self._window) - self._at) < size:
            size -= inside
            self._at = len(self._window)
            self._produce()
        self._at += size

    def expect_only_zeros(self) -> None:
        """Read to the end of the archive, at which there must be nothing but padding."""
        while True:
            if self._window.count(0, self._at) != len(self._window) - self._at:
                refuse(self._file, "there is data behind its end")
            self._at = len(self._window)
            if self._inflate.eof:
                break
            self._produce()
        if self._inflate.unused_data or self._fed < len(self._archive):
            refuse(self._file, "there is data behind its end")

    def _produce(self) -> None:
        if self._inflate.eof:
            refuse(self._file, "it ends in the middle of a file")
        packed = self._inflate.unconsumed_tail
        if not packed:
            packed = self._archive[self._fed : self._fed + _SLICE]
            self._fed += len(packed)
            if not packed:
                refuse(self._file, "it is cut off")
        try:
            piece = self._inflate.decompress(packed, _SLICE)
        except zlib.error as error:
            refuse(self._file, "it is no gzip file, or damaged", str(error))
        self._left -= len(piece)
        if self._left < 0:
            refuse(self._file, "it unpacks to more than any honest crate has")
        self._window = self._window[self._at :] + piece
        self._at = 0


def refuse(file: str, reason: str, *causes: str) -> NoReturn:
    """Raise the error for an archive that is not read any further."""
    raise RefusedArchiveError(
        f"the crate is refused: {reason}",
        help="do not build this crate; report it to the registry it came from",
        place=Place(file),
        causes=causes,
    )
