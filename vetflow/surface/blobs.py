"""What a file that is no source text is, by its first bytes: programs, archives of objects, packed data.

Names are believed only where a format has no mark of its own: a COFF object begins with the number of its machine.
"""

from __future__ import annotations

from enum import Enum
from hashlib import sha256
from typing import Final, NamedTuple

from vetflow.model.contents import CrateFile
from vetflow.surface.import_libraries import AR, THIN_AR, is_import_library


class BlobKind(Enum):
    """What can be done with a file; the value is the word for it in rule ids."""

    EXECUTABLE = "executable"
    """A program or a shared library."""
    OBJECT = "object"
    ARCHIVE = "archive"
    """Objects for a linker."""
    IMPORT_LIBRARY = "import-library"
    """An archive that names what is in a Windows library and holds no code of its own."""
    WASM = "wasm"
    COMPRESSED = "compressed"
    DATA = "data"

    @property
    def is_machine_code(self) -> bool:
        """Whether a processor or a linker takes it as code."""
        return self not in {BlobKind.COMPRESSED, BlobKind.DATA}


class Blob(NamedTuple):
    """A file that is no text. format: its name among people, such as `ELF`. digest: sha-256 in lower-case hex."""

    path: str
    kind: BlobKind
    format: str
    size: int
    digest: str
    executable: bool


_MAGIC: Final = (
    (b"\x7fELF", BlobKind.EXECUTABLE, "ELF"),
    (b"\xfe\xed\xfa\xce", BlobKind.EXECUTABLE, "Mach-O"),
    (b"\xfe\xed\xfa\xcf", BlobKind.EXECUTABLE, "Mach-O"),
    (b"\xce\xfa\xed\xfe", BlobKind.EXECUTABLE, "Mach-O"),
    (b"\xcf\xfa\xed\xfe", BlobKind.EXECUTABLE, "Mach-O"),
    (b"\xca\xfe\xba\xbe", BlobKind.EXECUTABLE, "Mach-O or Java class"),
    (b"\xca\xfe\xba\xbf", BlobKind.EXECUTABLE, "Mach-O"),
    (b"dex\n0", BlobKind.EXECUTABLE, "Android bytecode"),
    (b"BC\xc0\xde", BlobKind.OBJECT, "LLVM bitcode"),
    (b"\xde\xc0\x17\x0b", BlobKind.OBJECT, "LLVM bitcode"),
    (b"rust\0\0\0", BlobKind.OBJECT, "Rust metadata"),
    (b"\0\0\xff\xff", BlobKind.OBJECT, "COFF"),
    (b"\0asm", BlobKind.WASM, "WebAssembly"),
    (b"PK\x03\x04", BlobKind.COMPRESSED, "zip"),
    (b"PK\x05\x06", BlobKind.COMPRESSED, "zip"),
    (b"\x1f\x8b", BlobKind.COMPRESSED, "gzip"),
    (b"\x1f\x9d", BlobKind.COMPRESSED, "compress"),
    (b"BZh", BlobKind.COMPRESSED, "bzip2"),
    (b"\xfd7zXZ", BlobKind.COMPRESSED, "xz"),
    (b"\x28\xb5\x2f\xfd", BlobKind.COMPRESSED, "zstd"),
    (b"\x04\x22\x4d\x18", BlobKind.COMPRESSED, "lz4"),
    (b"\x5d\0\0", BlobKind.COMPRESSED, "lzma"),
    (b"7z\xbc\xaf", BlobKind.COMPRESSED, "7z"),
    (b"Rar!\x1a", BlobKind.COMPRESSED, "rar"),
    (b"MSCF\0", BlobKind.COMPRESSED, "cab"),
)
_PACKED_NAMES: Final = {".br": "brotli", ".lzma": "lzma", ".z": "zlib", ".zlib": "zlib", ".lz": "lzip"}
_OBJECT_NAMES: Final = (".o", ".obj")
_LIBRARY_NAMES: Final = (".so", ".dll", ".dylib", ".exe")
_COFF_MACHINES: Final = frozenset(
    {b"\x64\x86", b"\x4c\x01", b"\x64\xaa", b"\xc4\x01", b"\x41\xa6", b"\x4e\xa6", b"\x00\x02", b"\x64\x50"}
)
"""x86-64, x86, Arm64, Arm, Arm64EC, Arm64X, Itanium, RISC-V 64."""

_RELOCATABLE_ELF: Final = b"\x01"
_TAR_MARK_AT: Final = 257
_MZ_HEAD: Final = 128


def find_blob(file: CrateFile) -> Blob | None:
    """Return what a file is if it is no text; None for text, in whatever encoding has no NUL. Linear in its size."""
    found = _recognise(file)
    if found is None:
        return None
    kind, name = found
    return Blob(file.path, kind, name, len(file.content), sha256(file.content).hexdigest(), file.executable)


def _recognise(file: CrateFile) -> tuple[BlobKind, str] | None:
    content, name = file.content, file.path.lower()
    if content.startswith((AR, THIN_AR)):
        stubs = is_import_library(content)
        return (BlobKind.IMPORT_LIBRARY, "import library") if stubs else (BlobKind.ARCHIVE, "ar archive")
    for magic, kind, title in _MAGIC:
        if content.startswith(magic) and not (title == "bzip2" and not content[3:4].isdigit()):
            return (BlobKind.OBJECT, title) if _is_object(content, name, kind) else (kind, title)
    if _is_windows_program(content):
        return BlobKind.EXECUTABLE, "PE"
    is_text = _is_text(content)
    if name.endswith(_OBJECT_NAMES) and (content[:2] in _COFF_MACHINES or not is_text):
        return BlobKind.OBJECT, "COFF" if content[:2] in _COFF_MACHINES else "object"
    if content[_TAR_MARK_AT : _TAR_MARK_AT + 5] == b"ustar":
        return BlobKind.COMPRESSED, "tar"
    if is_text:
        return None
    if name.endswith(_LIBRARY_NAMES):
        return BlobKind.EXECUTABLE, "unknown machine code"
    packed = next((title for suffix, title in _PACKED_NAMES.items() if name.endswith(suffix)), None)
    if packed is not None:
        return BlobKind.COMPRESSED, packed
    return (BlobKind.DATA, "binary") if b"\0" in content and not name.endswith(".rs") else None


def _is_object(content: bytes, name: str, kind: BlobKind) -> bool:
    if kind is not BlobKind.EXECUTABLE:
        return False
    return name.endswith(_OBJECT_NAMES) or (content.startswith(b"\x7fELF") and content[16:17] == _RELOCATABLE_ELF)


def _is_windows_program(content: bytes) -> bool:
    """Whether it begins as DOS and Windows programs do; text may begin with `MZ`, too."""
    head = content[:_MZ_HEAD]
    return head.startswith(b"MZ") and (len(content) <= 8 or not _is_text(head[:-4]))


def _is_text(content: bytes) -> bool:
    if b"\0" in content:
        return False
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
