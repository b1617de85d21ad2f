"""The update of the store, entry by entry (shared spec resolver 9)."""

from __future__ import annotations

from collections.abc import Sequence

from tests.builders import (
    Packages,
    audits_file,
    delta,
    exempt,
    full,
    make_graph,
    make_store,
    published,
    trust,
    unpublished,
    violation,
    wildcard,
)
from vetflow.model.audits import Audit, Exemption
from vetflow.model.store import AuditsFile, CriteriaEntry, Policy, Store
from vetflow.resolve.conclude import conclude
from vetflow.resolve.search import SearchMode
from vetflow.resolve.update import regenerate_unpublished, update_after_recording, update_store
from vetflow.resolve.update_plan import (
    CHECK,
    PRUNE,
    REGENERATE_EXEMPTIONS,
    UpdateMode,
    UpdatePlan,
    prune_plan,
    record_plan,
)

GRAPH: Packages = {"members": {"root 0.1.0": ["aa", "bb"]}, "crates-io": {"aa 2.0.0": [], "bb 1.0.0": []}}
BB = {"bb": [full("1.0.0")]}
GIT = "2.0.0@git:" + "a" * 40


def updated(store: Store, plan: UpdatePlan) -> Store:
    """Update a store in which bb is vetted by an own audit."""
    own = store.audits._replace(audits={**store.audits.audits, **{name: tuple(found) for name, found in BB.items()}})
    store = store._replace(audits=own)
    return update_store(conclude(make_graph(GRAPH, store), store), plan)


def exemptions(store: Store, plan: UpdatePlan, name: str = "aa") -> tuple[Exemption, ...]:
    return updated(store, plan).config.exemptions.get(name, ())


def peer(**crates: Sequence[Audit]) -> dict[str, AuditsFile]:
    return {"ant": audits_file(audits=crates)}


def imported(store: Store, plan: UpdatePlan, name: str = "aa") -> list[str]:
    """Return what is left of the audits of a crate from the import `ant`; fresh ones would end in `*`."""
    audits = updated(store, plan).imports.audits["ant"].audits.get(name, ())
    return [f"{audit.version or audit.violation}{'*' if audit.fresh else ''}" for audit in audits]


# Imports


def test_a_needed_fresh_import_is_taken_over_and_no_longer_fresh() -> None:
    store = make_store(imports=peer(aa=[full("2.0.0", fresh=True)]))
    assert imported(store, CHECK) == ["2.0.0"]


def test_an_unneeded_fresh_import_is_never_taken_over() -> None:
    store = make_store(audits={"aa": [full("2.0.0")]}, imports=peer(aa=[full("2.0.0", fresh=True)]))
    for plan in (CHECK, PRUNE, REGENERATE_EXEMPTIONS):
        assert imported(store, plan) == []


def test_unneeded_stored_imports_stay_until_they_are_pruned() -> None:
    store = make_store(audits={"aa": [full("2.0.0")]}, imports=peer(aa=[full("2.0.0")], zz=[full("1.0.0")]))
    assert (imported(store, CHECK), imported(store, CHECK, "zz")) == (["2.0.0"], ["1.0.0"])
    assert imported(store, prune_plan(imports=False)) == ["2.0.0"]
    assert (imported(store, PRUNE), imported(store, PRUNE, "zz")) == ([], [])


def test_a_crate_that_takes_something_new_loses_its_unneeded_imports_alone() -> None:
    store = make_store(
        imports=peer(aa=[full("1.0.0"), full("2.0.0", fresh=True)], bb=[full("0.5.0")], zz=[full("1.0.0")])
    )
    assert imported(store, CHECK) == ["2.0.0"]
    assert (imported(store, CHECK, "bb"), imported(store, CHECK, "zz")) == (["0.5.0"], ["1.0.0"])


def test_violations_of_names_in_the_graph_are_always_taken_over() -> None:
    store = make_store(
        imports=peer(aa=[violation("<1")._replace(fresh=True)], root=[violation("<0")._replace(fresh=True)])
    )
    for plan in (CHECK, PRUNE):
        assert (imported(store, plan), imported(store, plan, "root")) == (["<1"], ["<0"])


def test_violations_of_other_names_stay_only_unless_imports_are_pruned() -> None:
    store = make_store(imports=peer(zz=[violation("<1"), violation("<2")._replace(fresh=True)]))
    assert imported(store, CHECK, "zz") == ["<1"]
    assert imported(store, PRUNE, "zz") == []


def test_imports_of_a_crate_that_does_not_vet_stay_as_they_are() -> None:
    store = make_store(imports=peer(aa=[full("1.0.0"), full("1.5.0", fresh=True)]))
    assert imported(store, PRUNE) == ["1.0.0"]


