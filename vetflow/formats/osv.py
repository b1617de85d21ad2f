"""Advisories in the Open Source Vulnerability format: JSON records that may be about several crates each.

Of a record only crates.io's packages count, and of their ranges those of semantic versions; versions that are listed
one by one count as well, as the format demands.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from vetflow.model.advisories import Advisory, AdvisoryKind, AdvisorySyntaxError, AffectedRange, next_version
from vetflow.model.dates import Date, DateSyntaxError, parse_date
from vetflow.model.version import VersionSyntaxError, VetVersion, parse_version

_ECOSYSTEM: Final = "crates.io"
_SEMVER: Final = "SEMVER"
_FROM_THE_FIRST: Final = "0"
_MALICIOUS: Final = "MAL-"


class OsvRecord(NamedTuple):
    """A record: one advisory for each crate it is about, and the day on which it was last changed."""

    advisories: tuple[Advisory, ...]
    modified: Date | None


def parse_osv(content: bytes, file: str) -> OsvRecord:
    """Read a record; raises AdvisorySyntaxError."""
    try:
        record = json.loads(content)
    except (ValueError, RecursionError):
        raise AdvisorySyntaxError("it is no JSON") from None
    try:
        return OsvRecord(tuple(_advisories(record, file)), _day(record.get("modified")))
    except (KeyError, TypeError, AttributeError):
        raise AdvisorySyntaxError("it is no record of the OSV format") from None
    except VersionSyntaxError as error:
        raise AdvisorySyntaxError(f"one of its versions is none: {error}") from None


def _advisories(record: dict[str, Any], file: str) -> Iterator[Advisory]:
    name = record["id"]
    if not isinstance(name, str):
        raise TypeError
    by_crate: dict[str, list[dict[str, Any]]] = {}
    for affected in record.get("affected", ()):
        if affected["package"]["ecosystem"] == _ECOSYSTEM:
            by_crate.setdefault(str(affected["package"]["name"]), []).append(affected)
    for crate, parts in by_crate.items():
        kind = _kind(parts)
        if kind is not None:
            yield Advisory(
                id=name,
                crate=crate,
                kind=kind,
                title=str(record.get("summary") or name),
                affected=tuple(each for part in parts for each in _ranges(part)),
                published=_day(record.get("published")),
                aliases=tuple(str(each) for each in record.get("aliases", ())),
                url=f"https://osv.dev/vulnerability/{name}",
                malicious=name.startswith(_MALICIOUS) or "malicious" in _categories(parts),
                withdrawn=record.get("withdrawn") is not None,
                functions=_functions(parts),
                file=file,
            )


def _ranges(part: dict[str, Any]) -> Iterator[AffectedRange]:
    """Yield the ranges of one package. Events stand in any order; those of one range are taken in that of versions."""
    for each in part.get("ranges") or ():
        if each["type"] == _SEMVER:
            yield from _between(each["events"])
    for text in part.get("versions") or ():
        version = parse_version(text)
        yield AffectedRange(version, next_version(version))


def _between(events: list[dict[str, str]]) -> Iterator[AffectedRange]:
    marks: list[tuple[bool, VetVersion | None, bool]] = []
    for event in events:
        for what, text in event.items():
            version = None if text == _FROM_THE_FIRST else parse_version(text)
            if what == "introduced":
                marks.append((version is not None, version, True))
            elif what in {"fixed", "last_affected"} and version is not None:
                marks.append((True, next_version(version) if what == "last_affected" else version, False))
    begun, start = False, None
    for _, version, begins in sorted(marks, key=lambda mark: (mark[0], mark[1] or (), mark[2])):
        if begins and not begun:
            begun, start = True, version
        elif not begins and begun:
            yield AffectedRange(start, version)
            begun = False
    if begun:
        yield AffectedRange(start, None)


def _kind(parts: list[dict[str, Any]]) -> AdvisoryKind | None:
    """Return the kind, which RustSec's records tell in a field of their own; None for one without a word here."""
    told = next((each for part in parts if (each := _specific(part, "database_specific").get("informational"))), None)
    if told is None:
        return AdvisoryKind.VULNERABILITY
    return next((kind for kind in AdvisoryKind if kind.value == told), None)


def _categories(parts: list[dict[str, Any]]) -> list[str]:
    return [str(each) for part in parts for each in _specific(part, "database_specific").get("categories") or ()]


def _functions(parts: list[dict[str, Any]]) -> tuple[str, ...]:
    affects = (_specific(part, "ecosystem_specific").get("affects") or {} for part in parts)
    return tuple(str(name) for each in affects for name in each.get("functions") or ())


def _specific(part: dict[str, Any], key: str) -> dict[str, Any]:
    return part.get(key) or {}


def _day(value: object) -> Date | None:
    try:
        return parse_date(str(value)[:10])
    except DateSyntaxError:
        return None
