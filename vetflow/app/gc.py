"""`gc`: remove from vetflow's own cache what has not been used for long. cargo-vet's cache is left alone."""

from __future__ import annotations

import sys
import time
from typing import NamedTuple

from vetflow.app.request import Request
from vetflow.errors import UsageError
from vetflow.sources.cache import Cache, Swept, cache_folder


class Collected(NamedTuple):
    """folder: the cache. swept: what was removed from it."""

    folder: str
    swept: Swept


def collect_garbage(request: Request, days: float) -> Collected:
    """Remove entries that nobody used for `days` days, all of them for 0. Needs no project.

    Raises UsageError for a number of days that cannot be one.
    """
    if not days >= 0:  # also when it is not a number
        raise UsageError(f"{days} is no number of days", help="give 0 or more, or --clean to remove everything")
    folder = cache_folder(request.environ, sys.platform, request.cache_dir)
    return Collected(folder, Cache(folder, time.time).sweep(days))
