from __future__ import annotations

import pytest

from vetflow.errors import Place, WorkspaceError
from vetflow.formats.cargo_lock import parse_lock
from vetflow.model.names import CRATES_IO

CHECKSUM = "ab" * 32
TINY = f'[[package]]\nname = "tiny"\nversion = "1.0.0"\nsource = "{CRATES_IO}"\n'


def failure(text: str) -> WorkspaceError:
    with pytest.raises(WorkspaceError) as raised:
        parse_lock(text, "Cargo.lock")
    return raised.value


def test_an_entry_is_read_with_all_its_parts() -> None:
    lock = parse_lock(
        f'version = 4\n{TINY}checksum = "{CHECKSUM.upper()}"\ndependencies = ["a", "b 1.0.0"]\nreplace = "c"\n',
        "Cargo.lock",
    )
    (entry,) = lock.entries
    assert lock.version == 4
    assert (entry.name, entry.semver, entry.version.text, entry.source) == ("tiny", "1.0.0", "1.0.0", CRATES_IO)
    assert (entry.checksum, entry.dependencies, entry.replace) == (CHECKSUM, ("a", "b 1.0.0"), "c")


def test_a_git_entry_has_its_revision_in_the_version() -> None:
    rev = "0" * 40
    lock = parse_lock(f'[[package]]\nname = "x"\nversion = "1.0.0"\nsource = "git+https://git.example/x#{rev}"\n', "f")
    assert lock.entries[0].version.text == f"1.0.0@git:{rev}"


@pytest.mark.parametrize("text", ["", "version = 3\n", "version = 4\n", "# a comment\n"])
def test_a_lock_may_be_empty(text: str) -> None:
    assert parse_lock(text, "Cargo.lock").entries == ()


def test_version_one_keeps_checksums_apart_and_may_have_a_root() -> None:
    text = (
        '[root]\nname = "app"\nversion = "0.1.0"\n'
        f'{TINY}[metadata]\n"checksum tiny 1.0.0 ({CRATES_IO})" = "{CHECKSUM}"\n"checksum other 1.0.0 (x)" = "<none>"\n'
    )
    lock = parse_lock(text, "Cargo.lock")
    assert lock.version is None
    assert [(entry.name, entry.checksum) for entry in lock.entries] == [("app", None), ("tiny", CHECKSUM)]


def test_unused_patches_stand_apart() -> None:
    lock = parse_lock('[[patch.unused]]\nname = "spare"\nversion = "2.0.0"\n', "Cargo.lock")
    assert [(entry.name, entry.semver) for entry in lock.unused_patches] == [("spare", "2.0.0")]
    assert lock.entries == ()


@pytest.mark.parametrize(
    ("text", "message", "line", "column"),
    [
        ("version = 5\n", "Cargo.lock has version 5, which is not known here", 1, 11),
        ('version = "4"\n', "Cargo.lock has version 4, which is not known here", 1, 11),
        ("package = 1\n", "`package` of Cargo.lock is not an array", 1, 11),
        ("package = [1]\n", "a package in Cargo.lock is not a table", 1, 12),
        (f"{TINY}[[package]]\n", "a package in Cargo.lock has no `name` of type string", 5, 1),
        ('[[package]]\nname = "x"\nversion = 1\n', "a package in Cargo.lock has no `version` of type string", 1, 1),
        (f"{TINY}checksum = 1\n", "`checksum` of package `tiny` in Cargo.lock is not a string", 1, 1),
        (f"{TINY}replace = []\n", "`replace` of package `tiny` in Cargo.lock is not a string", 1, 1),
        (
            '[[package]]\nname = "x"\nversion = "1"\n',
            "package `x` in Cargo.lock has an invalid version: unexpected end of input",
            1,
            1,
        ),
        (
            f"{TINY}dependencies = 1\n",
            "`dependencies` of package `tiny` in Cargo.lock is not an array of strings",
            1,
            1,
        ),
        (
            f"{TINY}dependencies = [1]\n",
            "`dependencies` of package `tiny` in Cargo.lock is not an array of strings",
            1,
            1,
        ),
        (f"{TINY}{TINY}", "package `tiny 1.0.0` is listed twice in Cargo.lock", 5, 1),
        ("patch.unused = 1\n", "`patch.unused` of Cargo.lock is not an array", 1, 16),
        ('[[patch.unused]]\nname = "x"\n', "a package in Cargo.lock has no `version` of type string", 1, 1),
        (f"{TINY}<<<<<<< ours\n", "Cargo.lock is not valid TOML: Invalid statement", 5, 1),
    ],
)
def test_what_is_malformed_is_told_with_its_place(text: str, message: str, line: int, column: int) -> None:
    error = failure(text)
    assert error.message.startswith(message)
    assert error.place == Place("Cargo.lock", line, column)
    assert error.help is not None


def test_a_package_may_be_listed_with_several_sources_and_versions() -> None:
    text = TINY + TINY.replace(CRATES_IO, "registry+https://crates.example") + TINY.replace("1.0.0", "1.0.1")
    assert len(parse_lock(text, "Cargo.lock").entries) == 3


def test_all_malformed_entries_are_told_at_once() -> None:
    error = failure(f"[[package]]\n{TINY}{TINY}")
    assert error.message == "Cargo.lock has 2 problems"
    assert [problem.place for problem in error.related] == [Place("Cargo.lock", 1, 1), Place("Cargo.lock", 6, 1)]