def test_an_import_keeps_its_table_and_its_criteria_when_it_is_empty() -> None:
    rest = audits_file(trusted={"aa": [trust(1)]})._replace(criteria={"rev": CriteriaEntry("text")})
    after = updated(make_store(imports={"ant": rest}), PRUNE).imports.audits["ant"]
    assert after == AuditsFile({"rev": CriteriaEntry("text")}, {}, {}, {})


def test_wildcard_audits_and_publisher_rows_are_kept_as_audits_are() -> None:
    store = make_store(
        imports={"ant": audits_file(wildcard_audits={"aa": [wildcard(1, fresh=True), wildcard(2)]})},
        publishers={"aa": [published("2.0.0", by=1, fresh=True), published("1.0.0", by=1, fresh=True)]},
    )
    after = updated(store, CHECK).imports
    assert after.audits["ant"].wildcard_audits == {"aa": (wildcard(1),)}
    assert after.publisher == {"aa": (published("2.0.0", by=1),)}


def test_unneeded_publisher_rows_stay_until_they_are_pruned() -> None:
    store = make_store(
        audits={"aa": [full("2.0.0")]},
        trusted={"aa": [trust(1)]},
        publishers={"aa": [published("2.0.0", by=1)], "zz": [published("1.0.0", by=1)]},
    )
    assert set(updated(store, CHECK).imports.publisher) == {"aa", "zz"}
    assert updated(store, PRUNE).imports.publisher == {}


# Unpublished rows


def test_unpublished_rows_go_with_the_exemptions() -> None:
    store = make_store(audits={"aa": [full("2.0.0")]}, unpublished={"aa": [unpublished("2.0.0", "1.0.0")]})
    assert updated(store, CHECK).imports.unpublished == store.imports.unpublished
    assert updated(store, prune_plan(exemptions=False)).imports.unpublished == store.imports.unpublished
    assert updated(store, PRUNE).imports.unpublished == {}


def test_check_keeps_the_old_unpublished_row_and_prune_moves_to_the_newer_base() -> None:
    rows = [unpublished("2.0.0", "1.0.0"), unpublished("2.0.0", "1.5.0", fresh=True)]
    store = make_store(audits={"aa": [full("1.0.0"), delta("1.0.0", "1.5.0")]}, unpublished={"aa": rows})
    assert updated(store, CHECK).imports.unpublished == {"aa": (unpublished("2.0.0", "1.0.0"),)}
    assert updated(store, PRUNE).imports.unpublished == {"aa": (unpublished("2.0.0", "1.5.0"),)}


def test_rows_that_say_the_same_are_one() -> None:
    rows = [unpublished("2.0.0", "1.0.0"), unpublished("2.0.0", "1.0.0", fresh=True)]
    store = make_store(audits={"aa": [full("1.0.0")]}, unpublished={"aa": rows})
    plan = UpdatePlan(UpdateMode(SearchMode.PREFER_FRESH_IMPORTS, False, False, False))
    assert updated(store, plan).imports.unpublished == {"aa": (unpublished("2.0.0", "1.0.0"),)}


def test_unpublished_rows_made_anew_are_the_fresh_ones() -> None:
    rows = {
        "aa": [unpublished("2.0.0", "1.0.0"), unpublished("2.0.0", "1.5.0", fresh=True)],
        "bb": [unpublished("1.0.0", "0.9.0")],
    }
    after = regenerate_unpublished(make_store(unpublished=rows))
    assert after.imports.unpublished == {"aa": (unpublished("2.0.0", "1.5.0"),)}


# Own audits


def test_unneeded_own_audits_that_are_not_importable_can_be_pruned() -> None:
    kept = [full("2.0.0"), delta("1.0.0", "2.0.0")]
    store = make_store(audits={"aa": [*kept, full(GIT, importable=False)], "zz": [full("1.0.0", importable=False)]})
    assert updated(store, CHECK).audits.audits["aa"] == store.audits.audits["aa"]
    assert updated(store, prune_plan(non_importable=False)).audits.audits["aa"] == store.audits.audits["aa"]
    after = updated(store, PRUNE).audits.audits
    assert after["aa"] == tuple(kept)
    assert after["zz"] == store.audits.audits["zz"], "the crate is not in the graph"


def test_a_needed_audit_that_is_not_importable_stays() -> None:
    store = make_store(audits={"aa": [full("2.0.0", importable=False)]})
    assert updated(store, PRUNE).audits.audits["aa"] == store.audits.audits["aa"]


def test_a_violation_that_is_not_importable_is_not_lost() -> None:
    """Where cargo-vet 0.10.3, measured, drops it without a word."""
    statement = violation("<1", importable=False)
    store = make_store(audits={"aa": [full("2.0.0"), statement]})
    assert statement in updated(store, PRUNE).audits.audits["aa"]


def test_own_audits_of_a_crate_that_does_not_vet_stay() -> None:
    store = make_store(audits={"aa": [full(GIT, importable=False)]})
    assert updated(store, PRUNE).audits.audits["aa"] == store.audits.audits["aa"]


