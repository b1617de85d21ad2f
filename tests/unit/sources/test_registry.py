"""Known publishers: what vetflow ships, brought up to date from cargo-vet's list."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.sources.fake_network import FakeFetcher, unreachable
from vetflow.errors import StoreError, UndecidedError, VetflowError
from vetflow.formats.registry_toml import AuditPublisher
from vetflow.model.dates import Date
from vetflow.sources.endpoints import REGISTRY_LIST
from vetflow.sources.registry import fetch_registry, refreshed, shipped_registry

KNOWN = AuditPublisher(("https://a.example/old",), "https://a.example/new", "Somebody.", Date(2025, 1, 2))


def test_a_publisher_at_the_known_address_keeps_what_we_know() -> None:
    assert refreshed({"a": KNOWN}, {"a": AuditPublisher(KNOWN.urls)}) == {"a": KNOWN}


def test_a_publisher_that_moved_is_taken_where_the_list_says() -> None:
    moved = refreshed({"a": KNOWN}, {"a": AuditPublisher(("https://a.example/new",))})
    assert moved == {"a": AuditPublisher(("https://a.example/new",), about="Somebody.")}


def test_a_new_publisher_appears_and_one_no_longer_listed_is_gone() -> None:
    new = AuditPublisher(("https://b.example/",))
    assert refreshed({"a": KNOWN}, {"b": new}) == {"b": new}


def test_the_list_is_fetched() -> None:
    fetcher = FakeFetcher({REGISTRY_LIST: b'[registry.a]\nurl = "https://a.example/old"\n'})
    assert fetch_registry(fetcher, {"a": KNOWN}) == {"a": KNOWN}


def test_a_list_that_cannot_be_had_or_read_is_said() -> None:
    with pytest.raises(UndecidedError, match="the list of publishers of audits could not be fetched"):
        fetch_registry(FakeFetcher({REGISTRY_LIST: unreachable(REGISTRY_LIST)}), {})
    with pytest.raises(StoreError, match="missing field `registry`"):
        fetch_registry(FakeFetcher({REGISTRY_LIST: b"[registries]\n"}), {})
    with pytest.raises(StoreError, match="not valid TOML"):
        fetch_registry(FakeFetcher({REGISTRY_LIST: b"\xff"}), {})


def test_the_shipped_registry_is_read_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "registry.toml"
    path.write_text('[registry.a]\nurl = "https://a.example/"\n')
    assert shipped_registry(str(path)) == {"a": AuditPublisher(("https://a.example/",))}


@pytest.mark.parametrize("content", [None, b"\xff", b"[registry.a]\n"])
def test_a_damaged_installation_is_said(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "registry.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(VetflowError, match="which vetflow ships, cannot be read") as caught:
        shipped_registry(str(path))
    assert caught.value.help == "install vetflow again"
