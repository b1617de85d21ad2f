"""One request: a server decides neither where it goes next, nor how much memory or time it takes."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator, Mapping

import httpx
import pytest

from tests.unit.sources.fake_network import FakeServer, respond
from vetflow.sources.connection import open_client
from vetflow.sources.exchange import MOST_REDIRECTS, RefusedAnswerError, Reply, exchange
from vetflow.sources.network_settings import NetworkSettings

URL = "https://peer.example/audits.toml"


def get(
    server: FakeServer,
    url: str = URL,
    headers: Mapping[str, str] | None = None,
    largest: int = 1000,
    monotonic: Callable[[], float] = lambda: 0.0,
) -> Reply:
    with open_client(NetworkSettings(), server.transport) as client:
        return exchange(client, url, headers or {}, largest, monotonic)


def redirecting(hops: Mapping[str, str]) -> FakeServer:
    """A server that redirects by URL, and answers `here` everywhere else."""

    def answer(request: httpx.Request) -> httpx.Response:
        target = hops.get(str(request.url))
        return respond(302, headers={"Location": target}) if target else respond(200, b"here")

    return FakeServer(answer)


def sending(content: bytes | Iterator[bytes], headers: Mapping[str, str] | None = None) -> FakeServer:
    return FakeServer(lambda _: respond(200, headers=headers, content=content))


def test_an_answer_has_status_headers_and_content() -> None:
    reply = get(sending(b"text", {"ETag": '"1"'}))
    assert (reply.status, reply.content, reply.headers["etag"]) == (200, b"text", '"1"')


def test_the_content_of_anything_but_200_is_not_read() -> None:
    assert get(FakeServer(lambda _: respond(404, b"x" * 10_000))) == Reply(404, {}, b"")


@pytest.mark.parametrize("status", [304, 404])
def test_an_answer_nobody_needs_is_read_to_its_end_so_that_the_connection_serves_the_next_request(status: int) -> None:
    pieces = iter([b"no such ", b"file"])
    assert get(FakeServer(lambda _: respond(status, pieces))).status == status
    assert list(pieces) == []


def test_an_answer_nobody_needs_is_left_when_it_does_not_end() -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield b"x" * 100_000

    assert get(FakeServer(lambda _: respond(404, endless()))).status == 404
    assert sent < 10


def test_an_answer_nobody_needs_may_break_off() -> None:
    def broken() -> Iterator[bytes]:
        yield b"no such "
        raise httpx.ReadError("gone")

    assert get(FakeServer(lambda _: respond(404, broken()))).status == 404


def test_vetflow_says_who_it_is_and_asks_for_no_compression_it_cannot_limit() -> None:
    server = sending(b"")
    get(server)
    sent = server.requests[0].headers
    assert sent["User-Agent"].startswith("vetflow/")
    assert "http" not in sent["User-Agent"]  # there is no page to turn to, and none is made up
    assert sent["Accept-Encoding"] == "gzip"


def test_redirects_are_followed_also_relative_ones() -> None:
    server = redirecting({URL: "/moved", "https://peer.example/moved": "https://other.example/there"})
    assert get(server).content == b"here"
    assert server.urls == [URL, "https://peer.example/moved", "https://other.example/there"]


def test_a_password_stays_with_the_server_it_is_for() -> None:
    server = redirecting({URL: "https://peer.example/moved", "https://peer.example/moved": "https://other.example/"})
    get(server, headers={"Authorization": "Bearer token", "If-None-Match": '"1"'})
    assert [request.headers.get("Authorization") for request in server.requests] == [
        "Bearer token",
        None,
        None,
    ]
    assert [request.headers.get("If-None-Match") for request in server.requests] == ['"1"'] * 3


def test_a_password_in_the_address_stays_with_the_server_it_is_for() -> None:
    server = redirecting({"https://ada:pw@peer.example/a": "/b"})
    get(server, "https://ada:pw@peer.example/a")
    assert [request.headers.get("Authorization") for request in server.requests] == ["Basic YWRhOnB3", None]


def test_cookies_are_not_taken() -> None:
    server = redirecting({URL: "/moved"})
    cookie = FakeServer(
        lambda request: (
            respond(302, headers={"Location": "/moved", "Set-Cookie": "a=b; Path=/"})
            if str(request.url) == URL
            else respond(200)
        )
    )
    get(cookie)
    assert all("Cookie" not in request.headers for request in (*server.requests, *cookie.requests))


@pytest.mark.parametrize(
    ("url", "target", "reason"),
    [
        (URL, "http://peer.example/", "less safe"),
        (URL, "file:///etc/passwd", "less safe"),
        (URL, "ftp://peer.example/", "less safe"),
        ("http://peer.example/", "file:///etc/passwd", "only http and https"),
        (URL, "https://[", "no address"),
        (URL, "", "does not say where"),
        (URL, URL, "more than 5 times"),
    ],
)
def test_a_server_cannot_send_a_request_anywhere(url: str, target: str, reason: str) -> None:
    server = FakeServer(lambda _: respond(301, headers={"Location": target}))
    with pytest.raises(RefusedAnswerError, match=reason):
        get(server, url)
    assert len(server.requests) <= MOST_REDIRECTS + 1


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "audits.toml", "https://", "https://peer.example:port/", "gopher://peer.example/"],
)
def test_only_addresses_of_web_servers_are_fetched(url: str) -> None:
    server = sending(b"")
    with pytest.raises(RefusedAnswerError):
        get(server, url)
    assert server.requests == []


def test_an_answer_may_be_as_large_as_the_limit_and_no_larger() -> None:
    assert len(get(sending(b"x" * 1000)).content) == 1000
    with pytest.raises(RefusedAnswerError, match="larger than 1000 bytes"):
        get(sending(b"x" * 1001))


def test_an_endless_answer_is_cut_off() -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b"x" * 100

    with pytest.raises(RefusedAnswerError, match="larger"):
        get(sending(endless()))
    assert taken == 11


def test_a_compressed_answer_is_unpacked() -> None:
    text = b"line\n" * 100_000
    packed = gzip.compress(text)
    pieces = (packed[at : at + 7] for at in range(0, len(packed), 7))
    assert get(sending(pieces, {"Content-Encoding": "gzip"}), largest=len(text)).content == text


def test_a_small_answer_that_unpacks_to_gigabytes_is_cut_off() -> None:
    packed = gzip.compress(b"\0" * 50_000_000)
    assert len(packed) < 60_000
    with pytest.raises(RefusedAnswerError, match="larger than 1000000 bytes"):
        get(sending(packed, {"Content-Encoding": "gzip"}), largest=1_000_000)


@pytest.mark.parametrize(
    ("content", "encoding", "reason"),
    [
        (gzip.compress(b"text" * 100, mtime=0)[:-9], "gzip", "cut off"),
        (b"no gzip", "gzip", "damaged"),
        (b"text", "br", "nobody asked for: br"),
    ],
    ids=["cut-off", "damaged", "brotli"],
)
def test_what_cannot_be_unpacked_is_refused(content: bytes, encoding: str, reason: str) -> None:
    with pytest.raises(RefusedAnswerError, match=reason):
        get(sending(content, {"Content-Encoding": encoding}))


def test_an_empty_answer_needs_no_unpacking() -> None:
    assert get(sending(b"", {"Content-Encoding": "gzip"})).content == b""


def test_an_answer_that_trickles_in_is_given_up() -> None:
    seconds = iter(range(0, 100_000, 200))
    with pytest.raises(RefusedAnswerError, match="too slowly"):
        get(sending(b"x" for _ in range(100)), monotonic=lambda: float(next(seconds)))
