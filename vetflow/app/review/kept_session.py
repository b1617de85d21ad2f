"""The session of a review and the file it is kept in, outside the repository."""

from __future__ import annotations

from contextlib import suppress

from vetflow.errors import VetflowError
from vetflow.project.session_file import SessionFile
from vetflow.review.session import Record, Session, decode, encode, session_of


class KeptSession:
    """What was done so far, in this run and earlier ones. unsaved: how many records of this run are not on disk."""

    def __init__(self, file: SessionFile) -> None:
        """Read the file, and rewrite it without dead records unless another process keeps it."""
        self._file = file
        self.now: Session = session_of(record for line in file.lines() if (record := decode(line)))
        self.unsaved = 0
        if not file.read_only:
            with suppress(OSError):  # it only saves room; the first record that is added tells what is wrong
                file.rewrite([encode(record) for record in self.now.records()])

    @property
    def read_only(self) -> bool:
        """Whether another process keeps the session."""
        return self._file.read_only

    @property
    def folder(self) -> str:
        """Where the file is."""
        return self._file.folder

    def keep(self, record: Record) -> Session:
        """Add a record; a full disk costs the record's future, never the review: then VetflowError is raised."""
        self.now = self.now.after(record)
        self.unsaved += self._file.read_only
        try:
            self._file.append(encode(record))
        except OSError as error:
            self.unsaved += 1
            raise VetflowError(
                "the session cannot be kept on disk; what you do holds for this run alone",
                help="make room, then go on",
                causes=(error.strerror or str(error),),
            ) from error
        return self.now
