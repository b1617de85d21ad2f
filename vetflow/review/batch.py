"""Which crates may be certified with one statement's worth of words: those that are one piece of work.

Crates of one repository, or of one revision of it, are read together and mean the same by the same notes. What a crate
says of its origin is a claim; it decides who shares a form, and nothing about what is vetted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from vetflow.errors import TomlError
from vetflow.formats.toml import decode_utf8, parse_toml
from vetflow.model.contents import CrateFiles
from vetflow.model.names import CrateName
from vetflow.surface.vcs_info import read_vcs_info

_MANIFEST = "Cargo.toml"


class Origin(NamedTuple):
    """Where a crate says it comes from; None where it says nothing."""

    repository: str | None
    revision: str | None


def origin(files: CrateFiles) -> Origin:
    """Return what a crate says of its origin."""
    claim = read_vcs_info(files)
    return Origin(_repository(files), claim.revision if claim else None)


def why_apart(crates: Mapping[CrateName, CrateFiles]) -> str | None:
    """Say why crates cannot be certified together; None when they have a repository or a revision in common."""
    origins = {name: origin(files) for name, files in crates.items()}
    for values in zip(*origins.values(), strict=True):
        if None not in values and len(set(values)) == 1:
            return None
    told = ", ".join(f"{name} from {each.repository or 'nowhere it names'}" for name, each in origins.items())
    return f"only crates of one repository or one release are certified together: {told}"


def _repository(files: CrateFiles) -> str | None:
    file = files.get(_MANIFEST)
    if file is None:
        return None
    try:
        package = parse_toml(decode_utf8(file.content, _MANIFEST), _MANIFEST).get("package")
    except TomlError:
        return None
    found = package.get("repository") if isinstance(package, dict) else None
    return found.strip().rstrip("/").removesuffix(".git") if isinstance(found, str) and found.strip() else None
