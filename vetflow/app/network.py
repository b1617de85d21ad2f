"""The network as a request allows it: cargo's settings, our cache, git's passwords only where they were asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, NamedTuple

from vetflow.app.project import Project
from vetflow.app.request import Request
from vetflow.model.ports import FileTree
from vetflow.sources.answers import Fetcher
from vetflow.sources.cache import Cache

if TYPE_CHECKING:  # archives are downloaded by few commands
    from vetflow.sources.downloads import CrateId, Crates


class Sources(NamedTuple):
    """Where a run gets things from.

    registry: URL of the sparse index that stands for crates.io. folders: where archives may already be. replaced: the
    folder among them that stands for crates.io in cargo's configuration, if one does.
    """

    fetcher: Fetcher
    registry: str
    cache: Cache
    folders: tuple[str, ...]
    replaced: str | None = None

    @property
    def vendored(self) -> bool:
        """Whether a folder of unpacked crates stands for crates.io."""
        return self.replaced is not None and not os.path.isdir(os.path.join(self.replaced, "index"))

    def without_vendored(self) -> Sources:
        """Return the same without a folder of unpacked crates that stands for crates.io."""
        if not self.vendored:
            return self
        return self._replace(folders=tuple(folder for folder in self.folders if folder != self.replaced))

    def crates(self) -> Crates:
        """Return the crates this machine has or can get."""
        from vetflow.sources.downloads import Crates  # noqa: PLC0415  only for a failing check

        return Crates(self.folders, self.cache)

    def download(self, crates: Iterable[CrateId]) -> Mapping[CrateId, str]:
        """Get archives that are not on this machine; return why, for those that could not be had."""
        from vetflow.sources.answers import Missing, Unavailable  # noqa: PLC0415  only for a failing check
        from vetflow.sources.index import download_template  # noqa: PLC0415

        template = download_template(self.fetcher, self.registry)
        if isinstance(template, Missing | Unavailable):
            reason = template.reason if isinstance(template, Unavailable) else "the registry has no configuration"
            return dict.fromkeys(crates, reason)
        return self.crates().download(crates, self.fetcher, template)


def open_sources(project: Project, progress: Callable[[str, int, int], None]) -> AbstractContextManager[Sources]:
    """Give the network for a block, as the request of a project allows it; see `connect`."""
    return connect(project.request, project.tree, progress)


@contextmanager
def connect(request: Request, tree: FileTree, progress: Callable[[str, int, int], None]) -> Iterator[Sources]:
    """Give the network for a block; with `--offline` or `--frozen` only what earlier runs kept.

    tree: where cargo's configuration is read. progress: told what is fetched, how much of it is there, and how much
    there will be.
    """
    import sys  # noqa: PLC0415  together with all that only fetching needs
    import time  # noqa: PLC0415
    from functools import partial  # noqa: PLC0415

    from vetflow.sources.archives import download_caches  # noqa: PLC0415
    from vetflow.sources.cache import cache_folder  # noqa: PLC0415
    from vetflow.sources.cargo_config import crates_io, read_cargo_config  # noqa: PLC0415
    from vetflow.sources.endpoints import INDEX  # noqa: PLC0415
    from vetflow.sources.git_credentials import git_authorization  # noqa: PLC0415
    from vetflow.sources.http import Network  # noqa: PLC0415
    from vetflow.sources.network_settings import network_settings  # noqa: PLC0415

    config = read_cargo_config(tree, request.cwd, request.cargo_home)
    settings = network_settings(config, request.environ, request.cwd)
    if request.offline or request.frozen:
        settings = settings._replace(offline=True)
    source = crates_io(config, request.environ)
    cache = Cache(cache_folder(request.environ, sys.platform, request.cache_dir), time.time)
    authorize = partial(git_authorization, environ=request.environ)
    with Network(
        settings,
        cache,
        authorize=authorize if request.use_git_credentials else lambda _: None,
        progress=progress,
    ) as fetcher:
        folders = (*((source.folder,) if source.folder else ()), *download_caches(request.cargo_home))
        yield Sources(fetcher, source.sparse_index or INDEX, cache, folders, source.folder)
