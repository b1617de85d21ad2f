"""Whether a diff shows everything: the one rule that catches whatever makes a tool leave something out.

What differs is known without any diff, from the hashes of the files themselves. Each path whose content or mode is not
the same on both sides has to be in the diff, with the right hashes, and with hunks that make the new text of the old.
Source: shared spec ux 1.1 (e).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256

from vetflow.model.contents import CrateFile, CrateFiles
from vetflow.review.patches import FilePatch, Missing, Side


def reconcile(old: CrateFiles, new: CrateFiles, files: Iterable[FilePatch]) -> Iterator[Missing]:
    """Yield the paths of which `files` do not show all that differs between two crates; nothing when all is shown."""
    shown_old: set[str] = set()
    shown_new: set[str] = set()
    for file in files:
        if not file.applies:
            yield Missing(file.path, "its patch does not lead from the old text to the new one")
        elif not (_is_side(file.old, old) and _is_side(file.new, new)):
            yield Missing(file.path, "its patch is of another content")
        shown_old.update([file.old.path] if file.old else ())
        shown_new.update([file.new.path] if file.new else ())
    for path in sorted(old.keys() | new.keys()):
        before, after = old.get(path), new.get(path)
        if before == after:
            continue
        if (before and path not in shown_old) or (after and path not in shown_new):
            yield Missing(path, "it differs and is not in the diff")


def _is_side(side: Side | None, files: CrateFiles) -> bool:
    return side is None or (side.path in files and side == side_of(files[side.path])._replace(binary=side.binary))


def side_of(file: CrateFile) -> Side:
    """Return what identifies a file."""
    return Side(file.path, sha256(file.content).hexdigest(), len(file.content), file.executable)
