"""What archives were seen to hold, kept by their checksum: an archive of that checksum never says anything else."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from vetflow.model.packages import Targets
from vetflow.sources.cache import Cache

_KIND: Final = "targets"
_WORDS: Final = ("library", "proc-macro", "build-script")
_END: Final = "read\n"
"""What an entry ends with, so that half of one is none."""


def kept_targets(cache: Cache, checksum: str) -> Targets | None:
    """Return what `keep_targets` was told of an archive; None when that is not known."""
    *words, end = (cache.read(_KIND, checksum) or b"").decode(errors="replace").split(" ")
    return Targets(*(word in words for word in _WORDS)) if end == _END else None


def keep_targets(cache: Cache, checksum: str, targets: Targets) -> None:
    """Keep what an archive was seen to hold, with nothing left open; without it the next run looks again."""
    words = [word for word, there in zip(_WORDS, targets, strict=True) if there]
    with suppress(OSError):
        cache.write(_KIND, checksum, " ".join([*words, _END]).encode())
