"""Bare `vetflow` in a workspace without a store: what can be said at once, without a request and without a trace."""

from __future__ import annotations

from typing import Final, NamedTuple

from vetflow.app.network import Sources, open_sources
from vetflow.app.readings import Progress
from vetflow.app.request import Request
from vetflow.app.surface import Scope, WorkspaceSurface, open_locked_project, survey_workspace
from vetflow.model.dates import Date
from vetflow.model.packages import Package
from vetflow.sources.index import PublishedCrate, cached_crates, look_up_crates

_NEWEST: Final = 5


class Published(NamedTuple):
    """A crate and the day on which its version was published."""

    package: Package
    day: Date


class FirstLook(NamedTuple):
    """survey: what runs during a build. newest: the newest versions first; undated: of how many the day is unknown."""

    survey: WorkspaceSurface
    newest: tuple[Published, ...]
    undated: int


def first_look(request: Request, progress: Progress) -> FirstLook:
    """Look at a workspace with what is on this machine; raises what reading a workspace raises."""
    request = request._replace(offline=True)
    project = open_locked_project(request)
    with open_sources(project, progress) as sources:
        survey = survey_workspace(project, sources, Scope(), progress)
        packages = [crate.package for crate in survey.crates]
        days = _days(packages, request.cargo_home, sources)
    dated = [Published(package, days[package]) for package in packages if package in days]
    newest = sorted(dated, key=lambda each: (each.day, each.package.name, each.package.version), reverse=True)
    return FirstLook(survey, tuple(newest[:_NEWEST]), len(packages) - len(dated))


def _days(packages: list[Package], cargo_home: str, sources: Sources) -> dict[Package, Date]:
    """Return when versions were published, as far as cargo or an earlier run of vetflow was told."""
    names = sorted({package.name for package in packages if package.checksum})
    index = dict(cached_crates(cargo_home, names))
    others = look_up_crates(sources.fetcher, [name for name in names if name not in index], sources.registry)
    index |= {name: answer for name, answer in others.items() if isinstance(answer, PublishedCrate)}
    days = {}
    for package in packages:
        crate = index.get(package.name)
        found = crate.versions if crate else ()
        # Another registry may have the same version: the checksum tells.
        day = next((each.published for each in found if each.checksum and each.checksum == package.checksum), None)
        if day is not None:
            days[package] = day
    return days
