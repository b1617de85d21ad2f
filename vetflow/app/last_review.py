"""What somebody looked at last in a project, so that `certify` need not be told again.

cargo-vet remembers it in its own cache; ours is in vetflow's, by the project's root. A lost entry costs some typing.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from vetflow.app.certify import Target
from vetflow.app.crates import project_if_any
from vetflow.app.project import open_project
from vetflow.app.request import Request
from vetflow.model.names import CrateName
from vetflow.model.version import VersionSyntaxError, VetVersion, parse_version
from vetflow.sources.archives import sha256
from vetflow.sources.cache import Cache

_KIND: Final = "reviews"


def remember_review(target: Target, root: str, cache: Cache) -> None:
    """Keep what was looked at in the project at `root`. A cache that cannot be written is no error."""
    words = [target.crate, str(target.version), *([] if target.base is None else [str(target.base)])]
    with suppress(OSError):
        cache.write(_KIND, _key(root), "\n".join(words).encode())


def remember_versions(request: Request, crate: CrateName, versions: Sequence[VetVersion]) -> None:
    """Keep what somebody in a project looked at elsewhere, the old version first. Raises WorkspaceError."""
    project = project_if_any(request)
    if project is not None:
        *base, version = versions
        remember_review(Target(crate, version, base[0] if base else None), project.workspace.root, _cache(request))


def last_review(request: Request) -> Target | None:
    """Return what was looked at last in the project of a request; None when nobody knows. Raises WorkspaceError."""
    root = open_project(request).workspace.root
    words = (_cache(request).read(_KIND, _key(root)) or b"").decode(errors="replace").split("\n")
    try:
        crate, version, *base = words
        return Target(crate, parse_version(version), parse_version(base[0]) if base else None)
    except (ValueError, VersionSyntaxError):
        return None


def _cache(request: Request) -> Cache:
    import sys  # noqa: PLC0415  together with all that only this needs
    import time  # noqa: PLC0415

    from vetflow.sources.cache import cache_folder  # noqa: PLC0415

    return Cache(cache_folder(request.environ, sys.platform, request.cache_dir), time.time)


def _key(root: str) -> str:
    return sha256(os.fsencode(root))
