"""`hold` and `unhold`: read, not certified, because. A hold never vets and never fails anything; it is shown."""

from __future__ import annotations

from typing import NamedTuple

from vetflow.app.decisions import DecisionsWritten, change_decisions, read_decisions
from vetflow.app.project import Project, open_project
from vetflow.app.request import Request
from vetflow.app.updating import Run
from vetflow.errors import NotFoundError
from vetflow.model.decisions import Decisions, Hold
from vetflow.model.findings import Finding, Level
from vetflow.model.names import CrateName
from vetflow.model.packages import Package
from vetflow.model.version import VetVersion


class HeldCrate(NamedTuple):
    """A crate of the workspace that somebody holds back."""

    package: Package
    hold: Hold


def hold(request: Request, crate: CrateName, new: Hold, run: Run) -> DecisionsWritten:
    """Hold back a crate, or one version of it; an earlier hold on the same is replaced.

    Raises NotFoundError for a crate that is not in the workspace, StoreError.
    """
    project = open_project(request)
    packages = [package for package in project.workspace.packages if package.name == crate]
    if not packages or (new.version is not None and new.version not in {each.version for each in packages}):
        versions = ", ".join(str(each.version) for each in packages)
        raise NotFoundError(
            f"{crate}{f' {new.version}' if new.version else ''} is not in this workspace",
            help=f"it has {versions}" if versions else "`vetflow dump-graph --depth full` lists its packages",
        )

    def change(decisions: Decisions) -> Decisions:
        others = [each for each in decisions.holds.get(crate, ()) if each.version != new.version]
        return decisions._replace(holds={**decisions.holds, crate: (*others, new)})

    return change_decisions(project, change, run)


def unhold(request: Request, crate: CrateName, version: VetVersion | None, run: Run) -> DecisionsWritten:
    """Take back the hold on a version, or all on a crate; raises NotFoundError where there is none, StoreError."""
    project = open_project(request)

    def change(decisions: Decisions) -> Decisions:
        holds = decisions.holds.get(crate, ())
        left = tuple(each for each in holds if version is not None and each.version != version)
        if len(left) == len(holds):
            raise NotFoundError(
                f"nobody holds back {crate}{f' {version}' if version else ''}",
                help=f"held are {', '.join(decisions.holds)}" if decisions.holds else "nothing is held back",
            )
        return decisions._replace(holds={**decisions.holds, crate: left})

    return change_decisions(project, change, run)


def held_crates(project: Project) -> tuple[HeldCrate, ...]:
    """Return the crates of a workspace that are held back, in the order of the lock; raises StoreError."""
    decisions = read_decisions(project)
    found = ((package, decisions.hold(package.name, package.version)) for package in project.workspace.packages)
    return tuple(HeldCrate(package, hold) for package, hold in found if hold is not None)


def held_note(project: Project) -> Finding | None:
    """Say in one line which crates are held back; None where none is."""
    held = held_crates(project)
    if not held:
        return None
    words = "; ".join(f"{each.package.name} {each.package.version}, because {each.hold.reason}" for each in held[:3])
    more = f"; {len(held) - 3} more" if len(held) > 3 else ""
    return Finding("review/held", Level.NOTE, None, f"held back (read, not certified): {words}{more}")
