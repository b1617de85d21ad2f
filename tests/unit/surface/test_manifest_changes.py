"""Manifests are compared by what they mean for a build."""

from __future__ import annotations

import pytest

from vetflow.formats.cargo_toml import parse_manifest
from vetflow.surface.manifest_changes import ManifestChange, manifest_changes
from vetflow.surface.roots import find_roots

FILES = ("build.rs", "src/lib.rs")


def changes(old: str, new: str, files: tuple[str, ...] = FILES) -> list[ManifestChange]:
    manifests = [
        parse_manifest(f'[package]\nname = "aa"\nversion = "1.0.0"\n{text}', "/Cargo.toml") for text in (old, new)
    ]
    roots = [find_roots(manifest, files) for manifest in manifests]
    return list(manifest_changes(manifests[0], roots[0], manifests[1], roots[1]))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", 'build = "build.rs"\n[lib]\nname = "aa"\npath = "src/lib.rs"\n'),
        ("", 'build = true\ndescription = "now with words"\n'),
        (
            '[dependencies]\nbb = "1"\ncc = "2"\n',
            '[dependencies.cc]\nversion = "2"\n[dependencies.bb]\nversion = "1"\n',
        ),
        ("", '[dev-dependencies]\nbb = "1"\n'),
        ("", "[[test]]\nname = 'x'\npath = 'tests/x.rs'\n"),
    ],
)
def test_another_way_to_say_the_same_is_no_change(old: str, new: str) -> None:
    assert changes(old, new) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("build = false\n", "", ("build script", None, "build.rs")),
        ("", 'build = "docs/x.md"\n', ("build script", "build.rs", "docs/x.md")),
        ("", "[lib]\nproc-macro = true\n", ("library", "src/lib.rs", "proc macro src/lib.rs")),
        ("", 'links = "z"\n', ("links", None, "z")),
        ("", 'edition = "2024"\n', ("edition", "2015", "2024")),
        ("", '[dependencies]\nbb = "1"\n', ("dependency bb", None, "^1")),
        ("", '[build-dependencies]\nbb = "1"\n', ("build dependency bb", None, "^1")),
        (
            '[dependencies]\nbb = "1"\n',
            '[dependencies]\nbb = { package = "cc", version = "1" }\n',
            ("dependency bb", "^1", "^1; package cc"),
        ),
        ("", '[target."cfg(unix)".dependencies]\nbb = "1"\n', ("dependency bb for cfg(unix)", None, "^1")),
        (
            '[dependencies]\nbb = "1"\n',
            '[dependencies]\nbb = { version = "1", optional = true, default-features = false, features = ["x"] }\n',
            ("dependency bb", "^1", "^1; features x; optional; without default features"),
        ),
        ("[features]\na = []\n", '[features]\na = ["b"]\nb = []\n', ("feature a", "nothing", "b")),
    ],
)  # fmt: skip
def test_what_the_build_sees_is(old: str, new: str, expected: tuple[str, str | None, str]) -> None:
    assert changes(old, new)[0] == ManifestChange(*expected)


def test_a_build_script_that_comes_with_its_file_alone_is_a_change() -> None:
    manifest = parse_manifest('[package]\nname = "aa"\nversion = "1.0.0"\n', "/Cargo.toml")
    before, after = find_roots(manifest, ("src/lib.rs",)), find_roots(manifest, FILES)
    assert manifest_changes(manifest, before, manifest, after) == (ManifestChange("build script", None, "build.rs"),)
