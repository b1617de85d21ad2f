"""publishers.toml: who published versions, as crates.io said on a day; vetflow's own file beside the store's.

Its rows are those of imports.lock, which has them only of crates that somebody trusts a publisher with. With a snapshot
of all others a run without a network knows as well who published what came before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from vetflow.errors import Place, StoreError
from vetflow.formats.imports_lock import HEADER as LOCK_HEADER
from vetflow.formats.imports_lock import parse_imports_lock, write_imports_lock
from vetflow.model.audits import Publisher
from vetflow.model.names import CrateName
from vetflow.model.store import ImportsFile

PUBLISHERS: Final = "publishers.toml"
HEADER: Final = "\n# vetflow publishers: who published versions, as crates.io said; trusts nobody\n"


def parse_publishers(text: str, file: str) -> Mapping[CrateName, tuple[Publisher, ...]]:
    """Read a publishers.toml; `file` is what errors call it. Raises StoreError with all problems at once."""
    read = parse_imports_lock(text, file)
    if read.unpublished or read.audits:
        raise StoreError(
            f"{file} has more than publishers",
            help="remove what is no `[[publisher.CRATE]]`: nothing else belongs there",
            place=Place(file),
        )
    return read.publisher


def write_publishers(publishers: Mapping[CrateName, tuple[Publisher, ...]]) -> str:
    """Return the text for publishers; it depends on nothing but their content."""
    return HEADER + write_imports_lock(ImportsFile({}, publishers, {})).removeprefix(LOCK_HEADER)
