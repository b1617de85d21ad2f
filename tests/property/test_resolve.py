"""What holds for the verdict whatever is in the store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.builders import Packages, make_graph
from tests.property.graphs import names, non_violations, packages, stores, versions
from vetflow.model.audits import Audit
from vetflow.model.criteria import CriteriaSet
from vetflow.model.names import CrateName
from vetflow.model.report import (
    Conclusion,
    Conflict,
    Failure,
    Origin,
    OriginKind,
    Success,
    Vetting,
    VettingFailure,
    ViolationFailure,
)
from vetflow.model.store import AuditsFile, Store
from vetflow.model.version import parse_version
from vetflow.resolve.audit_graph import AuditGraph
from vetflow.resolve.conclude import Resolution, conclude
from vetflow.resolve.entries import EntryIndex
from vetflow.resolve.nearest_miss import nearest_miss
from vetflow.resolve.search import SearchMode, reach, search

_Entry = TypeVar("_Entry")
wanted_sets = st.sampled_from((0b1, 0b10, 0b100, 0b1000, 0b1001, 0))


def judge(packages: Packages, store: Store) -> Resolution:
    return conclude(make_graph(packages, store), store)


def missing(resolution: Resolution) -> dict[int, CriteriaSet]:
    conclusion = resolution.conclusion
    return dict(conclusion.failures) if isinstance(conclusion, VettingFailure) else {}


def lists(resolution: Resolution) -> dict[int, Vetting | CriteriaSet]:
    """Return what is said of each third-party node: cargo-vet's list, or what it lacks."""
    conclusion = resolution.conclusion
    assert not isinstance(conclusion, ViolationFailure)
    vetted = conclusion.crates if isinstance(conclusion, Success) else conclusion.vetted
    return {**{crate.node: crate.vetting for crate in vetted}, **missing(resolution)}


def graph_of(store: Store, name: CrateName) -> AuditGraph:
    return AuditGraph(EntryIndex(store).of(name), store.criteria)


@given(packages(), stores(), names, non_violations(), st.booleans())
def test_one_more_audit_never_makes_anything_worse(
    packages: Packages, store: Store, name: CrateName, audit: Audit, imported: bool
) -> None:
    before = missing(judge(packages, store))
    after = missing(judge(packages, with_audit(store, name, audit, imported=imported)))
    assert all(before.get(node, 0) | lacked == before.get(node, 0) for node, lacked in after.items())


def with_audit(store: Store, name: CrateName, audit: Audit, *, imported: bool) -> Store:
    def added(file: AuditsFile) -> AuditsFile:
        return file._replace(audits={**file.audits, name: (*file.audits.get(name, ()), audit)})

    if not imported:
        return store._replace(audits=added(store.audits))
    files = store.imports.audits
    return store._replace(imports=store.imports._replace(audits={**files, "ant": added(files["ant"])}))


@given(packages(), stores(with_violations=True), st.randoms(use_true_random=False))
def test_the_order_of_entries_and_imports_does_not_matter(
    packages: Packages, store: Store, random: st.random.Random
) -> None:
    assert unordered(judge(packages, shuffled(store, random)).conclusion) == unordered(
        judge(packages, store).conclusion
    )
