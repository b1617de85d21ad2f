"""A desk on which whatever others wrote is hostile: control bytes, terminal commands, bidi marks, markup that acts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tests.tui.memory_desk import FOUND, NEW, OLD, MemoryDesk, crate
from vetflow.app.review.hunk_reading import hunks_read
from vetflow.app.review.values import (
    AskedChecklist,
    Certification,
    CertifyForm,
    CratePage,
    Criterion,
    Delta,
    FamilyPage,
    ImportNews,
    Progress,
    Publisher,
    Queue,
    TreeLine,
    Uncommitted,
    WhyPage,
    Written,
)
from vetflow.app.updating import silent
from vetflow.errors import VetflowError
from vetflow.review.checklist import Question
from vetflow.review.claims import Assisted, Claim
from vetflow.review.session import LineNote, Pair, Recorded, SeenFile, Viewed

NASTY: Final = "\x1b]0;PWNED\x07\x1b[2K\r\u202e\u200b\x9b31m[@click=app.quit]quit[/][bold red]!"


class HostileDesk(MemoryDesk):
    """Two crates, `NASTY` in everything that is not ours."""

    def __init__(self) -> None:
        path = f"src/{NASTY.replace('/', '')}.rs"
        hostile = f"fn main() {{}} // {NASTY}\x00\n"
        super().__init__(
            OLD, {**NEW, **crate({"build.rs": hostile, path: hostile * 2, ".gitattributes": "*.rs binary\n"})}
        )
        self.about = NASTY
        self.pair = Pair(f"al{NASTY}", "1.0.0", "1.1.0")
        self._path = path
        self.news = NASTY
        read = hunks_read(self.delta(self.pair, silent), path, NASTY, NASTY)
        assert read is not None
        elsewhere = read._replace(file=read.file._replace(crate=NASTY), pair=Pair(NASTY, NASTY, NASTY))
        for record in (Viewed(elsewhere.file, viewed=True, at=NASTY), elsewhere):
            self.keep(record)

    def _queue(self) -> Queue:
        queue = super()._queue()
        first = queue.entries[0]
        row = first.row._replace(used_by=(NASTY,), lacking=NASTY, needs=(NASTY,))
        return queue._replace(
            project=NASTY,
            commit=NASTY,
            notes=(NASTY,),
            entries=(first._replace(pair=self.pair, row=row, about=(NASTY, NASTY)), *queue.entries[1:]),
        )

    def delta(self, pair: Pair, progress: Progress) -> Delta:
        found = (FOUND._replace(line=1, detail=NASTY, sentence=NASTY, rule=NASTY), FOUND._replace(path=NASTY))
        claims = (
            Claim("al", "1.1.0", "build.rs", "", 1, NASTY, NASTY),
            Claim("al", "1.1.0", self._path, "", 1, "", NASTY),
        )
        assisted = Assisted(claims, (NASTY,))
        return super().delta(pair, progress)._replace(findings=found, summary=(NASTY,), assisted=assisted)

    def family(self, pair: Pair, progress: Progress) -> FamilyPage:
        return FamilyPage((NASTY,), (self.pair, Pair(NASTY, NASTY, "1.1.0")))

    def checklist(self, pair: Pair) -> AskedChecklist:
        asked = super().checklist(pair)
        return asked._replace(asked=asked.asked._replace(questions=tuple(map(_hostile, asked.asked.questions))))

    def bases(self, pair: Pair) -> Sequence[tuple[Pair, str]]:
        return ((pair, NASTY),)

    def page(self, pair: Pair, progress: Progress) -> CratePage:
        return CratePage((NASTY,), (NASTY,), (NASTY,))

    def why(self, crate: str) -> WhyPage:
        return WhyPage((TreeLine(NASTY, self.pair), TreeLine(NASTY)), (TreeLine(NASTY, self.pair),))

    def uncommitted(self) -> Uncommitted:
        recorded = Recorded(self.pair, (NASTY,), NASTY)
        return Uncommitted((recorded,), (LineNote(SeenFile(NASTY, NASTY, None, None), 1, NASTY),))

    def certify_form(self, pairs: Sequence[Pair]) -> CertifyForm:
        return CertifyForm(pairs[0], (Criterion(NASTY, NASTY, "d1", True),), (NASTY,), (NASTY,), NASTY, None, NASTY)

    def preview(self, certification: Certification) -> Written:
        return Written(NASTY, 1)

    def hold(self, pair: Pair, reason: str, cleared_when: str) -> None:
        raise VetflowError(NASTY, help=NASTY, causes=(NASTY,))

    def publishers(self, progress: Progress) -> Sequence[Publisher]:
        return (Publisher(NASTY, True, 9, (NASTY, NASTY), 9, (NASTY,), None, NASTY),)

    def review_imports(self) -> ImportNews:
        return ImportNews((NASTY,), 1)

    def map_warning(self, publisher: str, line: str) -> str | None:
        return NASTY

    def lost_without(self, publisher: str, crate: str | None = None) -> Sequence[str]:
        return (NASTY,)

    def policy(self) -> str:
        return NASTY

    def store_changes(self) -> str:
        return NASTY

    def commit_message(self) -> str:
        return NASTY

    def undo(self) -> str:
        return NASTY


def _hostile(question: Question) -> Question:
    """Put `NASTY` into all that a crate, or a project's own checklist, has a say in."""
    item = question.item._replace(id=f"a.{NASTY}", subject=NASTY, text=NASTY)
    sites = tuple(
        site._replace(evidence=site.evidence._replace(detail=NASTY, text=NASTY, sentence=NASTY))
        for site in question.sites
    )
    return question._replace(item=item, sites=sites, facts=(NASTY,))
