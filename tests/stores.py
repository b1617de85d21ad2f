"""Made-up stores in canonical form: as texts, in memory, on disk."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.fakes import MemoryTree

FOLDER: Final = "/project/supply-chain"

CONFIG: Final = """
# cargo-vet config file

[cargo-vet]
version = "0.10"

[[exemptions.quill]]
version = "1.2.0"
criteria = "safe-to-deploy"
"""
AUDITS: Final = """
# cargo-vet audits file

[audits]
"""
IMPORTS: Final = """
# cargo-vet imports lock
"""


def texts(*, config: str = CONFIG, audits: str = AUDITS, imports: str = IMPORTS) -> dict[str, str]:
    """Return the texts of a store by file name; what is not given is sound and canonical."""
    return {"config.toml": config, "audits.toml": audits, "imports.lock": imports}


def in_memory(
    *,
    config: str | bytes | None = CONFIG,
    audits: str | bytes | None = AUDITS,
    imports: str | bytes | None = IMPORTS,
) -> MemoryTree:
    """Return a tree with a store at `FOLDER`; a file that is None is missing."""
    files = {"config.toml": config, "audits.toml": audits, "imports.lock": imports}
    return MemoryTree({f"{FOLDER}/{name}": text for name, text in files.items() if text is not None})


def on_disk(folder: Path, files: Mapping[str, str] | None = None) -> Path:
    """Write a store into `folder`/supply-chain and return that."""
    store = folder / "supply-chain"
    store.mkdir()
    for name, text in (texts() if files is None else files).items():
        (store / name).write_bytes(text.encode())
    return store


def contents(store: Path) -> dict[str, bytes]:
    """Return every file of a folder."""
    return {path.name: path.read_bytes() for path in sorted(store.iterdir())}
