"""One request and its answer: redirects, limits of size and time, decompression.

Nothing is repeated and nothing is remembered here. A server may be hostile: it decides neither where a
request goes next beyond http and https, nor how much memory an answer takes, nor how long it lasts.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urljoin, urlsplit

if TYPE_CHECKING:
    import httpx

MOST_REDIRECTS: Final = 5
LONGEST: Final = 10
"""How many times the time-out of one read a whole answer may take."""
_REDIRECTS: Final = frozenset((301, 302, 303, 307, 308))
_GZIP_WITH_HEADER: Final = 31
_SLICE: Final = 256 * 1024


class RefusedAnswerError(Exception):
    """The answer is not accepted, and asking again would not help; the message is half a sentence."""


class Reply(NamedTuple):
    """What a server answered at last, after redirects. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes


def exchange(
    client: httpx.Client,
    url: str,
    headers: Mapping[str, str],
    largest: int,
    monotonic: Callable[[], float],
) -> Reply:
    """Send a GET request and return the answer; the content only when the status is 200.

    A password, in an `Authorization` header or in `url`, goes to the first server alone: never on a redirect.
    Raises RefusedAnswerError, and httpx.HTTPError for connections that fail.
    """
    deadline = monotonic() + LONGEST * (client.timeout.read or 0)

    def is_late() -> bool:
        return monotonic() > deadline

    for _ in range(MOST_REDIRECTS + 1):
        _require_http(url)
        with client.stream("GET", url, headers=dict(headers)) as response:
            if response.status_code not in _REDIRECTS:
                content = b""
                if response.status_code == HTTPStatus.OK:
                    content = _read(response, largest, is_late)
                else:
                    _finish(response, is_late)
                return Reply(response.status_code, dict(response.headers), content)
            _finish(response, is_late)
            url = _redirected(url, response.headers.get("location"))
        headers = {name: value for name, value in headers.items() if name != "Authorization"}
    raise RefusedAnswerError(f"the server redirects more than {MOST_REDIRECTS} times")


def _require_http(url: str) -> None:
    import httpx  # noqa: PLC0415  see connection.open_client

    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise RefusedAnswerError(f"this is no valid address: {error}") from None
    if parts.scheme not in {"http", "https"} or not parts.host:
        raise RefusedAnswerError("this is no address of a web server; only http and https are fetched")


def _redirected(url: str, location: str | None) -> str:
    if not location:
        raise RefusedAnswerError("the server redirects, but does not say where to")
    try:
        target = urlsplit(urljoin(url, location))
        was_safe = urlsplit(url).scheme == "https"
    except ValueError:
        raise RefusedAnswerError("the server redirects to something that is no address") from None
    if was_safe and target.scheme != "https":
        raise RefusedAnswerError("the server redirects from https to something less safe")
    return target._replace(netloc=target.netloc.rpartition("@")[2]).geturl()


def _read(response: httpx.Response, largest: int, is_late: Callable[[], bool]) -> bytes:
    """Read the content, never holding more than `largest` and a slice of it in memory."""
    unpack = _unpacker(response.headers.get("content-encoding", "identity").strip().lower())
    content = bytearray()
    for packed in response.iter_raw():
        piece = unpack(packed, _SLICE) if unpack else packed
        while piece:
            content += piece
            if len(content) > largest:
                raise RefusedAnswerError(f"the answer is larger than {largest} bytes")
            piece = unpack(b"", _SLICE) if unpack else b""
        if is_late():
            raise RefusedAnswerError("the answer comes too slowly")
    if unpack and response.num_bytes_downloaded and not unpack.is_complete:
        raise RefusedAnswerError("the compressed answer is cut off")
    return bytes(content)


def _finish(response: httpx.Response, is_late: Callable[[], bool]) -> None:
    """Read an answer nobody needs to its end, where that is near: only then the connection can be used again.

    Otherwise every "not modified" would cost the next request a new connection, with its handshakes.
    """
    import httpx  # noqa: PLC0415  see connection.open_client

    with suppress(httpx.TransportError):  # the status was said, and nothing else was wanted
        for _ in response.iter_raw():
            if response.num_bytes_downloaded > _SLICE or is_late():
                return


class _Gunzip:
    """Decompresses a gzip stream a slice at a time."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(_GZIP_WITH_HEADER)

    def __call__(self, packed: bytes, most: int) -> bytes:
        """Take in more of the stream; return at most `most` unpacked bytes, b"" when there are none yet."""
        try:
            return self._inflate.decompress(self._inflate.unconsumed_tail + packed, most)
        except zlib.error as error:
            raise RefusedAnswerError(f"the compressed answer is damaged: {error}") from None

    @property
    def is_complete(self) -> bool:
        """Whether the end of the stream was reached."""
        return self._inflate.eof


def _unpacker(encoding: str) -> _Gunzip | None:
    if encoding in {"", "identity"}:
        return None
    if encoding in {"gzip", "x-gzip"}:
        return _Gunzip()
    raise RefusedAnswerError(f"the answer is encoded in a way nobody asked for: {encoding}")
