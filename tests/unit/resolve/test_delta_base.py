"""What a delta starts from."""

from __future__ import annotations

from tests.builders import audits_file, delta, exempt, full, make_store
from vetflow.model.version import parse_version
from vetflow.resolve.delta_base import DeltaBase, delta_base

STORE = make_store(
    criteria={"sure": ()},
    audits={"aa": [full("1.0.0", "safe-to-deploy", "sure"), delta("1.0.0", "1.5.0"), full("9.0.0")]},
    exemptions={"aa": [exempt("1.5.0", "sure")]},
    imports={"ant": audits_file(audits={"aa": [delta("1.0.0", "1.5.0", "safe-to-run"), delta("0.1.0", "3.0.0")]})},
)
RUN, DEPLOY, SURE = 0b1, 0b10, 0b100


def base(version: str) -> DeltaBase:
    return delta_base(STORE, "aa", parse_version(version))


def test_the_base_holds_what_any_path_gives_it() -> None:
    assert base("1.0.0").criteria == RUN | DEPLOY | SURE
    assert base("1.5.0").criteria == RUN | DEPLOY | SURE
    assert base("9.0.0").criteria == RUN | DEPLOY


def test_a_base_that_nothing_leads_to_holds_nothing() -> None:
    assert base("0.5.0") == DeltaBase(0, ())
    assert base("3.0.0").criteria == 0


def test_the_entries_that_lead_to_the_base_are_named_own_ones_first() -> None:
    assert [(step.origin.source, step.entry) for step in base("1.5.0").steps] == [
        (None, delta("1.0.0", "1.5.0")),
        ("ant", delta("1.0.0", "1.5.0", "safe-to-run")),
        (None, exempt("1.5.0", "sure")),
    ]
