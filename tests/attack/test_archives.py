"""Archives made to show a reviewer something else than cargo builds, or to choke whoever opens them: all are refused.

What cargo's own reader (the `tar` crate) does is said where it differs from the standard: that is where code can hide.
"""

from __future__ import annotations

import gzip
import tarfile
import zlib

import pytest

from tests.surfaces import STARTS_A_PROGRAM, analysed, graded
from tests.unit.sources.packing import STEM, crate, entry, packed
from vetflow.sources import inflate
from vetflow.sources.refusal import RefusedArchiveError
from vetflow.sources.tarball import read_crate
from vetflow.surface.tiers import Grade

BUILD_SCRIPT = b"fn main() { steal() }"
HONEST = {"Cargo.toml": "[package]\n", "src/lib.rs": "pub fn on() {}\n"}


def refusal(archive: bytes) -> str:
    with pytest.raises(RefusedArchiveError) as raised:
        read_crate(archive, STEM, "oddlamp.crate")
    return raised.value.message


def forged(name: str, content: bytes, **fields: bytes) -> bytes:
    """One member with other bytes in some fields of its header, under a correct checksum."""
    places = {"size": 124, "kind": 156, "magic": 257, "prefix": 345, "mode": 100}
    header = bytearray(entry(name, content))
    for field, value in fields.items():
        header[places[field] : places[field] + len(value)] = value
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header[:512])
    return bytes(header)


def pax(*records: bytes) -> bytes:
    return entry("PaxHeaders/x", b"".join(records), kind=tarfile.XHDTYPE)


def record(key: bytes, value: bytes) -> bytes:
    """A pax record with its own length in front."""
    length = len(key) + len(value) + 3
    while len(str(length)) + len(key) + len(value) + 3 != length:
        length += 1
    return b"%d %s=%s\n" % (length, key, value)


def test_the_honest_crate_is_read() -> None:
    assert read_crate(crate(HONEST), STEM, "x").keys() == HONEST.keys()


def test_a_folder_with_a_size_hides_a_header_from_cargo_or_from_us() -> None:
    # cargo skips as many bytes as the folder claims; other readers look for the next header there.
    hidden = entry(f"{STEM}/build.rs", BUILD_SCRIPT)
    folder = forged(f"{STEM}/src/", b"", kind=b"5", size=b"%011o\0" % len(hidden))
    assert "has a size" in refusal(packed(folder, hidden))


def test_a_pax_comment_that_renames_a_file_for_cargo_alone() -> None:
    # cargo splits pax records at line feeds and takes the first `path` it sees, also inside another value.
    smuggled = record(b"comment", b"harmless\n" + record(b"path", f"{STEM}/build.rs".encode()))
    assert "line feed" in refusal(packed(pax(smuggled), entry(f"{STEM}/docs/notes.md", BUILD_SCRIPT)))
    split = record(b"comm\n" + record(b"path", f"{STEM}/build.rs".encode()), b"x")
    assert refusal(packed(pax(split), entry(f"{STEM}/docs/notes.md", BUILD_SCRIPT)))


@pytest.mark.parametrize("path", [b"../../.bashrc", b"/etc/profile", b"other-1.0.0/build.rs", b"oddlamp-1.2.3"])
def test_a_pax_path_follows_the_same_rules_as_any_name(path: bytes) -> None:
    assert refusal(packed(pax(record(b"path", path)), entry(f"{STEM}/readme", b"text")))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (b"size", b"0"),
        (b"linkpath", b"/etc/passwd"),
        (b"GNU.sparse.major", b"1"),
        (b"GNU.sparse.name", b"oddlamp-1.2.3/build.rs"),
        (b"GNU.sparse.realsize", b"99999999999"),
    ],
)
def test_a_pax_record_may_not_replace_size_link_or_sparse_map(key: bytes, value: bytes) -> None:
    assert "a pax record sets" in refusal(packed(pax(record(key, value)), entry(f"{STEM}/a", b"text")))


def test_a_global_pax_record_may_not_rename_everything() -> None:
    everything = entry("g", record(b"path", f"{STEM}/build.rs".encode()), kind=tarfile.XGLTYPE)
    assert "names all its files" in refusal(packed(everything, entry(f"{STEM}/a", BUILD_SCRIPT)))


def test_two_ways_to_announce_a_name_are_not_mixed() -> None:
    gnu = entry("././@LongLink", f"{STEM}/docs/a.md\0".encode(), kind=tarfile.GNUTYPE_LONGNAME)
    renamed = pax(record(b"path", f"{STEM}/build.rs".encode()))
    for announcements in ((gnu, renamed), (renamed, gnu), (gnu, gnu), (renamed, renamed)):
        assert "announced twice" in refusal(packed(*announcements, entry("short", BUILD_SCRIPT)))


@pytest.mark.parametrize("ending", [b"\0hidden", b"\0\0", b"\0.md"])
def test_a_long_name_with_a_nul_inside_is_refused(ending: bytes) -> None:
    # Some readers stop at the first NUL.
    name = entry("././@LongLink", f"{STEM}/build.rs".encode() + ending + b"\0", kind=tarfile.GNUTYPE_LONGNAME)
    assert "control character" in refusal(packed(name, entry("short", BUILD_SCRIPT)))


