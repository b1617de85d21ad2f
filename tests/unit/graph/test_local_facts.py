from __future__ import annotations

import pytest

from tests.unit.graph.workspaces import entry, lock, package, published, tree
from vetflow.errors import WorkspaceError
from vetflow.graph.local_facts import LocalFacts, read_local_facts
from vetflow.graph.workspace import load_workspace
from vetflow.model.packages import Workspace


def read(files: dict[str, str], start: str = "/ws/Cargo.toml") -> tuple[Workspace, LocalFacts]:
    memory = tree(files)
    workspace = load_workspace(memory, start)
    return workspace, read_local_facts(memory, workspace)


def members(root: str, *, root_package: bool) -> tuple[list[str], LocalFacts]:
    """The names of what is built by default, in a workspace of `app` in the root, `one` and `two`."""
    files = {
        "/ws/Cargo.toml": (package("app") if root_package else "") + root,
        "/ws/one/Cargo.toml": package("one"),
        "/ws/two/Cargo.toml": package("two"),
        "/ws/Cargo.lock": lock(*([entry("app")] if root_package else []), entry("one"), entry("two")),
    }
    workspace, local = read(files)
    return [workspace.packages[number].name for number in local.default_members], local


TABLE = '[workspace]\nmembers = ["one", "two"]\n'


def test_by_default_a_build_is_of_the_root_package_or_of_all_members() -> None:
    assert members(TABLE, root_package=True)[0] == ["app"]
    assert members(TABLE, root_package=False)[0] == ["one", "two"]


@pytest.mark.parametrize(
    ("named", "expected"),
    [('["two"]', ["two"]), ('["two", "."]', ["two", "app"]), ('["t*"]', ["two"]), ('["one/", "one"]', ["one"])],
)
def test_default_members_say_otherwise(named: str, expected: list[str]) -> None:
    assert members(f"{TABLE}default-members = {named}\n", root_package=True)[0] == expected


def test_a_malformed_pattern_is_told() -> None:
    with pytest.raises(WorkspaceError, match=r"`workspace\.default-members` has an invalid pattern"):
        members(f'{TABLE}default-members = ["a[b"]\n', root_package=True)


@pytest.mark.parametrize(
    ("root", "root_package", "resolver"),
    [
        ("", True, 1),
        ("", False, 1),
        ('resolver = "2"\n', False, 2),
        ('resolver = "3"\n', True, 3),
    ],
)
def test_the_root_states_the_resolver(root: str, root_package: bool, resolver: int) -> None:
    assert members(TABLE + root, root_package=root_package)[1].resolver == resolver


@pytest.mark.parametrize(
    ("head", "resolver"),
    [
        ("", 1),
        ('edition = "2018"\n', 1),
        ('edition = "2021"\n', 2),
        ('edition = "2024"\n', 3),
        ('edition = "2021"\nresolver = "1"\n', 1),
        ("edition.workspace = true\n[workspace.package]\nedition = '2024'\n", 3),
    ],
)
def test_else_the_edition_of_the_root_package_implies_it(head: str, resolver: int) -> None:
    files = {"/ws/Cargo.toml": package("app", extra=head), "/ws/Cargo.lock": lock(entry("app"))}
    assert read(files)[1].resolver == resolver


def test_the_root_package_is_known_whatever_is_built() -> None:
    assert members(f'{TABLE}default-members = ["one"]\n', root_package=True)[1].root_package is not None
    assert members(TABLE, root_package=False)[1].root_package is None


def test_facts_about_local_packages_come_with_inheritance_applied_and_their_own_tests() -> None:
    files = {
        "/ws/Cargo.toml": package(
            "app",
            body="[dependencies]\nanvil = { workspace = true, features = ['hot'] }\n[dev-dependencies]\nanvil = '1'\n"
            "[workspace]\n[workspace.dependencies]\nanvil = { version = '1.2', default-features = false }\n",
        ),
        "/ws/build.rs": "",
        "/ws/src/lib.rs": "",
        "/ws/Cargo.lock": lock(entry("app", "0.1.0", "anvil"), published("anvil", "1.2.0")),
    }
    workspace, local = read(files)
    (number,) = local.packages
    facts = local.packages[number]
    assert workspace.packages[number].name == "app"
    assert facts.targets.build_script
    normal, dev = facts.dependencies
    assert (str(normal.requirement), normal.features, normal.default_features) == ("^1.2", ("hot",), False)
    assert (str(dev.requirement), dev.features, dev.default_features) == ("^1", (), True)
