"""Addresses in strings: which host they name, and which rule that falls under."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from vetflow.surface.rules import Rule

_ADDRESS: Final = re.compile(r"\b([A-Za-z][A-Za-z0-9+.-]{1,20})://((?:[^\s/\"'<>\\)\](){}|?#]|\{[^{}]*\})*)")
_IPV4: Final = re.compile(r"(?<![\w.])([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})(:[0-9{]+)?(?![\w.]*[\w])")
_IPV6: Final = re.compile(r"\[((?:[0-9a-fA-F]{1,4}:|:){2,7}[0-9a-fA-F]{0,4})\]")
_NO_ADDRESS: Final = frozenset(
    {"file", "data", "crate", "rust", "std", "cargo", "registry", "path", "res", "about", "javascript"}
)
_RESOLVERS: Final = frozenset({"1.1.1.1", "1.0.0.1", "8.8.8.8", "8.8.4.4", "9.9.9.9", "208.67.222.222"})
_VERSION_LIKE: Final = 31
"""Four numbers up to this one, without a port, are more often a version than a machine."""
_DOCUMENTATION: Final = ((192, 0, 2), (198, 51, 100), (203, 0, 113))


def find_addresses(text: str, hosts: Mapping[str, Rule], *, prose: int) -> Iterator[tuple[str, str]]:
    """Yield the rules that the addresses in a string fall under, each with the host.

    hosts: rules by host; a rule covers the hosts below it. prose: with so many other words a string is a text for
    people; with 0 it is one anyway, because it is shown and goes nowhere else.
    """
    for match in _ADDRESS.finditer(text):
        scheme, authority = match[1].lower(), match[2]
        host = authority.rpartition("@")[2].partition(":")[0].lower().strip(".,;")
        if scheme not in _NO_ADDRESS and ("." in host or "{" in host or host in hosts):
            yield from _judge(host, hosts, for_people=_is_prose(text, match, prose))
    for_people = prose == 0
    for match in _IPV4.finditer(text):
        number = ".".join(match.groups()[:4])
        if _is_remote(number, known=bool(match[5]) or "://" in text):
            yield _numeric(number, hosts, for_people=for_people), number
    for match in _IPV6.finditer(text):
        if match[1].strip(":") not in {"", "1", "0"}:
            yield _numeric(match[1], hosts, for_people=for_people), match[1]


def is_remote_number(octets: tuple[int, ...]) -> bool:
    """Whether four numbers name another machine, and neither this one, nor none, nor an example."""
    if any(octet > 255 for octet in octets) or octets[0] in {0, 127, 255} or octets[:3] in _DOCUMENTATION:
        return False
    return octets[0] < 224


def _is_remote(number: str, *, known: bool) -> bool:
    octets = tuple(int(part) for part in number.split("."))
    looks_like_version = max(octets) <= _VERSION_LIKE and number not in _RESOLVERS and not known
    return is_remote_number(octets) and not looks_like_version


def _judge(host: str, hosts: Mapping[str, Rule], *, for_people: bool) -> Iterator[tuple[str, str]]:
    if re.fullmatch(r"[0-9.]+", host):
        return
    labels = host.split(".")
    for start in range(len(labels)):
        rule = hosts.get(".".join(labels[start:]))
        if rule is not None:
            is_mention = for_people and rule.id == "address/exfiltration"
            yield ("address/prose" if is_mention else rule.id), host
            return
    yield ("address/prose" if for_people else "address/other"), host


def _numeric(number: str, hosts: Mapping[str, Rule], *, for_people: bool) -> str:
    if number in hosts:
        return hosts[number].id
    return "address/prose" if for_people else "address/numeric"


def _is_prose(text: str, match: re.Match[str], least: int) -> bool:
    """Whether an address stands among so many words at least, and not alone or in the line of a command."""
    if least == 0:
        return True
    words = re.findall(r"\b[A-Za-z]{2,}\b", text[: match.start()] + " " + text[match.end() :].partition(" ")[2])
    line = text[: match.start()].rpartition("\n")[2] + text[match.end() :].partition("\n")[0]
    return len(words) >= least and not re.search(r"[|;&`$]|\s-{1,2}[a-zA-Z]", line)
