"""A set of audits speaks for itself: in its own criteria, by its own entries alone."""

from __future__ import annotations

import pytest

from tests.builders import audits_file, delta, full, published, trust, violation, wildcard
from vetflow.errors import StoreError
from vetflow.model.criteria import Criteria
from vetflow.model.store import AuditsFile
from vetflow.model.version import parse_version
from vetflow.resolve.evidence import Evidence, Standing, evidence

BUILT_IN = Criteria({})


def ask(file: AuditsFile, *versions: str, criteria: Criteria = BUILT_IN, own: bool = False) -> Evidence:
    rows = (published("1.0.0", 7), published("2.0.0", 8))
    return evidence("anvil", [file], criteria, rows, map(parse_version, versions), with_trusted=own)


def standing(file: AuditsFile, version: str, *, criteria: Criteria = BUILT_IN, own: bool = False) -> Standing:
    (found,) = ask(file, version, criteria=criteria, own=own).standings
    return found


def test_a_set_that_names_another_crate_is_silent() -> None:
    found = ask(audits_file(audits={"bellows": [full("1.0.0")]}), "1.0.0")
    assert found.is_silent
    assert found.standings == (Standing(parse_version("1.0.0")),)


def test_deltas_count_from_where_they_start() -> None:
    file = audits_file(audits={"anvil": [full("1.0.0"), delta("1.0.0", "1.1.0", "safe-to-run")]})
    assert standing(file, "1.1.0").criteria == ("safe-to-run",)
    assert not standing(file, "1.1.0").on_trust


def test_criteria_are_the_sets_own_and_minimal() -> None:
    criteria = Criteria({"thorough": ("safe-to-deploy",)})
    file = audits_file(criteria={"thorough": ("safe-to-deploy",)}, audits={"anvil": [full("1.0.0", "thorough")]})
    assert standing(file, "1.0.0", criteria=criteria).criteria == ("thorough",)


@pytest.mark.parametrize(
    ("version", "nearest"),
    [("1.2.0", "1.1.0"), ("0.1.0", "1.0.0"), ("9.0.0", "1.1.0")],
)
def test_the_nearest_vetted_version_is_the_last_before_else_the_first_after(version: str, nearest: str) -> None:
    file = audits_file(audits={"anvil": [full("1.0.0"), full("1.1.0"), delta("4.0.0", "5.0.0")]})
    assert standing(file, version) == Standing(parse_version(version), nearest=parse_version(nearest))


def test_a_wildcard_audit_covers_what_is_known_to_be_published_by_whom_it_names() -> None:
    file = audits_file(wildcard_audits={"anvil": [wildcard(7)]})
    assert standing(file, "1.0.0") == Standing(parse_version("1.0.0"), ("safe-to-deploy",), on_trust=True)
    assert standing(file, "2.0.0").criteria == ()


def test_trust_vouches_in_the_own_store_alone() -> None:
    file = audits_file(trusted={"anvil": [trust(8)]})
    assert standing(file, "2.0.0", own=True).on_trust
    assert standing(file, "2.0.0").criteria == ()
    assert ask(file).trusted == (trust(8),)


def test_entries_are_told_by_version_and_violations_last() -> None:
    file = audits_file(audits={"anvil": [violation("<1"), delta("1.0.0", "3.0.0"), full("1.0.0"), full("3.0.0")]})
    assert ask(file).audits == (full("1.0.0"), full("3.0.0"), delta("1.0.0", "3.0.0"), violation("<1"))


def test_criteria_that_the_set_does_not_define_are_an_error() -> None:
    with pytest.raises(StoreError):
        ask(audits_file(audits={"anvil": [full("1.0.0", "unheard-of")]}), "1.0.0")
