"""Whom a recorded call talks to."""

from __future__ import annotations

import pytest

from tests.unit.surface.observed.records import LAYOUT
from vetflow.surface.observed.layout import TARGET, TEMPORARY
from vetflow.surface.observed.sockets import Contact, contact, queried_name
from vetflow.surface.observed.strace_line import Call, parse_line

PEER = '{sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("192.0.2.7")}'
QUERY = r'"\30,\1\0\0\1\0\0\0\0\0\0\5exfil\7invalid\0\0\1\0\1"'


def contact_of(text: str) -> Contact | None:
    call = parse_line(f"7 {text}")
    assert isinstance(call, Call)
    return contact(call, f"{TARGET}/out", LAYOUT)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (
            'connect(3<socket:[1]>, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("192.0.2.7")}, 16) = 0',
            "connects to 192.0.2.7:443",
        ),
        (
            'bind(3<socket:[1]>, {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr("0.0.0.0")}, 16) = 0',
            "listens at 0.0.0.0:0",
        ),
        (f"sendmsg(3<socket:[1]>, {{msg_name={PEER}, msg_iov=[{{iov_len=5}}]}}, 0) = 5", "sends to 192.0.2.7:9"),
        (f"sendto(3<socket:[1]>, {QUERY}, 31, 0, NULL, 0) = 31", "looks up exfil.invalid"),
        (
            f"sendmmsg(3<socket:[1]>, [{{msg_hdr={{msg_name=NULL, msg_iov=[{{iov_base={QUERY}}}]}}}}], 1, 0) = 1",
            "looks up exfil.invalid",
        ),
        (
            'connect(3<socket:[1]>, {sa_family=AF_UNIX, sun_path=@"hidden"}, 9) = -1 ECONNREFUSED (x)',
            "connects to the abstract socket hidden",
        ),
        ("socket(AF_INET6, SOCK_DGRAM, IPPROTO_IP) = 3<socket:[1]>", "opens a socket of AF_INET6"),
        ("socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE) = 3<socket:[1]>", "opens a socket of AF_NETLINK"),
        ("connect(3<socket:[1]>, {sa_family=AF_VSOCK, svm_cid=2, svm_port=1}, 16) = 0", "connects to AF_VSOCK"),
    ],
)
def test_words(text: str, what: str) -> None:
    found = contact_of(text)
    assert found is not None
    assert found.what == what


@pytest.mark.parametrize(
    "text",
    [
        "socket(AF_UNIX, SOCK_STREAM, 0) = 3<socket:[1]>",
        'connect(3<socket:[1]>, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = -1 ENOENT (x)',
        'sendto(3<socket:[1]>, "hello", 5, MSG_NOSIGNAL, NULL, 0) = 5',
    ],
)
def test_what_concerns_nobody_else(text: str) -> None:
    assert contact_of(text) is None


def test_a_socket_of_the_machine_is_a_way_out_of_the_sandbox() -> None:
    line = 'connect(3<socket:[1]>, {{sa_family=AF_UNIX, sun_path="{}"}}, 110) = {}'
    reached = {
        (path, result): found.leaves
        for path in ("/work/daemon.sock", f"{TEMPORARY}/own", "own.sock")
        for result in ("0", "-1 ENOENT (x)")
        if (found := contact_of(line.format(path, result)))
    }
    assert [key for key, leaves in reached.items() if leaves] == [("/work/daemon.sock", "0")]


@pytest.mark.parametrize(
    "message", [b"", b"hello world, this is text", b"\0" * 40, b"\0\0\1\0\0\1" + b"\0" * 6 + b"\x3fab"]
)
def test_bytes_that_are_no_query_name_nothing(message: bytes) -> None:
    assert queried_name(message) is None
