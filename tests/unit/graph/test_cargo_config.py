from __future__ import annotations

import pytest

from tests.fakes import MemoryTree
from vetflow.errors import Place, WorkspaceError
from vetflow.graph.cargo_config import NO_CONFIG, GraphConfig, read_graph_config

HOME = "/home/cargo"
OVERRIDE = 'paths = ["../mine"]\n'


def read(files: dict[str, str], cwd: str = "/ws/app") -> GraphConfig:
    return read_graph_config(MemoryTree(files), cwd, HOME)


def test_no_configuration_changes_nothing() -> None:
    assert read({}) == NO_CONFIG
    assert read({"/ws/.cargo/config.toml": "[build]\njobs = 1\n[net]\noffline = true\n"}) == NO_CONFIG
    assert read({"/ws/.cargo/config.toml": "paths = []\n"}) == NO_CONFIG


@pytest.mark.parametrize(
    "file",
    [
        "/ws/app/.cargo/config.toml",
        "/ws/.cargo/config",
        "/.cargo/config.toml",
        f"{HOME}/config.toml",
        f"{HOME}/config",
    ],
)
def test_an_override_is_found_up_the_tree_and_in_cargos_home(file: str) -> None:
    assert read({file: f"\n{OVERRIDE}"}).override == Place(file, 2, 9)


@pytest.mark.parametrize("file", ["/ws/app/src/.cargo/config.toml", "/other/.cargo/config.toml", "/ws/config.toml"])
def test_configuration_elsewhere_does_not_count(file: str) -> None:
    assert read({file: OVERRIDE}) == NO_CONFIG


def test_of_two_names_the_old_one_wins() -> None:
    assert read({"/ws/.cargo/config": "", "/ws/.cargo/config.toml": OVERRIDE}) == NO_CONFIG


def test_the_nearest_override_is_told() -> None:
    override = read({"/ws/.cargo/config.toml": OVERRIDE, "/ws/app/.cargo/config.toml": OVERRIDE}).override
    assert override is not None
    assert override.file == "/ws/app/.cargo/config.toml"


def test_patches_are_collected_with_their_files() -> None:
    config = read(
        {
            "/ws/.cargo/config.toml": '[patch.crates-io]\ntiny = { path = "fork" }\n',
            f"{HOME}/config.toml": '[patch.ours]\nsmall = { git = "https://git.example/small" }\n',
        }
    )
    assert [
        (patch.source, patch.dependency.package, patch.dependency.directory, patch.file) for patch in config.patches
    ] == [
        ("crates-io", "tiny", "/ws/fork", "/ws/.cargo/config.toml"),
        ("ours", "small", None, f"{HOME}/config.toml"),
    ]


@pytest.mark.parametrize("include", ['"more.toml"', '["more.toml"]', '[{ path = "more.toml", optional = true }]'])
def test_included_files_count(include: str) -> None:
    files = {"/ws/.cargo/config.toml": f"include = {include}\n", "/ws/.cargo/more.toml": OVERRIDE}
    assert read(files).override == Place("/ws/.cargo/more.toml", 1, 9)


def test_files_that_include_each_other_are_read_once() -> None:
    files = {"/ws/.cargo/config.toml": 'include = "more.toml"\n', "/ws/.cargo/more.toml": 'include = "config.toml"\n'}
    assert read(files) == NO_CONFIG


def test_a_malformed_file_has_a_place() -> None:
    with pytest.raises(WorkspaceError) as raised:
        read({"/ws/.cargo/config.toml": "[patch\n"})
    assert raised.value.place == Place("/ws/.cargo/config.toml", 1, 7)
