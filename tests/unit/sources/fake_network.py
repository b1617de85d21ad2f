"""A network for tests: servers as functions, time that passes only when somebody sleeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

import httpx

from vetflow.sources.answers import Answer, Ask, Found, Missing, Unavailable
from vetflow.sources.pacing import Clock

_Received = TypeVar("_Received")

NOW = 1_780_000_000.0
"""Where the fake clock starts, in seconds since 1970."""


class FakeTime:
    """A clock that stands still, except for those who sleep; `slept` says for how long each time."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.clock = Clock(now=self.now, monotonic=self.now, sleep=self.sleep, random=lambda: 0.5)

    def now(self) -> float:
        return NOW + sum(self.slept)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


def respond(
    status: int = 200,
    content: bytes | Iterator[bytes] = b"",
    headers: Mapping[str, str] | Sequence[tuple[bytes, bytes]] | None = None,
) -> httpx.Response:
    """Return a response that nobody has read yet, as from a real server."""
    stream = httpx.ByteStream(content) if isinstance(content, bytes) else _Stream(content)
    return httpx.Response(status, headers=headers, stream=stream)


class _Stream(httpx.SyncByteStream):
    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces


class FakeServer:
    """Answers requests through httpx's mock transport, and keeps them."""

    def __init__(self, answer: Callable[[httpx.Request], httpx.Response]) -> None:
        self._answer = answer
        self.requests: list[httpx.Request] = []
        self.transport = httpx.MockTransport(self._handle)

    def _handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self._answer(request)

    @property
    def urls(self) -> list[str]:
        return [str(request.url) for request in self.requests]


class FakeFetcher:
    """A `Fetcher` with fixed pages: bytes are found, the rest is missing. copies: of an earlier run."""

    def __init__(self, pages: Mapping[str, bytes | Answer], copies: Mapping[str, bytes] | None = None) -> None:
        self._pages = pages
        self._copies = copies or {}
        self.asked: list[Ask] = []

    def fetch(self, ask: Ask) -> Answer:
        self.asked.append(ask)
        page = self._pages.get(ask.url, Missing(ask.url))
        return Found(ask.url, page) if isinstance(page, bytes) else page

    def fetch_all(
        self, asks: Sequence[Ask], what: str, receive: Callable[[Answer], _Received]
    ) -> tuple[_Received, ...]:
        return tuple(receive(self.fetch(ask)) for ask in asks)

    def kept(self, url: str) -> Found | None:
        content = self._copies.get(url)
        return None if content is None else Found(url, content, confirmed=False)

    @property
    def urls(self) -> list[str]:
        return [ask.url for ask in self.asked]


def unreachable(url: str) -> Unavailable:
    return Unavailable(url, "the server did not answer in time")
