"""Whom a recorded call talks to: addresses of the network, names that are looked up, sockets on this machine."""

from __future__ import annotations

import posixpath
import re
from typing import Final, NamedTuple

from vetflow.surface.observed.layout import Layout
from vetflow.surface.observed.strace_line import Call, raw_strings, strings

_INET: Final = re.compile(r'sin_port=htons\((\d+)\), sin_addr=inet_addr\("([^"]*)"\)')
_INET6: Final = re.compile(r'sin6_port=htons\((\d+)\).*?inet_pton\(AF_INET6, "([^"]*)"')
_UNIX: Final = re.compile(r'sa_family=AF_UNIX, sun_path=(@?)("(?:[^"\\]|\\.)*")')
_FAMILY: Final = re.compile(r"(?:sa_family=)?(AF_\w+)")
_PAYLOAD: Final = re.compile(r'iov_base=("(?:[^"\\]|\\.)*")')
_SENDS: Final = frozenset({"sendto", "sendmsg", "sendmmsg"})
_NAME_SERVICE: Final = frozenset({"/var/run/nscd/socket", "/run/nscd/socket"})
"""The C library asks here before it looks up users and hosts."""
_QUIET: Final = frozenset({"AF_UNIX", "AF_LOCAL", "AF_UNSPEC"})
_NAME_SERVER: Final = "53"
_QUERY: Final = 12
"""The length of the header of a DNS message."""
_MOST_LABELS: Final = 128


class Contact(NamedTuple):
    """What a call reaches for. path: of a socket in the file system.

    leaves: the sandbox does not end there. is_minor: it only prepares to talk.
    """

    what: str
    path: str = ""
    leaves: bool = False
    is_minor: bool = False


def contact(call: Call, folder: str, layout: Layout) -> Contact | None:
    """Return whom a call of the socket family talks to; None for what concerns no other.

    folder: where the process stands, from which the path of a socket counts.
    """
    text = ", ".join(call.arguments[1:])
    if call.name == "socket":
        family = _FAMILY.match(call.arguments[0])
        return (
            None if family is None or family[1] in _QUIET else Contact(f"opens a socket of {family[1]}", is_minor=True)
        )
    name = _looked_up(call) if call.name in _SENDS else None
    if name is not None:
        return Contact(f"looks up {name}")
    verb = {"connect": "connects to", "bind": "listens at"}.get(call.name, "sends to")
    match = _INET.search(text) or _INET6.search(text)
    if match:
        host = f"[{match[2]}]" if ":" in match[2] else match[2]
        return Contact(f"{verb} {host}:{match[1]}", is_minor=match[1] == _NAME_SERVER)
    match = _UNIX.search(text)
    if match:
        return _local(verb, match, call, folder, layout)
    family = _FAMILY.search(text) if call.name not in _SENDS else None
    return None if family is None or family[1] in {*_QUIET, "AF_NETLINK"} else Contact(f"{verb} {family[1]}")


def _local(verb: str, match: re.Match[str], call: Call, folder: str, layout: Layout) -> Contact | None:
    path = strings(match[2])[0]
    if match[1]:
        return Contact(f"{verb} the abstract socket {path}")
    path = posixpath.normpath(posixpath.join(folder, path))
    if path in _NAME_SERVICE:
        return None
    leaves = call.error is None and not layout.is_of_the_sandbox(path)
    return Contact(f"{verb} the socket {path}", path, leaves=leaves)


def _looked_up(call: Call) -> str | None:
    """Return the name that a message asks a name server for, None when it is no such message."""
    pieces = [found[1] for found in _PAYLOAD.finditer(", ".join(call.arguments[1:]))]
    if call.name == "sendto":
        pieces = list(call.arguments[1:2])
    messages = (message for piece in pieces for message in raw_strings(piece))
    return next((name for name in map(queried_name, messages) if name), None)


def queried_name(message: bytes) -> str | None:
    """Return the name in a DNS query; None when the bytes are none. The message may be cut off behind the name."""
    is_query = len(message) > _QUERY and message[2] & 0xF8 == 0 and message[4:8] == b"\0\1\0\0"
    if not is_query:
        return None
    labels: list[str] = []
    at = _QUERY
    while at < len(message) and message[at] and len(labels) < _MOST_LABELS:
        length = message[at]
        label = message[at + 1 : at + 1 + length]
        if length > 63 or len(label) < length:
            return None
        labels.append(label.decode("latin-1"))
        at += 1 + length
    return ".".join(labels) if labels and at < len(message) else None
