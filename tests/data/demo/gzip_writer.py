"""A gzip writer whose output depends on its input alone.

zlib is free to choose other matches in every release and variant, and the checksums of the demo's archives
stand in a committed Cargo.lock. So the few kilobytes of the demo are compressed here: greedy matching against
the latest occurrence, fixed Huffman codes (RFC 1951 3.2.6), the header cargo writes (no time, original name).
"""

from __future__ import annotations

import zlib
from bisect import bisect_right
from itertools import accumulate
from typing import Final

_WINDOW: Final = 32768
_MIN_MATCH: Final = 4
_MAX_MATCH: Final = 258
_END_OF_BLOCK: Final = 256
_LENGTH_EXTRA: Final = (*[0] * 8, *(extra for extra in range(1, 6) for _ in range(4)), 0)
_LENGTH_BASE: Final = (*accumulate((1 << extra for extra in _LENGTH_EXTRA[:27]), initial=3), _MAX_MATCH)
_DISTANCE_EXTRA: Final = tuple(max(0, code // 2 - 1) for code in range(30))
_DISTANCE_BASE: Final = tuple(accumulate((1 << extra for extra in _DISTANCE_EXTRA[:29]), initial=1))


def gzipped(data: bytes, name: str) -> bytes:
    """Return `data` as one gzip member that carries `name` as the original file name."""
    header = b"\x1f\x8b\x08\x08\x00\x00\x00\x00\x02\xff" + name.encode("ascii") + b"\x00"
    trailer = zlib.crc32(data).to_bytes(4, "little") + len(data).to_bytes(4, "little")
    return header + _deflated(data) + trailer


class _Bits:
    """Bits in deflate's order: least significant first, Huffman codes reversed."""

    def __init__(self) -> None:
        self._done = bytearray()
        self._pending = 0
        self._count = 0

    def add(self, value: int, width: int) -> None:
        self._pending |= value << self._count
        self._count += width
        while self._count >= 8:
            self._done.append(self._pending & 0xFF)
            self._pending >>= 8
            self._count -= 8

    def finish(self) -> bytes:
        self.add(0, -self._count % 8)
        return bytes(self._done)


def _reversed(code: int, width: int) -> tuple[int, int]:
    return int(f"{code:0{width}b}"[::-1], 2), width


def _symbol_code(symbol: int) -> tuple[int, int]:
    if symbol < 144:
        return _reversed(0b00110000 + symbol, 8)
    if symbol < 256:
        return _reversed(0b110010000 + symbol - 144, 9)
    if symbol < 280:
        return _reversed(symbol - 256, 7)
    return _reversed(0b11000000 + symbol - 280, 8)


_SYMBOLS: Final = tuple(map(_symbol_code, range(286)))
_DISTANCES: Final = tuple(_reversed(code, 5) for code in range(30))


def _deflated(data: bytes) -> bytes:
    bits = _Bits()
    bits.add(0b011, 3)  # the last block, fixed codes
    latest: dict[bytes, int] = {}
    position = 0
    while position < len(data):
        length, distance = _match(data, position, latest)
        if length:
            _add_match(bits, length, distance)
        else:
            length = 1
            bits.add(*_SYMBOLS[data[position]])
        for seen in range(position, position + length):
            latest[data[seen : seen + _MIN_MATCH]] = seen
        position += length
    bits.add(*_SYMBOLS[_END_OF_BLOCK])
    return bits.finish()


def _match(data: bytes, position: int, latest: dict[bytes, int]) -> tuple[int, int]:
    start = latest.get(data[position : position + _MIN_MATCH])
    if start is None or position - start > _WINDOW or len(data) - position < _MIN_MATCH:
        return 0, 0
    limit = min(_MAX_MATCH, len(data) - position)
    length = _MIN_MATCH
    while length < limit and data[start + length] == data[position + length]:
        length += 1
    return length, position - start


def _add_match(bits: _Bits, length: int, distance: int) -> None:
    code = bisect_right(_LENGTH_BASE, length) - 1
    bits.add(*_SYMBOLS[_END_OF_BLOCK + 1 + code])
    bits.add(length - _LENGTH_BASE[code], _LENGTH_EXTRA[code])
    code = bisect_right(_DISTANCE_BASE, distance) - 1
    bits.add(*_DISTANCES[code])
    bits.add(distance - _DISTANCE_BASE[code], _DISTANCE_EXTRA[code])
