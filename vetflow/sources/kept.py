"""Answers of servers, kept in the cache with what it takes to ask whether they changed.

An entry is one line of JSON (validators, the content's sha-256, the URL for people who look) and then the
content. One that is damaged in any way counts as absent, so that the content is fetched again.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any, Final, NamedTuple

from vetflow.sources.answers import shown_url
from vetflow.sources.archives import sha256
from vetflow.sources.cache import Cache

_KIND: Final = "http"


class Kept(NamedTuple):
    """An answer. etag, modified: the headers `ETag` and `Last-Modified`; gitiles: see `answers.Found`."""

    content: bytes
    etag: str | None = None
    modified: str | None = None
    gitiles: bool = False

    def conditions(self) -> dict[str, str]:
        """Return the headers that ask for changed content only: the ETag alone if there is one, as cargo."""
        if self.etag is not None:
            return {"If-None-Match": self.etag}
        return {"If-Modified-Since": self.modified} if self.modified is not None else {}


class KeptAnswers:
    """The answers in a cache, by URL."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def read(self, url: str) -> Kept | None:
        """Return the answer kept for a URL; None when there is none, or it is damaged."""
        entry = self._cache.read(_KIND, sha256(url.encode()))
        if entry is None:
            return None
        head, _, content = entry.partition(b"\n")
        try:
            fields = json.loads(head)
            if fields["sha256"] != sha256(content):
                return None
            return Kept(content, _text(fields, "etag"), _text(fields, "modified"), bool(fields["gitiles"]))
        except (ValueError, RecursionError, KeyError, TypeError):
            return None

    def write(self, url: str, kept: Kept) -> None:
        """Keep an answer. A cache that cannot be written keeps nothing; that is no reason to fail."""
        fields = {
            "url": shown_url(url),
            "etag": kept.etag,
            "modified": kept.modified,
            "gitiles": kept.gitiles,
            "sha256": sha256(kept.content),
        }
        head = json.dumps(fields).encode() + b"\n"
        with suppress(OSError):
            self._cache.write(_KIND, sha256(url.encode()), head + kept.content)


def _text(fields: dict[str, Any], name: str) -> str | None:
    value = fields[name]
    return value if isinstance(value, str) else None
