"""What is left of a store when nothing is exempted from reading."""

from __future__ import annotations

from tests.builders import exempt, full, make_store, unpublished
from vetflow.resolve.backlog import backlog_store

STORE = make_store(
    audits={"aa": [full("1.0.0")]},
    exemptions={"aa": [exempt("2.0.0"), exempt("3.0.0", suggest=False)], "bb": [exempt("1.0.0")]},
    unpublished={
        "aa": [unpublished("2.0.0", "1.0.0"), unpublished("2.0.0", "1.5.0", fresh=True)],
        "bb": [unpublished("1.0.0", "0.9.0")],
    },
)


def test_only_the_exemptions_that_suggest_leaves_alone_are_left() -> None:
    left = backlog_store(STORE, live=False)
    assert left.config.exemptions == {"aa": (exempt("3.0.0", suggest=False),)}
    assert left.audits == STORE.audits


def test_unpublished_rows_of_imports_lock_are_left_out_of_the_live_state_alone() -> None:
    assert backlog_store(STORE, live=False).imports == STORE.imports
    fresh = {"aa": (unpublished("2.0.0", "1.5.0", fresh=True),)}
    assert backlog_store(STORE, live=True).imports.unpublished == fresh
