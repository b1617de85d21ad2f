"""Packages that a delta brings into the graph."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pytest

from vetflow.formats.cargo_toml import Manifest, parse_manifest
from vetflow.graph.look_alikes import KnownNames
from vetflow.model.dates import Date
from vetflow.model.version import VetVersion, parse_version
from vetflow.review.packages import (
    EnteringPackage,
    PackageChanges,
    PackageFacts,
    package_changes,
    package_evidence,
)
from vetflow.surface.tiers import Grade, Tier

TODAY = Date(2026, 6, 1)


def manifest(text: str) -> Manifest:
    return parse_manifest('[package]\nname = "aa"\nversion = "1.0.0"\n' + text, "/Cargo.toml")


def changes(
    old: str, new: str, *, locked: Mapping[str, Collection[VetVersion]] | None = None, known: Collection[str] = ()
) -> PackageChanges:
    return package_changes(
        manifest(old), manifest(new), locked=locked or {}, known=KnownNames([*known, *(locked or {})])
    )


def entering(new: str) -> EnteringPackage:
    (package,) = changes("", new).entering
    return package


def test_packages_are_compared_by_their_real_names_whatever_they_are_called() -> None:
    old = '[dependencies]\nbb = "1"\n'
    assert changes(old, '[dependencies]\nrenamed = { package = "bb", version = "2" }\n') == PackageChanges((), ())
    made = changes(old, '[dependencies]\nbb = { package = "cc", version = "1" }\n')
    assert ([each.name for each in made.entering], made.leaving) == (["cc"], ("bb",))


def test_what_only_tests_need_does_not_enter() -> None:
    assert changes("", '[dev-dependencies]\nbb = "1"\n').entering == ()


def test_a_dependency_that_moves_between_tables_does_not_enter() -> None:
    assert changes('[dependencies]\nbb = "1"\n', '[target."cfg(unix)".dependencies]\nbb = "1"\n') == ((), ())


def test_how_it_is_needed_is_told() -> None:
    package = entering('[target."cfg(unix)".build-dependencies]\nbb = { version = "1.2", optional = true }\n')
    assert (package.build, package.optional, package.conditions) == (True, True, ("cfg(unix)",))
    assert [str(each) for each in package.requirements] == ["^1.2"]


@pytest.mark.parametrize("features", ['default = ["bb"]', 'default = ["more"]\nmore = ["dep:bb", "cc?/x"]'])
def test_what_default_features_switch_on_is_not_optional(features: str) -> None:
    text = f'[dependencies]\nbb = {{ version = "1", optional = true }}\n[features]\n{features}\n'
    assert not entering(text).optional
    assert entering(text.replace("default", "extra")).optional


def test_a_new_dependency_deserves_a_review() -> None:
    package = entering('[dependencies]\nbb = "1"\n')
    assert package.grade(TODAY) is Grade.REVIEW
    assert package._replace(locked=(parse_version("1.0.0"),)).grade(TODAY) is Grade.NOTE
    assert package._replace(optional=True).grade(TODAY) is Grade.NOTE


def test_a_name_like_another_a_young_crate_that_runs_and_what_its_code_can_do_are_alerts() -> None:
    package = entering('[dependencies]\nbb = "1"\n')
    assert package._replace(looks_like=("cc",)).grade(TODAY) is Grade.ALERT
    assert package._replace(facts=PackageFacts(grade=Grade.ALERT)).grade(TODAY) is Grade.ALERT
    runs = PackageFacts(since=Date(2026, 5, 20), tiers=(Tier.BUILD_SCRIPT,))
    assert package._replace(facts=runs).grade(TODAY) is Grade.ALERT
    assert package._replace(facts=runs._replace(since=Date(2020, 1, 1))).grade(TODAY) is Grade.REVIEW
    assert package._replace(facts=runs._replace(tiers=())).grade(TODAY) is Grade.REVIEW


def test_names_are_compared_with_well_known_ones_and_those_in_use() -> None:
    text = '[dependencies]\nserd = "1"\n'
    assert changes("", text, known=["serde"]).entering[0].looks_like == ("serde",)
    assert changes("", text, locked={"serde": []}).entering[0].looks_like == ("serde",)
    assert changes("", text, known=["serde", "serd"]).entering[0].looks_like == ()


def test_the_evidence_stands_in_the_manifest() -> None:
    text = '[package]\nname = "aa"\n\n[dependencies]\nserd = "1"\n'
    new = parse_manifest(text, "/Cargo.toml")
    (package,) = package_changes(manifest(""), new, locked={}, known=KnownNames(["serde"])).entering
    evidence = package_evidence(package, new, text, TODAY)
    assert (evidence.path, evidence.line, evidence.text) == ("Cargo.toml", 5, 'serd = "1"')
    assert (evidence.capability, evidence.detail, evidence.grade) == ("dependency", "serd", Grade.ALERT)
    assert evidence.sentence.endswith("whose name is near to serde")
