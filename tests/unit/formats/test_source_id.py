from __future__ import annotations

import pytest

from vetflow.formats.source_id import (
    GitSource,
    canonical_repository,
    node_version,
    parse_git_source,
    without_revision,
)
from vetflow.model.names import CRATES_IO
from vetflow.model.version import VersionSyntaxError

REV = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (None, "1.0.0"),
        (CRATES_IO, "1.0.0"),
        (f"git+https://git.example/x#{REV}", f"1.0.0@git:{REV}"),
        (f"git+https://git.example/x?branch=b#{REV}", f"1.0.0@git:{REV}"),
        # cargo-vet takes whatever the fragment is; only stores ask for 40 digits.
        ("git+https://git.example/x#short", "1.0.0@git:short"),
        ("git+https://git.example/x", "1.0.0"),
        ("registry+https://crates.example/#fragment", "1.0.0"),
    ],
)
def test_a_git_source_adds_its_revision_to_the_version(source: str | None, text: str) -> None:
    version = node_version("1.0.0", source)
    assert version.text == text
    assert version.git == text.partition("@git:")[2]


def test_a_version_that_is_none() -> None:
    with pytest.raises(VersionSyntaxError):
        node_version("1.0", None)


def test_references_in_a_lock_leave_the_revision_out() -> None:
    assert without_revision(f"git+https://git.example/x?tag=v1#{REV}") == "git+https://git.example/x?tag=v1"
    assert without_revision(CRATES_IO) == CRATES_IO


@pytest.mark.parametrize(
    ("source", "reference"),
    [
        ("git+https://git.example/x", ""),
        (f"git+https://git.example/x#{REV}", ""),
        (f"git+https://git.example/x?branch=next#{REV}", "branch=next"),
        ("git+https://git.example/x?tag=v1.0", "tag=v1.0"),
        ("git+https://git.example/x?rev=abc", "rev=abc"),
        ("git+https://git.example/x?ref=next", "branch=next"),
        ("git+https://git.example/x?branch=a%2Fb+c", "branch=a/b c"),
        ("git+https://git.example/x?colour=red", ""),
    ],
)
def test_a_git_source_has_a_repository_and_a_reference(source: str, reference: str) -> None:
    assert parse_git_source(source) == GitSource("https://git.example/x", reference)


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/An/Example",
        "https://github.com/an/example.git",
        "https://GitHub.com/an/example/",
        "ssh://github.com/AN/example",
        "http://github.com/an/example.git/",
    ],
)
def test_spellings_of_a_github_repository_are_one(url: str) -> None:
    assert canonical_repository(url) == "https://github.com/an/example"


def test_elsewhere_the_path_keeps_its_case() -> None:
    assert canonical_repository("HTTPS://Git.Example/An/Example.git") == "https://git.example/An/Example"
    assert canonical_repository("file:///srv/Git/x") == "file:///srv/Git/x"
