"""An assistant's claims on their way through a review: shown with the delta, named in notes and statement, no more."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from tests.tui.demo_desk import lay_out, open_desk
from vetflow.app.review.asked import seen
from vetflow.app.review.values import Certification
from vetflow.project.claims_folder import keep_claims
from vetflow.project.session_file import SessionFile
from vetflow.review.claims import Claim, Claims, write_claims
from vetflow.review.session import Pair, Session

COPPERWREN = Pair("copperwren-sys", "0.6.1", "0.6.2")


def quiet(what: str, done: int, total: int) -> None:
    """Hear of no progress."""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "demo")


def claim(version: str, content: bytes, line: int) -> Claim:
    quote = content.split(b"\n")[line - 1].decode()
    return Claim("copperwren-sys", version, "build.rs", sha256(content).hexdigest(), line, quote, "look here")


def test_claims_about_either_end_are_with_the_delta_and_change_nothing_else(workspace: Path, tmp_path: Path) -> None:
    with open_desk(workspace, tmp_path) as desk:
        plain = desk.delta(COPPERWREN, quiet)
        old, new = plain.old["build.rs"].content, plain.new["build.rs"].content
        claims = (claim("0.6.2", new, 4), claim("0.6.1", old, 5), claim("0.6.2", old, 4))
        (folder,) = (path.parent for path in tmp_path.rglob("session.lock"))
        for version in ("0.6.1", "0.6.2"):
            of_it = tuple(each for each in claims if each.version == version)
            keep_claims(str(folder), "copperwren-sys", version, "reader 1", write_claims(Claims("reader 1", of_it)))
        told = desk.delta(COPPERWREN, quiet)
        assert told.assisted.claims == claims[:2]
        assert told.assisted.assistants == ("reader 1",)
        assert told._replace(assisted=plain.assisted) == plain


def test_whose_claims_were_shown_is_in_the_notes_and_in_the_statement(workspace: Path, tmp_path: Path) -> None:
    decided = Certification((COPPERWREN,), ("safe-to-deploy",), "read it", assisted_by=("reader 1",))
    with open_desk(workspace, tmp_path) as desk:
        difference = desk.preview(decided).difference
        assert "+read it\n+Assisted-by: reader 1" in difference.replace('+notes = """\n', "")
    assert seen([], {}, Session(), decided).assisted_by == ("reader 1",)


def test_files_that_stand_for_others_are_named_in_the_statement_and_not_in_its_view() -> None:
    folded = "kiln-bowl/build.rs (the same change as viewed in kiln-ash)"
    decided = Certification((COPPERWREN,), ("safe-to-deploy",), "", folded=(folded,))
    statement = seen([], {}, Session(), decided)
    assert statement.view is None
    assert any(folded in override for override in statement.overrides)


def test_claims_can_be_kept_while_a_review_is_open(tmp_path: Path) -> None:
    with SessionFile(str(tmp_path)) as file:
        keep_claims(str(tmp_path), "anvil", "1.0.0", "reader 1", "{}")
        assert not file.read_only
        assert file.lines() == ()
