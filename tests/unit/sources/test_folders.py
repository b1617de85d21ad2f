"""Unpacked crates are read as they lie there: nothing is followed, nothing is hidden in silence."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.unit.sources.packing import digest, write
from vetflow.model.contents import CrateFile
from vetflow.sources import folders
from vetflow.sources.archives import VendoredCrate
from vetflow.sources.folders import read_folder, read_vendored, tree_hash
from vetflow.sources.refusal import RefusedArchiveError

FILES = {"Cargo.toml": "[package]\n", "src/lib.rs": "pub fn on() {}\n", ".cargo/config.toml": "[build]\n"}


@pytest.fixture
def crate(tmp_path: Path) -> Path:
    for path, text in FILES.items():
        write(tmp_path / "crate" / path, text)
    return tmp_path / "crate"


def vendored(folder: Path, **changed: str) -> VendoredCrate:
    listed = {path: digest(text.encode()) for path, text in FILES.items()}
    return VendoredCrate(str(folder), {**listed, **changed})


def refusal(crate: VendoredCrate) -> str:
    with pytest.raises(RefusedArchiveError) as raised:
        read_vendored(crate)
    return raised.value.message


def test_all_files_are_read_hidden_ones_too(crate: Path) -> None:
    (crate / "src/lib.rs").chmod(0o755)
    content = read_folder(str(crate))
    assert content.left_out == ()
    assert sorted(content.files) == sorted(FILES)
    assert content.files["src/lib.rs"] == CrateFile("src/lib.rs", executable=True, content=b"pub fn on() {}\n")


def test_what_cargo_wrote_beside_the_crate_is_not_of_it(crate: Path) -> None:
    write(crate / ".cargo-ok", '{"v":1}')
    write(crate / "src/.cargo-ok", "of the crate")
    assert sorted(read_folder(str(crate)).files) == sorted([*FILES, "src/.cargo-ok"])


def test_repositories_and_build_output_are_left_out_and_named(crate: Path) -> None:
    write(crate / ".git/config", "[core]\n")
    write(crate / "target/CACHEDIR.TAG", "")
    write(crate / "src/target/mod.rs", "")
    content = read_folder(str(crate))
    assert sorted(content.files) == sorted([*FILES, "src/target/mod.rs"])
    assert content.left_out == ("a repository's own data, .git", "the output of builds, target")


def test_links_are_named_and_never_followed(crate: Path, tmp_path: Path) -> None:
    write(tmp_path / "secret", "key")
    write(tmp_path / "more/lib.rs", "")
    (crate / "LICENSE").symlink_to(tmp_path / "secret")
    (crate / "src/more").symlink_to(tmp_path / "more")
    content = read_folder(str(crate))
    assert sorted(content.files) == sorted(FILES)
    assert content.left_out == ("a symbolic link, LICENSE", "a symbolic link, src/more")


def test_a_pipe_is_named_and_not_waited_for(crate: Path) -> None:
    os.mkfifo(crate / "build.rs")
    assert read_folder(str(crate)).left_out == ("a device, pipe or socket, build.rs",)


def test_names_that_are_one_elsewhere_are_both_read(crate: Path) -> None:
    write(crate / "BUILD.rs", "one")
    write(crate / "build.RS", "other")
    files = read_folder(str(crate)).files
    assert (files["BUILD.rs"].content, files["build.RS"].content) == (b"one", b"other")


def test_a_second_manifest_is_refused(crate: Path) -> None:
    write(crate / "cargo.toml", "")
    with pytest.raises(RefusedArchiveError, match="only one of them can be the manifest"):
        read_folder(str(crate))


def test_names_that_are_not_utf8_are_refused(crate: Path) -> None:
    with open(os.fsencode(crate) + b"/caf\xe9", "wb"):
        pass
    with pytest.raises(RefusedArchiveError, match="is not UTF-8"):
        read_folder(str(crate))


def test_sizes_and_numbers_are_limited(crate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "MOST_UNPACKED", 20)
    with pytest.raises(RefusedArchiveError, match="larger than any honest crate"):
        read_folder(str(crate))
    monkeypatch.setattr(folders, "MOST_MEMBERS", 3)
    with pytest.raises(RefusedArchiveError, match="more than 3 members"):
        read_folder(str(crate))


def test_a_vendored_crate_is_what_its_list_says(crate: Path) -> None:
    write(crate / ".cargo-checksum.json", "{}")
    assert sorted(read_vendored(vendored(crate))) == sorted(FILES)


def test_a_vendored_file_that_was_changed_is_refused(crate: Path) -> None:
    write(crate / "src/lib.rs", "pub fn evil() {}\n")
    assert "'src/lib.rs' is not what .cargo-checksum.json says" in refusal(vendored(crate))


def test_a_file_that_was_put_beside_the_vendored_ones_is_refused(crate: Path) -> None:
    # Cargo checks the files it has a checksum of, and would run this one all the same.
    write(crate / "build.rs", "fn main() {}\n")
    assert "'build.rs' is not listed" in refusal(vendored(crate))


def test_a_vendored_file_that_is_missing_is_refused(crate: Path) -> None:
    assert "'build.rs' is listed in .cargo-checksum.json and not there" in refusal(vendored(crate, **{"build.rs": "0"}))


def test_a_link_among_vendored_files_is_refused(crate: Path) -> None:
    (crate / "src/lib.rs").unlink()
    (crate / "src/lib.rs").symlink_to("/etc/hostname")
    assert "it has a symbolic link, src/lib.rs" in refusal(vendored(crate))


def test_the_hash_of_a_tree_tells_paths_contents_and_modes_apart() -> None:
    file = CrateFile("a", executable=False, content=b"b")
    trees = [
        {},
        {"a": file},
        {"b": file},
        {"a": file._replace(executable=True)},
        {"a": file._replace(content=b"c")},
        {"a": file, "b": file},
    ]
    assert len({tree_hash(tree) for tree in trees}) == len(trees)
    assert tree_hash({"b": file, "a": file}) == tree_hash({"a": file, "b": file})
