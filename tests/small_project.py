"""The smallest project that has a verdict: one crate of crates.io, exempted, in a canonical store."""

from __future__ import annotations

from pathlib import Path

_FILES = {
    "Cargo.toml": """\
[package]
name = "app"
version = "0.1.0"
edition = "2021"

[dependencies]
anvil = "1"
""",
    "Cargo.lock": """\
version = 4

[[package]]
name = "anvil"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"

[[package]]
name = "app"
version = "0.1.0"
dependencies = [
 "anvil",
]
""",
    "src/lib.rs": "",
    "supply-chain/config.toml": """
# cargo-vet config file

[cargo-vet]
version = "0.10"

[[exemptions.anvil]]
version = "1.0.0"
criteria = "safe-to-deploy"
""",
    "supply-chain/audits.toml": """
# cargo-vet audits file

[audits]
""",
    "supply-chain/imports.lock": """
# cargo-vet imports lock
""",
}


def write_small_project(folder: Path) -> None:
    """Write the project; `check --locked` in `folder` succeeds with one exempted crate."""
    for name, text in _FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
