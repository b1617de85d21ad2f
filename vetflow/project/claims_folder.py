"""Where an assistant's claims are kept: beside the review session, outside the repository, one file for each import.

A file holds what one assistant claims about one version and is put in its place at once, so that no lock is needed and
an open review is not disturbed. Importing again for the same version replaces what that assistant claimed before.
"""

from __future__ import annotations

import hashlib
import os
from typing import Final

_FOLDER: Final = "claims"
_END: Final = ".json"


def keep_claims(folder: str, crate: str, version: str, assistant: str, text: str) -> None:
    """Keep a document of claims. folder: where the state of the project's reviews is. Raises OSError."""
    place = _folder_of(folder, crate, version)
    os.makedirs(place, 0o700, exist_ok=True)
    path = os.path.join(place, _digest(assistant) + _END)
    unfinished = f"{path}.{os.getpid()}.new"
    with open(unfinished, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(unfinished, path)


def kept_claims(folder: str, crate: str, version: str) -> tuple[str, ...]:
    """Return the documents of claims about a version; what cannot be read is none."""
    place = _folder_of(folder, crate, version)
    found = []
    try:
        for name in sorted(os.listdir(place)):
            if name.endswith(_END):
                with open(os.path.join(place, name), encoding="utf-8", errors="replace") as file:
                    found.append(file.read())
    except OSError:
        return tuple(found)
    return tuple(found)


def _folder_of(folder: str, crate: str, version: str) -> str:
    return os.path.join(folder, _FOLDER, _digest(f"{crate} {version}"))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()[:32]
