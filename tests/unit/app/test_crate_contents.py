"""What the index says of crates, with copies of earlier runs where these say enough."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.sources.fake_network import FakeServer, respond
from vetflow.app.crate_contents import RegistryCrates
from vetflow.app.network import Sources
from vetflow.model.version import VetVersion, parse_version
from vetflow.sources.cache import Cache
from vetflow.sources.endpoints import INDEX
from vetflow.sources.http import Network
from vetflow.sources.network_settings import NetworkSettings

OLD, NEW = parse_version("1.0.0"), parse_version("1.1.0")
REVISION = parse_version("1.0.0@git:" + "c3" * 20)


class Registry:
    """An index whose one crate gets a second version after the first run."""

    def __init__(self, folder: Path) -> None:
        self._cache = Cache(str(folder), lambda: 0.0)
        self.versions = ["1.0.0"]
        self.server = FakeServer(lambda _: respond(200, self._lines()))

    def _lines(self) -> bytes:
        return b"".join(
            json.dumps({"name": "anvil", "vers": version, "cksum": "ab" * 32}).encode() + b"\n"
            for version in self.versions
        )

    def crates(self) -> RegistryCrates:
        """Begin another run."""
        network = Network(NetworkSettings(), self._cache, transport=self.server.transport)
        return RegistryCrates(Sources(network, INDEX, self._cache, ()))


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    made = Registry(tmp_path)
    assert made.crates().published({"anvil": [OLD]}) == {"anvil": [OLD]}
    made.versions = ["1.0.0", "1.1.0"]
    made.server.requests.clear()
    return made


def test_a_copy_will_do_where_it_knows_every_version_that_matters(registry: Registry) -> None:
    assert registry.crates().published({"anvil": [OLD]}) == {"anvil": [OLD]}
    assert registry.server.urls == []


@pytest.mark.parametrize("version", [NEW, parse_version("9.9.9"), REVISION])
def test_the_index_is_asked_about_a_version_that_the_copy_does_not_know(
    registry: Registry, version: VetVersion
) -> None:
    assert registry.crates().published({"anvil": [version]}) == {"anvil": [OLD, NEW]}
    assert len(registry.server.urls) == 1


def test_nothing_is_asked_twice_in_a_run_and_a_later_question_may_need_more(registry: Registry) -> None:
    crates = registry.crates()
    for _ in range(2):
        assert crates.published({"anvil": [OLD]}) == {"anvil": [OLD]}
    assert registry.server.urls == []
    for _ in range(2):
        assert crates.published({"anvil": [NEW]}) == {"anvil": [OLD, NEW]}
    assert len(registry.server.urls) == 1


def test_a_crate_nobody_knows_is_none(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    registry.server = FakeServer(lambda _: respond(404))
    assert registry.crates().published({"anvil": [OLD]}) == {"anvil": None}
