"""Names that occur everywhere, as documented aliases of `str`, and the built-in criteria.

All of them come from files other people write: display them only through `vetflow.text`.
"""

from __future__ import annotations

from typing import Final, TypeAlias

CrateName: TypeAlias = str
CriteriaName: TypeAlias = str
ImportName: TypeAlias = str

SAFE_TO_RUN: Final = "safe-to-run"
SAFE_TO_DEPLOY: Final = "safe-to-deploy"

CRATES_IO: Final = "registry+https://github.com/rust-lang/crates.io-index"
"""The source text by which cargo, and so cargo-vet, recognises a package of crates.io (compared exactly)."""
