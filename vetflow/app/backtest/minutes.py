"""The minutes that the events of a lock's past would have cost, by the queue's model of how fast people read.

The gate asks for build-time code alone, and of a library that is linked into some for all of it. What is measured is
kept by checksum; what nobody can measure has no minutes, and is counted by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from vetflow.app.build_lines import build_lines
from vetflow.app.crate_contents import RegistryCrates
from vetflow.app.network import Sources
from vetflow.app.queue import risk_rules
from vetflow.app.reading import Reading
from vetflow.app.readings import Progress, read_packages
from vetflow.app.request import Request
from vetflow.diffing.sizes import CrateSizes
from vetflow.model.packages import Package
from vetflow.model.report import CrateVersion
from vetflow.model.suggestions import CrateDelta, DiffStat
from vetflow.review.backtest import Event, Reads, Step


def with_minutes(
    steps: Iterable[Step], packages: Collection[Package], request: Request, sources: Sources, progress: Progress
) -> tuple[Step, ...]:
    """Return steps with the minutes of their events. packages: all that were ever locked."""
    steps = tuple(steps)
    events = [event for step in steps for event in step.events]
    changed = list(dict.fromkeys(_delta(event) for event in events if event.reads is not Reads.NOTHING))
    whole = list(dict.fromkeys(_delta(event) for event in events if event.reads is Reads.ALL))
    sources = sources.without_vendored()
    crates = RegistryCrates(sources, packages)
    readings = _readings(changed, packages, request, sources, progress)
    lines = build_lines(changed, readings, crates, sources.cache, request.environ) if changed else {}
    sizes = CrateSizes(crates, sources.cache, request.environ).sizes(whole) if whole else {}
    pace = risk_rules().pace

    def timed(event: Event) -> Event:
        delta = _delta(event)
        size = sizes.get(delta)
        return event.timed(size.lines if isinstance(size, DiffStat) else None, lines.get(delta), pace)

    return tuple(step._replace(events=tuple(map(timed, step.events))) for step in steps)


def _delta(event: Event) -> CrateDelta:
    return CrateDelta(event.crate, event.base, event.new)


def _readings(
    deltas: Iterable[CrateDelta],
    packages: Iterable[Package],
    request: Request,
    sources: Sources,
    progress: Progress,
) -> Mapping[CrateVersion, Reading]:
    """Read both ends of what changed once more, from what the run has just kept."""
    ends = {end for delta in deltas for end in delta.ends()}
    wanted = [package for package in packages if CrateVersion(package.name, package.version) in ends]
    readings = read_packages(wanted, request._replace(offline=True), sources, progress)
    return {CrateVersion(each.name, each.version): reading for each, reading in readings.found.items()}
