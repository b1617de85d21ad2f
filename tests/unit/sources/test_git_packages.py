"""Packages of git revisions come from the repositories cargo has fetched, object by object."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.unit.sources.packing import write
from vetflow.errors import UndecidedError
from vetflow.sources.git_packages import GitPackage, read_git_package
from vetflow.sources.refusal import RefusedArchiveError

ENVIRON = {"PATH": os.environ["PATH"]}


def git(folder: Path, *arguments: str) -> str:
    settings = ("-c", "user.name=Nobody", "-c", "user.email=nobody@example.invalid", "-c", "protocol.file.allow=always")
    ran = subprocess.run(
        ["git", *settings, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        env={**ENVIRON, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "HOME": str(folder)},
    )
    return ran.stdout.strip()


class CargoHome:
    """A cargo home that has fetched one repository, with a package in its root and others below."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "home"
        self.source = folder / "source"
        for path, text in {
            "Cargo.toml": '[package]\nname = "lantern"\nversion = "0.3.0"\n',
            "src/lib.rs": "// $Id$\n",
            "build.rs": "fn main() {}\n",
            ".gitattributes": "*.rs text ident eol=crlf filter=evil export-ignore\n",
            "wick/Cargo.toml": '[package]\nname = "wick"\nversion.workspace = true\n',
            "wick/src/lib.rs": "",
            "wick/tests/broken/Cargo.toml": "this is no TOML",
        }.items():
            write(self.source / path, text)
        (self.source / "LICENSE").symlink_to("../elsewhere")
        (self.source / "build.rs").chmod(0o755)
        git(self.source, "init", "--quiet")

    def fetch(self, *, below: str = "db/lantern-0123456789abcdef") -> str:
        """Commit what is in the source, and fetch it as cargo does."""
        git(self.source, "add", "--all")
        git(self.source, "commit", "--quiet", "--message=one")
        git(self.source, "clone", "--quiet", "--bare", str(self.source), str(self.path / "git" / below))
        return git(self.source, "rev-parse", "HEAD")

    def read(self, name: str, commit: str) -> GitPackage:
        return read_git_package(name, commit, str(self.path), ENVIRON)


@pytest.fixture
def home(tmp_path: Path) -> CargoHome:
    return CargoHome(tmp_path)


def test_a_package_is_what_the_commit_has_whatever_attributes_say(home: CargoHome) -> None:
    package = home.read("lantern", home.fetch())
    files = package.content.files
    assert sorted(files) == [".gitattributes", "Cargo.toml", "build.rs", "src/lib.rs"]
    assert files["src/lib.rs"].content == b"// $Id$\n"
    assert [path for path, file in files.items() if file.executable] == ["build.rs"]
    assert package.folder == ""


def test_links_and_other_packages_are_named(home: CargoHome) -> None:
    assert home.read("lantern", home.fetch()).content.left_out == (
        "a symbolic link, LICENSE",
        "another package, wick",
        "another package, wick/tests/broken",
    )


def test_a_package_below_the_root_is_found_by_its_name(home: CargoHome) -> None:
    package = home.read("wick", home.fetch())
    assert package.folder == "wick"
    assert sorted(package.content.files) == ["Cargo.toml", "src/lib.rs"]
    assert package.content.left_out == ("another package, tests/broken",)


def test_submodules_are_named_as_missing(home: CargoHome, tmp_path: Path) -> None:
    commit = home.fetch()
    git(home.source, "update-index", "--add", "--cacheinfo", f"160000,{commit},vendor/oil")
    git(home.source, "commit", "--quiet", "--message=two")
    git(home.source, "clone", "--quiet", "--bare", str(home.source), str(home.path / "git/db/lantern-1"))
    assert "a submodule, vendor/oil" in home.read("lantern", git(home.source, "rev-parse", "HEAD")).content.left_out


def test_a_commit_is_taken_from_whichever_repository_has_it(home: CargoHome, tmp_path: Path) -> None:
    other = CargoHome(tmp_path / "other")
    other.path = home.path
    write(other.source / "more.rs", "")
    other.fetch(below="db/another-0")
    commit = home.fetch()
    assert home.read("lantern", commit).repository.endswith("lantern-0123456789abcdef")


def test_a_checkout_serves_where_the_database_is_gone(home: CargoHome) -> None:
    commit = home.fetch(below="checkouts/lantern-0/abcdef0/.git")
    assert home.read("lantern", commit).content.files


@pytest.mark.parametrize("commit", ["0" * 40, "HEAD", "--help", "main"])
def test_a_commit_that_was_not_fetched_is_said_to_be_missing(home: CargoHome, commit: str) -> None:
    home.fetch()
    with pytest.raises(UndecidedError, match="is in no repository that cargo has fetched"):
        home.read("lantern", commit)


def test_a_commit_without_the_package_is_refused(home: CargoHome) -> None:
    with pytest.raises(RefusedArchiveError, match="no package in it is called candle"):
        home.read("candle", home.fetch())


def test_a_second_manifest_is_refused(home: CargoHome) -> None:
    write(home.source / "CARGO.toml", "")
    commit = home.fetch()
    with pytest.raises(RefusedArchiveError, match="only one of them can be the manifest"):
        home.read("lantern", commit)


def test_without_git_there_is_no_answer(home: CargoHome, tmp_path: Path) -> None:
    commit = home.fetch()
    with pytest.raises(UndecidedError, match="git cannot be run"):
        read_git_package("lantern", commit, str(home.path), {"PATH": str(tmp_path)})
