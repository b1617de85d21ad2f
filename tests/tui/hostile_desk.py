"""A desk on which whatever others wrote is hostile: control bytes, terminal commands, bidi marks, markup that acts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tests.tui.memory_desk import FOUND, NEW, OLD, MemoryDesk, crate
from vetflow.app.desk import (
    Certification,
    CertifyForm,
    Criterion,
    Delta,
    ImportNews,
    Progress,
    Publisher,
    Queue,
    Written,
)
from vetflow.errors import VetflowError
from vetflow.review.session import Pair

NASTY: Final = "\x1b]0;PWNED\x07\x1b[2K\r\u202e\u200b\x9b31m[@click=app.quit]quit[/][bold red]!"


class HostileDesk(MemoryDesk):
    """Two crates, `NASTY` in everything that is not ours."""

    def __init__(self) -> None:
        path = f"src/{NASTY.replace('/', '')}.rs"
        hostile = f"fn main() {{}} // {NASTY}\x00\n"
        super().__init__(OLD, {**NEW, **crate({"build.rs": hostile, path: hostile, ".gitattributes": "*.rs binary\n"})})
        self.about = NASTY
        self.pair = Pair(f"al{NASTY}", "1.0.0", "1.1.0")

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
        return super().delta(pair, progress)._replace(findings=found, summary=(NASTY,))

    def bases(self, pair: Pair) -> Sequence[tuple[Pair, str]]:
        return ((pair, NASTY),)

    def detail(self, pair: Pair) -> Sequence[str]:
        return (NASTY,)

    def why(self, crate: str) -> Sequence[str]:
        return (NASTY,)

    def certify_form(self, pair: Pair) -> CertifyForm:
        return CertifyForm(pair, (Criterion(NASTY, NASTY, "d1", True),), (NASTY,), (NASTY,), NASTY, None, NASTY)

    def preview(self, certification: Certification) -> Written:
        return Written(NASTY, 1)

    def hold(self, pair: Pair, reason: str, cleared_when: str) -> None:
        raise VetflowError(NASTY, help=NASTY, causes=(NASTY,))

    def publishers(self, progress: Progress) -> Sequence[Publisher]:
        return (Publisher(NASTY, True, 9, (NASTY, NASTY)),)

    def review_imports(self) -> ImportNews:
        return ImportNews((NASTY,), 1)

    def map_warning(self, publisher: str, line: str) -> str | None:
        return NASTY

    def lost_without(self, publisher: str) -> Sequence[str]:
        return (NASTY,)

    def policy(self) -> str:
        return NASTY

    def store_changes(self) -> str:
        return NASTY

    def commit_message(self) -> str:
        return NASTY
