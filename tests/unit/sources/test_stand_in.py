"""The whole layer against the stand-in for crates.io: real sockets, TLS, a proxy, certificates from settings.

The stand-in intercepts https as a company's proxy does; nothing outside this machine is reached.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stand_in import StandIn
from tests.unit.sources.fake_network import FakeTime
from vetflow.errors import VetflowError
from vetflow.model.store import Import
from vetflow.model.version import parse_version
from vetflow.sources.answers import Ask, Found, Missing, Unavailable
from vetflow.sources.api import CrateFacts, look_up_facts
from vetflow.sources.cache import Cache
from vetflow.sources.downloads import CrateId, Crates
from vetflow.sources.endpoints import API, DOWNLOAD, INDEX, REGISTRY_LIST
from vetflow.sources.http import Network
from vetflow.sources.imports import fetch_imports
from vetflow.sources.index import PublishedCrate, look_up_crates
from vetflow.sources.network_settings import network_settings
from vetflow.sources.registry import fetch_registry

AUDITS = "https://peer.example/audits.toml"
TEXT = "https://peer.example/thorough.txt"
HOSTS = {url.split("/")[2] for url in (INDEX, API, DOWNLOAD, REGISTRY_LIST, AUDITS)}
NETWORK = {
    "crates": {
        "oakleaf": {
            "versions": {"1.0.0": ["2024-01-02", 7, 10], "1.1.0": ["2024-03-04", "github:oak/leaf", 12]},
            "desc": "Leaves",
        }
    },
    "users": {"7": ["ada-l", "Ada"]},
    "files": {
        AUDITS: f'[criteria.thorough]\ndescription-url = "{TEXT}"\n'
        '[[audits.oakleaf]]\nwho = "Ada"\ncriteria = "thorough"\nversion = "1.0.0"\n',
        TEXT: "Every line was read.\n",
    },
    "faults": {TEXT: [503, 429]},
}


@pytest.fixture(scope="module")
def running(shared: Path) -> Iterator[StandIn]:
    with StandIn(shared, NETWORK, HOSTS) as server:
        yield server


@pytest.fixture
def stand_in(running: StandIn) -> StandIn:
    running.requests()  # of tests before
    return running


def network(stand_in: StandIn, folder: Path, *variables: str) -> Network:
    """Return the network as the stand-in's variables make it, or only those named."""
    environ = {name: stand_in.environ[name] for name in variables or stand_in.environ}
    clock = FakeTime().clock._replace(monotonic=time.monotonic)
    return Network(network_settings({}, environ, "/"), Cache(str(folder), time.time), clock=clock)


def test_everything_is_had_the_first_time_and_almost_nothing_asked_the_second(
    stand_in: StandIn, tmp_path: Path
) -> None:
    source = Import((AUDITS,), criteria_map={"thorough": ("safe-to-run",)})
    oakleaf = INDEX + "oa/kl/oakleaf"
    archive = DOWNLOAD.format(crate="oakleaf", version="1.1.0")
    expected = {
        False: [f"200 {url}" for url in (oakleaf, f"{API}crates/oakleaf", AUDITS, TEXT, REGISTRY_LIST, archive)],
        True: [f"304 {url}" for url in (oakleaf, AUDITS, TEXT, REGISTRY_LIST)],
    }
    expected[False] += [f"429 {TEXT}", f"503 {TEXT}"]
    for warm in (False, True):
        cache = Cache(str(tmp_path), time.time)
        with network(stand_in, tmp_path) as net:
            published = look_up_crates(net, ["oakleaf"])["oakleaf"]
            assert isinstance(published, PublishedCrate)
            facts = look_up_facts(net, [published])["oakleaf"]
            assert isinstance(facts, CrateFacts)
            assert [release.source for release in facts.releases] == [7, "github:oak/leaf"]
            files = fetch_imports(net, {"peer": source})["peer"]
            assert not isinstance(files, VetflowError)
            assert files[0].foreign.audits.criteria["thorough"].description == "Every line was read.\n"
            assert fetch_registry(net, {}) == {}
            found = published.find(parse_version("1.1.0"))
            assert found is not None
            assert found.checksum is not None
            wanted = CrateId("oakleaf", "1.1.0", found.checksum)
            crates = Crates((), cache)
            assert crates.download([wanted], net, DOWNLOAD) == {}
            assert crates.find(wanted).crate is not None
        assert stand_in.requests() == sorted(expected[warm])


def test_many_crates_are_looked_up_at_once_over_few_connections(stand_in: StandIn, tmp_path: Path) -> None:
    with network(stand_in, tmp_path) as net:
        answers = look_up_crates(net, [f"crate-{number}" for number in range(200)])
    assert all(isinstance(answer, Missing) for answer in answers.values())
    assert len(stand_in.requests()) == 200


def test_a_certificate_nobody_vouches_for_is_refused(stand_in: StandIn, tmp_path: Path) -> None:
    with network(stand_in, tmp_path, "HTTPS_PROXY") as net:
        answer = net.fetch(Ask(AUDITS))
    assert isinstance(answer, Unavailable)
    assert "certificate was not accepted" in answer.reason


def test_a_certificate_cargo_vouches_for_is_accepted(stand_in: StandIn, tmp_path: Path) -> None:
    with network(stand_in, tmp_path, "HTTPS_PROXY", "CARGO_HTTP_CAINFO") as net:
        assert isinstance(net.fetch(Ask(AUDITS)), Found)


def test_a_proxy_that_is_not_there_is_said(tmp_path: Path) -> None:
    settings = network_settings({}, {"HTTPS_PROXY": "http://127.0.0.1:9", "CARGO_NET_RETRY": "0"}, "/")
    with Network(settings, Cache(str(tmp_path), time.time)) as net:
        answer = net.fetch(Ask(AUDITS))
    assert isinstance(answer, Unavailable)
    assert answer.reason.startswith("the connection failed: ")
