"""What a review states of its checklist when it is signed: what was considered, and by name what nobody considered."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.tui.demo_desk import NOW, git_environ, lay_out, request_for
from vetflow.app.project import Project, open_project
from vetflow.app.recording import no_own_files
from vetflow.app.review.project_desk import ReviewDesk, Surroundings
from vetflow.app.review.recording import Signed
from vetflow.app.review.values import Certification
from vetflow.app.updating import silent
from vetflow.cli.render.review_words import WORDS
from vetflow.model.names import CrateName
from vetflow.model.version import VetVersion
from vetflow.project.session_file import SessionFile
from vetflow.review.session import Pair, Tick, Verdict
from vetflow.trust.statement import Seen

PAIR = Pair("copperwren-sys", "0.6.1", "0.6.2")


class Signatures:
    """A `review_recording.Signer` that remembers what it was to state."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []

    def __call__(
        self, project: Project, who: Sequence[str], seen: Seen, versions: Sequence[tuple[CrateName, VetVersion]]
    ) -> Signed:
        del project, who, versions
        self.seen.append(seen)
        return Signed(no_own_files, "no")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_out(tmp_path_factory.mktemp("review") / "demo")


def test_the_statement_of_a_review_says_what_was_made_of_the_checklist(folder: Path, tmp_path: Path) -> None:
    signatures = Signatures()
    with SessionFile(str(tmp_path / "state")) as file:
        around = Surroundings(WORDS, file, signatures, lambda _: ("ada", None), lambda: NOW)
        desk = ReviewDesk(open_project(request_for(folder, tmp_path, git_environ())), around)
        desk.delta(PAIR, silent)
        asked = desk.checklist(PAIR).asked
        items = {each.item.id: each for each in asked.questions}
        for item, verdict in (("build.programs", Verdict.CONSIDERED), ("build.network", Verdict.CONCERN)):
            for key in items[item].keys:
                desk.keep(Tick(PAIR.crate, item, key, verdict, "odd host" if verdict is Verdict.CONCERN else "", NOW))
        desk.certify(Certification((PAIR,), ("safe-to-run",), "fine"))
    (checked,) = signatures.seen[-1].checklists.values()
    wanted = {each.item.id for each in asked.for_criteria(["safe-to-run"]).questions}
    assert (checked.digest, checked.considered, checked.concerns) == (
        asked.digest,
        ("build.programs",),
        ("build.network",),
    )
    assert set(checked.not_considered) == wanted - {"build.programs", "build.network"}
    assert "unsafe.delta" not in wanted, "it is not asked for this criterion"


def test_where_no_checklist_was_shown_the_statement_says_nothing_of_one(folder: Path, tmp_path: Path) -> None:
    signatures = Signatures()
    with SessionFile(str(tmp_path / "state")) as file:
        around = Surroundings(WORDS, file, signatures, lambda _: ("ada", None), lambda: NOW)
        desk = ReviewDesk(open_project(request_for(folder, tmp_path, git_environ())), around)
        desk.certify(Certification((Pair("mothdial", None, "0.4.7"),), ("safe-to-run",), "fine"))
    assert signatures.seen[-1].checklists == {}
