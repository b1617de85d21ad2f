"""The public endpoints vetflow knows, and how it introduces itself there. No other module names a host."""

from __future__ import annotations

from typing import Final

from vetflow import __version__

INDEX: Final = "https://index.crates.io/"
"""The sparse index of crates.io."""
API: Final = "https://crates.io/api/v1/"
"""The web API of crates.io: who published what, and when."""
DOWNLOAD: Final = "https://static.crates.io/crates/{crate}/{crate}-{version}.crate"
"""Where the archives of crates.io lie, in the notation of an index's `config.json`."""
REGISTRY_LIST: Final = "https://raw.githubusercontent.com/mozilla/cargo-vet/main/registry.toml"
"""cargo-vet's list of publishers of audit sets."""
USER_AGENT: Final = f"vetflow/{__version__} (supply chain review for Rust, from a developer's machine; no public page)"
"""What every request says: crates.io asks programs to name themselves, and for a place to turn to once there is one."""
