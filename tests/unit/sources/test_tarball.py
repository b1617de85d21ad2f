"""Archives are read in memory, and only when they are what `cargo package` makes."""

from __future__ import annotations

import gzip
import tarfile

import pytest

from tests.unit.sources.packing import STEM, by_tarfile, crate, entry, packed
from vetflow.model.contents import CrateFile
from vetflow.sources import inflate, tarball
from vetflow.sources.refusal import RefusedArchiveError
from vetflow.sources.tarball import Member, read_crate, read_members, read_stem


def members(archive: bytes, *wanted: str) -> list[Member]:
    return list(read_members(archive, STEM, "oddlamp.crate", wanted.__contains__))


def refusal(archive: bytes, *wanted: str) -> str:
    with pytest.raises(RefusedArchiveError) as raised:
        members(archive, *wanted)
    assert raised.value.place is not None
    assert raised.value.place.file == "oddlamp.crate"
    return raised.value.message


def test_every_file_is_listed_in_order_and_only_wanted_contents_are_kept() -> None:
    archive = crate({"Cargo.toml": "[package]", "src/lib.rs": "pub fn on() {}"})
    assert members(archive, "Cargo.toml") == [
        Member("Cargo.toml", 9, executable=False, content=b"[package]"),
        Member("src/lib.rs", 14, executable=False, content=None),
    ]


def test_an_empty_archive_has_no_files() -> None:
    assert members(packed()) == []


def test_folders_are_no_files() -> None:
    assert members(packed(entry(f"{STEM}/src/", kind=tarfile.DIRTYPE), entry(STEM, kind=tarfile.DIRTYPE))) == []


def test_the_executable_bit_is_reported() -> None:
    info = tarfile.TarInfo(f"{STEM}/run")
    info.mode = 0o755
    assert members(packed(info.tobuf(tarfile.GNU_FORMAT)))[0].executable


@pytest.mark.parametrize("dialect", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT, tarfile.USTAR_FORMAT])
@pytest.mark.parametrize("depth", [1, 6, 7, 8, 15])
def test_long_names_are_read_in_every_dialect_of_tar(dialect: int, depth: int) -> None:
    path = "/".join(["elevenchars"] * depth) + "/lib.rs"
    archive = by_tarfile({f"{STEM}/{path}": b"fn main() {}", f"{STEM}/z": b"last"}, dialect)
    assert [(member.path, member.size) for member in members(archive)] == [(path, 12), ("z", 4)]


def test_contents_larger_than_the_buffer_are_read_whole() -> None:
    content = bytes(range(256)) * 2000
    archive = packed(entry(f"{STEM}/a", content), entry(f"{STEM}/b", content), entry(f"{STEM}/c", b"end"))
    assert [member.content for member in members(archive, "b", "c")] == [None, content, b"end"]


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        (tarfile.SYMTYPE, "a symbolic link"),
        (tarfile.LNKTYPE, "a hard link"),
        (tarfile.CHRTYPE, "a character device"),
        (tarfile.BLKTYPE, "a block device"),
        (tarfile.FIFOTYPE, "a named pipe"),
        (tarfile.GNUTYPE_SPARSE, "a sparse file"),
        (tarfile.CONTTYPE, "of the unknown kind b'7'"),
        (tarfile.GNUTYPE_LONGLINK, "of the unknown kind b'K'"),
    ],
)
def test_only_files_and_folders_are_accepted(kind: bytes, what: str) -> None:
    archive = packed(entry(f"{STEM}/src/lib.rs", kind=kind, link="/etc/passwd"))
    assert refusal(archive) == f"the crate is refused: '{STEM}/src/lib.rs' is {what}"


@pytest.mark.parametrize(
    "name",
    [
        "/etc/cron.d/oddlamp",
        f"{STEM}/../../.ssh/authorized_keys",
        f"../{STEM}/src/lib.rs",
        f"./{STEM}/src/lib.rs",
        f"{STEM}//src/lib.rs",
        f"{STEM}/src/.",
        f"{STEM}/src/lib.rs/",
    ],
)
def test_a_name_must_be_relative_and_simple(name: str) -> None:
    assert "is absolute, climbs up or is not in its simplest form" in refusal(packed(entry(name)))


@pytest.mark.parametrize("name", ["src/lib.rs", "oddlamp-1.2.4/src/lib.rs", STEM, f"{STEM}x/lib.rs"])
def test_a_file_must_lie_under_the_name_and_version_of_its_crate(name: str) -> None:
    assert f"does not lie under '{STEM}/'" in refusal(packed(entry(name)))


def test_a_nul_in_a_long_name_is_refused() -> None:
    record = entry("././@LongLink", f"{STEM}/a\0b".encode(), kind=tarfile.GNUTYPE_LONGNAME)
    assert "control character" in refusal(packed(record, entry("short")))


def test_a_name_that_is_not_utf8_is_refused() -> None:
    header = tarfile.TarInfo(f"{STEM}/caf\xe9").tobuf(tarfile.GNU_FORMAT, encoding="latin-1")
    assert "is not UTF-8" in refusal(packed(header))


