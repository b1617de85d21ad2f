"""The real cargo-vet: where it is, and whether it is the version whose behaviour vetflow promises."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

CARGO_VET_VERSION = "0.10.3"


@cache
def find_cargo_vet() -> Path | str:
    """Return the binary that VETFLOW_CARGO_VET or PATH names, or a sentence on why there is none to use."""
    named = os.environ.get("VETFLOW_CARGO_VET") or shutil.which("cargo-vet")
    if named is None:
        return "cargo-vet is neither named by VETFLOW_CARGO_VET nor on PATH"
    if shutil.which("cargo") is None:
        return "there is no cargo on PATH"
    try:
        asked = subprocess.run([named, "vet", "--version"], capture_output=True, text=True, check=False)
    except OSError as error:
        return f"{named} does not start ({error.strerror})"
    version = re.search(r"\d+\.\d+\.\d+", asked.stdout)
    if version is None or version[0] != CARGO_VET_VERSION:
        return f"{named} is not cargo-vet {CARGO_VET_VERSION} ({asked.stdout.strip() or 'it tells no version'})"
    return Path(named).resolve()


@cache
def find_cargo() -> Path:
    """Return cargo itself: rustup's stand-in of the same name costs time in every call."""
    if shutil.which("rustup"):
        asked = subprocess.run(["rustup", "which", "cargo"], capture_output=True, text=True, check=False)
        if asked.returncode == 0:
            return Path(asked.stdout.strip())
    found = shutil.which("cargo")
    if found is None:
        raise FileNotFoundError("there is no cargo on PATH")
    return Path(found)
