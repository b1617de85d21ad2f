from __future__ import annotations

import pytest

from tests.fakes import MemoryTree
from tests.unit.graph.workspaces import HOME, package, refusal, told
from vetflow.errors import WorkspaceError
from vetflow.graph.locate import WorkspaceRoots, find_start, given_start
from vetflow.graph.manifests import Manifests

VIRTUAL = "[workspace]\n"


def root_of(files: dict[str, str], path: str, cargo_home: str = HOME) -> str | None:
    manifests = Manifests(MemoryTree(files))
    manifest = manifests.find(path)
    assert manifest is not None
    root = WorkspaceRoots(manifests, cargo_home).of(manifest)
    return None if root is None else root.file


def test_the_start_is_the_nearest_manifest_above() -> None:
    tree = MemoryTree({"/ws/Cargo.toml": "", "/ws/app/Cargo.toml": "", "/ws/app/src/deep/x.rs": ""})
    assert find_start(tree, "/ws/app/src/deep") == "/ws/app/Cargo.toml"
    assert find_start(tree, "/ws") == "/ws/Cargo.toml"


def test_no_manifest_anywhere_above() -> None:
    with pytest.raises(WorkspaceError) as raised:
        find_start(MemoryTree({"/other/Cargo.toml": ""}), "/ws/app")
    assert raised.value.message == "there is no Cargo.toml in /ws/app or in any folder above it"
    assert "--manifest-path" in str(raised.value.help)


def test_a_given_manifest_is_normalised() -> None:
    assert given_start(MemoryTree({"/ws/Cargo.toml": ""}), "/ws/app/../Cargo.toml") == "/ws/Cargo.toml"


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/ws", "the manifest path must be a path to a Cargo.toml file, and /ws is not"),
        ("/ws/gone/Cargo.toml", "manifest path /ws/gone/Cargo.toml does not exist"),
    ],
)
def test_a_given_manifest_has_to_be_one(path: str, message: str) -> None:
    with pytest.raises(WorkspaceError) as raised:
        given_start(MemoryTree({"/ws/Cargo.toml": ""}), path)
    assert raised.value.message == message


def test_a_manifest_with_a_workspace_is_its_own_root() -> None:
    files = {"/ws/Cargo.toml": VIRTUAL, "/ws/in/Cargo.toml": package("in", body="[workspace]\n")}
    assert root_of(files, "/ws/in/Cargo.toml") == "/ws/in/Cargo.toml"


def test_a_pointer_comes_before_the_folders_above() -> None:
    files = {
        "/ws/Cargo.toml": VIRTUAL,
        "/far/Cargo.toml": VIRTUAL,
        "/ws/app/Cargo.toml": package("app", extra='workspace = "../../far"\n'),
    }
    assert root_of(files, "/ws/app/Cargo.toml") == "/far/Cargo.toml"


def test_the_nearest_workspace_above_is_the_root_and_packages_on_the_way_are_passed() -> None:
    files = {
        "/Cargo.toml": VIRTUAL,
        "/ws/Cargo.toml": VIRTUAL,
        "/ws/mid/Cargo.toml": package("mid"),
        "/ws/mid/app/Cargo.toml": package("app"),
    }
    assert root_of(files, "/ws/mid/app/Cargo.toml") == "/ws/Cargo.toml"


def test_a_pointer_of_a_package_above_is_followed() -> None:
    files = {
        "/far/Cargo.toml": VIRTUAL,
        "/ws/Cargo.toml": package("ws", extra='workspace = "../far"\n'),
        "/ws/app/Cargo.toml": package("app"),
    }
    assert root_of(files, "/ws/app/Cargo.toml") == "/far/Cargo.toml"


def test_a_root_that_excludes_the_start_is_skipped() -> None:
    files = {
        "/Cargo.toml": VIRTUAL,
        "/ws/Cargo.toml": '[workspace]\nexclude = ["app"]\n',
        "/ws/app/Cargo.toml": package("app"),
        "/ws/apple/Cargo.toml": package("apple"),
    }
    assert root_of(files, "/ws/app/Cargo.toml") == "/Cargo.toml"
    assert root_of(files, "/ws/apple/Cargo.toml") == "/ws/Cargo.toml"


@pytest.mark.parametrize(
    ("members", "exclude", "excluded"),
    [
        ('["app"]', '["app"]', False),
        ('["app/"]', '["./app"]', False),
        ('["a*"]', '["app"]', True),
        ('["app/inner"]', '["app"]', True),
        ("[]", '["../ws/app"]', False),
    ],
)
def test_an_explicit_member_wins_over_an_exclusion(members: str, exclude: str, excluded: bool) -> None:
    files = {
        "/ws/Cargo.toml": f"[workspace]\nmembers = {members}\nexclude = {exclude}\n",
        "/ws/app/Cargo.toml": package("app"),
    }
    assert root_of(files, "/ws/app/Cargo.toml") == (None if excluded else "/ws/Cargo.toml")


def test_the_search_does_not_leave_cargo_home() -> None:
    files = {"/home/Cargo.toml": VIRTUAL, f"{HOME}/registry/src/tiny-1.0.0/Cargo.toml": package("tiny")}
    assert root_of(files, f"{HOME}/registry/src/tiny-1.0.0/Cargo.toml") is None
    assert root_of(files, f"{HOME}/registry/src/tiny-1.0.0/Cargo.toml", "/elsewhere") == "/home/Cargo.toml"


def test_the_search_does_not_leave_the_folder_of_packaged_crates() -> None:
    files = {"/ws/Cargo.toml": VIRTUAL, "/ws/target/package/app-0.1.0/Cargo.toml": package("app")}
    assert root_of(files, "/ws/target/package/app-0.1.0/Cargo.toml") is None


def test_no_workspace_at_all() -> None:
    assert root_of({"/app/Cargo.toml": package("app")}, "/app/Cargo.toml") is None


@pytest.mark.parametrize(
    ("far", "what"),
    [({}, "does not exist"), ({"/far/Cargo.toml": package("far")}, "has no [workspace]")],
)
def test_a_pointer_that_leads_to_no_workspace(far: dict[str, str], what: str) -> None:
    files = {"/ws/Cargo.toml": package("app", extra='workspace = "../far"\n'), **far}
    assert told(refusal(files)) == (f"/ws/Cargo.toml:4:13: `package.workspace` leads to /far/Cargo.toml, which {what}")
