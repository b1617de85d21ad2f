from __future__ import annotations

import pytest

from vetflow.formats.cargo_toml import NO_VERSION, parse_manifest
from vetflow.graph.features import active_optionals
from vetflow.graph.local_packages import LocalPackage


def local(name: str, text: str, *, is_member: bool = False) -> LocalPackage:
    manifest = parse_manifest(f'[package]\nname = "{name}"\n{text}', f"/{name}/Cargo.toml")
    return LocalPackage(manifest, name, NO_VERSION, manifest.dependencies, is_member)


def on(app: str, near: str, deep: str = "") -> set[str]:
    """What is on in `near`, which the member `app` depends on."""
    packages = [local("app", app, is_member=True), local("near", near), local("deep", deep)]
    return active_optionals(packages, is_patched=False).keys["/near"]


PLAIN = '[dependencies]\nnear = { path = "../near" }\n'
OPTIONAL = '[dependencies]\nx = { version = "1", optional = true }\n[features]\n'


@pytest.mark.parametrize(
    ("app", "features", "expected"),
    [
        (PLAIN, "", set()),
        (PLAIN, 'default = ["x"]', {"x"}),
        (PLAIN, 'default = ["dep:x"]', {"x"}),
        (PLAIN, 'default = ["more"]\nmore = ["even"]\neven = ["x"]', {"x"}),
        (PLAIN, 'default = ["x/std"]', {"x"}),
        (PLAIN, 'default = ["x?/std"]', {"x"}),
        (PLAIN, 'more = ["x"]', set()),
        (PLAIN.replace(" }", ', features = ["more"] }'), 'more = ["x"]', {"x"}),
        (PLAIN.replace(" }", ', features = ["x"] }'), "", {"x"}),
        (PLAIN.replace(" }", ", default-features = false }"), 'default = ["x"]', set()),
        (PLAIN + '[features]\nfull = ["near/more"]\n', 'more = ["x"]', {"x"}),
        (PLAIN + '[features]\nfull = ["near?/more"]\n', 'more = ["x"]', {"x"}),
        (PLAIN + '[features]\nfull = ["other/more"]\n', 'more = ["x"]', set()),
        (PLAIN.replace("[dep", "[dev-dep"), 'default = ["x"]', {"x"}),
        ("", 'default = ["x"]', set()),
    ],
)
def test_features_reach_optional_dependencies(app: str, features: str, expected: set[str]) -> None:
    assert on(app, OPTIONAL + features) == expected


def test_features_travel_through_packages_that_are_no_members() -> None:
    middle = '[dependencies]\nnear = { path = "../near" }\n[features]\ndefault = ["near/more"]\n'
    app = local("app", '[dependencies]\nmiddle = { path = "../middle" }\n', is_member=True)
    packages = [local("near", OPTIONAL + 'more = ["x"]'), local("middle", middle), app]
    assert active_optionals(packages, is_patched=False).keys["/near"] == {"x"}


def test_an_optional_dependency_asks_for_nothing_until_it_is_on() -> None:
    middle = '[dependencies]\nnear = { path = "../near", optional = true, features = ["more"] }\n'
    for features, expected in (("", set()), ('[features]\ndefault = ["near"]\n', {"x"})):
        app = local("app", '[dependencies]\nmiddle = { path = "../middle" }\n', is_member=True)
        packages = [app, local("middle", middle + features), local("near", OPTIONAL + 'more = ["x"]')]
        assert active_optionals(packages, is_patched=False).keys["/near"] == expected


def test_members_have_everything_on_and_others_only_what_is_certain() -> None:
    app, near = local("app", OPTIONAL, is_member=True), local("near", OPTIONAL)
    (optional,) = app.dependencies
    for is_patched in (False, True):
        active = active_optionals([app, near], is_patched=is_patched)
        assert active.is_on(app, optional)
        assert not active.is_on(near, optional)
        # Whoever depends on the published crate may have asked for more.
        assert active.may_be_on(near, optional) is is_patched