# Exemptions


def test_an_unneeded_exemption_stays_until_it_is_pruned() -> None:
    store = make_store(audits={"aa": [full("2.0.0")]}, exemptions={"aa": [exempt("2.0.0")], "zz": [exempt("1.0.0")]})
    assert updated(store, CHECK).config.exemptions == store.config.exemptions
    assert updated(store, PRUNE).config.exemptions == {}


def test_every_update_spells_criteria_minimally() -> None:
    exempted = exempt("2.0.0", "zz", "safe-to-deploy", "aa", "safe-to-run")
    store = make_store(criteria={"aa": (), "zz": ()}, exemptions={"aa": [exempted]})
    (after,) = exemptions(store, CHECK)
    assert after.criteria == ("safe-to-deploy", "aa", "zz")


def test_pruning_narrows_an_exemption_and_keeps_notes_and_suggest() -> None:
    store = make_store(
        policy={"root": Policy(criteria=("safe-to-run",))},
        exemptions={"aa": [exempt("2.0.0", suggest=False)._replace(notes="why")]},
    )
    assert exemptions(store, PRUNE) == (exempt("2.0.0", "safe-to-run", suggest=False)._replace(notes="why"),)


def test_regenerating_invents_an_exemption_at_the_lowest_version_that_helps() -> None:
    store = make_store(audits={"aa": [delta("1.0.0", "2.0.0"), delta("0.5.0", "1.0.0", "safe-to-run")]})
    assert exemptions(store, REGENERATE_EXEMPTIONS) == (exempt("1.0.0"),)


def test_regenerating_rather_widens_an_exemption() -> None:
    store = make_store(audits={"aa": [delta("1.0.0", "2.0.0")]}, exemptions={"aa": [exempt("1.0.0", "safe-to-run")]})
    assert exemptions(store, REGENERATE_EXEMPTIONS) == (exempt("1.0.0"),)


def test_what_suggest_leaves_alone_is_not_widened_but_gets_a_sibling_without_notes() -> None:
    old = exempt("2.0.0", "safe-to-run", suggest=False)._replace(notes="why")
    store = make_store(exemptions={"aa": [old]})
    assert exemptions(store, REGENERATE_EXEMPTIONS) == (exempt("2.0.0"), old)


def test_an_exemption_without_criteria_that_is_left_alone_stays_beside_its_sibling() -> None:
    old = exempt("2.0.0", suggest=False)._replace(criteria=())
    store = make_store(exemptions={"aa": [old]})
    assert exemptions(store, REGENERATE_EXEMPTIONS) == (exempt("2.0.0"), old)
    assert exemptions(store, CHECK) == ()


def test_exemptions_of_a_crate_with_a_contradicted_violation_stay() -> None:
    store = make_store(
        audits={"aa": [violation("*")]}, exemptions={"aa": [exempt("2.0.0", "safe-to-deploy", "safe-to-run")]}
    )
    for plan in (PRUNE, REGENERATE_EXEMPTIONS):
        assert exemptions(store, plan) == (exempt("2.0.0"),)


# Recording


def test_what_was_recorded_replaces_the_exemption_of_its_crate_only() -> None:
    fresh = peer(aa=[full("1.0.0", fresh=True)], bb=[full("1.0.0", fresh=True)])
    store = make_store(
        audits={"aa": [delta("1.0.0", "2.0.0")]},
        exemptions={"aa": [exempt("2.0.0")], "bb": [exempt("1.0.0")]},
        imports=fresh,
    )
    after = updated(store, record_plan("aa"))
    assert after.config.exemptions == {"bb": (exempt("1.0.0"),)}
    assert after.imports.audits["ant"].audits == {"aa": (full("1.0.0"),)}


def test_crates_recorded_together_take_turns() -> None:
    rows = {"aa": [published("2.0.0", by=1, fresh=True)], "bb": [published("1.0.0", by=1, fresh=True)]}
    store = make_store(
        trusted={"aa": [trust(1)], "bb": [trust(1)]},
        exemptions={"aa": [exempt("2.0.0")], "bb": [exempt("1.0.0")], "zz": [exempt("1.0.0")]},
        publishers=rows,
        unpublished={name: [unpublished("0.1.0", "0.1.0")] for name in ("aa", "bb")},
    )
    after = update_after_recording(make_graph(GRAPH, store), store, ["aa", "bb"])
    assert after.config.exemptions == {"zz": (exempt("1.0.0"),)}
    assert after.imports.publisher == {"aa": (published("2.0.0", by=1),), "bb": (published("1.0.0", by=1),)}
    # As with cargo-vet: the last turn is not about the first crate, and throws nothing of it out.
    assert after.imports.unpublished == {"aa": (unpublished("0.1.0", "0.1.0"),)}
