"""The answer of `lock drift`: grouped by what happened, or a document for programs (docs/schemas/lock-drift.json)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

from vetflow.app.drift import Drift, DriftNews
from vetflow.app.wording import enumerate_words
from vetflow.cli.output import Line, Style, Styled
from vetflow.cli.render.privileges import PRIVILEGES, privilege_words
from vetflow.cli.render.report_json import inert
from vetflow.graph.drift import DriftEvent, DriftKind
from vetflow.model.packages import Package

SCHEMA: Final = "vetflow/lock-drift/1"

_TITLES: Final = {
    DriftKind.OTHER_CHECKSUM: "The same version, and another content: nobody may do that",
    DriftKind.OTHER_SOURCE: "From another place than before",
    DriftKind.PRIVILEGED: "Runs code when you build, and did not before",
    DriftKind.EDGE: "Depends, and did not before, on code that runs when you build",
    DriftKind.ADDED: "New",
    DriftKind.BUMPED: "Newer than before",
    DriftKind.DOWNGRADED: "Older than before",
    DriftKind.REMOVED: "Gone",
}
_GRAVE: Final = (DriftKind.OTHER_CHECKSUM, DriftKind.OTHER_SOURCE)
_SHORT: Final = 12


def as_lines(drift: Drift) -> Iterator[Line]:
    """Yield a block for each kind of event, then what is not known."""
    since = drift.since[:_SHORT]
    if not drift.news:
        yield (f"nothing happened to Cargo.lock since {since}",)
    else:
        yield (Styled(f"What happened to Cargo.lock since {since}", Style.TITLE),)
    for kind, news in groupby(drift.news, key=lambda each: each.event.kind):
        yield ()
        yield (Styled(_TITLES[kind], Style.BAD if kind in _GRAVE else Style.TITLE),)
        yield from _block(kind, list(news))
    if drift.lacking:
        yield ()
        yield (Styled(f"Not known, as they could not be read (crates: {len(drift.lacking)})", Style.WARN),)
        for package, why in drift.lacking:
            yield (f"  {_label(package)}: {why.reason}",)


def _block(kind: DriftKind, news: list[DriftNews]) -> Iterator[Line]:
    """Yield a line for each event; edges to what ran before anyway change little, and are only counted."""
    told = [each for each in news if not (kind is DriftKind.EDGE and each.event.ran_before)]
    yield from (_line(each) for each in told)
    if len(told) < len(news):
        also = "and also on" if told else "only on"
        yield (f"  {also} code that ran before (new dependencies: {len(news) - len(told)})",)


def _line(news: DriftNews) -> Line:
    line = f"  {_what(news.event)}{_details(news.event)}"
    if news.look_alike is None:
        return (line,)
    resembles = f"its name differs from {news.look_alike.known} only {news.look_alike.how.value}"
    return (line, "; ", Styled(resembles, Style.WARN))


def _what(event: DriftEvent) -> str:
    if event.parent is not None and event.new is not None:
        return f"{_label(event.parent)} -> {_label(event.new)}"
    if event.old is not None and event.new is not None and event.old.version != event.new.version:
        return f"{event.crate} {event.old.version} -> {event.new.version}"
    package = event.new or event.old
    return _label(package) if package is not None else event.crate


def _details(event: DriftEvent) -> str:
    """Say what else is to be known of an event, which depends on its kind."""
    old, new = event.old, event.new
    if event.kind is DriftKind.OTHER_CHECKSUM and old and new:
        return f": the checksum was {old.checksum} and is {new.checksum or 'not there any more'}"
    if event.kind is DriftKind.OTHER_SOURCE and old and new:
        return f": it was {_source(old)} and is {_source(new)}"
    if event.kind is DriftKind.PRIVILEGED:
        return f": it {enumerate_words([PRIVILEGES[field] for field in event.gained])}"
    if event.kind in {DriftKind.ADDED, DriftKind.EDGE}:
        words = privilege_words(event.privileges)
        return f": {words}" if words else ""
    return ""


def _source(package: Package) -> str:
    return package.source or "a folder of this project"


def _label(package: Package) -> str:
    return f"{package.name} {package.version}"


def as_json(drift: Drift) -> str:
    """Return the answer as a document with a schema."""
    return inert(
        {
            "schema": SCHEMA,
            "since": drift.since,
            "events": [_object(each) for each in drift.news],
            "lacking": [
                {"name": package.name, "version": str(package.version), "reason": why.reason}
                for package, why in drift.lacking
            ],
        }
    )


def _object(news: DriftNews) -> dict[str, Any]:
    event, look_alike = news.event, news.look_alike
    return {
        "id": event.kind.value,
        "crate": event.crate,
        "old": _package(event.old),
        "new": _package(event.new),
        "new_name": event.is_new_name,
        "ran_before": event.ran_before,
        **event.privileges._asdict(),
        "gained": list(event.gained),
        "parent": _package(event.parent),
        "resembles": None if look_alike is None else {"name": look_alike.known, "differs": look_alike.how.value},
    }


def _package(package: Package | None) -> dict[str, Any] | None:
    if package is None:
        return None
    return {
        "name": package.name,
        "version": str(package.version),
        "source": package.source,
        "checksum": package.checksum,
    }
