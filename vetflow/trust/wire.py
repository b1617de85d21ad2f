"""SSH's wire format: how keys and signatures are laid out in bytes (RFC 4251, section 5).

Reading is strict, because a signature that can be written in two ways is two signatures: numbers are minimal, nothing
is left over, and no length reaches beyond the data.
"""

from __future__ import annotations

import struct


class WireError(ValueError):
    """The bytes are not what they should be; the message says how."""


class Fields:
    """Takes one field after the other off a packet; every method raises WireError."""

    __slots__ = ("_at", "_data")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def raw(self, length: int) -> bytes:
        """Return the next `length` bytes."""
        end = self._at + length
        if end > len(self._data):
            raise WireError("it ends too early")
        taken = self._data[self._at : end]
        self._at = end
        return taken

    def byte(self) -> int:
        """Return the next byte as a number."""
        return self.raw(1)[0]

    def uint32(self) -> int:
        """Return a number of four bytes."""
        number: int = struct.unpack(">I", self.raw(4))[0]
        return number

    def string(self) -> bytes:
        """Return a string: its length, then its bytes."""
        return self.raw(self.uint32())

    def text(self) -> str:
        """Return a string that must be printable ASCII, as names of algorithms and namespaces are."""
        try:
            text = self.string().decode("ascii")
        except UnicodeDecodeError:
            raise WireError("a name in it is not ASCII") from None
        if not text.isprintable():
            raise WireError("a name in it is not printable")
        return text

    def mpint(self) -> int:
        """Return a number of any length that must not be negative and must be spelled as short as possible."""
        content = self.string()
        number = int.from_bytes(content, "big")
        if content != _mpint_content(number):
            raise WireError("a number in it is negative or padded")
        return number

    def end(self) -> None:
        """Require that nothing is left."""
        if self._at != len(self._data):
            raise WireError(f"{len(self._data) - self._at} bytes follow its end")


def string(content: bytes | str) -> bytes:
    """Return a string as it stands in a packet."""
    data = content.encode() if isinstance(content, str) else content
    return struct.pack(">I", len(data)) + data


def mpint(number: int) -> bytes:
    """Return a number that is not negative as it stands in a packet."""
    return string(_mpint_content(number))


def uint32(number: int) -> bytes:
    """Return a number as four bytes."""
    return struct.pack(">I", number)


def _mpint_content(number: int) -> bytes:
    return number.to_bytes(number.bit_length() // 8 + 1, "big") if number else b""
