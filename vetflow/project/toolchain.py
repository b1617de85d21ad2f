"""The Rust toolchain that a build would use, as a folder: rustup's stand-ins need what a sandbox does not show."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping

from vetflow.errors import UndecidedError

_HELP = "install Rust with rustup, or put the `bin` folder of a toolchain first in PATH"


def find_toolchain(cwd: str, environ: Mapping[str, str], override: str | None = None) -> str:
    """Return the folder of the toolchain cargo would use in `cwd`; the program is `bin/cargo` in it.

    override: what stands behind `+` on cargo's command line. With rustup it is asked, and decides as always, by the
    user's own settings and files; nothing is run but rustup. Raises UndecidedError where there is no toolchain.
    """
    path = environ.get("PATH", os.defpath)
    rustup = shutil.which("rustup", path=path)
    cargo = _ask_rustup(rustup, cwd, environ, override) if rustup else shutil.which("cargo", path=path)
    if cargo is None or (override and not rustup):
        raise UndecidedError(
            "there is no cargo" if not override else f"only rustup understands `+{override}`, and it is not there",
            help=_HELP,
        )
    folder = os.path.dirname(os.path.dirname(os.path.realpath(cargo)))
    if not os.path.isdir(os.path.join(folder, "lib", "rustlib")):
        raise UndecidedError(f"{cargo} does not lie in a toolchain, which the sandbox would have to show", help=_HELP)
    return folder


def _ask_rustup(rustup: str, cwd: str, environ: Mapping[str, str], override: str | None) -> str:
    import subprocess  # noqa: PLC0415  few commands start a program

    command = [rustup, "which", *(("--toolchain", override) if override else ()), "cargo"]
    asked = subprocess.run(
        command, cwd=cwd, env=dict(environ), stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    found = asked.stdout.decode(errors="surrogateescape").strip()
    if asked.returncode or not os.path.isabs(found):
        raise UndecidedError(
            "rustup knows no toolchain for this project",
            help="see `rustup show`",
            causes=asked.stderr.decode(errors="replace").strip().splitlines()[:2],
        )
    return found
