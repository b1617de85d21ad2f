"""The size of what changes between two versions, against what `git diff` says and what a crate tries to make it say."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import IO

import pytest

from tests.crates import MemoryCrates, crate, files_of
from tests.suggesting import delta_of
from vetflow.diffing.git import Git, private_git
from vetflow.diffing.objects import store_crates
from vetflow.diffing.trees import compare_crates, compare_trees
from vetflow.errors import UndecidedError
from vetflow.model.contents import CrateFile
from vetflow.model.report import CrateVersion
from vetflow.model.suggestions import DiffStat, Size, UnknownSize

DELTA = delta_of("aa 1.0.0 -> 2.0.0")
LINES = "".join(f"line {number}\n" for number in range(20))
EVIL = "fn hidden() {}\n"


def size(old: Mapping[str, str | bytes], new: Mapping[str, str | bytes]) -> Size:
    crates = MemoryCrates({"aa 1.0.0": old, "aa 2.0.0": new})
    return compare_crates([DELTA], crates.files, os.environ)[DELTA]


def test_inserted_and_deleted_lines_are_counted() -> None:
    assert size({"a": "1\n2\n3\n"}, {"a": "1\n3\n4\n5\n"}) == DiffStat(2, 1, 1)
    assert size({"a": "1\n"}, {"a": "1\n", "b": "2\n"}) == DiffStat(1, 0, 1)
    assert size({"a": "1\n", "b": "2\n"}, {"a": "1\n"}) == DiffStat(0, 1, 1)


def test_equal_contents_have_no_difference() -> None:
    assert size({"a": LINES, "src/b": "x"}, {"a": LINES, "src/b": "x"}) == DiffStat(0, 0, 0)


def test_a_renamed_file_is_one_file_of_which_what_changed_is_counted() -> None:
    assert size({"src/old.rs": LINES}, {"lib/new.rs": LINES + "more\n"}) == DiffStat(1, 0, 1)


def test_line_endings_are_no_lines_to_read() -> None:
    assert size({"a": LINES}, {"a": LINES.replace("\n", "\r\n")}) == DiffStat(0, 0, 0)


def test_a_file_that_differs_in_nothing_but_its_mode_counts_as_a_file() -> None:
    crates = {crate("aa 1.0.0"): files_of({"run": "x\n"}), crate("aa 2.0.0"): files_of({"run": "x\n"}, ["run"])}
    assert compare_crates([DELTA], crates.__getitem__, os.environ) == {DELTA: DiffStat(0, 0, 1)}


def test_what_cargo_writes_and_never_builds_is_not_counted() -> None:
    old = dict.fromkeys(("Cargo.lock", ".cargo_vcs_info.json", "sub/Cargo.lock"), "1\n")
    new = dict.fromkeys(("Cargo.lock", ".cargo_vcs_info.json", "sub/Cargo.lock"), "2\n")
    assert size(old, new) == DiffStat(1, 1, 1)


def test_the_manifest_is_not_counted_where_a_revision_is_involved() -> None:
    revision = f"2.0.0@git:{'c3' * 20}"
    to_revision = delta_of(f"aa 1.0.0 -> {revision}")
    crates = MemoryCrates(
        {"aa 1.0.0": {"Cargo.toml": "1\n", "a": "1\n"}, f"aa {revision}": {"Cargo.toml": "2\n", "a": "2\n"}}
    )
    assert compare_crates([to_revision], crates.files, os.environ) == {to_revision: DiffStat(1, 1, 1)}


def test_a_binary_file_counts_without_lines() -> None:
    assert size({"logo.png": b"\0\n1\n"}, {"logo.png": b"\0\n2\n3\n"}) == DiffStat(0, 0, 1)


@pytest.mark.parametrize("attributes", ["*.rs binary\n", "* -diff\n", "*.rs diff=none\n", "[attr]x -diff\n*.rs x\n"])
@pytest.mark.parametrize("where", ["old", "new", "both"])
def test_attributes_that_a_crate_ships_hide_nothing(attributes: str, where: str) -> None:
    shipped = {".gitattributes": attributes, "src/.gitattributes": attributes}
    old = {"src/lib.rs": "fn a() {}\n", **(shipped if where != "new" else {})}
    new = {"src/lib.rs": "fn a() {}\n" + EVIL, **(shipped if where != "old" else {})}
    shown = size(old, new)
    assert isinstance(shown, DiffStat)
    if where == "both":
        assert shown == DiffStat(1, 0, 1)
    else:
        assert shown.insertions == 1 + (0 if where == "old" else 2 * attributes.count("\n"))


def test_no_byte_makes_source_code_uncountable() -> None:
    assert size({"src/lib.rs": "a\n"}, {"src/lib.rs": b"a\n// \0\n" + EVIL.encode()}) == DiffStat(2, 0, 1)


@pytest.mark.parametrize(
    "name",
    [
        ".git/config",
        ".git",
        "git~1/x",
        'quo"te',
        "back\\slash",
        "line\nfeed",
        "con\x01trol",
        "tab\tname",
        "dash/-x",
        "umlaut-ä/名",
        "trailing. /x ",
    ],
)
def test_no_name_means_anything_to_git(name: str) -> None:
    assert size({"a": "1\n"}, {"a": "1\n", name: "2\n3\n"}) == DiffStat(2, 0, 1)


def test_no_two_names_are_taken_for_one() -> None:
    names = ["a", "a\x01", "a\x01\x01", "b/c", "b\x01/c", "b/\x01c", "d\x01\x01/e", "d/e"]
    assert size({"x": ""}, {"x": "", **dict.fromkeys(names, "1\n")}) == DiffStat(len(names), 0, len(names))
    # An archive may hold a file and, against all reason, files below it.
    assert size({"x": ""}, {"x": "", "f": "1\n", "f/g": "2\n"}) == DiffStat(2, 0, 2)


def test_many_deltas_are_compared_at_once_and_each_version_is_read_once() -> None:
    crates = MemoryCrates({f"aa {n}.0.0": {"src/lib.rs": "x\n" * n} for n in range(1, 5)})
    deltas = [delta_of(f"aa {a}.0.0 -> {b}.0.0") for a in range(1, 5) for b in range(1, 5) if a != b]
    sizes = compare_crates(deltas, crates.files, os.environ)
    assert {delta: size.lines for delta, size in sizes.items() if isinstance(size, DiffStat)} == {
        delta: abs(delta.version.major - delta.base.major) for delta in deltas if delta.base
    }
    assert len(crates.read) == len(set(crates.read)) == 4


def test_renames_are_looked_for_within_a_delta_only() -> None:
    crates = MemoryCrates({"aa 1.0.0": {"gone": LINES}, "aa 2.0.0": {}, "bb 1.0.0": {}, "bb 2.0.0": {"new": LINES}})
    deltas = [delta_of("aa 1.0.0 -> 2.0.0"), delta_of("bb 1.0.0 -> 2.0.0")]
    assert list(compare_crates(deltas, crates.files, os.environ).values()) == [DiffStat(0, 20, 1), DiffStat(20, 0, 1)]


def test_a_crate_that_cannot_be_read_to_its_end_leaves_the_others_alone() -> None:
    crates = MemoryCrates(
        {"aa 1.0.0": {"a": "1\n"}, "aa 2.0.0": {"a": "2\n", "b": "3\n"}, "bb 1.0.0": {"a": "1\n"}, "bb 2.0.0": {}},
        broken=["aa 2.0.0"],
    )
    other = delta_of("bb 1.0.0 -> 2.0.0")
    assert compare_crates([DELTA, other], crates.files, os.environ) == {
        DELTA: UnknownSize("aa 2.0.0: the archive ends in the middle"),
        other: DiffStat(0, 1, 1),
    }


class BusyGit(Git):
    """git that never ends with what starts at the tree `5105`, and takes every other two trees for equal."""

    def run(self, *arguments: str, given: bytes | IO[bytes] = b"", seconds: float | None = None) -> bytes:
        assert isinstance(given, bytes)
        if b"5105" in given:
            assert seconds is not None
            raise TimeoutError
        return given


def test_a_crate_that_keeps_git_busy_costs_only_its_own_sizes() -> None:
    before, slow, after = compare_trees(BusyGit("/nowhere", ""), [(b"a1", b"a2"), (b"5105", b"b2"), (b"c1", b"c2")])
    assert isinstance(slow, UnknownSize)
    assert "seconds" in slow.reason
    assert (before, after) == ([], [])


@pytest.mark.parametrize("printed", [b"", b"a1 a2\n", b"fatal\n", b"1\t2\tx\0"])
def test_an_answer_that_leaves_something_out_is_not_believed(printed: bytes) -> None:
    class OddGit(Git):
        def run(self, *arguments: str, given: bytes | IO[bytes] = b"", seconds: float | None = None) -> bytes:
            return printed

    with pytest.raises(UndecidedError, match="did not compare"):
        compare_trees(OddGit("/nowhere", ""), [(b"a1", b"a2"), (b"b1", b"b2")])


def test_files_are_handed_over_one_at_a_time() -> None:
    held: list[str] = []

    def files(crate: CrateVersion) -> Iterator[CrateFile]:
        for name in ("a", "b"):
            held.append(f"{crate.version} {name}")
            yield CrateFile(name, executable=False, content=b"1\n")

    compare_crates([DELTA], files, os.environ)
    assert held == ["1.0.0 a", "1.0.0 b", "2.0.0 a", "2.0.0 b"]


def test_names_that_are_one_on_the_disk_git_works_on_are_two() -> None:
    files = files_of({"README.md": "one\n", "readme.md": "other\n"})
    with private_git(os.environ, "") as git:
        git.run("config", "core.ignoreCase", "true")  # as `git init` does where the disk ignores case
        (tree,) = store_crates(git, [0], lambda _: files)[0].values()
        assert git.run("ls-tree", "--name-only", tree.decode()) == b"=README.md\n=readme.md\n"
