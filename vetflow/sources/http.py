"""The one way vetflow reaches a server: a fetcher with a pool, a cache, patience and limits.

What `Network` promises: a URL is asked for once in a run; a copy kept from an earlier run is only used when
the server says that it is still true, or when the run is offline; failures that may pass are repeated a
bounded number of times, by then a server that cannot be reached is given up for the rest of the run, so that
a dead network costs seconds and not one wait per file; a plain "no" (4xx) is never repeated.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, NamedTuple, Self, TypeAlias, TypeVar
from urllib.parse import urlsplit

from vetflow.sources.answers import Answer, Ask, Found, Missing, Unavailable
from vetflow.sources.cache import Cache
from vetflow.sources.connection import CONNECTIONS, open_client
from vetflow.sources.exchange import RefusedAnswerError, Reply, exchange
from vetflow.sources.kept import Kept, KeptAnswers
from vetflow.sources.network_settings import NetworkSettings
from vetflow.sources.pacing import LONGEST_RETRY_AFTER, Clock, Pace, backoff, retry_after
from vetflow.sources.parallel import in_parallel
from vetflow.text import shown

if TYPE_CHECKING:
    import httpx

_Received = TypeVar("_Received")

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told what is fetched, how many answers are there and how many there will be, in the caller's thread."""
Authorize: TypeAlias = Callable[[str], str | None]
"""Returns the `Authorization` header for a URL, None for none."""

OFFLINE: Final = "this run is offline, and there is no copy from an earlier one"
_MISSING: Final = frozenset((404, 410, 451))
"""What a server says of an address with nothing behind it; cargo reads these three alike."""
_NEEDS_PASSWORD: Final = frozenset((401, 403))
_MAY_PASS: Final = 500
_TOO_MANY: Final = 429


