"""What a successful check says about the store (shared spec resolver 9.1)."""

from __future__ import annotations

import pytest

from tests.builders import Packages, audits_file, exempt, full, make_graph, make_store, unpublished
from vetflow.model.store import Store
from vetflow.model.version import parse_version
from vetflow.resolve.conclude import conclude
from vetflow.resolve.prune_advice import Prunable, PruneAdvice, prune_advice
from vetflow.resolve.update import update_store
from vetflow.resolve.update_plan import CHECK

GRAPH: Packages = {"members": {"root 0.1.0": ["aa"]}, "crates-io": {"aa 2.0.0": []}}
AUDITED = {"aa": [full("2.0.0")]}
EXEMPTED = {"aa": [exempt("2.0.0")]}
IMPORTED = {"ant": audits_file(audits={"aa": [full("2.0.0")]})}
FRESHLY_IMPORTED = {"ant": audits_file(audits={"aa": [full("2.0.0", fresh=True)]})}
GIT = full("2.0.0@git:" + "a" * 40, importable=False)


def advice(store: Store, *published: str) -> PruneAdvice:
    resolution = conclude(make_graph(GRAPH, store), store)
    versions = {"aa": tuple(map(parse_version, published))} if published else {}
    return prune_advice(resolution, update_store(resolution, CHECK), versions)


@pytest.mark.parametrize(
    ("store", "prunable"),
    [
        (make_store(audits=AUDITED), None),
        (make_store(exemptions=EXEMPTED), None),
        (make_store(imports=FRESHLY_IMPORTED), None),
        (make_store(audits=AUDITED, exemptions=EXEMPTED), Prunable.EXEMPTIONS),
        (make_store(exemptions=EXEMPTED, imports=FRESHLY_IMPORTED), Prunable.EXEMPTIONS),
        (make_store(audits=AUDITED, imports=IMPORTED), Prunable.IMPORTS),
        (make_store(audits={"aa": [full("2.0.0"), GIT]}), Prunable.AUDITS),
        (make_store(audits={"aa": [full("2.0.0"), GIT]}, imports=IMPORTED, exemptions=EXEMPTED), Prunable.EXEMPTIONS),
        (make_store(audits={"aa": [full("2.0.0"), GIT]}, imports=IMPORTED), Prunable.IMPORTS),
    ],
)
def test_the_first_thing_that_pruning_would_change_is_named(store: Store, prunable: Prunable | None) -> None:
    assert advice(store) == PruneAdvice(prunable, ())


def test_equal_entries_that_only_differ_in_which_of_them_stays_are_nothing_to_prune() -> None:
    peer = {"ant": audits_file(audits={"aa": [full("2.0.0"), full("2.0.0", fresh=True)]})}
    assert advice(make_store(imports=peer)).prunable is None


RESTS_ON_UNPUBLISHED = make_store(audits={"aa": [full("1.9.0")]}, unpublished={"aa": [unpublished("2.0.0", "1.9.0")]})


def test_crates_that_rest_on_an_unpublished_row_of_a_version_that_is_published_are_named() -> None:
    assert advice(RESTS_ON_UNPUBLISHED, "1.9.0", "2.0.0").published_since == ("aa",)


def test_they_are_not_while_the_version_is_unpublished_or_nobody_asked() -> None:
    assert advice(RESTS_ON_UNPUBLISHED, "1.9.0", "2.1.0").published_since == ()
    assert advice(RESTS_ON_UNPUBLISHED).published_since == ()


def test_a_row_that_pruning_would_drop_is_not_rested_on() -> None:
    store = make_store(audits=AUDITED, unpublished={"aa": [unpublished("2.0.0", "1.9.0")]})
    assert advice(store, "1.9.0", "2.0.0") == PruneAdvice(Prunable.IMPORTS, ())
