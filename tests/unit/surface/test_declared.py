"""What a manifest declares is evidence with a line: the description, dependencies, and features that bring some."""

from __future__ import annotations

from vetflow.formats.cargo_toml import parse_manifest
from vetflow.model.contents import CrateFile
from vetflow.surface.declared import declared

MANIFEST = """\
[package]
name = "wrenfold"
description = \"\"\"Folds
wrens\"\"\"

[dependencies]
anvil = "1.2"
bramble = { version = "2", optional = true, package = "bramble-sys" }

[dependencies.oddlamp]
version = "3"

[target.'cfg(windows)'.build-dependencies]
anvil = "1"
cc = "1"

[dev-dependencies]
criterion = "0"

[features]
default = []
fancy = ["dep:bramble", "oddlamp/std"]
"""


def test_each_declaration_has_its_line_and_its_words() -> None:
    file = CrateFile("Cargo.toml", False, MANIFEST.encode())
    found = list(declared(parse_manifest(MANIFEST, "/Cargo.toml"), file))
    assert [(each.rule, each.detail, each.line) for each in found] == [
        ("description/stated", "Folds wrens", 3),
        ("dependency/declared", "anvil", 7),
        ("dependency/declared", "bramble-sys", 8),
        ("dependency/declared", "oddlamp", 10),
        ("dependency/declared", "cc", 15),
        ("feature/enables", "fancy: bramble", 22),
    ]
    assert found[2].sentence == "a package it depends on, ^2, if a feature wants it"