def test_a_name_may_occur_only_once_and_a_manifest_whatever_its_case() -> None:
    first = entry(f"{STEM}/Cargo.toml", b"[package]")
    assert "'Cargo.toml' occurs twice" in refusal(packed(first, entry(f"{STEM}/Cargo.toml", b"[lib]")))
    assert "differ in case" in refusal(packed(first, entry(f"{STEM}/cargo.TOML", b"[lib]")))


def test_a_wrong_header_checksum_is_refused() -> None:
    header = bytearray(entry(f"{STEM}/a"))
    header[0] ^= 1
    assert "a header's checksum is wrong" in refusal(packed(bytes(header)))


def test_a_size_that_is_no_octal_number_is_refused() -> None:
    # GNU tar's binary numbers exist for sizes of eight gigabytes and more.
    info = tarfile.TarInfo(f"{STEM}/a")
    info.size = 8**12
    assert "a number that is not octal" in refusal(packed(info.tobuf(tarfile.GNU_FORMAT)))


@pytest.mark.parametrize("record", [b"14 size=40000\n", b"22 GNU.sparse.major=1\n", b"15 linkpath=/x\n"])
def test_a_pax_record_may_not_change_what_a_file_is(record: bytes) -> None:
    archive = packed(entry("PaxHeaders/a", record, kind=tarfile.XHDTYPE), entry(f"{STEM}/a"))
    assert "a pax record sets" in refusal(archive)


@pytest.mark.parametrize(
    "record", [b"x path=a\n", b"99 path=a\n", b"7 path\n", b"0 path=a\n", b"path", b" a=b", b"8 path=a"]
)
def test_a_malformed_pax_record_is_refused(record: bytes) -> None:
    archive = packed(entry("PaxHeaders/a", record, kind=tarfile.XHDTYPE), entry(f"{STEM}/a"))
    assert "a pax record is malformed" in refusal(archive)


def test_a_pax_record_about_times_is_of_no_interest() -> None:
    archive = packed(entry("PaxHeaders/a", b"11 mtime=1\n", kind=tarfile.XHDTYPE), entry(f"{STEM}/a"))
    assert [member.path for member in members(archive)] == ["a"]


def test_a_global_record_may_comment_but_not_name_files() -> None:
    comment = entry("pax_global_header", b"13 comment=x\n", kind=tarfile.XGLTYPE)
    assert [member.path for member in members(packed(comment, entry(f"{STEM}/a")))] == ["a"]
    name = entry("pax_global_header", b"12 path=a/b\n", kind=tarfile.XGLTYPE)
    assert "a global record names all its files" in refusal(packed(name, entry(f"{STEM}/a")))


def test_a_file_may_be_announced_only_once() -> None:
    # Readers differ in which of the two names they believe.
    gnu = entry("././@LongLink", f"{STEM}/a\0".encode(), kind=tarfile.GNUTYPE_LONGNAME)
    pax = entry("PaxHeaders/a", b"25 path=oddlamp-1.2.3/bb\n", kind=tarfile.XHDTYPE)
    for records in ((gnu, pax), (pax, gnu), (gnu, gnu)):
        assert "announced twice" in refusal(packed(*records, entry("short")))


def test_a_pax_record_gives_one_name() -> None:
    record = b"24 path=oddlamp-1.2.3/a\n24 path=oddlamp-1.2.3/b\n"
    archive = packed(entry("PaxHeaders/a", record, kind=tarfile.XHDTYPE), entry("short"))
    assert "two names" in refusal(archive)


@pytest.mark.parametrize("kind", [tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE])
def test_an_announced_file_must_come(kind: bytes) -> None:
    assert "announces a file that does not come" in refusal(packed(entry("record", kind=kind)))


def test_a_long_name_ends_where_its_size_says() -> None:
    # Some readers take the name to its first NUL instead.
    record = bytearray(entry("././@LongLink", f"{STEM}/src/lib.rs".encode(), kind=tarfile.GNUTYPE_LONGNAME))
    record[512 + len(f"{STEM}/src/lib.rs")] = ord("x")
    assert "goes on behind its end" in refusal(packed(bytes(record), entry("short")))


def with_changed_header(header: bytes, place: int, text: bytes) -> bytes:
    """Return a header with other bytes at one place, and the checksum that belongs to it."""
    changed = bytearray(header)
    changed[place : place + len(text)] = text
    changed[148:156] = b" " * 8
    changed[148:156] = b"%06o\0 " % sum(changed)
    return bytes(changed)


@pytest.mark.parametrize(
    ("place", "text"),
    [(257, bytes(8)), (257, b"ustar\x0001"), (345, b"elsewhere")],
    ids=["no dialect", "unknown version", "GNU with a prefix"],
)
def test_a_header_that_readers_understand_differently_is_refused(place: int, text: bytes) -> None:
    assert "dialect" in refusal(packed(with_changed_header(entry(f"{STEM}/a"), place, text)))


