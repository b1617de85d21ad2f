"""The moment somebody certifies: with `--accept-all` by that word, otherwise in an editor, on a draft that is kept."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from vetflow.cli.drafts import DraftFile
from vetflow.cli.output import Output
from vetflow.cli.request import request_of
from vetflow.cli.statements import Claim, comment_mark, frame, read_draft, read_statements
from vetflow.cli.world import World
from vetflow.errors import VetflowError
from vetflow.model.criteria import Criteria
from vetflow.model.names import CrateName, CriteriaName
from vetflow.model.store import CriteriaEntry


class Certification:
    """One certification, from what an earlier try left of it to the moment it is recorded."""

    def __init__(self, options: argparse.Namespace, world: World, out: Output, crate: CrateName, what: str) -> None:
        """Take the options, and what is certified (see `DraftFile`)."""
        self._options, self._world, self._out = options, world, out
        self._file = DraftFile(request_of(options, world), crate, what)
        text = self._file.read()
        self._draft = None if text is None else read_draft(text)
        self._tell_of_drafts()

    def _tell_of_drafts(self) -> None:
        for path in self._file.others():
            self._out.message(f"there is a draft about another version in {path}")
        if self._draft is None:
            return
        if self._options.accept_all:
            self._out.message(f"not used: the draft in {self._file.path}; without --accept-all it is continued")
        else:
            self._out.message(f"continuing the draft in {self._file.path}")

    def chosen_before(self, criteria: Criteria) -> tuple[CriteriaName, ...]:
        """Return the criteria chosen in the draft, as far as they still exist; none with `--accept-all`."""
        if self._draft is None or self._options.accept_all:
            return ()
        return tuple(name for name in self._draft.criteria if name in criteria)

    @contextmanager
    def kept(
        self, claims: Sequence[Claim], texts: Mapping[CriteriaName, CriteriaEntry]
    ) -> Iterator[tuple[Sequence[Claim], str | None]]:
        """Give what is stated, and the notes, to a block that records it; keep them in the draft until it has.

        texts: the criteria that the store defines. Raises UsageError when nothing is stated, UndecidedError when the
        editor fails, and what the block raises.
        """
        notes: str | None = self._options.notes
        try:
            stated: Sequence[Claim] = claims
            if not self._options.accept_all:
                stated, notes = self._edited(claims, texts)
            yield stated, notes
        except BaseException as error:
            self._keep(claims, texts, error)
            raise
        if self._options.accept_all:
            return
        if self._options.dry_run:
            self._out.message(f"your text is kept in {self._file.path}")
        else:
            self._file.remove()

    def _edited(
        self, claims: Sequence[Claim], texts: Mapping[CriteriaName, CriteriaEntry]
    ) -> tuple[Sequence[Claim], str | None]:
        from vetflow.project.editor import edit_file  # noqa: PLC0415  brings subprocess

        before = self._draft.notes if self._draft else None
        given = "\n".join(part for part in (self._options.notes, before) if part) or None
        self._file.write(frame(claims, texts, given))
        self._out.flush()
        edit_file(self._file.path, self._world.cwd, self._world.environ)
        return read_statements(self._file.read() or "", comment_mark(given), claims)

    def _keep(self, claims: Sequence[Claim], texts: Mapping[CriteriaName, CriteriaEntry], error: BaseException) -> None:
        """After a failure, see to it that what was typed is in the draft, and say where that is."""
        if self._options.accept_all:
            if self._options.notes is None or self._draft is not None or not isinstance(error, VetflowError):
                return
            self._file.write(frame(claims, texts, self._options.notes))
        self._out.message(f"nothing was recorded; your notes and choices are kept in {self._file.path}")
        self._out.message("the next `vetflow certify` of the same continues there")
