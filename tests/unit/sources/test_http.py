"""The HTTP layer: once a run, conditional, patient within bounds, and honest about what it could not get."""

from __future__ import annotations

import ssl
import time as real_time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.unit.sources.fake_network import FakeServer, FakeTime, respond
from vetflow.sources.answers import Ask, Found, Missing, Unavailable
from vetflow.sources.cache import Cache
from vetflow.sources.http import OFFLINE, Network
from vetflow.sources.network_settings import NetworkSettings

URL = "https://peer.example/audits.toml"
OTHER = "https://peer.example/other.toml"


class Run:
    """Runs of vetflow, one after the other, over one cache and one clock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.time = FakeTime()
        self.progress: list[tuple[str, int, int]] = []

    def network(
        self,
        server: FakeServer,
        settings: NetworkSettings = NetworkSettings(),  # noqa: B008  an immutable value
        authorize: Callable[[str], str | None] = lambda _: None,
    ) -> Network:
        return Network(
            settings,
            Cache(str(self.folder), real_time.time),
            authorize=authorize,
            progress=lambda what, done, total: self.progress.append((what, done, total)),
            clock=self.time.clock,
            transport=server.transport,
        )

    def fetch(
        self,
        server: FakeServer,
        ask: Ask | str = URL,
        settings: NetworkSettings = NetworkSettings(),  # noqa: B008
    ) -> Found | Missing | Unavailable:
        with self.network(server, settings) as network:
            return network.fetch(Ask(ask) if isinstance(ask, str) else ask)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path)


def answering(*answers: httpx.Response | Exception) -> FakeServer:
    """A server that gives these answers in turn, and breaks a test that asks further."""
    left = list(answers)

    def answer(_: httpx.Request) -> httpx.Response:
        following = left.pop(0)
        if isinstance(following, Exception):
            raise following
        return following

    return FakeServer(answer)


def page(content: bytes = b"text", **headers: str) -> httpx.Response:
    return respond(200, content, headers)


def versioned(content: bytes, etag: str) -> FakeServer:
    """A server that knows whether what the client has is what it has."""

    def answer(request: httpx.Request) -> httpx.Response:
        known = request.headers.get("If-None-Match") == etag
        return respond(304) if known else respond(200, content=content, headers={"ETag": etag})

    return FakeServer(answer)


def test_what_is_there_is_found_and_what_is_not_is_missing(run: Run) -> None:
    assert run.fetch(answering(page())) == Found(URL, b"text")
    for status in (404, 410, 451):
        assert run.fetch(answering(respond(status)), OTHER) == Missing(OTHER)


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (400, "the server answered 400 Bad Request"),
        (401, "the server answered 401 Unauthorized"),
        (403, "the server answered 403 Forbidden"),
        (206, "the server answered 206 Partial Content"),
        (304, "the server answered 304 Not Modified"),
        (499, "the server answered 499"),
    ],
)
def test_a_no_is_not_the_same_as_nothing_there_and_never_repeated(run: Run, status: int, reason: str) -> None:
    assert run.fetch(answering(respond(status))) == Unavailable(URL, reason)
    assert run.time.slept == []


def test_a_second_run_asks_whether_the_copy_is_still_true(run: Run) -> None:
    server = versioned(b"text", '"1"')
    assert run.fetch(server) == Found(URL, b"text")
    assert run.fetch(server) == Found(URL, b"text")
    assert [request.headers.get("If-None-Match") for request in server.requests] == [None, '"1"']


def test_a_server_without_etags_is_asked_by_time(run: Run) -> None:
    when = "Thu, 01 Jan 2026 00:00:00 GMT"
    server = answering(page(b"text", **{"Last-Modified": when}), respond(304))
    assert run.fetch(server) == run.fetch(server)
    assert server.requests[1].headers["If-Modified-Since"] == when


def test_a_changed_content_replaces_the_copy(run: Run) -> None:
    run.fetch(versioned(b"old", '"1"'))
    assert run.fetch(versioned(b"new", '"2"')) == Found(URL, b"new")
    server = versioned(b"new", '"2"')
    assert run.fetch(server) == Found(URL, b"new")
    assert server.requests[0].headers["If-None-Match"] == '"2"'


def test_a_damaged_copy_is_fetched_again(run: Run) -> None:
    run.fetch(versioned(b"text", '"1"'))
    [copy] = [path for path in run.folder.rglob("*") if path.is_file()]
    copy.write_bytes(copy.read_bytes()[:-1])
    server = versioned(b"text", '"1"')
    assert run.fetch(server) == Found(URL, b"text")
    assert "If-None-Match" not in server.requests[0].headers


def test_a_copy_is_not_used_when_the_server_cannot_be_asked(run: Run) -> None:
    run.fetch(versioned(b"old", '"1"'))
    answer = run.fetch(FakeServer(lambda _: respond(500)))
    assert answer == Unavailable(URL, "the server answered 500 Internal Server Error")


def test_a_validator_that_fits_in_no_header_is_not_sent_back(run: Run) -> None:
    server = answering(respond(200, b"text", [(b"ETag", b'"\xff"')]), page())
    run.fetch(server)
    assert run.fetch(server) == Found(URL, b"text")
    assert "If-None-Match" not in server.requests[1].headers


def test_what_is_not_to_be_kept_is_not(run: Run) -> None:
    run.fetch(answering(page(ETag='"1"')), Ask(URL, keep=False))
    assert list(run.folder.iterdir()) == []


def test_gitiles_is_recognised_also_from_a_copy(run: Run) -> None:
    server = answering(page(b"dGV4dA==", ETag='"1"', **{"X-Gitiles-Object-Type": "blob"}), respond(304))
    assert run.fetch(server) == run.fetch(server) == Found(URL, b"dGV4dA==", gitiles=True)


def test_an_offline_run_uses_copies_says_so_and_makes_no_request(run: Run) -> None:
    run.fetch(answering(page()))
    server = answering()
    offline = NetworkSettings(offline=True)
    assert run.fetch(server, URL, offline) == Found(URL, b"text", confirmed=False)
    assert run.fetch(server, OTHER, offline) == Unavailable(OTHER, OFFLINE)
    assert server.requests == []


def test_a_url_is_asked_for_once_in_a_run(run: Run) -> None:
    server = answering(page(), respond(404))
    with run.network(server) as network:
        assert network.fetch(Ask(URL)) == network.fetch(Ask(URL)) == Found(URL, b"text")
        assert network.fetch(Ask(OTHER)) == network.fetch(Ask(OTHER)) == Missing(OTHER)


def test_many_are_fetched_in_order_each_once_and_progress_is_told(run: Run) -> None:
    server = FakeServer(lambda request: page(request.url.path.encode()))
    urls = [f"https://peer.example/{number}" for number in (1, 2, 1, 3)]
    with run.network(server) as network:
        contents = network.fetch_all([Ask(url) for url in urls], "pages", lambda answer: answer)
    assert [answer.content for answer in contents if isinstance(answer, Found)] == [
        b"/1",
        b"/2",
        b"/1",
        b"/3",
    ]
    assert len(server.requests) == 3
    assert run.progress == [("pages", 1, 3), ("pages", 2, 3), ("pages", 3, 3)]


def test_failures_that_may_pass_are_repeated_with_growing_pauses(run: Run) -> None:
    server = answering(respond(503), respond(502), httpx.ReadError("connection reset"), page(b"at last"))
    assert run.fetch(server) == Found(URL, b"at last")
    assert run.time.slept == [0.5, 1.0, 2.0]


def test_failures_are_repeated_a_bounded_number_of_times(run: Run) -> None:
    server = FakeServer(lambda _: respond(503))
    assert run.fetch(server) == Unavailable(URL, "the server answered 503 Service Unavailable")
    assert len(server.requests) == 4
    patient = FakeServer(lambda _: respond(503))
    run.fetch(patient, OTHER, NetworkSettings(retries=0))
    assert len(patient.requests) == 1


def test_the_pause_is_as_long_as_the_server_asks(run: Run) -> None:
    assert run.fetch(answering(respond(429, headers={"Retry-After": "17"}), page())) == Found(URL, b"text")
    assert run.time.slept == [17.0]


def test_a_server_that_asks_for_a_long_pause_is_left_alone_for_the_run(run: Run) -> None:
    server = answering(respond(429, headers={"Retry-After": "600"}))
    reason = "the server answered 429 Too Many Requests and asks to come back in 600 seconds"
    with run.network(server) as network:
        assert network.fetch(Ask(URL)) == Unavailable(URL, reason)
        assert network.fetch(Ask(OTHER)) == Unavailable(OTHER, reason)
    assert run.time.slept == []


def test_a_server_that_cannot_be_reached_is_given_up_and_others_are_not(run: Run) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "peer.example":
            raise httpx.ConnectError("no route to host")
        return page()

    server = FakeServer(answer)
    urls = [URL, OTHER, "https://alive.example/audits.toml"]
    with run.network(server, NetworkSettings(retries=1)) as network:
        answers = [network.fetch(Ask(url)) for url in urls]
    reason = "the connection failed: no route to host"
    assert answers == [Unavailable(URL, reason), Unavailable(OTHER, reason), Found(urls[2], b"text")]
    assert server.urls == [URL, URL, urls[2]]


def test_a_single_broken_answer_does_not_give_up_the_server(run: Run) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if str(request.url) == URL:
            raise httpx.ReadTimeout("")
        return page()

    with run.network(FakeServer(answer), NetworkSettings(retries=0)) as network:
        assert network.fetch(Ask(URL)) == Unavailable(URL, "the server did not answer in time")
        assert network.fetch(Ask(OTHER)) == Found(OTHER, b"text")


def test_a_certificate_that_is_not_accepted_is_not_tried_again(run: Run) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        cause = ssl.SSLCertVerificationError(1, "certificate verify failed")
        cause.verify_message = "self-signed certificate"
        raise httpx.ConnectError("certificate verify failed") from cause

    server = FakeServer(answer)
    reason = run.fetch(server)
    assert isinstance(reason, Unavailable)
    assert "was not accepted (self-signed certificate)" in reason.reason
    assert "`http.cainfo`" in reason.reason
    assert len(server.requests) == 1


def test_a_refused_answer_is_not_asked_for_again(run: Run) -> None:
    answer = run.fetch(answering(page(b"x" * 11)), Ask(URL, largest=10))
    assert answer == Unavailable(URL, "the answer is larger than 10 bytes")


def test_an_answer_cut_off_by_the_connection_is_asked_for_again(run: Run) -> None:
    def cut_off() -> Iterator[bytes]:
        yield b"half"
        raise httpx.RemoteProtocolError("peer closed connection")

    assert run.fetch(answering(respond(200, content=cut_off()), page())) == Found(URL, b"text")


def test_what_a_server_says_is_inert_when_shown(run: Run) -> None:
    answer = run.fetch(answering(respond(200, headers=[(b"Content-Encoding", b"\xc2\x9bevil")])))
    assert isinstance(answer, Unavailable)
    assert answer.reason.isprintable()


def test_only_paced_requests_wait_for_each_other(run: Run) -> None:
    server = FakeServer(lambda _: page())
    with run.network(server, NetworkSettings(api_interval=2.0)) as network:
        for number in range(20):
            network.fetch(Ask(f"https://peer.example/{number}"))
        assert run.time.slept == []
        for number in range(7):
            network.fetch(Ask(f"https://api.example/{number}", paced=True))
        assert run.time.slept == [2.0, 2.0]


def test_a_password_is_sent_only_where_it_is_allowed(run: Run) -> None:
    server = FakeServer(lambda _: page())
    asked: list[str] = []

    def authorize(url: str) -> str:
        asked.append(url)
        return "Bearer token"

    with run.network(server, authorize=authorize) as network:
        network.fetch(Ask(URL))
        network.fetch(Ask(OTHER, credentials=True))
    assert asked == [OTHER]
    assert [request.headers.get("Authorization") for request in server.requests] == [None, "Bearer token"]


def test_a_refusal_without_a_password_says_how_to_use_one(run: Run) -> None:
    answer = run.fetch(answering(respond(401)), Ask(URL, credentials=True))
    reason = "the server answered 401 Unauthorized; a private address needs --use-git-credentials"
    assert answer == Unavailable(URL, reason)


def test_without_a_password_a_request_goes_without(run: Run) -> None:
    server = answering(page())
    run.fetch(server, Ask(URL, credentials=True))
    assert "Authorization" not in server.requests[0].headers


def test_a_cache_that_cannot_be_written_costs_only_the_copy(run: Run) -> None:
    blocked = run.folder / "file"
    blocked.write_text("in the way")
    run.folder = blocked
    assert run.fetch(answering(page())) == Found(URL, b"text")


def test_an_address_that_is_none_is_unavailable(run: Run) -> None:
    for url in ("nonsense", "https://peer.example:port/", "file:///etc/passwd"):
        assert isinstance(run.fetch(answering(), url), Unavailable)
