"""What is asked of the network, and what came of it: as values, so that "not there" is never "not had".

Whoever needs something from the network takes a `Fetcher`; a run that may not use it has none, or one that is
offline.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, Protocol, TypeAlias, TypeVar

from vetflow.errors import UndecidedError
from vetflow.text import shown

_Received = TypeVar("_Received")

LARGEST_TEXT: Final = 64 * 1024 * 1024
"""The most that is read of an index file, a web API answer or a set of audits; a few megabytes are usual."""
_USER_INFORMATION: Final = re.compile(r"(?<=//)[^/?#]*@")


class Ask(NamedTuple):
    """One thing to fetch.

    largest: more bytes than this are refused, counted after decompression. keep: a copy stays in the cache,
    and the server is asked whether it changed; without it nothing is stored. paced: the server wants few
    requests a second. credentials: a password may be used, where the user allowed it at all.
    """

    url: str
    largest: int = LARGEST_TEXT
    keep: bool = True
    paced: bool = False
    credentials: bool = False


class Found(NamedTuple):
    """The content of a URL.

    confirmed: the server said so in this run; otherwise it is a copy kept from an earlier one. gitiles: the
    server is Gitiles, which sends files in base64.
    """

    url: str
    content: bytes
    confirmed: bool = True
    gitiles: bool = False


class Missing(NamedTuple):
    """The server was asked and says that there is nothing at this URL."""

    url: str


class Unavailable(NamedTuple):
    """Nobody can say in this run what is at this URL. reason: half a sentence, safe to show."""

    url: str
    reason: str


Answer: TypeAlias = Found | Missing | Unavailable


class Fetcher(Protocol):
    """Answers requests; see `http.Network`. Nothing is raised for what a server does or fails to do."""

    def fetch(self, ask: Ask) -> Answer:
        """Return what is at a URL. May be called from several threads."""
        ...

    def fetch_all(
        self, asks: Sequence[Ask], what: str, receive: Callable[[Answer], _Received]
    ) -> tuple[_Received, ...]:
        """Return `receive` of the answers to all of `asks`, in their order; a URL is asked for once.

        receive: called in the thread that fetched, so that large contents need not be held all at once.
        what: how progress reports call the asked-for things.
        """
        ...

    def kept(self, url: str) -> Found | None:
        """Return the copy an earlier run kept, without a request."""
        ...


def shown_url(url: str) -> str:
    """Return `url` as it may be shown: without the user name and password it may carry, and inert."""
    return shown(_USER_INFORMATION.sub("", url, count=1))


def undecided(purpose: str, lacking: Sequence[Missing | Unavailable]) -> UndecidedError:
    """Return the error for a run that cannot decide without `lacking`, each of which it names.

    purpose: what they are needed for, as in "the imported audits".
    """
    related = [UndecidedError(f"{shown_url(answer.url)}: {_reason(answer)}") for answer in lacking]
    unreached = any(isinstance(answer, Unavailable) for answer in lacking)
    return UndecidedError(
        f"{purpose} could not be fetched",
        help="try again later, or work with what the store holds: --locked"
        if unreached
        else "correct the address; a private one may need --use-git-credentials",
        related=related,
    )


def _reason(answer: Missing | Unavailable) -> str:
    return answer.reason if isinstance(answer, Unavailable) else "the server has nothing at this address"
