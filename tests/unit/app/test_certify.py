"""What `certify` knows before anybody is asked: what an audit is good for, what a delta builds on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes import FIXED_DAY
from tests.small_project import write_small_project
from vetflow.app.certify import NewEntry, Target, lost_on_base, open_certify, proposal, staged, with_assistants
from vetflow.app.live_store import LiveStore
from vetflow.app.request import Request
from vetflow.app.updating import Run
from vetflow.errors import NotFoundError
from vetflow.model.version import parse_version

OLD, NEW = parse_version("0.9.0"), parse_version("1.0.0")
FULL, BASE, DELTA = Target("anvil", NEW), Target("anvil", OLD), Target("anvil", NEW, OLD)
DEPLOY = ("safe-to-deploy",)
RUN = Run(dry_run=False, progress=lambda _what, _done, _total: None, waiting=lambda: None)


def opened(folder: Path, *targets: Target, force: bool = False) -> LiveStore:
    write_small_project(folder)
    request = Request(str(folder), str(folder / "cargo"), FIXED_DAY, locked=True, frozen=True)
    return open_certify(request, targets, RUN, force=force)


def test_an_audit_of_what_is_exempted_is_proposed_for_what_the_exemption_is_for(tmp_path: Path) -> None:
    proposed = proposal(opened(tmp_path, FULL), FULL)
    assert (proposed.criteria, proposed.helps, proposed.base) == (DEPLOY, True, None)


def test_a_delta_from_what_nobody_vetted_helps_nowhere(tmp_path: Path) -> None:
    proposed = proposal(opened(tmp_path, DELTA), DELTA)
    assert (proposed.criteria, proposed.helps, proposed.base_criteria) == ((), False, ())


def test_a_delta_is_proposed_for_what_its_base_holds_where_it_helps_nowhere(tmp_path: Path) -> None:
    live = opened(tmp_path, DELTA)
    away = Target("anvil", parse_version("1.1.0"), NEW)
    proposed = proposal(live, away)
    assert (proposed.criteria, proposed.helps, proposed.base_criteria) == (DEPLOY, False, DEPLOY)


def test_what_is_staged_can_be_built_on(tmp_path: Path) -> None:
    live = staged(opened(tmp_path, BASE), NewEntry(BASE, DEPLOY))
    proposed = proposal(live, DELTA)
    assert (proposed.criteria, proposed.helps, proposed.base_criteria) == (DEPLOY, True, DEPLOY)


def test_a_delta_cannot_raise_its_base(tmp_path: Path) -> None:
    live = staged(opened(tmp_path, BASE), NewEntry(BASE, ("safe-to-run",)))
    proposed = proposal(live, DELTA)
    assert lost_on_base(live.store.criteria, proposed, DEPLOY) == DEPLOY
    assert lost_on_base(live.store.criteria, proposed, ("safe-to-run",)) == ()
    assert lost_on_base(live.store.criteria, proposal(live, FULL), DEPLOY) == ()


def test_a_crate_that_is_not_in_use_is_refused_unless_forced(tmp_path: Path) -> None:
    other = Target("bellows", NEW)
    with pytest.raises(NotFoundError, match="'bellows' isn't one of your foreign packages"):
        opened(tmp_path, other)
    assert opened(tmp_path, other, force=True).graph


@pytest.mark.parametrize(
    ("notes", "result"),
    [
        (None, "Assisted-by: a model"),
        ("read", "read\nAssisted-by: a model"),
        ("a\nb\n", "a\nb\nAssisted-by: a model\n"),
    ],
)
def test_an_assistant_gets_a_line_of_its_own_at_the_end_of_the_notes(notes: str | None, result: str) -> None:
    assert with_assistants(notes, ["a model"]) == result


def test_notes_without_an_assistant_stay_as_they_are() -> None:
    assert with_assistants("read\n", []) == "read\n"
    assert with_assistants("", []) == ""
    assert with_assistants(None, []) is None


def test_a_target_is_written_as_the_command_line_takes_it() -> None:
    assert (str(FULL), str(DELTA)) == ("anvil@1.0.0", "anvil@0.9.0..1.0.0")
