"""Which crates crates.io must be asked about."""

from __future__ import annotations

import pytest

from tests.builders import Packages, audits_file, exempt, full, make_graph, make_store, unpublished
from vetflow.model.store import Store
from vetflow.resolve.conclude import conclude
from vetflow.resolve.lookups import crates_to_look_up
from vetflow.resolve.update_plan import CHECK, PRUNE, REGENERATE_EXEMPTIONS, UpdatePlan, record_plan

GRAPH: Packages = {"members": {"root 0.1.0": ["aa"]}, "crates-io": {"aa 2.0.0": []}}
FAILING = make_store()
AUDITED = make_store(audits={"aa": [full("2.0.0")]})
EXEMPTED = make_store(exemptions={"aa": [exempt("2.0.0")]})
NEWLY_IMPORTED = make_store(imports={"ant": audits_file(audits={"aa": [full("2.0.0", fresh=True)]})})
UNPUBLISHED = make_store(audits={"aa": [full("1.9.0")]}, unpublished={"aa": [unpublished("2.0.0", "1.9.0")]})


@pytest.mark.parametrize(
    ("store", "plan", "is_asked"),
    [
        (FAILING, CHECK, True),
        (AUDITED, CHECK, False),
        (AUDITED, PRUNE, False),
        (EXEMPTED, CHECK, False),
        (EXEMPTED, PRUNE, True),
        (EXEMPTED, REGENERATE_EXEMPTIONS, True),
        (EXEMPTED, record_plan("aa"), True),
        (EXEMPTED, record_plan("bb"), False),
        (NEWLY_IMPORTED, CHECK, True),
        (UNPUBLISHED, CHECK, False),
        (UNPUBLISHED, PRUNE, True),
    ],
)
def test_a_crate_is_asked_about_when_fresh_rows_could_change_what_it_rests_on(
    store: Store, plan: UpdatePlan, is_asked: bool
) -> None:
    assert crates_to_look_up(conclude(make_graph(GRAPH, store), store), plan) == ({"aa"} if is_asked else set())
