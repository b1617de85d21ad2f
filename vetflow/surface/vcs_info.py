"""What a publisher claims about where a package comes from: the `.cargo_vcs_info.json` that cargo writes.

A claim, and no more: nothing in the package proves that the revision exists, or that it holds these files (shared spec
behaviour A6). But a claim that is withdrawn, or that admits changes nobody committed, deserves a look.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from vetflow.model.contents import CrateFile, CrateFiles
from vetflow.surface.evidence import Evidence
from vetflow.surface.findings import finding
from vetflow.surface.tiers import Grade

VCS_INFO: Final = ".cargo_vcs_info.json"


class VcsClaim(NamedTuple):
    """revision: the git commit, as claimed. path: of the package in its repository. dirty: with uncommitted changes."""

    revision: str
    path: str
    dirty: bool


def read_vcs_info(files: CrateFiles) -> VcsClaim | None:
    """Return the claim of a package; None where it makes none that can be read."""
    file = files.get(VCS_INFO)
    return None if file is None else _parse(file.content)


def _parse(content: bytes) -> VcsClaim | None:
    import json  # noqa: PLC0415  # only what looks into crates needs it

    try:
        info = json.loads(content)
    except (ValueError, RecursionError):
        return None
    git = info.get("git") if isinstance(info, dict) else None
    revision = git.get("sha1") if isinstance(git, dict) else None
    if not isinstance(git, dict) or not isinstance(revision, str):
        return None
    path = info.get("path_in_vcs")
    return VcsClaim(revision, path if isinstance(path, str) else "", git.get("dirty") is True)


def check_vcs_info(file: CrateFile) -> Iterator[Evidence]:
    """Yield what the claim admits."""
    claim = _parse(file.content)
    if claim is not None and claim.dirty:
        sentence = "published with changes that were not committed: no revision has these files"
        yield finding("vcs/dirty", "dirty", Grade.REVIEW, file, line=None, sentence=sentence, tier=None)
