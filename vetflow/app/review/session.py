"""What becomes of a session: which of its audits no commit has, which notes nobody waits for, what to say of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from vetflow.app.project import open_project
from vetflow.app.request import Request
from vetflow.app.review.values import Delta, seen_file
from vetflow.errors import VetflowError
from vetflow.model.audits import Audit
from vetflow.model.names import CrateName
from vetflow.review.session import LineNote, Pair, Recorded, SeenFile, Session

_NAMED = 3


def audits_of(request: Request) -> frozenset[Pair]:
    """Return what the own audits of a work tree or revision are of; raises what opening it raises."""
    audits = open_project(request).open_store(locked=True).store.audits.audits
    return frozenset(pair for crate, entries in audits.items() for pair in _pairs(crate, entries))


def _pairs(crate: CrateName, entries: Iterable[Audit]) -> Iterable[Pair]:
    for entry in entries:
        if entry.version is not None:
            yield Pair(crate, None if entry.base is None else str(entry.base), str(entry.version))


def uncommitted(request: Request, recorded: Sequence[Recorded]) -> tuple[Recorded, ...] | None:
    """Return the records whose audits the work tree has and the last commit does not; None where git cannot tell.

    request: for the work tree.
    """
    if not recorded:
        return ()
    try:
        new = audits_of(request) - audits_of(request._replace(rev="HEAD"))
    except VetflowError:
        return None
    latest = {record.pair: record for record in recorded if record.pair in new}
    return tuple(latest.values())


def homeless_notes(session: Session, waiting: Collection[Pair], deltas: Mapping[Pair, Delta]) -> tuple[LineNote, ...]:
    """Return the notes that no review would show again, and that went into no audit.

    waiting: what is still to be read. deltas: those that were read in this run, which show whether a file is still what
    it was when somebody wrote about it.
    """
    recorded = {record.pair.crate for record in session.recorded}
    shown = {pair.crate: _files(deltas[pair]) if pair in deltas else None for pair in waiting}
    return tuple(
        LineNote(file, line, text)
        for (file, line), text in session.notes.items()
        if file.crate not in recorded and not _is_shown(file, shown)
    )


def _files(delta: Delta) -> frozenset[SeenFile]:
    return frozenset(seen_file(delta.pair.crate, file) for group in delta.plan.groups for file in group.files)


def _is_shown(file: SeenFile, shown: Mapping[CrateName, frozenset[SeenFile] | None]) -> bool:
    if file.crate not in shown:
        return False
    files = shown[file.crate]
    return files is None or file in files


def commit_message(recorded: Sequence[Recorded]) -> str:
    """Return a message for a commit of these audits, or of whatever else changed in the store."""
    names = sorted({record.pair.crate for record in recorded})
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    title = f"Audit {', '.join(names[:_NAMED])}{more}" if names else "Update the store of audits"
    pairs = [record.pair for record in recorded]
    lines = [f"* {pair.crate} {f'{pair.base} -> ' if pair.base else ''}{pair.version}" for pair in pairs]
    return "\n".join([title, *(["", *lines] if lines else [])])
