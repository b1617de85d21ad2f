"""What holds for every update of a store, whatever is in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.builders import Packages, make_graph
from tests.fakes import FIXED_DAY
from tests.property.graphs import NAMES, names, packages, stores
from vetflow.formats.consistency import build_store
from vetflow.formats.store_files import StoreFiles, canonical_texts, parse_store
from vetflow.model.audits import Audit, Publisher, Unpublished, WildcardAudit
from vetflow.model.names import CrateName
from vetflow.model.report import Success, VettingFailure
from vetflow.model.store import Store
from vetflow.model.upstream import Upstream
from vetflow.resolve.conclude import Resolution, conclude
from vetflow.resolve.live import live_imports
from vetflow.resolve.lookups import crates_to_look_up
from vetflow.resolve.prune_advice import prune_advice
from vetflow.resolve.update import update_store
from vetflow.resolve.update_plan import (
    CHECK,
    PRUNE,
    REGENERATE_EXEMPTIONS,
    UpdatePlan,
    prune_plan,
    record_plan,
)

_Row = TypeVar("_Row", Audit, WildcardAudit, Publisher, Unpublished)

KEEPING = (CHECK, PRUNE, prune_plan(exemptions=False), prune_plan(imports=False), record_plan("aa"))
plans = st.sampled_from((*KEEPING, REGENERATE_EXEMPTIONS))


@st.composite
def live_stores(draw: st.DrawFn, *, with_violations: bool = True) -> Store:
    """Draw a store whose imports are a live state: some of it fresh."""
    store = draw(stores(with_violations=with_violations))

    def some_fresh(by_crate: Mapping[CrateName, Sequence[_Row]]) -> dict[CrateName, tuple[_Row, ...]]:
        return {name: tuple(row._replace(fresh=draw(st.booleans())) for row in rows) for name, rows in by_crate.items()}

    live = store.imports
    return store._replace(
        imports=live._replace(
            unpublished=some_fresh(live.unpublished),
            publisher=some_fresh(live.publisher),
            audits={
                peer: file._replace(audits=some_fresh(file.audits), wildcard_audits=some_fresh(file.wildcard_audits))
                for peer, file in live.audits.items()
            },
        )
    )


def judge(packages: Packages, store: Store) -> Resolution:
    return conclude(make_graph(packages, store), store)


def texts(store: Store) -> dict[str, str]:
    return canonical_texts(StoreFiles("supply-chain", {}, store.config, store.audits, store.imports))


@st.composite
def vetted_worlds(draw: st.DrawFn, *, with_violations: bool) -> tuple[Packages, Store]:
    """Draw packages and a live store that vets them, unless its entries contradict violations."""
    workspace, store = draw(packages()), draw(live_stores(with_violations=with_violations))
    exempted = update_store(judge(workspace, store), REGENERATE_EXEMPTIONS).config
    return workspace, store._replace(config=exempted)


@given(vetted_worlds(with_violations=False), plans)
def test_an_update_never_turns_success_into_failure(world: tuple[Packages, Store], plan: UpdatePlan) -> None:
    workspace, store = world
    before = judge(workspace, store)
    assert isinstance(before.conclusion, Success)
    assert isinstance(judge(workspace, update_store(before, plan)).conclusion, Success)


@given(vetted_worlds(with_violations=True), st.sampled_from(KEEPING))
def test_nor_does_it_where_there_are_violations_unless_it_exempts(
    world: tuple[Packages, Store], plan: UpdatePlan
) -> None:
    """`regenerate exemptions` exempts even a version that a violation speaks of, as cargo-vet does."""
    workspace, store = world
    before = judge(workspace, store)
    assume(isinstance(before.conclusion, Success))
    assert isinstance(judge(workspace, update_store(before, plan)).conclusion, Success)


@given(packages(), live_stores(with_violations=False), st.sampled_from(KEEPING))
def test_only_regenerating_exemptions_turns_failure_into_success(
    packages: Packages, store: Store, plan: UpdatePlan
) -> None:
    before = judge(packages, store)
    assume(isinstance(before.conclusion, VettingFailure))
    assert isinstance(judge(packages, update_store(before, plan)).conclusion, VettingFailure)


@given(packages(), live_stores(with_violations=False))
def test_regenerating_exemptions_makes_everything_vet(packages: Packages, store: Store) -> None:
    updated = update_store(judge(packages, store), REGENERATE_EXEMPTIONS)
    assert isinstance(judge(packages, updated).conclusion, Success)


@given(packages(), live_stores(), plans)
def test_what_is_written_is_a_store_that_a_locked_run_accepts_and_judges_alike(
    packages: Packages, store: Store, plan: UpdatePlan
) -> None:
    updated = update_store(judge(packages, store), plan)
    files = parse_store("supply-chain", texts(updated), locked=True)
    reread = build_store(files, today=FIXED_DAY, locked=True)
    assert texts(reread) == texts(updated)
    assert judge(packages, reread).conclusion.__class__ is judge(packages, updated).conclusion.__class__


@given(packages(), stores(with_violations=True), plans)
def test_without_anything_fresh_the_same_update_again_changes_nothing(
    packages: Packages, store: Store, plan: UpdatePlan
) -> None:
    once = update_store(judge(packages, store), plan)
    again = update_store(judge(packages, once), plan)
    assert texts(again) == texts(once)


@given(packages(), stores())
def test_after_pruning_there_is_nothing_to_prune(packages: Packages, store: Store) -> None:
    resolution = judge(packages, update_store(judge(packages, store), PRUNE))
    assert prune_advice(resolution, update_store(resolution, CHECK), {}).prunable is None


@given(packages(), live_stores(), plans)
def test_nothing_that_people_wrote_for_others_is_lost(packages: Packages, store: Store, plan: UpdatePlan) -> None:
    updated = update_store(judge(packages, store), plan)
    for name, audits in store.audits.audits.items():
        meant_for_others = [audit for audit in audits if audit.importable or audit.violation is not None]
        left = updated.audits.audits.get(name, ())
        assert [audit for audit in left if audit in meant_for_others] == meant_for_others
    assert updated.audits.wildcard_audits == store.audits.wildcard_audits
    assert updated.audits.trusted == store.audits.trusted


@given(packages(), live_stores(), plans)
def test_no_violation_of_a_crate_in_use_is_lost(packages: Packages, store: Store, plan: UpdatePlan) -> None:
    before = judge(packages, store)
    updated = update_store(before, plan)
    used = {node.name for node in before.graph.nodes}
    for peer, file in store.imports.audits.items():
        for name in used & file.audits.keys():
            violations = [audit._replace(fresh=False) for audit in file.audits[name] if audit.violation]
            left = updated.imports.audits[peer].audits.get(name, ())
            assert [audit for audit in left if audit.violation] == violations


@given(packages(), live_stores(), plans)
def test_nothing_is_fresh_afterwards(packages: Packages, store: Store, plan: UpdatePlan) -> None:
    imports = update_store(judge(packages, store), plan).imports
    rows: list[Audit | WildcardAudit | Publisher | Unpublished] = []
    rows += (row for found in imports.unpublished.values() for row in found)
    rows += (row for found in imports.publisher.values() for row in found)
    for file in imports.audits.values():
        rows += (row for found in file.audits.values() for row in found)
        rows += (row for found in file.wildcard_audits.values() for row in found)
    assert [row for row in rows if row.fresh] == []


@given(packages(), live_stores(), st.sampled_from((CHECK, record_plan("aa"))))
def test_exemptions_of_crates_that_a_command_is_not_about_keep_their_meaning(
    packages: Packages, store: Store, plan: UpdatePlan
) -> None:
    updated = update_store(judge(packages, store), plan)
    criteria = store.criteria
    for name in NAMES:
        if plan.mode(name).prune_exemptions:
            continue
        before, after = store.config.exemptions.get(name, ()), updated.config.exemptions.get(name, ())
        assert [criteria.set(exemption.criteria) for exemption in after] == [
            criteria.set(exemption.criteria) for exemption in before
        ]


@given(packages(), live_stores(), names, plans, st.data())
def test_asking_crates_io_about_other_crates_would_change_nothing(
    packages: Packages, store: Store, stored: CrateName, plan: UpdatePlan, data: st.DataObject
) -> None:
    rows = {
        name: tuple({row.version: row for row in found}.values()) for name, found in store.imports.publisher.items()
    }
    lock = {stored: tuple(row._replace(fresh=False) for row in rows.get(stored, ()) if data.draw(st.booleans()))}
    locked = store._replace(imports=store.imports._replace(publisher=lock))

    def updated_with(known: Mapping[CrateName, tuple[Publisher, ...]]) -> tuple[Store, Resolution]:
        graph = make_graph(packages, store)
        live = live_imports(locked, graph.packages, Upstream(store.imports.audits, {}, known))
        # The peers' audits are live already, and unpublished rows are not the point here.
        live = live._replace(audits=store.imports.audits)
        resolution = conclude(graph, locked._replace(imports=live))
        return update_store(resolution, plan), resolution

    _, without = updated_with({})
    asked = crates_to_look_up(without, plan)
    with_all, everything = updated_with(rows)
    with_some, something = updated_with({name: found for name, found in rows.items() if name in asked})
    assert texts(with_some) == texts(with_all)
    assert something.conclusion == everything.conclusion
