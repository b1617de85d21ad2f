"""What git must be told to merge a store's files with vetflow: attributes in the tree, a command in its config.

The attributes are shared by committing them; the command is not, because a repository must not choose what runs on the
machine of whoever clones it. So everybody installs it once.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from vetflow.errors import StoreError, WorkspaceError

if TYPE_CHECKING:
    from git import Repo

ATTRIBUTES: Final = ".gitattributes"
_SETTINGS: Final = {
    "merge.vetflow.name": "vetflow: entries of a cargo-vet store",
    "merge.vetflow.driver": "vetflow merge-driver %O %A %B %P",
}


class MergeSettings(NamedTuple):
    """What is missing. attributes: lines of the store's `.gitattributes`; settings: git's, by key."""

    attributes: tuple[str, ...]
    settings: dict[str, str]


def missing_settings(folder: str, names: Sequence[str]) -> MergeSettings:
    """Return what is missing for files of a store; raises WorkspaceError where there is no git repository."""
    with _repository(folder) as repository:
        there = {key: repository.git.config("--get", key, with_exceptions=False) for key in _SETTINGS}
    lines = _read(os.path.join(folder, ATTRIBUTES)).splitlines()
    wanted = (f"{name} merge=vetflow" for name in names)
    return MergeSettings(
        tuple(line for line in wanted if line not in lines),
        {key: value for key, value in _SETTINGS.items() if there[key] != value},
    )


def write_settings(folder: str, missing: MergeSettings) -> None:
    """Add what is missing; raises StoreError when the attributes cannot be written."""
    path = os.path.join(folder, ATTRIBUTES)
    if missing.attributes:
        text = _read(path)
        begin = "" if not text or text.endswith("\n") else "\n"
        try:
            with open(path, "a", encoding="utf-8") as file:
                file.write(begin + "".join(f"{line}\n" for line in missing.attributes))
        except OSError as error:
            raise StoreError(f"{path} cannot be written", causes=(error.strerror or str(error),)) from error
    with _repository(folder) as repository:
        for key, value in missing.settings.items():
            repository.git.config("--local", "--replace-all", key, value)


def _repository(folder: str) -> Repo:
    from git import Repo  # noqa: PLC0415  costs more than a whole check
    from git.exc import InvalidGitRepositoryError, NoSuchPathError  # noqa: PLC0415

    try:
        return Repo(folder, search_parent_directories=True)
    except (InvalidGitRepositoryError, NoSuchPathError):
        raise WorkspaceError(f"{folder} is not in a git repository", help="git merges only what it keeps") from None


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""
