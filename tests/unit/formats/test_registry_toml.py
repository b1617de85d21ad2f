"""The registry of publishers: cargo-vet's file is read, and ours, which says more."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from vetflow.errors import StoreError
from vetflow.formats.registry_toml import AuditPublisher, parse_registry
from vetflow.model.dates import Date

SHIPPED = Path(__file__).resolve().parents[3] / "audits" / "registry.toml"


def test_cargo_vets_list_has_names_and_addresses() -> None:
    text = '[registry.zeta]\nurl = "https://z.example/a"\n[registry.alpha]\nurl = ["https://a.example/a", "https://a.example/b"]\n'
    registry = parse_registry(text, "registry.toml")
    assert registry == {
        "alpha": AuditPublisher(("https://a.example/a", "https://a.example/b")),
        "zeta": AuditPublisher(("https://z.example/a",)),
    }
    assert list(registry) == ["alpha", "zeta"]


def test_ours_says_who_they_are_where_they_went_and_how_old_it_is() -> None:
    text = '[registry.a]\nurl = "u"\nsuccessor = "s"\nabout = "Somebody."\nnewest-entry = "2026-01-02"\n'
    assert parse_registry(text, "registry.toml")["a"] == AuditPublisher(("u",), "s", "Somebody.", Date(2026, 1, 2))


def test_keys_of_later_versions_are_ignored() -> None:
    assert parse_registry('x = 1\n[registry.a]\nurl = "u"\ny = 2\n', "registry.toml") == {"a": AuditPublisher(("u",))}


def test_an_empty_registry_is_one() -> None:
    assert parse_registry("[registry]\n", "registry.toml") == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "missing field `registry`"),
        ("registry = 7\n", "expected a table"),
        ("[registry.a]\n", "missing field `url`"),
        ("[registry.a]\nurl = 7\n", "expected a string or a list of strings"),
        ('[registry.a]\nurl = "u"\nnewest-entry = "soon"\n', "newest-entry"),
        ("[registry\n", "is not valid TOML"),
    ],
)
def test_another_kind_of_file_is_refused_with_a_place(text: str, message: str) -> None:
    with pytest.raises(StoreError, match=message) as caught:
        parse_registry(text, "registry.toml")
    assert caught.value.place is not None
    assert caught.value.place.file == "registry.toml"


def test_what_vetflow_ships_says_everything_of_everybody() -> None:
    registry = parse_registry(SHIPPED.read_text(), "registry.toml")
    assert len(registry) == 9
    for publisher in registry.values():
        assert all(url.startswith("https://") for url in publisher.urls)
        assert publisher.successor not in publisher.urls
        assert publisher.about is not None
        assert publisher.about.endswith(".")
        assert publisher.newest_entry is not None
        date.fromisoformat(str(publisher.newest_entry))
