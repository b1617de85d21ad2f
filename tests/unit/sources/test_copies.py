"""Copies stand in for what a server does not hand out, and for nothing else."""

from __future__ import annotations

from tests.unit.sources.fake_network import FakeFetcher, unreachable
from vetflow.sources.answers import Answer, Ask, Found, Missing
from vetflow.sources.copies import CopiesInPlace

URL, OTHER, GONE = (f"https://peer.example/{name}" for name in ("audits.toml", "other", "gone"))


def copies() -> CopiesInPlace:
    pages: dict[str, bytes | Answer] = {URL: unreachable(URL), OTHER: b"new", GONE: Missing(GONE)}
    return CopiesInPlace(FakeFetcher(pages, copies={URL: b"old", OTHER: b"old", GONE: b"old"}))


def test_a_copy_answers_for_a_server_that_does_not_and_is_named() -> None:
    fetcher = copies()
    assert fetcher.fetch(Ask(URL)) == Found(URL, b"old", confirmed=False)
    assert fetcher.used == {URL}


def test_what_the_server_says_goes_before_any_copy() -> None:
    fetcher = copies()
    assert fetcher.fetch(Ask(OTHER)) == Found(OTHER, b"new")
    assert fetcher.fetch(Ask(GONE)) == Missing(GONE)
    assert fetcher.used == set()


def test_several_at_once() -> None:
    fetcher = copies()
    contents = fetcher.fetch_all(
        [Ask(URL), Ask(OTHER)], "pages", lambda answer: answer.content if isinstance(answer, Found) else b""
    )
    assert contents == (b"old", b"new")
    assert fetcher.used == {URL}


def test_without_a_copy_it_stays_unavailable() -> None:
    assert CopiesInPlace(FakeFetcher({URL: unreachable(URL)})).fetch(Ask(URL)) == unreachable(URL)
