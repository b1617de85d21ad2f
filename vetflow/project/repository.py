"""What a project is called wherever it lies: the address of the repository it is pushed to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from vetflow.project.git_process import run_git

_ADDRESS: Final = re.compile(r"(?:[a-z+]+://)?(?:[^@/]*@)?([0-9A-Za-z.-]+)(?::[0-9]+)?[:/]+(.+?)(?:\.git)?/*\Z")


def repository_name(cwd: str, environ: Mapping[str, str]) -> str | None:
    """Return `HOST/OWNER/NAME` of the remote `origin`; None without git, a repository or a remote with a host."""
    try:
        asked = run_git(cwd, environ, "config", "--null", "--get", "remote.origin.url")
    except OSError:
        return None
    return name_in(asked.stdout.decode(errors="replace").rstrip("\0").strip())


def name_in(address: str) -> str | None:
    """Return the part of a remote's address that does not depend on how one gets there, and holds no password."""
    if address.startswith(("file://", "/", ".")):
        return None
    match = _ADDRESS.match(address)
    return f"{match[1].lower()}/{match[2]}" if match else None