@pytest.mark.parametrize(
    "fields",
    [
        {"size": b"\x80" + bytes(10) + b"\x15"},
        {"size": b"+0000000025\0"},
        {"size": b"-0000000001\0"},
        {"size": b"0x000000015\0"},
        {"size": b"\t0000000025\0"},
        {"mode": b"\xff" * 8},
    ],
    ids=["binary", "plus", "minus", "hexadecimal", "tab", "mode"],
)
def test_numbers_that_readers_parse_differently_are_refused(fields: dict[str, bytes]) -> None:
    assert "not octal" in refusal(packed(forged(f"{STEM}/a", BUILD_SCRIPT, **fields)))


def test_signed_header_checksums_are_refused() -> None:
    # Ancient tars summed signed bytes; a name beyond ASCII tells the two sums apart.
    header = bytearray(entry(f"{STEM}/é"))
    header[148:156] = b" " * 8
    signed = sum(byte - 256 if byte > 127 else byte for byte in header[:512])
    header[148:156] = b"%06o\0 " % signed
    assert "checksum" in refusal(packed(bytes(header)))


def test_a_file_whose_name_ends_like_a_folder_is_refused() -> None:
    # Old readers take it for a folder, and what follows for a header.
    assert "simplest form" in refusal(packed(entry(f"{STEM}/src/", BUILD_SCRIPT)))


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        (tarfile.SYMTYPE, "a symbolic link"),
        (tarfile.LNKTYPE, "a hard link"),
        (tarfile.CHRTYPE, "a character device"),
        (tarfile.BLKTYPE, "a block device"),
        (tarfile.FIFOTYPE, "a named pipe"),
        (tarfile.GNUTYPE_SPARSE, "a sparse file"),
        (b"V", "of the unknown kind"),
        (b"M", "of the unknown kind"),
        (b"7", "of the unknown kind"),
        (b"\xff", "of the unknown kind"),
    ],
)
def test_only_files_and_folders_are_accepted(kind: bytes, what: str) -> None:
    assert what in refusal(packed(entry(f"{STEM}/x", kind=kind, link="/etc/passwd")))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("build.rs", "build.rs"),
        ("src", "src/lib.rs"),
        ("Cargo.toml", "cargo.toml"),
    ],
)
def test_names_that_collide_are_refused(first: str, second: str) -> None:
    for names in ((first, second), (second, first)):
        assert refusal(packed(*(entry(f"{STEM}/{name}", BUILD_SCRIPT) for name in names)))


@pytest.mark.parametrize(
    ("named", "code", "second"),
    [
        ("build.rs", "fn main() {}", "Build.rs"),
        ("build.rs", "mod caf\u00e9; fn main() {}", "cafe\u0301.rs"),
        ("build.rs", 'fn main() { read("keys.txt"); }', "KEYS.txt"),
    ],
)
def test_a_file_that_takes_the_place_of_another_on_some_disk_is_shown_as_what_it_is_there(
    named: str, code: str, second: str
) -> None:
    # Honest crates have a README.md beside a readme.md, so such archives are read.
    honest = {"Cargo.toml": '[package]\nname = "oddlamp"\nversion = "1.2.3"\n', named: code}
    honest |= {"caf\u00e9.rs": "", "keys.txt": "none"}
    analysis = analysed(read_crate(crate({**honest, second: STARTS_A_PROGRAM}), STEM, "oddlamp.crate"))
    assert graded(analysis)["package/name-collision"] == Grade.ALERT
    assert second in analysis.surface.paths()


def test_a_second_gzip_member_is_refused() -> None:
    # Python and gzip go on with the second member, cargo stops behind the first.
    assert "behind its end" in refusal(crate(HONEST) + crate({"build.rs": "fn main() {}"}))
    plain = gzip.decompress(crate(HONEST))
    halves = gzip.compress(plain[:1024]) + gzip.compress(plain[1024:])
    assert "ends in the middle" in refusal(halves)


def test_an_archive_behind_the_end_of_the_archive_is_refused() -> None:
    inner = gzip.decompress(crate({"build.rs": "fn main() {}"}))
    assert "behind its end" in refusal(packed(entry(f"{STEM}/a"), bytes(512), inner))
    assert "behind its end" in refusal(packed(entry(f"{STEM}/a"), bytes(64 * 1024), inner))


def test_a_gzip_trailer_that_lies_is_refused() -> None:
    archive = bytearray(crate(HONEST))
    for place in (-1, -8):
        damaged = bytearray(archive)
        damaged[place] ^= 0x40
        assert "damaged" in refusal(bytes(damaged))
    assert "cut off" in refusal(bytes(archive[:-8]))
    assert "damaged" in refusal(zlib.compress(b"no gzip at all"))


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inflate, "ALWAYS_UNPACKED", 1024 * 1024)
    assert "more than any honest crate" in refusal(packed(entry(f"{STEM}/zeros", bytes(4 * 1024 * 1024))))


def test_a_size_far_beyond_the_archive_costs_no_memory() -> None:
    assert refusal(packed(forged(f"{STEM}/a", b"text", size=b"77777777777\0")))


def test_control_characters_in_names_never_reach_a_screen() -> None:
    for name in ("a\x1b[2K.rs", "a\r.rs", "a\n.rs", "a\x9b.rs"):
        assert "control character" in refusal(packed(entry(f"{STEM}/{name}")))


def test_names_that_are_not_utf8_are_refused() -> None:
    header = tarfile.TarInfo(f"{STEM}/caf\xe9").tobuf(tarfile.GNU_FORMAT, encoding="latin-1")
    assert "is not UTF-8" in refusal(packed(header))
    assert "is not UTF-8" in refusal(packed(pax(record(b"path", f"{STEM}/".encode() + b"\xff")), entry("short")))
