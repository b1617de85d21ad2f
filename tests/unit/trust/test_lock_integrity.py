"""What a lock leaves open, and where it disagrees with index, archives and an earlier lock."""

from __future__ import annotations

from collections.abc import Iterable

from vetflow.model.findings import Finding, Level
from vetflow.model.names import CRATES_IO
from vetflow.model.packages import Package
from vetflow.model.version import parse_version
from vetflow.trust.lock_integrity import archive_findings, changed_checksums, index_findings, lock_findings

SUM, OTHER = "a" * 64, "b" * 64
GIT = "git+https://forge.example/anvil?branch=main"
COMMIT = "0123456789" * 4


def package(source: str | None = CRATES_IO, checksum: str | None = SUM, version: str = "1.0.0") -> Package:
    return Package("anvil", parse_version(version), source, checksum)


def ids(findings: Iterable[Finding]) -> list[tuple[str, Level]]:
    return [(each.id, each.level) for each in findings]


def of_lock(*packages: Package, expected: tuple[str, ...] = ()) -> list[tuple[str, Level]]:
    return ids(lock_findings(packages, lambda _: None, expected))


def test_packages_of_crates_io_with_checksums_and_local_ones_are_fine() -> None:
    assert of_lock(package(), package(version="2.0.0"), package(None, None, "3.0.0")) == []


def test_a_checksum_must_be_there_where_there_is_one() -> None:
    assert of_lock(package(checksum=None)) == [("lock/missing-checksum", Level.FAIL)]


def test_other_sources_are_told_unless_they_are_expected() -> None:
    pinned = package(f"{GIT}#{COMMIT}", None, f"1.0.0@git:{COMMIT}")
    own = package("registry+https://own.example/index")
    assert of_lock(pinned) == [("lock/unexpected-source", Level.WARN)]
    assert of_lock(own) == [("lock/unexpected-source", Level.WARN)]
    assert of_lock(pinned, expected=(GIT,)) == []


def test_a_git_source_must_name_its_commit() -> None:
    assert of_lock(package(GIT, None), expected=(GIT,)) == [("lock/not-pinned", Level.FAIL)]


def test_one_version_from_two_sources_is_told_of_both() -> None:
    own = "registry+https://own.example/index"
    assert of_lock(package(), package(own), expected=(own,)) == [("lock/duplicate", Level.WARN)] * 2


def test_the_index_must_have_the_version_with_the_same_checksum() -> None:
    assert ids(index_findings({package(): SUM}, (), lambda _: None)) == []
    assert ids(index_findings({package(): None}, (), lambda _: None)) == []
    assert ids(index_findings({package(): OTHER}, (), lambda _: None)) == [("lock/index-checksum", Level.FAIL)]
    assert ids(index_findings({}, [package()], lambda _: None)) == [("lock/not-published", Level.FAIL)]


def test_an_archive_that_is_another_one_is_told_with_the_reason() -> None:
    (finding,) = archive_findings({package(): "its sha-256 is another"}, lambda _: None)
    assert (finding.id, finding.level) == ("lock/archive-checksum", Level.FAIL)
    assert finding.reason.endswith("it is not the one that Cargo.lock means: its sha-256 is another")


def test_a_version_never_changes() -> None:
    def changed(old: Package, new: Package) -> list[tuple[str, Level]]:
        return ids(changed_checksums([old], [new], lambda _: None))

    assert changed(package(), package(checksum=OTHER)) == [("lock/checksum-changed", Level.FAIL)]
    assert changed(package(), package(checksum=None)) == [("lock/checksum-changed", Level.FAIL)]
    assert changed(package(checksum=None), package()) == []
    assert changed(package(), package(checksum=OTHER, version="1.0.1")) == []
    assert changed(package(), package("registry+https://own.example/index", OTHER)) == []


def test_names_of_a_lock_add_nothing_to_a_command() -> None:
    (finding,) = lock_findings([package(checksum=None)._replace(name="x; rm -rf ~")], lambda _: None)
    assert finding.settle is not None
    assert finding.settle.endswith("`cargo update -p 'x; rm -rf ~'`")
