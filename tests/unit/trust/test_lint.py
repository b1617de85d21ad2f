"""Mistakes in config.toml that a check does not show."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import Packages, audits_file, make_graph, make_store, wildcard
from vetflow.model.store import Import, Policy, Store
from vetflow.trust.lint import Lint, Mistake, lint

GRAPH: Packages = {
    "members": {"app 0.1.0": ["anvil", "bellows dev"]},
    "crates-io": {"anvil 1.0.0": ["chisel"], "bellows 1.0.0": [], "chisel 1.0.0": []},
}
PEER = audits_file(criteria={"reviewed": ()}, wildcard_audits={"anvil": [wildcard(7)]})


def importing(**what: Any) -> Store:
    store = make_store(criteria={"crypto": (), "strict": ("safe-to-deploy",)}, imports={"peer": PEER})
    source = Import(("https://peer.example/audits.toml",))._replace(**what)
    return store._replace(config=store.config._replace(imports={"peer": source}))


def found(store: Store) -> list[Lint]:
    return list(lint(store, make_graph(GRAPH, store)))


def mistakes(store: Store) -> list[Mistake]:
    return [each.mistake for each in found(store)]


def test_a_sound_import_is_no_mistake() -> None:
    assert mistakes(importing(criteria_map={"reviewed": ("crypto",), "safe-to-run": ("safe-to-run",)})) == []


def test_excluding_a_crate_does_not_exclude_a_wildcard() -> None:
    (each,) = found(importing(exclude=("anvil", "bellows")))
    assert each.mistake is Mistake.EXCLUDE
    assert each.path == ("imports", "peer", "exclude")


@pytest.mark.parametrize(
    ("theirs", "ours", "wanted"),
    [
        ("reviewed", ("nobody-defines",), [Mistake.MAP_UNDEFINED]),
        ("misspelt", ("crypto",), [Mistake.MAP_NOWHERE]),
        ("safe-to-run", ("safe-to-deploy",), [Mistake.MAP_RAISES]),
        ("safe-to-run", ("strict",), [Mistake.MAP_RAISES]),
        ("safe-to-deploy", ("safe-to-run",), []),
        ("safe-to-run", (), []),
    ],
)
def test_maps_that_raise_or_point_nowhere(theirs: str, ours: tuple[str, ...], wanted: list[Mistake]) -> None:
    assert mistakes(importing(criteria_map={theirs: ours})) == wanted


@pytest.mark.parametrize(
    ("policy", "wanted"),
    [
        (Policy(dependency_criteria={"anvil": ("safe-to-deploy", "crypto")}), []),
        (Policy(dependency_criteria={"anvil": ("strict",)}), []),
        (Policy(dependency_criteria={"anvil": ("crypto",)}), [Mistake.LOWERS]),
        (Policy(dependency_criteria={"anvil": ()}), [Mistake.LOWERS]),
        (Policy(dependency_criteria={"anvil": ("safe-to-run",)}), [Mistake.LOWERS]),
        (Policy(criteria=("crypto",), dependency_criteria={"anvil": ("crypto",)}), []),
        (Policy(criteria=("strict",), dependency_criteria={"anvil": ("safe-to-deploy",)}), [Mistake.LOWERS]),
        (Policy(dependency_criteria={"bellows": ("safe-to-run",)}), []),
        (Policy(dependency_criteria={"bellows": ()}), [Mistake.LOWERS]),
        (Policy(dev_criteria=(), dependency_criteria={"bellows": ()}), []),
        (Policy(dependency_criteria={"chisel": ("crypto",)}), [Mistake.NO_EFFECT]),
    ],
)
def test_dependency_criteria_that_lower_the_bar_or_do_nothing(policy: Policy, wanted: list[Mistake]) -> None:
    store = make_store(criteria={"crypto": (), "strict": ("safe-to-deploy",)}, policy={"app": policy})
    assert mistakes(store) == wanted


def test_a_policy_of_one_version_is_about_that_version() -> None:
    policy = {"anvil:1.0.0": Policy(dependency_criteria={"chisel": ("safe-to-run",), "bellows": ("crypto",)})}
    store = make_store(criteria={"crypto": ()}, policy=policy)
    assert [(each.mistake, each.path[1:]) for each in found(store)] == [
        (Mistake.NO_EFFECT, ("anvil:1.0.0", "dependency-criteria", "bellows")),
        (Mistake.LOWERS, ("anvil:1.0.0", "dependency-criteria", "chisel")),
    ]


def test_what_lowers_the_bar_says_what_is_lost() -> None:
    store = make_store(policy={"app": Policy(dependency_criteria={"anvil": ("safe-to-run",)})})
    (each,) = found(store)
    assert "safe-to-deploy is no longer asked for" in each.reason
    assert [mistake for mistake in Mistake if not mistake.weakens] == [Mistake.MAP_NOWHERE, Mistake.NO_EFFECT]
