from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.fakes import FIXED_DAY
from tests.unit.graph.workspaces import entry, lock, package, tree
from vetflow.app.build_request import build_request
from vetflow.app.project import Project
from vetflow.app.request import Request
from vetflow.graph.feature_resolution import BuildRequest
from vetflow.graph.local_facts import read_local_facts
from vetflow.graph.store_place import StorePlace
from vetflow.graph.workspace import load_workspace

FILES = {
    "/ws/Cargo.toml": package("app", body='[workspace]\nmembers = ["one", "one/inner"]\n'),
    "/ws/one/Cargo.toml": package("one"),
    "/ws/one/inner/Cargo.toml": package("inner"),
    "/ws/Cargo.lock": lock(entry("app"), entry("inner"), entry("one")),
}


def asked(
    cwd: str = "/ws",
    *targets: str,
    config: str = "",
    manifest_path: str | None = None,
    environ: Mapping[str, str] | None = None,
) -> tuple[list[str], BuildRequest]:
    """The names of what is built by a run in `cwd`, and the whole request."""
    files = tree({**FILES, "/ws/.cargo/config.toml": config})
    workspace = load_workspace(files, "/ws/Cargo.toml")
    request = Request(cwd, "/home/cargo", FIXED_DAY, manifest_path=manifest_path, environ=environ or {})
    project = Project(request, files, workspace, StorePlace("/ws/supply-chain"))
    built = build_request(project, read_local_facts(files, workspace), targets, dev=False)
    return [workspace.packages[number].name for number in built.packages], built


@pytest.mark.parametrize(
    ("cwd", "built"),
    [
        ("/ws", "app"),
        ("/ws/docs", "app"),
        ("/ws/one", "one"),
        ("/ws/one/src", "one"),
        ("/ws/one/inner/src/deep", "inner"),
        ("/ws/one-more", "app"),
    ],
)
def test_a_build_is_of_the_package_in_whose_folder_it_is_started(cwd: str, built: str) -> None:
    names, request = asked(cwd)
    assert names == [built]
    assert request.current in request.packages


def test_the_manifest_path_counts_instead_of_the_folder() -> None:
    assert asked("/ws", manifest_path="one/Cargo.toml")[0] == ["one"]
    assert asked("/ws/one", manifest_path="../Cargo.toml")[0] == ["app"]


def test_a_build_is_for_this_machine_unless_somebody_says_otherwise() -> None:
    config = '[build]\ntarget = "wasm32-wasip1"\n'
    assert asked()[1].targets == ()
    assert [each.triple for each in asked(config=config)[1].targets] == ["wasm32-wasip1"]
    assert [each.triple for each in asked("/ws", "x86_64-apple-darwin", config=config)[1].targets] == [
        "x86_64-apple-darwin"
    ]


def test_names_that_compiler_flags_set_hold_on_all_platforms() -> None:
    request = asked("/ws", "x86_64-apple-darwin", environ={"RUSTFLAGS": "--cfg loom"})[1]
    assert {flag for each in (request.host, *request.targets) for flag in each.flags} == {("loom", None)}
