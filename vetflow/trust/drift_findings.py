"""What happened to a lock, as findings: what somebody should know before anything is built.

One pattern is a stop by itself. A crate that is known here begins, in a new version, to need one that nobody here had,
that runs during the build and was published days ago: so the attack on `arrayref` came (shared spec trust 3.3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from vetflow.errors import Place
from vetflow.formats.time_span import spell_time_span
from vetflow.graph.drift import DriftEvent, DriftKind, Privileges
from vetflow.model.findings import Finding, Level
from vetflow.model.packages import Package

_PLANTED: Final = 14 * 86_400
"""Younger than this, in seconds, a new dependency that runs during the build is taken for planted."""


def drift_findings(
    events: Iterable[DriftEvent],
    published_at: Callable[[Package], int | None],
    now: int,
    place: Callable[[Package], Place | None],
) -> Iterator[Finding]:
    """Yield what runs during the build and did not, and what comes from elsewhere. now: seconds since 1970.

    To depend on a crate that ran before brings no code into the build; other rules judge its new versions. Versions
    whose content changed are `lock_integrity.changed_checksums`.
    """
    for event in events:
        package = event.new
        if package is None:
            continue
        name = f"{package.name} {package.version}"
        if event.kind is DriftKind.OTHER_SOURCE:
            old = event.old.source if event.old and event.old.source else "the workspace"
            reason = f"{name} comes from {package.source or 'the workspace'}, and came from {old}"
            yield Finding("drift/other-source", Level.WARN, place(package), reason)
        elif event.kind is DriftKind.PRIVILEGED:
            reason = f"{name} runs during the build now: {_gained(event)}"
            look = f"vetflow diff {package.name} {event.old.version} {package.version}" if event.old else None
            yield Finding("drift/became-privileged", Level.WARN, place(package), reason, look)
        elif event.kind is DriftKind.EDGE and event.parent is not None and not event.ran_before:
            yield _edge(event, event.parent, package, published_at(package), now)._replace(place=place(package))


def _edge(event: DriftEvent, parent: Package, package: Package, published_at: int | None, now: int) -> Finding:
    name = f"{package.name} {package.version}"
    reason = f"{parent.name} {parent.version} begins to depend on {name}, which {_runs(event.privileges)}"
    runs_itself = event.privileges.build_script or event.privileges.proc_macro
    is_young = published_at is not None and now - published_at < _PLANTED
    if event.is_new_name and runs_itself and is_young and published_at is not None and parent.source is not None:
        age = spell_time_span(max(0, now - published_at))
        reason += f"; nobody here had it before, and it was published {age} ago"
        settle = "do not build; wait, and find out whether whoever publishes the first one knows of it"
        return Finding("drift/planted-dependency", Level.FAIL, None, reason, settle)
    return Finding("drift/new-edge", Level.WARN, None, reason, f"vetflow inspect {package.name} {package.version}")


def _runs(privileges: Privileges) -> str:
    words = {"has a build script": privileges.build_script, "is a proc macro": privileges.proc_macro}
    known = [word for word, holds in words.items() if holds]
    if known:
        return " and ".join(known)
    return "runs during the build" if privileges.host else "may run during the build"


def _gained(event: DriftEvent) -> str:
    words = {"build_script": "a build script", "proc_macro": "a proc macro", "host": "linked into what runs"}
    return ", ".join(words[field] for field in event.gained)
