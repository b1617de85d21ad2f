from __future__ import annotations

import pytest

from vetflow.errors import Place, WorkspaceError
from vetflow.formats.cargo_config import parse_cargo_config

FILE = "/ws/.cargo/config.toml"


def test_what_does_not_change_the_graph_is_of_no_interest() -> None:
    config = parse_cargo_config('[build]\njobs = 2\n[alias]\nx = "vet"\n', FILE)
    assert (config.overrides, config.patches, config.includes) == (False, {}, ())


def test_overrides_are_noticed() -> None:
    assert parse_cargo_config('paths = ["../mine"]\n', FILE).overrides
    assert not parse_cargo_config("paths = []\n", FILE).overrides


def test_patches_are_relative_to_the_folder_that_holds_the_configuration() -> None:
    (patch,) = parse_cargo_config('[patch.crates-io]\ntiny = { path = "../fork" }\n', FILE).patches["crates-io"]
    assert patch.directory == "/fork"


def test_includes_are_relative_to_the_file() -> None:
    config = parse_cargo_config('include = ["a.toml", { path = "../b.toml" }, 1]\n', FILE)
    assert config.includes == ("/ws/.cargo/a.toml", "/ws/b.toml")


def test_a_malformed_patch_has_a_place() -> None:
    with pytest.raises(WorkspaceError) as raised:
        parse_cargo_config('[patch.crates-io]\ntiny = "one"\n', FILE)
    assert raised.value.place == Place(FILE, 2, 8)
