from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from tests.crates import contents_of
from vetflow.app.crates import CrateContent
from vetflow.app.reading import Reading, read_content
from vetflow.app.reading_codec import decode, encode
from vetflow.model.version import parse_version
from vetflow.surface.tiers import Grade, Tier

MANIFEST = """
[package]
name = "bellows"
version = "1.0.0"
links = "bellows"
[lib]
proc-macro = true
[dependencies]
quill = { version = ">=1.2, <3", features = ["ink"], optional = true }
pinned = "=0.1.0-rc.1"
[target.'cfg(windows)'.build-dependencies]
tongs = { version = "1", default-features = false }
[features]
default = ["dep:quill"]
"""
FILES: Mapping[str, str | bytes] = {
    "Cargo.toml": MANIFEST,
    "build.rs": 'mod helper; fn main() { include!("missing/" ); std::fs::read("data.bin"); }\n',
    "helper.rs": 'pub fn go() { std::process::Command::new("sh").spawn(); }\n',
    "data.bin": b"\0\1\2",
    "src/lib.rs": "mod gone;\n",
    "tool.exe": b"MZ\0\0",
}


def reading() -> Reading:
    content = CrateContent("bellows", parse_version("1.0.0"), contents_of(FILES), "identity", "a test")
    return read_content(content)


def test_a_reading_survives_the_cache() -> None:
    made = reading()
    again = decode(encode(made))
    assert again == made
    assert again is not None
    assert {type(each.grade) for each in again.evidence} == {Grade}
    assert again.facts.dependencies[0].requirement == made.facts.dependencies[0].requirement


def test_the_reading_that_survives_has_something_of_everything() -> None:
    made = reading()
    assert made.tiers() == (Tier.BUILD_SCRIPT, Tier.PROC_MACRO)
    assert made.evidence
    assert made.surface.files
    assert made.surface.unresolved
    assert [each.path for each in made.binaries] == ["tool.exe"]
    assert made.undecided
    assert made.digest is not None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b"\xff",
        b"[" * 100_000,
        json.dumps([1] * 7).encode(),
        json.dumps([[[], 1, [], {}]] * 7).encode(),
    ],
)
def test_what_is_no_reading_is_as_good_as_absent(content: bytes) -> None:
    assert decode(content) is None


def test_a_reading_of_another_shape_is_as_good_as_absent() -> None:
    document = json.loads(encode(reading()))
    document[2][0].append("one more")
    assert decode(json.dumps(document).encode()) is None
