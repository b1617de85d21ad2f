from __future__ import annotations

import pytest

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
    violation,
)
from vetflow.errors import NotFoundError, StoreError, ViolationError
from vetflow.model.report import OriginKind
from vetflow.model.version import parse_version
from vetflow.resolve.explain import explain

DEPLOY = "safe-to-deploy"
V2 = parse_version("2.0.0")


def test_the_steps_lead_from_nothing_to_the_version() -> None:
    row = published("1.0.0", by=1)
    store = make_store(
        trusted={"aa": [trust(1)]},
        publishers={"aa": [row]},
        imports={"peer": audits_file(audits={"aa": [full("9.0.0"), delta("1.0.0", "2.0.0")]})},
    )
    explanation = explain(None, store, "aa", V2, DEPLOY)
    first, second = explanation.steps
    assert (first.origin.kind, first.base, first.version, first.publisher) == (
        OriginKind.TRUSTED,
        None,
        parse_version("1.0.0"),
        row,
    )
    assert (second.origin.source, second.base, second.entry) == (
        "peer",
        parse_version("1.0.0"),
        delta("1.0.0", "2.0.0"),
    )
    assert explanation.certified == ()


def test_a_fresh_step_says_so() -> None:
    store = make_store(imports={"peer": audits_file(audits={"aa": [full("2.0.0", fresh=True)]})})
    (step,) = explain(None, store, "aa", V2, DEPLOY).steps
    assert step.fresh


def test_a_failure_names_the_versions_that_are_certified_in_order() -> None:
    store = make_store(
        audits={"aa": [full("10.0.0"), delta("1.9.0", "1.10.0"), delta("1.10.0", "2.0.0", "safe-to-run")]},
        exemptions={"aa": [exempt("1.9.0")]},
    )
    explanation = explain(None, store, "aa", V2, DEPLOY)
    assert explanation.steps == ()
    assert [str(version) for version in explanation.certified] == ["1.9.0", "1.10.0", "10.0.0"]


def test_any_crate_and_version_may_be_asked_for() -> None:
    explanation = explain(None, make_store(), "no-such-crate", V2, DEPLOY)
    assert (explanation.steps, explanation.certified) == ((), ())


def test_without_a_version_the_only_one_in_the_workspace_is_meant() -> None:
    packages: Packages = {"members": {"root 0.1.0": ["aa"]}, "crates-io": {"aa 2.0.0": []}}
    assert explain(make_graph(packages), make_store(), "aa", None, DEPLOY).version == V2


def test_without_a_version_several_or_none_are_ambiguous() -> None:
    packages: Packages = {
        "members": {"root 0.1.0": ["aa 1.0.0", "aa 2.0.0"]},
        "crates-io": {"aa 1.0.0": [], "aa 2.0.0": []},
    }
    with pytest.raises(NotFoundError, match="Ambiguous package version") as several:
        explain(make_graph(packages), make_store(), "aa", None, DEPLOY)
    assert several.value.help is not None
    assert several.value.help.endswith("1.0.0, 2.0.0")
    with pytest.raises(NotFoundError, match="Ambiguous package version") as none:
        explain(make_graph(packages), make_store(), "bb", None, DEPLOY)
    assert none.value.help is not None
    assert none.value.help.startswith("no package of this workspace is called bb")


def test_an_unknown_criterion_is_refused_with_the_known_ones() -> None:
    with pytest.raises(NotFoundError, match="'odd' is not a valid criteria name") as raised:
        explain(None, make_store(criteria={"even": ()}), "aa", V2, "odd")
    assert raised.value.help == "the possible criteria are [safe-to-run, safe-to-deploy, even]"


def test_a_crate_with_violation_conflicts_is_refused() -> None:
    with pytest.raises(ViolationError, match="This package has violation conflicts"):
        explain(None, make_store(audits={"aa": [full("2.0.0"), violation("^2")]}), "aa", V2, DEPLOY)


def test_unknown_criteria_in_an_entry_of_the_crate_are_an_error_of_the_store() -> None:
    peer = audits_file(audits={"aa": [full("1.0.0", "odd")]})
    with pytest.raises(StoreError):
        explain(None, make_store(imports={"peer": peer}), "aa", V2, DEPLOY)
