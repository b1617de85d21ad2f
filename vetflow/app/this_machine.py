"""What this machine is to a compiler: the platform that `cargo build` builds on and, unless told otherwise, for."""

from __future__ import annotations

import os
import sys
from typing import Final

_PATTERNS: Final = {
    "linux": "{}-unknown-linux-gnu",
    "darwin": "{}-apple-darwin",
    "win32": "{}-pc-windows-msvc",
    "freebsd": "{}-unknown-freebsd",
}
_ARCHITECTURES: Final = {"amd64": "x86_64", "arm64": "aarch64", "i386": "i686"}


def host_triple() -> str:
    """Return rustc's name of this platform; with the usual C library, which only rustc itself could tell for sure."""
    if hasattr(os, "uname"):
        machine = os.uname().machine.lower()
    else:
        machine = os.environ.get("PROCESSOR_ARCHITECTURE", "").lower()
    architecture = _ARCHITECTURES.get(machine, machine)
    system = next((name for name in _PATTERNS if sys.platform.startswith(name)), "linux")
    return _PATTERNS[system].format(architecture)
