"""The moment somebody certifies: with `--accept-all` by that word, otherwise in an editor, on a draft that is kept."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from vetflow.cli.drafts import DraftFile
from vetflow.cli.output import Output
from vetflow.cli.prompts import choose_criteria
from vetflow.cli.request import request_of
from vetflow.cli.statements import Claim, comment_mark, frame, read_draft, read_statements
from vetflow.cli.world import World
from vetflow.errors import UndecidedError, VetflowError
from vetflow.model.criteria import Criteria
from vetflow.model.names import CriteriaName
from vetflow.model.store import CriteriaEntry
from vetflow.resolve.certify_criteria import chosen_criteria


class Certification:
    """One certification, from what an earlier try left of it to the moment it is recorded."""

    def __init__(self, options: argparse.Namespace, world: World, out: Output, what: Sequence[str]) -> None:
        """Take the options, and what is certified: `CRATE@...` for each, the same when it is tried again."""
        self._options, self._world, self._out = options, world, out
        self._is_batch = len(what) > 1
        self._file = DraftFile(request_of(options, world), "+".join(what))
        text = self._file.read()
        self._draft = None if text is None else read_draft(text)
        self._tell_of_drafts()

    def _tell_of_drafts(self) -> None:
        for path in self._file.others():
            self._out.message(f"there is a draft about something else of this crate: {path}")
        if self._draft is not None and self._options.accept_all:
            self._out.message(f"not used: the draft in {self._file.path}; without --accept-all it is continued")
        elif self._draft is not None:
            self._out.message(f"continuing the draft in {self._file.path}")

    @property
    def asks(self) -> bool:
        """Whether somebody is there to choose; otherwise what is proposed is taken."""
        return self._world.stdin.isatty()

    def choose(self, title: str, criteria: Criteria, proposed: Sequence[CriteriaName]) -> tuple[CriteriaName, ...]:
        """Return the criteria to certify as they are recorded: the options', else a person's choice.

        In a batch what is proposed is taken: the editor shows it with each statement. Raises NotFoundError for an
        unknown criterion, UsageError when none is chosen.
        """
        if self._options.criteria:
            return chosen_criteria(criteria, self._options.criteria)
        if self._is_batch and proposed:
            return tuple(proposed)
        return chosen_criteria(
            criteria,
            choose_criteria(self._world, self._out, title, criteria, self._chosen_before(criteria) or proposed),
        )

    def _chosen_before(self, criteria: Criteria) -> Sequence[CriteriaName]:
        """Return the criteria in the draft, as far as they still exist; a batch's may be of another audit in it."""
        if self._draft is None or self._is_batch or self._options.accept_all:
            return ()
        return [name for name in self._draft.criteria if name in criteria]

    @contextmanager
    def kept(
        self, claims: Sequence[Claim], texts: Mapping[CriteriaName, CriteriaEntry]
    ) -> Iterator[tuple[Sequence[Claim], str | None]]:
        """Give what is stated, and the notes, to a block that records it; keep them in the draft until it has.

        texts: the criteria that the store defines. Raises UsageError when nothing is stated, UndecidedError when the
        editor fails, and what the block raises.
        """
        try:
            if self._options.accept_all:
                yield claims, self._options.notes
            else:
                yield self._edited(claims, texts)
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
            is_worth_it = self._options.notes is not None and self._draft is None and isinstance(error, VetflowError)
            if not is_worth_it:
                return
            with suppress(UndecidedError):  # the error that led here is the one to tell
                self._file.write(frame(claims, texts, self._options.notes))
        if self._file.read() is not None:
            self._out.message(f"nothing was recorded; notes and choices are kept in {self._file.path}")
            self._out.message("`vetflow certify` of the same, without --accept-all, continues there")
