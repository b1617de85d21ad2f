"""What cargo keeps of a registry's index, made up: for tests that ask what is published without a network."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from tests.unit.sources.packing import write


class IndexRow(NamedTuple):
    """A published version. at: when, as the index writes it."""

    version: str
    checksum: str
    at: str | None = None
    yanked: bool = False


def write_index_cache(cargo_home: Path, name: str, rows: Iterable[IndexRow]) -> None:
    """Write cargo's file about one crate, whose name has four letters or more."""
    content = "".join(f"{row.version}\0{json.dumps(_row(name, row))}\0" for row in rows)
    folder = cargo_home / "registry/index/index.test-0/.cache"
    write(folder / name[:2] / name[2:4] / name, b"\x03\x02\0\0\0etag: made-up\0" + content.encode())


def _row(name: str, row: IndexRow) -> dict[str, Any]:
    entry = {"name": name, "vers": row.version, "deps": [], "cksum": row.checksum, "features": {}, "yanked": row.yanked}
    return entry if row.at is None else {**entry, "pubtime": row.at}
