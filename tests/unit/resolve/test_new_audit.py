"""What `certify` records, and the git audits it swallows (shared spec resolver 12.1)."""

from __future__ import annotations

import pytest

from tests.builders import DEPLOY, delta, exempt, full, make_store, violation
from vetflow.model.audits import Audit
from vetflow.model.version import parse_version
from vetflow.resolve.new_audit import collapsed, new_audit

ONE, TWO = "1.0.0@git:" + "a" * 40, "1.0.0@git:" + "b" * 40


def recorded(base: str | None, version: str, notes: str | None = None, who: tuple[str, ...] = ("Me",)) -> Audit:
    start = None if base is None else parse_version(base)
    return new_audit(start, parse_version(version), DEPLOY, who, notes)


def old(audit: Audit, who: tuple[str, ...] = (), notes: str | None = None) -> Audit:
    """Return an own audit of a git revision."""
    return audit._replace(importable=False, who=who, notes=notes)


def test_an_audit_is_full_without_a_base_and_a_delta_with_one() -> None:
    assert recorded(None, "2.0.0") == full("2.0.0", who=("Me",))
    assert recorded("1.0.0", "2.0.0") == delta("1.0.0", "2.0.0")._replace(who=("Me",))


@pytest.mark.parametrize(
    ("base", "version", "importable"),
    [(None, "2.0.0", True), (None, ONE, False), ("1.0.0", ONE, False), (ONE, "2.0.0", False), ("1.0.0", "2.0.0", True)],
)
def test_what_speaks_of_a_git_revision_is_not_importable(base: str | None, version: str, importable: bool) -> None:
    assert recorded(base, version).importable is importable


def test_a_delta_from_a_revision_swallows_the_delta_to_it() -> None:
    store = make_store(audits={"gg": [full("1.0.0"), old(delta("1.0.0", ONE), ("Old",), "n0")]})
    assert collapsed(store, "gg", recorded(ONE, TWO, "n1")) == recorded("1.0.0", TWO, "n0\nn1", ("Old", "Me"))


def test_a_delta_from_a_revision_swallows_the_full_audit_of_it() -> None:
    store = make_store(audits={"gg": [old(full(ONE), ("Me",))]})
    assert collapsed(store, "gg", recorded(ONE, "2.0.0")) == recorded(None, "2.0.0")


@pytest.mark.parametrize(
    ("prior", "new", "joined"),
    [(None, None, None), ("old", None, "old"), (None, "new", "new"), ("old", "new", "old\nnew"), ("old", "", "old\n")],
)
def test_notes_are_joined(prior: str | None, new: str | None, joined: str | None) -> None:
    store = make_store(audits={"gg": [old(full(ONE), notes=prior)]})
    assert collapsed(store, "gg", recorded(ONE, TWO, new)).notes == joined


@pytest.mark.parametrize(
    "audits",
    [
        [],
        [full(ONE)],
        [old(full(TWO))],
        [old(full(ONE, "safe-to-run"))],
        [old(full(ONE, "safe-to-deploy", "safe-to-run"))],
        [old(delta("1.0.0", ONE))],
        [full("1.0.0", "safe-to-run"), old(delta("1.0.0", ONE))],
    ],
    ids=["nothing", "importable", "another revision", "weaker", "spelled differently", "rooted nowhere", "weak root"],
)
def test_what_does_not_fit_is_left_alone(audits: list[Audit]) -> None:
    audit = recorded(ONE, TWO)
    assert collapsed(make_store(audits={"gg": audits}), "gg", audit) is audit


def test_the_first_audit_that_fits_counts() -> None:
    audits = [old(delta("0.9.0", ONE), ("Nowhere",)), old(full(ONE), ("First",)), old(full(ONE), ("Second",))]
    assert collapsed(make_store(audits={"gg": audits}), "gg", recorded(ONE, TWO)).who == ("First", "Me")


def test_an_exempted_version_is_root_enough() -> None:
    store = make_store(audits={"gg": [old(delta("1.0.0", ONE))]}, exemptions={"gg": [exempt("1.0.0")]})
    assert collapsed(store, "gg", recorded(ONE, TWO)) == recorded("1.0.0", TWO)


def test_nothing_is_swallowed_where_entries_contradict_a_violation() -> None:
    store = make_store(audits={"gg": [old(full(ONE)), violation("*")]})
    audit = recorded(ONE, TWO)
    assert collapsed(store, "gg", audit) is audit


def test_a_delta_from_a_published_version_and_a_full_audit_stay_as_they_are() -> None:
    store = make_store(audits={"gg": [old(full("1.0.0"))]})
    for audit in (recorded("1.0.0", ONE), recorded(None, ONE)):
        assert collapsed(store, "gg", audit) is audit
