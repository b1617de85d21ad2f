"""Strategies for small dependency graphs and stores: few names and versions, so that entries meet."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TypeVar

from hypothesis import strategies as st

from tests.builders import (
    Packages,
    audits_file,
    delta,
    exempt,
    full,
    make_store,
    published,
    trust,
    unpublished,
    violation,
    wildcard,
)
from vetflow.model.audits import (
    Audit,
    Exemption,
    Publisher,
    PublisherSource,
    TrustedEntry,
    Unpublished,
    WildcardAudit,
)
from vetflow.model.names import CrateName
from vetflow.model.store import AuditsFile, Policy, Store

NAMES = ("aa", "bb")
VERSIONS = ("0.9.0", "1.0.0", "1.1.0", "2.0.0-rc.1", "2.0.0")
_CRITERIA: dict[str, tuple[str, ...]] = {"strong": ("safe-to-deploy",), "other": ()}
_REQUIRED = (None, ("strong",), ("other", "safe-to-run"), ())
_Entry = TypeVar("_Entry")

versions = st.sampled_from(VERSIONS)
names = st.sampled_from(NAMES)
_days = st.sampled_from(("2022-01-01", "2023-01-01", "2024-01-01"))
_publishers: st.SearchStrategy[PublisherSource] = st.sampled_from((1, 2, "github:owner/repo"))
_criteria = st.lists(
    st.sampled_from(("safe-to-deploy", "safe-to-deploy", "strong", "safe-to-run", "other")),
    min_size=1,
    max_size=2,
    unique=True,
)


@st.composite
def non_violations(draw: st.DrawFn) -> Audit:
    """Draw a full or delta audit."""
    criteria, importable = draw(_criteria), draw(st.booleans())
    if draw(st.booleans()):
        return full(draw(versions), *criteria, importable=importable)
    return delta(draw(versions), draw(versions), *criteria, importable=importable)


@st.composite
def violations(draw: st.DrawFn) -> Audit:
    """Draw a violation."""
    return violation(draw(st.sampled_from(("*", "^1", "=2.0.0", "<1", ">=2.0.0-rc.0"))), *draw(_criteria))


@st.composite
def _wildcard_audits(draw: st.DrawFn) -> WildcardAudit:
    start, end = sorted((draw(_days), draw(_days)))
    return wildcard(draw(_publishers), *draw(_criteria), start=start, end=end)


@st.composite
def _trusted_entries(draw: st.DrawFn) -> TrustedEntry:
    start, end = sorted((draw(_days), draw(_days)))
    return trust(draw(_publishers), *draw(_criteria), start=start, end=end)


@st.composite
def _exemptions(draw: st.DrawFn) -> Exemption:
    return exempt(draw(versions), *draw(_criteria))


@st.composite
def _publisher_rows(draw: st.DrawFn) -> Publisher:
    return published(draw(versions), by=draw(_publishers), on=draw(_days))


@st.composite
def _unpublished_rows(draw: st.DrawFn) -> Unpublished:
    return unpublished(draw(versions), draw(versions))


@cache  # a strategy is looked over anew each time it is made
def _by_crate(entries: st.SearchStrategy[_Entry], most: int) -> st.SearchStrategy[Mapping[CrateName, list[_Entry]]]:
    return st.fixed_dictionaries({name: st.lists(entries, max_size=most) for name in NAMES})


_PEACEFUL = non_violations()
_AUDITS = {False: _PEACEFUL, True: st.one_of(_PEACEFUL, violations())}
"""By whether violations are among them."""
_WILDCARDS, _TRUSTED, _EXEMPTED = _wildcard_audits(), _trusted_entries(), _exemptions()
_PUBLISHED, _UNPUBLISHED = _publisher_rows(), _unpublished_rows()


@st.composite
def _imports(draw: st.DrawFn, audits: st.SearchStrategy[Audit]) -> AuditsFile:
    return audits_file(audits=draw(_by_crate(audits, 2)), wildcard_audits=draw(_by_crate(_WILDCARDS, 1)))


_IMPORTS = {has_violations: _imports(audits) for has_violations, audits in _AUDITS.items()}


@st.composite
def packages(draw: st.DrawFn) -> Packages:
    """Draw a workspace of one member that needs one to three third-party packages, some for development."""
    used = draw(st.lists(st.tuples(names, versions), min_size=1, max_size=3, unique=True))
    kinds = [draw(st.sampled_from(("", "", " dev"))) for _ in used]
    needed = [f"{name} {version}{kind}" for (name, version), kind in zip(used, kinds, strict=True)]
    return {
        "members": {"root 0.1.0": needed},
        "crates-io": {f"{name} {version}": [] for name, version in used},
    }


@st.composite
def stores(draw: st.DrawFn, *, with_violations: bool = False, with_unpublished: bool = True) -> Store:
    """Draw a store about the crates of `packages`, with entries of every kind and two imports."""
    required = draw(st.sampled_from(_REQUIRED))
    return make_store(
        criteria=_CRITERIA,
        audits=draw(_by_crate(_AUDITS[with_violations], 4)),
        wildcard_audits=draw(_by_crate(_WILDCARDS, 1)),
        trusted=draw(_by_crate(_TRUSTED, 2)),
        exemptions=draw(_by_crate(_EXEMPTED, 2)),
        publishers=draw(_by_crate(_PUBLISHED, 3)),
        unpublished=draw(_by_crate(_UNPUBLISHED, 2 if with_unpublished else 0)),
        imports={peer: draw(_IMPORTS[with_violations]) for peer in ("ant", "zebra")},
        policy={} if required is None else {"root": Policy(criteria=required)},
    )
