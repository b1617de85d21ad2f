"""The project as a revision of its git repository has it: blobs, without a checkout.

git's objects are read as they are. No filter, attribute, text conversion or hook takes part, nothing is fetched, and
symbolic links are not followed, because they lead to what the revision does not hold.
"""

from __future__ import annotations

import errno
import os.path
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Final, cast

from vetflow.errors import NotFoundError, WorkspaceError

if TYPE_CHECKING:
    from git import Repo
    from git.objects import Tree
    from git.objects.base import IndexObject

_LINK: Final = 0o120000
_FOLDER: Final = 0o040000
_FILE: Final = 0o100000
_TYPE_MASK: Final = 0o170000

GIT_ENVIRONMENT: Final = {
    # A partial clone would fetch what is missing, by programs its configuration names.
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    # Replacement objects and grafts would show another revision than the one named.
    "GIT_NO_REPLACE_OBJECTS": "1",
}

_CONTENTS: Final[dict[str, bytes]] = {}
"""Small files that were read, by git's name of their content: revisions of a project have most of them in common."""
_SMALL: Final = 32 * 1024
"""What is larger (Cargo.lock, imports.lock) is another one in each revision: a run over many would fill the memory."""
_MOST_KEPT: Final = 4_096


def open_revision(directory: str, rev: str) -> RevisionTree:
    """Return the tree of a revision of the repository that `directory` (absolute) lies in.

    rev: anything `git rev-parse` understands that leads to a commit. Raises WorkspaceError when there is no repository
    or no git, NotFoundError when the revision is not there.
    """
    try:
        from git import GitCommandError, Repo  # noqa: PLC0415  costs more than a whole check
        from git.exc import InvalidGitRepositoryError, NoSuchPathError  # noqa: PLC0415
    except ImportError as error:
        raise WorkspaceError(
            "what was in force earlier can only be read with git, which is not there",
            help="install git; what reads the working tree does without",
            causes=[str(error).splitlines()[0]],
        ) from None
    try:
        repository = Repo(directory, search_parent_directories=True)
    except (InvalidGitRepositoryError, NoSuchPathError):
        raise WorkspaceError(
            f"{directory} is not in a git repository",
            help="run this inside the repository: revisions, and what was in force earlier, are read from it",
        ) from None
    repository.git.update_environment(**GIT_ENVIRONMENT)
    try:
        commit = repository.git.rev_parse("--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}")
    except GitCommandError as error:
        words = str(error.stderr).strip().removeprefix("stderr: ").strip("'\n ")
        raise NotFoundError(
            f"there is no commit `{rev}` in the repository of {directory}",
            help="name a commit, branch or tag that `git log` knows; a shallow clone may need `git fetch`",
            causes=[words] if words else [],
        ) from None
    return RevisionTree(repository, str(commit))


def revision_name(directory: str, rev: str) -> str:
    """Return the full name of the commit a revision leads to now; raises as `open_revision`."""
    with closing(open_revision(directory, rev)) as tree:
        return tree.commit


class RevisionTree:
    """A `vetflow.model.ports.FileTree` over one commit. Paths are those of the working tree; others are not there.

    commit: its full name. Folders are listed once and remembered.
    """

    def __init__(self, repository: Repo, commit: str) -> None:
        self.commit = commit
        self._repository = repository
        self._root = os.path.normpath(str(repository.working_tree_dir or repository.git_dir))
        self._top: IndexObject = repository.commit(commit).tree
        self._folders: dict[str, dict[str, IndexObject]] = {}
        self._large: dict[str, bytes] = {}

    def close(self) -> None:
        """End the git process that hands out objects."""
        self._repository.close()

    def read(self, path: str) -> bytes:
        """Return the content of a file; raises OSError, with a sentence of its own for a symbolic link."""
        entry = self._entry(path)
        mode = 0 if entry is None else entry.mode & _TYPE_MASK
        if entry is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        if mode == _LINK:
            raise OSError(errno.ELOOP, "it is a symbolic link, and links are not followed in a revision", path)
        if mode != _FILE:
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
        known = self._large.get(entry.hexsha) or _CONTENTS.get(entry.hexsha)
        if known is not None:
            return known
        try:
            content = bytes(entry.data_stream.read())
        except ValueError:
            raise OSError(errno.EIO, "git does not have this object; is the clone partial?", path) from None
        is_small = len(content) <= _SMALL and len(_CONTENTS) < _MOST_KEPT
        (_CONTENTS if is_small else self._large)[entry.hexsha] = content
        return content

    def is_file(self, path: str) -> bool:
        """Whether `path` names a file, not a symbolic link."""
        return self._has_mode(path, _FILE)

    def is_dir(self, path: str) -> bool:
        """Whether `path` names a directory; submodules are none, their content is elsewhere."""
        return self._has_mode(path, _FOLDER)

    def list_dir(self, path: str) -> Sequence[str]:
        """Return the names in a directory, sorted; empty when it is none."""
        return sorted(self._list(path)) if self.is_dir(path) else ()

    def identity(self, path: str) -> str | None:  # noqa: ARG002  the port's signature
        """Return None: a revision is the same in every copy."""
        return None

    def _has_mode(self, path: str, mode: int) -> bool:
        entry = self._entry(path)
        return entry is not None and entry.mode & _TYPE_MASK == mode

    def _entry(self, path: str) -> IndexObject | None:
        """Return what the commit has at a path. A link on the way there is returned in its place."""
        if path == self._root:
            return self._top
        folder, name = os.path.split(path)
        if folder == path or not path.startswith(f"{self._root.rstrip('/')}/"):
            return None
        above = self._entry(folder)
        if above is None or above.mode & _TYPE_MASK != _FOLDER:
            return above if above is not None and above.mode & _TYPE_MASK == _LINK else None
        return self._list(folder).get(name)

    def _list(self, folder: str) -> dict[str, IndexObject]:
        if folder not in self._folders:
            tree = self._entry(folder)
            # The entries of a tree are its direct children; nothing below is read for them.
            self._folders[folder] = {os.path.basename(str(item.path)): item for item in cast("Tree", tree)}
        return self._folders[folder]