class Network:
    """A `Fetcher` over httpx. Close it when the run is done, or use it in a `with` statement."""

    def __init__(
        self,
        settings: NetworkSettings,
        cache: Cache,
        *,
        authorize: Authorize = lambda _: None,
        progress: Progress = lambda _what, _done, _total: None,
        clock: Clock = Clock(),  # noqa: B008  an immutable value
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Take what is decided about the network; nothing is opened before the first request.

        authorize: asked for the password of requests that may use one. transport: in place of the network,
        for tests.
        """
        self._settings = settings
        self._kept = KeptAnswers(cache)
        self._authorize = authorize
        self._progress = progress
        self._clock = clock
        self._transport = transport
        self._pace = Pace(settings.api_interval, clock)
        self._lock = threading.Lock()
        self._client: httpx.Client | None = None
        self._answers: dict[str, Answer] = {}
        self._given_up: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def fetch_all(
        self, asks: Sequence[Ask], what: str, receive: Callable[[Answer], _Received]
    ) -> tuple[_Received, ...]:
        """Answer all of `asks` side by side; see `Fetcher`."""
        known = {ask.url: self._answers[ask.url] for ask in asks if ask.url in self._answers}
        new = list({ask.url: ask for ask in asks if ask.url not in known}.values())
        results = in_parallel(
            lambda ask: receive(self.fetch(ask)),
            new,
            CONNECTIONS,
            lambda done: self._progress(what, done, len(new)),
        )
        by_url = {url: receive(answer) for url, answer in known.items()}
        by_url |= {ask.url: result for ask, result in zip(new, results, strict=True)}
        return tuple(by_url[ask.url] for ask in asks)

    def kept(self, url: str) -> Found | None:
        """Return the copy an earlier run kept, without a request."""
        kept = self._kept.read(url)
        return None if kept is None else Found(url, kept.content, confirmed=False, gitiles=kept.gitiles)

    def fetch(self, ask: Ask) -> Answer:
        """Return what is at a URL; see `Fetcher`. What this run already asked for is not asked again."""
        if ask.url in self._answers:
            return self._answers[ask.url]
        if self._settings.offline:
            return (self.kept(ask.url) if ask.keep else None) or Unavailable(ask.url, OFFLINE)
        kept = self._kept.read(ask.url) if ask.keep else None
        reply = self._patiently(ask, kept)
        answer = self._judged(ask, kept, reply)
        if ask.keep:
            self._answers[ask.url] = answer
        return answer

    def _judged(self, ask: Ask, kept: Kept | None, reply: Reply | str) -> Answer:
        """Turn a reply, or the reason why there is none, into an answer; keep its content for other runs."""
        if isinstance(reply, str):
            return Unavailable(ask.url, reply)
        if reply.status == HTTPStatus.NOT_MODIFIED and kept is not None:
            return Found(ask.url, kept.content, gitiles=kept.gitiles)
        if reply.status in _MISSING:
            return Missing(ask.url)
        if reply.status != HTTPStatus.OK:
            hint = "; a private address needs --use-git-credentials" if ask.credentials else ""
            refused = reply.status in _NEEDS_PASSWORD
            return Unavailable(ask.url, f"the server answered {_status(reply.status)}{hint if refused else ''}")
        gitiles = "x-gitiles-object-type" in reply.headers
        if ask.keep:
            new = Kept(reply.content, _validator(reply, "etag"), _validator(reply, "last-modified"), gitiles)
            self._kept.write(ask.url, new)
        return Found(ask.url, reply.content, gitiles=gitiles)

    def _patiently(self, ask: Ask, kept: Kept | None) -> Reply | str:
        """Send a request, again where it may help; return the reply, or why there is none."""
        headers = dict(kept.conditions()) if kept else {}
        if ask.credentials and (authorization := self._authorize(ask.url)):
            headers["Authorization"] = authorization
        server = _server(ask.url)
        for failures in itertools.count(1):
            if server in self._given_up:
                break
            if ask.paced:
                self._pace.wait()
            outcome = self._once(ask, headers)
            if not isinstance(outcome, _Failure):
                return outcome
            if failures > self._settings.retries or outcome.pause > LONGEST_RETRY_AFTER:
                if not outcome.is_servers:
                    return outcome.reason
                self._given_up.setdefault(server, outcome.reason)
            else:
                self._clock.sleep(outcome.pause or backoff(failures, self._clock.random()))
        return self._given_up[server]

    def _once(self, ask: Ask, headers: Mapping[str, str]) -> Reply | str | _Failure:
        """Send a request once; return the reply, why there will be none, or a failure that may pass."""
        import httpx  # noqa: PLC0415  see connection.open_client

        try:
            reply = exchange(self._opened(), ask.url, headers, ask.largest, self._clock.monotonic)
        except RefusedAnswerError as error:
            return shown(str(error))
        except httpx.TransportError as error:
            return _broken(error)
        if reply.status != _TOO_MANY and reply.status < _MAY_PASS:
            return reply
        pause = retry_after(reply.headers.get("retry-after"), self._clock.now()) or 0.0
        reason = f"the server answered {_status(reply.status)}"
        if pause > LONGEST_RETRY_AFTER:
            reason += f" and asks to come back in {pause:.0f} seconds"
        return _Failure(reason, pause, is_servers=pause > LONGEST_RETRY_AFTER)

    def _opened(self) -> httpx.Client:
        with self._lock:
            if self._client is None:
                self._client = open_client(self._settings, self._transport)
            return self._client


class _Failure(NamedTuple):
    """A failure that may pass. pause: the seconds the server wants to be left alone, 0 if it does not say.

    is_servers: it is about the whole server, so that asking it for something else is no use either.
    """

    reason: str
    pause: float = 0.0
    is_servers: bool = False


def _broken(error: httpx.TransportError) -> _Failure | str:
    """Say what a connection failed of. A certificate that is not accepted will not be accepted next time."""
    import ssl  # noqa: PLC0415  see connection.open_client

    import httpx  # noqa: PLC0415  see connection.open_client

    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return (
                f"the server's certificate was not accepted ({shown(cause.verify_message)}); "
                "behind a proxy that opens connections, name its certificate in cargo's `http.cainfo`"
            )
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx.TimeoutException):
        reason = "the server did not answer in time"
    else:
        reason = f"the connection failed: {shown(str(error)) or type(error).__name__}"
    unreachable = (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError)
    return _Failure(reason, is_servers=isinstance(error, unreachable))


def _server(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:  # no address at all, which the exchange will say
        return url


def _status(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _validator(reply: Reply, name: str) -> str | None:
    """Return a header that can be sent back as it is."""
    value = reply.headers.get(name)
    return value if value and value.isascii() and value.isprintable() else None
