"""Copies of earlier runs in the place of what a server does not hand out today.

For commands that only look: a set of audits from last week answers a question better than none. Whatever decides or
writes takes the network as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from vetflow.sources.answers import Answer, Ask, Fetcher, Found, Unavailable

_Received = TypeVar("_Received")


class CopiesInPlace:
    """A `Fetcher` that answers with the kept copy where the one it is given cannot say. used: the URLs of copies."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self.used: set[str] = set()

    def fetch(self, ask: Ask) -> Answer:
        """Return what is at a URL, or was there in an earlier run."""
        return self._or_copy(self._fetcher.fetch(ask))

    def fetch_all(
        self, asks: Sequence[Ask], what: str, receive: Callable[[Answer], _Received]
    ) -> tuple[_Received, ...]:
        """Return `receive` of the answers to all of `asks`, in their order."""
        return self._fetcher.fetch_all(asks, what, lambda answer: receive(self._or_copy(answer)))

    def kept(self, url: str) -> Found | None:
        """Return the copy an earlier run kept, without a request."""
        return self._fetcher.kept(url)

    def _or_copy(self, answer: Answer) -> Answer:
        if isinstance(answer, Unavailable):
            answer = self._fetcher.kept(answer.url) or answer
        if isinstance(answer, Found) and not answer.confirmed:
            self.used.add(answer.url)
        return answer
