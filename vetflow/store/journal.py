"""The journal of a store: what makes a write of several files one step, also when the process is killed in it.

Before the first file changes, old and new texts are written to a file beside them (`model.store.JOURNAL`); its rename
into place is the moment the write has happened. Whoever finds a journal afterwards reads the new texts through it, and
the next writer finishes it. A store that somebody else (cargo-vet, an editor) has written to since is left as it is:
the journal is then history and is dropped. cargo-vet takes no notice of the file.

A journal counts only in the folder it was made in, by the file system's own number for it: one that came with a
checkout, whoever committed it, says nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final, NamedTuple, TypeAlias

from vetflow.formats.store_files import CONFIG
from vetflow.model.store import OWN_FILES, STORE_FILES

_SCHEMA: Final = "vetflow/journal/1"


class Change(NamedTuple):
    """One file's text before (None: there was none) and after a write."""

    before: str | None
    after: str


Journal: TypeAlias = Mapping[str, Change]
"""The files of one write by name."""


def write_journal(changes: Journal, identity: str) -> str:
    """Return the journal's text. identity: the store folder's own, see `model.ports.FileTree.identity`."""
    files = {name: {"before": change.before, "after": change.after} for name, change in changes.items()}
    return json.dumps({"schema": _SCHEMA, "folder": identity, "files": files}) + "\n"


def read_journal(text: str, identity: str | None) -> Journal | None:
    """Return what a journal says; None when it was not made in this folder, or not by vetflow."""
    try:
        document = json.loads(text)
        if document["schema"] != _SCHEMA or identity is None or document["folder"] != identity:
            return None
        journal = {
            str(name): Change(None if entry["before"] is None else str(entry["before"]), str(entry["after"]))
            for name, entry in document["files"].items()
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return journal if journal.keys() <= {*STORE_FILES, *OWN_FILES} else None


def pending(journal: Journal, current: Mapping[str, str | None]) -> bool:
    """Whether the write is still to be finished: each file has its old text, its new one, or is between the two.

    current: the texts of the journal's files as they are now, None where one is missing.
    """
    return all(
        current[name] in (change.before, change.after) or (name == CONFIG and _is_torn(change, current[name]))
        for name, change in journal.items()
    )


def _is_torn(change: Change, text: str | None) -> bool:
    """Whether `text` is the old one, overwritten from its start by a part of the new one, as config.toml is written."""
    if text is None or change.before is None:
        return False
    old, new, now = (each.encode(errors="surrogateescape") for each in (change.before, change.after, text))
    if len(now) != len(old):
        return len(now) > len(old) and new.startswith(now)
    return _common_start(now, new) + _common_start(now[::-1], old[::-1]) >= len(now)


def _common_start(one: bytes, other: bytes) -> int:
    different = (position for position, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return next(different, min(len(one), len(other)))
