"""Whether the store or Cargo.lock changed on disk since they were read, or a revision's name leads elsewhere."""

from __future__ import annotations

import os

from vetflow.app.project import Project
from vetflow.model.store import STORE_FILES
from vetflow.project.revision import revision_name


class DiskNews:
    """Remembers what the files of a project looked like when they were read or written last."""

    def __init__(self) -> None:
        """Nothing was read yet."""
        self._stamps: tuple[object, ...] = ()

    def note(self, project: Project) -> None:
        """Take what is on disk now for what was read."""
        self._stamps = _stamps(project)

    def since(self, project: Project) -> str | None:
        """Say what changed since, in half a sentence; None when nothing did, or nothing was read."""
        if not self._stamps:
            return None
        request = project.request
        if request.rev and revision_name(request.cwd, request.rev) != project.commit:
            return f"{request.rev} leads to another commit than the one under review"
        return None if _stamps(project) == self._stamps else "the store or Cargo.lock changed on disk"


def _stamps(project: Project) -> tuple[object, ...]:
    """Return what tells whether files changed; the lock of a revision cannot."""
    paths = [os.path.join(project.store.folder, name) for name in STORE_FILES]
    lock = project.lock_file()
    if lock is not None and project.commit is None:
        paths.append(lock)
    return tuple(map(_stamp_of, paths))


def _stamp_of(path: str) -> tuple[int, int] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