@pytest.mark.parametrize("size", [b"\x0000000000010\0", bytes(12), b"            ", b"0000000001x\0"])
def test_a_size_is_one_plain_number(size: bytes) -> None:
    header = with_changed_header(entry(f"{STEM}/a"), 124, size[:12])
    assert "a number that is not octal" in refusal(packed(header))


def test_a_name_of_megabytes_is_refused() -> None:
    name = entry("././@LongLink", b"a" * 70_000, kind=tarfile.GNUTYPE_LONGNAME)
    assert "longer than any crate needs" in refusal(packed(name, entry("short")))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 not gzip at all", bytes(1000)])
def test_what_is_no_gzip_file_is_refused(data: bytes) -> None:
    assert refusal(data) in {
        "the crate is refused: it is cut off",
        "the crate is refused: it is no gzip file, or damaged",
    }


def test_every_truncation_is_refused() -> None:
    archive = crate({"Cargo.toml": "[package]\n", "src/lib.rs": "pub fn on() {}\n"})
    for length in range(len(archive)):
        assert refusal(archive[:length])


def test_a_tar_stream_that_ends_inside_a_file_is_refused() -> None:
    assert "ends in the middle of a file" in refusal(packed(entry(f"{STEM}/a", b"x" * 2000)[:1024], end=b""))


def test_damaged_data_is_refused_by_its_checksum() -> None:
    archive = bytearray(crate({"Cargo.toml": "[package]"}))
    archive[-8] ^= 1
    assert "damaged" in refusal(bytes(archive))


@pytest.mark.parametrize("end", [bytes(512), bytes(1024), bytes(10240), bytes(70_000)])
def test_any_amount_of_padding_ends_an_archive(end: bytes) -> None:
    assert [member.path for member in members(packed(entry(f"{STEM}/a"), end=end))] == ["a"]


def test_data_behind_the_end_is_refused() -> None:
    # Cargo stops at the first end it meets; a reader that goes on would see another crate.
    behind = entry(f"{STEM}/Cargo.toml", b"[package]")
    assert "behind its end" in refusal(packed(entry(f"{STEM}/a"), bytes(1024), behind))
    assert "behind its end" in refusal(packed(entry(f"{STEM}/a"), bytes(100_000), behind))
    assert "behind its end" in refusal(crate({"a": ""}) + crate({"Cargo.toml": "[package]"}))
    assert "behind its end" in refusal(crate({"a": ""}) + b"\0")


def test_an_archive_that_unpacks_to_far_more_than_its_size_is_refused() -> None:
    bomb = packed(entry(f"{STEM}/zeros", bytes(inflate.ALWAYS_UNPACKED)))
    assert len(bomb) < 20_000
    assert "unpacks to more than any honest crate has" in refusal(bomb)


def test_a_bomb_behind_the_end_is_refused() -> None:
    bomb = packed(entry(f"{STEM}/a"), end=bytes(inflate.ALWAYS_UNPACKED + 1024))
    assert "unpacks to more than any honest crate has" in refusal(bomb)


def test_the_size_of_one_content_is_limited() -> None:
    manifest = entry(f"{STEM}/Cargo.toml", bytes(tarball.LARGEST_MANIFEST + 1))
    assert "more than" in refusal(packed(manifest), "Cargo.toml")
    assert members(packed(manifest))[0].size == tarball.LARGEST_MANIFEST + 1


def test_the_number_of_files_and_folders_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tarball, "MOST_MEMBERS", 3)
    assert len(members(crate(dict.fromkeys("abc", "")))) == 3
    assert "more than 3 members" in refusal(crate(dict.fromkeys("abcd", "")))
    assert "more than 3 members" in refusal(packed(*[entry(f"{STEM}/a/", kind=tarfile.DIRTYPE)] * 4))


def test_compression_made_elsewhere_is_read() -> None:
    plain = gzip.decompress(crate({"a": "text"}))
    assert members(gzip.compress(plain, compresslevel=0), "a")[0].content == b"text"


def test_a_whole_crate_is_read_into_memory() -> None:
    info = tarfile.TarInfo(f"{STEM}/run")
    info.mode = 0o755
    archive = packed(entry(f"{STEM}/src/lib.rs", b"pub fn on() {}"), info.tobuf(tarfile.GNU_FORMAT))
    assert read_crate(archive, STEM, "oddlamp.crate") == {
        "src/lib.rs": CrateFile("src/lib.rs", executable=False, content=b"pub fn on() {}"),
        "run": CrateFile("run", executable=True, content=b""),
    }


def test_an_archive_says_which_crate_it_claims_to_be() -> None:
    assert read_stem(crate({"a": ""}, stem="drum-2.0.0"), "x.crate") == "drum-2.0.0"
    with pytest.raises(RefusedArchiveError, match="it is empty"):
        read_stem(packed(), "x.crate")


def test_a_content_of_many_megabytes_is_read_in_linear_time() -> None:
    content = bytes(range(256)) * (120 * 1024)
    archive = gzip.compress(entry(f"{STEM}/a", content) + entry(f"{STEM}/b", b"end") + bytes(1024), compresslevel=0)
    assert [member.content for member in read_members(archive, STEM, "x", lambda _: True, len(content))] == [
        content,
        b"end",
    ]
