"""What earlier reviews of a project left on this machine, for the plain commands: read, never locked or changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from vetflow.app.claims import claims_about
from vetflow.app.crates import project_if_any
from vetflow.app.project import Project
from vetflow.app.request import Request
from vetflow.cli.world import World
from vetflow.model.contents import CrateFiles
from vetflow.project.session_file import read_lines, state_folder
from vetflow.review.claims import Assisted
from vetflow.review.session import Session, decode, session_of


class Kept(NamedTuple):
    """What was kept for a project; folder is None outside any."""

    folder: str | None

    def session(self) -> Session:
        """Return what was read so far, by an open review too."""
        lines = read_lines(self.folder) if self.folder else ()
        return session_of(record for line in lines if (record := decode(line)))

    def claims(self, crate: str, versions: Iterable[tuple[str, CrateFiles]]) -> Assisted:
        """Return what assistants claim about versions with these files."""
        return claims_about(self.folder, crate, versions) if self.folder else Assisted()


def kept(request: Request, world: World) -> Kept:
    """Return what was kept for the project a run is in."""
    project = project_if_any(request)
    return Kept(kept_folder(project, world) if project else None)


def kept_folder(project: Project, world: World) -> str:
    """Return where the state of a project's reviews is kept."""
    return state_folder(world.environ, world.home, project.workspace.root)
