"""vetflow: review, record and check supply-chain audits of Rust crates in cargo-vet's formats.

This module owns the version and imports nothing: every command pays for what stands here.
"""

__version__ = "0.1.0"
