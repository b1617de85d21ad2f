"""Whether an archive of objects only names the functions of a Windows library, and has no code of its own.

Dozens of crates ship such archives, so that a linker needs no Windows. Every member is checked: one real object among
thousands of stubs makes the archive one of code.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct
from typing import Final

AR: Final = b"!<arch>\n"
THIN_AR: Final = b"!<thin>\n"

_HEADER: Final = 60
_SYMBOL_TABLES: Final = (b"/ ", b"// ", b"/SYM64/", b"__.SYMDEF", b"/<ECSYMBOLS>/", b"/<HYBRIDMAP>/")
_SHORT_IMPORT: Final = b"\0\0\xff\xff\0\0"
"""No machine, no sections, version 0: the record of one imported name."""
_LONGEST_IMPORT: Final = 4096
_COFF_HEADER: Final = Struct("<2xH12xH2x")
"""Number of sections, size of the optional header that follows."""
_SECTION: Final = Struct("<8s8xI16xI")
"""Name, size of the content, flags."""
_HAS_CODE: Final = 0x20
_LONGEST_JUMP: Final = 32
"""Bytes in the `.text` of a stub: one indirect jump, padded."""
_HARMLESS_SECTIONS: Final = (b".idata", b".debug$S")


def is_import_library(content: bytes) -> bool:
    """Whether each member of an ar archive is an import stub; true of one without members. Linear in its size."""
    if not content.startswith(AR):
        return False
    return all(member is not None and _is_stub(member) for member in _members(content))


def _members(content: bytes) -> Iterator[bytes | None]:
    """Yield the members but symbol tables; None for what cannot be read."""
    offset = len(AR)
    while offset < len(content):
        header = content[offset : offset + _HEADER]
        size = header[48:58].strip()
        if len(header) < _HEADER or header[58:] != b"`\n" or not size.isdigit():
            yield None
            return
        end = offset + _HEADER + int(size)
        if not header.startswith(_SYMBOL_TABLES):
            yield content[offset + _HEADER : end] if end <= len(content) else None
        offset = end + end % 2


def _is_stub(member: bytes) -> bool:
    if member.startswith(_SHORT_IMPORT):
        return len(member) <= _LONGEST_IMPORT
    return _is_stub_object(member)


def _is_stub_object(member: bytes) -> bool:
    """Whether a COFF object has import tables and at most one jump of code."""
    if len(member) < _COFF_HEADER.size:
        return False
    sections, optional = _COFF_HEADER.unpack_from(member)
    start = _COFF_HEADER.size + optional
    headers = member[start : start + sections * _SECTION.size]
    if len(headers) < sections * _SECTION.size:
        return False
    code = 0
    for name, size, flags in _SECTION.iter_unpack(headers):
        if flags & _HAS_CODE:
            code += size
        elif size and not name.startswith(_HARMLESS_SECTIONS):
            return False
    return code <= _LONGEST_JUMP
