"""The unpacked bytes of a gzip file, produced as they are read, never all at once and never too many.

An archive is one gzip member from its first byte to its last. Two members, or bytes behind the end, are what one reader
unpacks and another does not see.
"""

from __future__ import annotations

import zlib
from typing import Final

from vetflow.sources.refusal import refuse

MOST_UNPACKED: Final = 512 * 1024 * 1024
"""More than this is never unpacked: cargo's own limit."""
MOST_TIMES_LARGER: Final = 100
"""How many times its own size an archive may unpack to, once it is past `ALWAYS_UNPACKED`."""
ALWAYS_UNPACKED: Final = 16 * 1024 * 1024

_SLICE: Final = 256 * 1024


class Inflated:
    """A stream over a gzip file in memory. Every method raises RefusedArchiveError when the file is at fault."""

    def __init__(self, archive: bytes, file: str) -> None:
        """Take the whole file, and its path for errors."""
        self._archive = memoryview(archive)
        self._file = file
        self._fed = 0
        self._inflate = zlib.decompressobj(wbits=31)
        self._window = b""
        self._at = 0
        self._left = min(MOST_UNPACKED, max(ALWAYS_UNPACKED, MOST_TIMES_LARGER * len(archive)))

    def read(self, size: int) -> bytes:
        """Return the next `size` bytes."""
        end = self._at + size
        if end <= len(self._window):
            start, self._at = self._at, end
            return self._window[start:end]
        pieces = [self._window[self._at :]]
        missing = size - len(pieces[0])
        while missing:
            self._produce()
            pieces.append(self._window[:missing])
            self._at = len(pieces[-1])
            missing -= self._at
        return b"".join(pieces)

    def skip(self, size: int) -> None:
        """Pass over the next `size` bytes."""
        while (inside := len(self._window) - self._at) < size:
            size -= inside
            self._produce()
        self._at += size

    def expect_only_zeros(self) -> None:
        """Read to the end of the file, up to which there must be nothing but padding."""
        while True:
            if self._window.count(0, self._at) != len(self._window) - self._at:
                refuse(self._file, "there is data behind its end")
            if self._inflate.eof:
                break
            self._produce()
        if self._inflate.unused_data or self._fed < len(self._archive):
            refuse(self._file, "there is data behind its end")

    def _produce(self) -> None:
        """Put the next bytes, perhaps none, in place of those that were read."""
        if self._inflate.eof:
            refuse(self._file, "it ends in the middle of a file")
        packed: bytes | memoryview = self._inflate.unconsumed_tail
        if not packed:
            packed = self._archive[self._fed : self._fed + _SLICE]
            self._fed += len(packed)
            if not packed:
                refuse(self._file, "it is cut off")
        try:
            self._window = self._inflate.decompress(packed, _SLICE)
        except zlib.error as error:
            refuse(self._file, "it is no gzip file, or damaged", str(error))
        self._at = 0
        self._left -= len(self._window)
        if self._left < 0:
            refuse(self._file, "it unpacks to more than any honest crate has")
