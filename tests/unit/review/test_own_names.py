"""The few places in which a crate only names itself, and all the others in which a name means something."""

from __future__ import annotations

import pytest

from vetflow.review.own_names import OwnName, without_own_name

ASH, BOWL = OwnName("kiln-ash", "1.0.0"), OwnName("kiln-bowl", "2.0.0")


def same(path: str, text: str) -> bool:
    """Whether a text, made for either crate, is the same once their names are left out."""
    made = [text.format(name=own.crate, lib=own.library.decode(), version=own.version).encode() for own in (ASH, BOWL)]
    assert made[0] != made[1]
    return without_own_name(path, made[0], ASH) == without_own_name(path, made[1], BOWL)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Cargo.toml", '[package]\nname = "{name}"\nversion = "{version}"\n'),
        ("Cargo.toml.orig", '[package]\nname = "{name}"\n'),
        ("Cargo.toml", '[lib]\nname = "{lib}"\n'),
        (".cargo_vcs_info.json", '{{\n  "path_in_vcs": "crates/{name}"\n}}'),
        ("examples/a.rs", "use {lib}::fire;\n"),
        ("examples/a.rs", "fn main() {{ {lib}::fire(); }}\n"),
        ("tests/a.rs", "use {lib}::{{fire, smoke}};\n"),
    ],
)
def test_a_crate_may_name_itself(path: str, text: str) -> None:
    assert same(path, text)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("build.rs", 'fn main() {{ Command::new("{name}"); }}\n'),
        ("build.rs", 'const URL: &str = "https://{name}.example.org/";\n'),
        ("build.rs", 'const URL: &str = r#"https://example.org/{version}"#;\n'),
        ("src/lib.rs", '#![doc(html_root_url = "https://docs.rs/{name}/{version}")]\n'),
        ("src/lib.rs", "// {lib}::fire\n"),
        ("src/lib.rs", "fn {lib}() {{}}\n"),
        ("src/lib.rs", "fn main() {{ libc::{lib}(); }}\n"),
        ("src/lib.rs", "fn main() {{ {lib}(); }}\n"),
        ("src/lib.rs", "run!({lib}::fire);\n"),
        ("Cargo.toml", '[dependencies.log]\nversion = "{version}"\n'),
        ("Cargo.toml", '[[bin]]\nname = "{name}"\n'),
        ("Cargo.toml", '[package]\nrepository = "https://example.org/{name}"\n'),
        ("Cargo.toml", '[package]\nname = "not-{name}"\n'),
        ("README.md", "{name}\n"),
        ("src/data.json", '{{\n  "path_in_vcs": "crates/{name}"\n}}'),
        ("src/Cargo.toml", '[package]\nname = "{name}"\n'),
    ],
)
def test_anywhere_else_its_name_is_a_word_like_any_other(path: str, text: str) -> None:
    assert not same(path, text)


def test_somebody_elses_name_stays() -> None:
    text = b'[package]\nname = "kiln-bowl"\nversion = "1.0.0"\n'
    assert b"kiln-bowl" in without_own_name("Cargo.toml", text, ASH)


@pytest.mark.parametrize("path", ["Cargo.toml", "examples/a.rs", ".cargo_vcs_info.json"])
def test_a_file_that_holds_our_marks_is_left_alone(path: str) -> None:
    marked = without_own_name("Cargo.toml", b'[package]\nname = "kiln-ash"\n', ASH)
    assert without_own_name(path, marked, BOWL) == marked
    assert (
        without_own_name("Cargo.toml", b"\0vetflow:\n" + b'[package]\nname = "kiln-ash"\n', ASH).count(b"kiln-ash") == 1
    )


def test_lines_stay_where_they_are() -> None:
    text = b'[package]\r\nname = "kiln-ash"\r\n\rversion = "1.0.0"\n\n[lib]\nname = "kiln_ash"'
    assert without_own_name("Cargo.toml", text, ASH).count(b"\n") == text.count(b"\n")
