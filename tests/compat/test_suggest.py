"""Suggestions against the real cargo-vet: the same JSON, with sizes that both measure in the same archives."""

from __future__ import annotations

import io
import json
import os
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.builders import make_workspace
from tests.cases.metadata import metadata_document
from tests.crates import MemoryCrates
from tests.fakes import FIXED_DAY
from tests.suggesting import Published
from vetflow.cli.render.report_json import report_json
from vetflow.diffing.sizes import CrateSizes
from vetflow.formats.consistency import build_store
from vetflow.formats.store_files import parse_store
from vetflow.graph.package_graph import build_graph
from vetflow.model.store import Store
from vetflow.resolve.backlog import backlog_store
from vetflow.resolve.conclude import conclude
from vetflow.resolve.suggest import suggest

BLOCK = "".join(f"line {number}\n" for number in range(40))
MANIFEST = "[package]\n"
CRATES: dict[str, dict[str, str | bytes]] = {
    # A delta from above is smaller than the one from below; the full audit is not considered.
    "above 1.0.0": {"Cargo.toml": MANIFEST, "src/lib.rs": "1\n"},
    "above 2.0.0": {"Cargo.toml": MANIFEST, "src/lib.rs": BLOCK},
    "above 3.0.0": {"Cargo.toml": MANIFEST, "src/lib.rs": BLOCK + "2\n"},
    # Everything that makes counting lines less than obvious.
    "odd 1.0.0": {
        "Cargo.toml": MANIFEST,
        "Cargo.lock": "1\n",
        ".cargo_vcs_info.json": "{}",
        "src/old.rs": BLOCK,
        "src/unix.rs": BLOCK,
        "logo.png": b"\0\n\n",
        "run.sh": "x\n",
        "gone": "1\n2\n",
        "same": "1\n",
    },
    "odd 1.1.0": {
        "Cargo.toml": MANIFEST + "# more",
        "Cargo.lock": "2\n3\n",
        ".cargo_vcs_info.json": '{"git":{}}',
        "src/new.rs": BLOCK + "new\n",
        "src/unix.rs": BLOCK.replace("\n", "\r\n"),
        "logo.png": b"\0\n\n\n",
        "run.sh": "x\n",
        "empty": "",
        "same": "1\n",
        'q"uote': "1",
    },
    # An audit may lead to a version from which others lead on.
    "chain 1.0.0": {"Cargo.toml": MANIFEST, "src/lib.rs": "1\n"},
    "chain 1.5.0": {"Cargo.toml": MANIFEST, "src/lib.rs": "1\n2\n"},
    "chain 2.0.0": {"Cargo.toml": MANIFEST, "src/lib.rs": BLOCK},
    "tools 0.1.0": {"Cargo.toml": MANIFEST, "src/lib.rs": "1\n\n3", "x.bin": b"\0"},
    "exempted 1.0.0": {"Cargo.toml": MANIFEST, "build.rs": "fn main() {}"},
}
EXECUTABLE = {"odd 1.1.0": ("run.sh",)}
PACKAGES = {
    "members": {
        "root 0.1.0": ["above", "odd", "chain", "tools dev", "exempted", "nowhere", "kept"],
        "other 0.1.0": ["odd"],
    },
    "crates-io": {
        "above 2.0.0": ["odd"],
        "odd 1.1.0": [],
        "chain 2.0.0": [],
        "tools 0.1.0": [],
        "exempted 1.0.0": [],
        "nowhere 1.0.0": [],
        "kept 1.0.0": [],
    },
}
STORE = {
    "config.toml": """
# cargo-vet config file

[cargo-vet]
version = "0.10"

[policy.root]
criteria = ["safe-to-deploy", "reviewed"]

[[exemptions.exempted]]
version = "1.0.0"
criteria = "safe-to-deploy"

[[exemptions.kept]]
version = "1.0.0"
criteria = ["safe-to-deploy", "reviewed"]
suggest = false
""",
    "audits.toml": """
# cargo-vet audits file

[criteria.reviewed]
description = "made up"

[[audits.above]]
criteria = ["safe-to-deploy", "reviewed"]
version = "1.0.0"

[[audits.above]]
criteria = ["safe-to-deploy", "reviewed"]
version = "3.0.0"

[[audits.chain]]
criteria = ["safe-to-deploy", "reviewed"]
version = "1.0.0"

[[audits.chain]]
criteria = ["safe-to-deploy", "reviewed"]
delta = "1.5.0 -> 2.0.0"

[[audits.odd]]
criteria = "safe-to-deploy"
version = "1.0.0"

[[audits.odd]]
criteria = "reviewed"
version = "1.1.0"
""",
    "imports.lock": """
# cargo-vet imports lock
""",
}


class NoCache:
    """A cache that keeps nothing."""

    def read(self, kind: str, key: str) -> bytes | None:
        return None

    def write(self, kind: str, key: str, content: bytes) -> None:
        pass


def archive(text: str, files: Mapping[str, str | bytes]) -> bytes:
    """Pack a crate as `cargo package` does."""
    stem = text.replace(" ", "-")
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as packed:
        for path, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            info = tarfile.TarInfo(f"{stem}/{path}")
            info.size = len(data)
            info.mode = 0o755 if path in EXECUTABLE.get(text, ()) else 0o644
            packed.addfile(info, io.BytesIO(data))
    return stream.getvalue()


@pytest.fixture
def real_report(cargo_vet: Path, tmp_path: Path) -> str:
    """What cargo-vet suggests for this project, with these archives in its cache and no network."""
    for folder, files in (("supply-chain", STORE), ("bin", {})):
        (tmp_path / folder).mkdir()
        for name, text in files.items():
            (tmp_path / folder / name).write_text(text)
    archives = tmp_path / "cache" / "cache"
    archives.mkdir(parents=True)
    for text, contents in CRATES.items():
        (archives / f"{text.replace(' ', '-')}.crate").write_bytes(archive(text, contents))
    (tmp_path / "metadata.json").write_text(json.dumps(metadata_document(make_workspace(PACKAGES))))
    cargo = tmp_path / "bin" / "cargo"
    cargo.write_text(f"#!/bin/sh\nexec cat '{tmp_path}/metadata.json'\n")
    cargo.chmod(0o755)
    words = ["suggest", "--locked", "--frozen", "--output-format=json", f"--current-time={FIXED_DAY}T12:00:00Z"]
    ran = subprocess.run(
        [cargo_vet, "vet", *words, f"--store-path={tmp_path}/supply-chain", f"--cache-dir={tmp_path}/cache"],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "CARGO": str(cargo)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout


def our_store() -> Store:
    return build_store(parse_store("supply-chain", STORE, locked=True), today=FIXED_DAY, locked=True)


@pytest.mark.cargo_vet
def test_suggestions_are_the_real_ones_byte_for_byte(real_report: str) -> None:
    store = backlog_store(our_store(), live=False)
    resolution = conclude(build_graph(make_workspace(PACKAGES), store.config.policy), store)
    crates = MemoryCrates(CRATES, executable=EXECUTABLE)
    found = suggest(resolution, CrateSizes(crates, NoCache(), os.environ), Published({}))
    assert found is not None
    assert report_json(resolution.conclusion, resolution.graph, store.criteria, found) == real_report
    assert [each.delta.name for each in found.suggestions] == ["above", "chain", "exempted", "tools", "odd"]
    assert [each.delta.name for each in found.unmeasured] == ["nowhere"]
