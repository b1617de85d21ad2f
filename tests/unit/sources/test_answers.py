"""What could not be had is named, and passwords in addresses are not."""

from __future__ import annotations

import pytest

from vetflow.sources.answers import Missing, Unavailable, shown_url, undecided


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://peer.example/audits.toml", "https://peer.example/audits.toml"),
        ("https://ada:secret@peer.example/audits.toml", "https://peer.example/audits.toml"),
        ("https://secret@peer.example", "https://peer.example"),
        ("https://peer.example/who@where?a=b@c", "https://peer.example/who@where?a=b@c"),
        ("https://a@b@peer.example/x", "https://peer.example/x"),
        ("no address @ all", "no address @ all"),
        ("https://peer.example/\x1b[31m", "https://peer.example/␛[31m"),
    ],
)
def test_an_address_is_shown_without_password_and_inert(url: str, expected: str) -> None:
    assert shown_url(url) == expected


def test_an_undecided_run_names_everything_it_lacks() -> None:
    error = undecided(
        "the imported audits",
        [Missing("https://peer.example/a"), Unavailable("https://u:p@other.example/b", "no route")],
    )
    assert error.message == "the imported audits could not be fetched"
    assert [part.message for part in error.related] == [
        "https://peer.example/a: the server has nothing at this address",
        "https://other.example/b: no route",
    ]
    assert error.help == "try again later, or work with what the store holds: --locked"


def test_an_address_with_nothing_behind_it_is_to_be_corrected() -> None:
    error = undecided("the imported audits", [Missing("https://peer.example/a")])
    assert error.help == "correct the address; a private one may need --use-git-credentials"
