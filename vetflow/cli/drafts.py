"""Texts of audits that are being written or were not recorded, so that what somebody typed outlives any failure.

The editor works on the draft itself: whatever ends the run, the file is there, in vetflow's cache folder, until the
audit it belongs to is recorded. `gc` leaves it alone.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from vetflow.app.request import Request
from vetflow.errors import UndecidedError
from vetflow.sources.cache import cache_folder

_FOLDER: Final = "drafts"
_SUFFIX: Final = ".txt"
_UNSAFE: Final = re.compile(r"[^0-9A-Za-z._+@-]")
_LONGEST: Final = 200


class DraftFile:
    """The draft of one certification. path: where it is, or would be."""

    def __init__(self, request: Request, what: str) -> None:
        """Take what is certified: `CRATE@...`, the same when it is tried again."""
        folder = cache_folder(request.environ, sys.platform, request.cache_dir)
        name = _UNSAFE.sub("_", what)
        self._crate = name.partition("@")[0]
        self.path = os.path.join(folder, _FOLDER, name[:_LONGEST] + _SUFFIX)

    def read(self) -> str | None:
        """Return the draft's text, None when there is none."""
        try:
            with open(self.path, encoding="utf-8", errors="replace") as file:
                return file.read() or None
        except OSError:
            return None

    def write(self, text: str) -> None:
        """Keep a text, in place of an older one; raises UndecidedError when it cannot be kept."""
        try:
            os.makedirs(os.path.dirname(self.path), 0o700, exist_ok=True)
            with open(f"{self.path}.new", "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(f"{self.path}.new", self.path)
        except OSError as error:
            raise UndecidedError(
                f"the draft {self.path} cannot be written",
                help="name another folder with --cache-dir",
                causes=(error.strerror or str(error),),
            ) from error

    def remove(self) -> None:
        """Forget the draft: what it says is recorded."""
        with suppress(OSError):
            os.remove(self.path)

    def others(self) -> Sequence[str]:
        """Return the paths of drafts about the same crate that certify something else of it."""
        folder = os.path.dirname(self.path)
        with suppress(OSError):
            return [
                os.path.join(folder, name)
                for name in sorted(os.listdir(folder))
                if name.startswith(f"{self._crate}@") and name.endswith(_SUFFIX) and name != os.path.basename(self.path)
            ]
        return ()
