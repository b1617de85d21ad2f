"""Whatever bytes an archive consists of, it is read as every other reader would read it, or refused."""

from __future__ import annotations

import gzip
import io
import tarfile

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.sources.packing import STEM, by_tarfile
from vetflow.sources.refusal import RefusedArchiveError
from vetflow.sources.tarball import read_members

FILES = {
    f"{STEM}/Cargo.toml": b"[package]\n",
    f"{STEM}/{'long/' * 30}lib.rs": b"pub fn on() {}\n" * 40,
    f"{STEM}/build.rs": b"",
}
STREAMS = [
    gzip.decompress(by_tarfile(FILES, dialect))[: 20 * 512]
    for dialect in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT, tarfile.USTAR_FORMAT)
]
PLACES = st.builds(
    lambda block, place: block * 512 + place,
    st.integers(0, 6),
    # All of a header but owner, time and device numbers, which are not looked at.
    st.one_of(st.integers(0, 107), st.integers(124, 135), st.integers(148, 328), st.integers(345, 511)),
)


def listed_by_vetflow(archive: bytes) -> list[tuple[str, int]] | None:
    """Return names and sizes of the files, None when the archive is refused; nothing else may happen."""
    try:
        members = [*read_members(archive, STEM, "x.crate", lambda _: False)]
    except RefusedArchiveError:
        return None
    return [(f"{STEM}/{member.path}", member.size) for member in members]


def listed_by_python(archive: bytes) -> list[tuple[str, int]]:
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as opened:
        return [(member.name, member.size) for member in opened if member.isreg()]


@given(st.binary(max_size=2000))
def test_arbitrary_bytes_are_refused(data: bytes) -> None:
    assert listed_by_vetflow(data) is None


@given(st.integers(0, 2), st.lists(st.tuples(PLACES, st.integers(0, 255)), max_size=4))
def test_a_damaged_stream_is_refused_or_read_as_by_others(number: int, damage: list[tuple[int, int]]) -> None:
    damaged = bytearray(STREAMS[number])
    for place, value in damage:
        damaged[place] = value
    archive = gzip.compress(with_true_checksums(damaged), compresslevel=1)
    listed = listed_by_vetflow(archive)
    assert listed is None or listed == listed_by_python(archive)


def with_true_checksums(stream: bytearray) -> bytes:
    """Correct the checksum of every block that looks like a header: the damage must not be told by it."""
    for start in range(0, len(stream), 512):
        block = stream[start : start + 512]
        if block[257:262] == b"ustar":
            block[148:156] = b" " * 8
            stream[start + 148 : start + 156] = b"%06o\0 " % sum(block)
    return bytes(stream)


@given(st.integers(0, 2), st.data())
def test_a_damaged_archive_is_refused_or_unharmed(number: int, data: st.DataObject) -> None:
    archive = bytearray(gzip.compress(STREAMS[number]))
    archive[data.draw(st.integers(0, len(archive) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert listed_by_vetflow(bytes(archive)) in (None, [(path, len(text)) for path, text in FILES.items()])
