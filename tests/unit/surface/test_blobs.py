from __future__ import annotations

from hashlib import sha256
from struct import pack

import pytest

from vetflow.model.contents import CrateFile
from vetflow.surface.blobs import BlobKind, find_blob

SHORT_IMPORT = b"\0\0\xff\xff\0\0\x64\x86" + bytes(12) + b"name\0library.dll\0"


def kind(content: bytes, path: str = "data/file") -> BlobKind | None:
    blob = find_blob(CrateFile(path, executable=False, content=content))
    return None if blob is None else blob.kind


def member(name: bytes, content: bytes) -> bytes:
    header = name.ljust(16) + b"0".ljust(12) + b"0".ljust(6) + b"0".ljust(6) + b"644".ljust(8)
    return header + str(len(content)).encode().ljust(10) + b"`\n" + content + b"\n" * (len(content) % 2)


def coff(*sections: tuple[bytes, int, int]) -> bytes:
    """Return the beginning of an object with these sections: name, size, flags."""
    headers = [name.ljust(8, b"\0") + pack("<8xI16xI", size, flags) for name, size, flags in sections]
    return pack("<HH16x", 0x8664, len(sections)) + b"".join(headers)


@pytest.mark.parametrize(
    "content",
    [
        b"\x7fELF", b"\x7fELF\x02\x01\x01\0" + bytes(8) + b"\x03\0", b"MZ", b"MZ\x90\0\x03\0\0\0", b"MZ" + bytes(200),
        b"\xcf\xfa\xed\xfe\x0c\0\0\x01", b"\xfe\xed\xfa\xce", b"\xca\xfe\xba\xbe\0\0\0\x02", b"dex\n035\0",
    ],
)  # fmt: skip
def test_programs_are_known_by_their_first_bytes(content: bytes) -> None:
    assert kind(content) is BlobKind.EXECUTABLE


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("a.o", b"\x64\x86\x03\0"), ("a.obj", b"\x4c\x01\x02\0"), ("a.o", b"\x64\xaa\x01\0"), ("A.OBJ", b"\x64\x86ab"),
        ("a.o", b"\x7fELF\x02"), ("x", b"\x7fELF" + bytes(12) + b"\x01\0"), ("a.o", b"\xff\xfe unknown"),
        ("a.bc", b"BC\xc0\xde"), ("liba.rmeta", b"rust\0\0\0\x08"),
    ],
)  # fmt: skip
def test_objects_are_known_by_their_machine_and_name(path: str, content: bytes) -> None:
    assert kind(content, path) is BlobKind.OBJECT


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("a.wasm", b"\0asm\x01\0\0\0"), ("a.zip", b"PK\x03\x04"), ("a", b"\x1f\x8b\x08"), ("a", b"BZh91AY"),
        ("a.lzma", b"\xfd7zXZ"), ("a", b"\x28\xb5\x2f\xfd"), ("a.lzma", b"\x5d\0\0\x80\0"), ("a", b"7z\xbc\xaf"),
        ("a.br", b"\x8b\x02\x80"), ("a.tar", b"x".ljust(257, b"\0") + b"ustar\0"),
    ],
)  # fmt: skip
def test_packed_data_and_modules_are_known(path: str, content: bytes) -> None:
    assert kind(content, path) in {BlobKind.COMPRESSED, BlobKind.WASM}


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("a.txt", b"MZ begins many a text, and this one is longer than a header\n"), ("a.txt", b"BZhang wrote this"),
        ("a.obj", b"# a model\nv 1.0 2.0 3.0\n"), ("a.txt", b"\xe4\xf6\xfc are Latin-1"), ("a", b""),
        ("src/a.rs", b"// \0"), ("a.md", "ünïcödé".encode()),
    ],
)  # fmt: skip
def test_text_is_no_blob_whatever_it_begins_with(path: str, content: bytes) -> None:
    assert kind(content, path) is None


def test_other_files_with_a_nul_are_data() -> None:
    assert kind(b"\x89PNG\r\n\0") is BlobKind.DATA


def test_an_archive_of_stubs_is_an_import_library() -> None:
    stub = coff((b".text", 8, 0x20), (b".idata$7", 4, 0x40), (b".idata$5", 8, 0x40), (b".data", 0, 0x40))
    content = b"!<arch>\n" + member(b"/", b"\0\0\0\1") + member(b"a.o/", stub) + member(b"b.dll/", SHORT_IMPORT)
    assert kind(content) is BlobKind.IMPORT_LIBRARY
    assert kind(b"!<arch>\n") is BlobKind.IMPORT_LIBRARY


@pytest.mark.parametrize(
    "extra",
    [
        member(b"c.o/", coff((b".text", 200, 0x20))),
        member(b"c.o/", coff((b".text", 20, 0x20), (b".text$x", 20, 0x20))),
        member(b"c.o/", coff((b".data", 64, 0x40))),
        member(b"c.o/", b"\x7fELF" + bytes(60)),
        member(b"c.dll/", SHORT_IMPORT + bytes(5000)),
        b"cut off",
        member(b"c.o/", b"ab")[:-10],
    ],
)
def test_one_member_with_code_makes_it_an_archive_of_code(extra: bytes) -> None:
    assert kind(b"!<arch>\n" + member(b"b.dll/", SHORT_IMPORT) + extra) is BlobKind.ARCHIVE


def test_an_archive_that_points_to_other_files_is_one_of_code() -> None:
    assert kind(b"!<thin>\n") is BlobKind.ARCHIVE


def test_a_blob_has_what_a_reviewer_can_compare() -> None:
    blob = find_blob(CrateFile("bin/tool", executable=True, content=b"\x7fELF"))
    assert blob is not None
    assert (blob.format, blob.size, blob.executable, blob.kind.is_machine_code) == ("ELF", 4, True, True)
    assert blob.digest == sha256(b"\x7fELF").hexdigest()
