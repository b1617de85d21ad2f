"""`surface CRATE` and `surface PATH`: one crate under review, with everything in it that deserves a look.

More is looked at than in the survey of a workspace: the library too, whoever runs it, and the whole package. Works
outside any workspace: the index vouches for a version then, and for a folder or file nobody does.
"""

from __future__ import annotations

from typing import NamedTuple

from vetflow.app.crate_contents import look_up_published
from vetflow.app.crates import CrateContent, CrateReader, project_if_any
from vetflow.app.decisions import read_decisions
from vetflow.app.network import Sources, connect
from vetflow.app.project import Project
from vetflow.app.reading import Reading, read_content
from vetflow.app.readings import Progress
from vetflow.app.request import Request
from vetflow.app.surface import Scope, SurfaceFinding, grade_of, settle, workspace_surface
from vetflow.errors import NotFoundError, UndecidedError
from vetflow.model.decisions import Decisions, Hold
from vetflow.model.names import CrateName
from vetflow.model.version import NO_PRE_RELEASE, VetVersion
from vetflow.project.disk import DiskTree
from vetflow.sources.answers import Missing
from vetflow.sources.index import PublishedCrate
from vetflow.surface.tiers import Grade


class ReviewedCrate(NamedTuple):
    """One crate, looked at closely.

    version: None where only a workspace around a folder knows it. origin: where it was taken from and what vouches for
    it; left_out: see `CrateContent`. host: its library runs during the build of the workspace, or may; False outside of
    one. findings: the highest grade first. hold: somebody holds it back.
    """

    name: CrateName
    version: VetVersion | None
    origin: str
    left_out: tuple[str, ...]
    host: bool
    reading: Reading
    findings: tuple[SurfaceFinding, ...]
    hold: Hold | None = None

    @property
    def grade(self) -> Grade:
        """The highest grade among findings that nobody accepts."""
        return grade_of(self.findings)


def review_path(request: Request, path: str, progress: Progress) -> ReviewedCrate:
    """Look at an unpacked crate or a `.crate` file; raises as `CrateReader.path`."""
    with connect(request, DiskTree(), progress) as sources:
        content = CrateReader(request, sources).path(path)
    return _review(content, Decisions(), request, host=False)


def review_crate(
    request: Request, name: CrateName, version: VetVersion | None, progress: Progress
) -> tuple[ReviewedCrate, ...]:
    """Look at a version of a crate; without one at those that Cargo.lock has, else at the newest published.

    Raises NotFoundError, UndecidedError, RefusedArchiveError.
    """
    project = project_if_any(request)
    decisions = Decisions() if project is None else read_decisions(project)
    host = host_versions(project, name, progress)
    with connect(request, DiskTree() if project is None else project.tree, progress) as sources:
        reader = CrateReader(request, sources, project)
        versions = (version,) if version else _locked_versions(project, name) or (_newest(name, sources),)
        contents = [reader.version(name, each) for each in versions]
    return tuple(_review(content, decisions, request, host=content.version in host) for content in contents)


def _review(content: CrateContent, decisions: Decisions, request: Request, *, host: bool) -> ReviewedCrate:
    reading = read_content(content, host_library=host, under_review=True)
    name, version = content.name, content.version
    return ReviewedCrate(
        name=name,
        version=version,
        origin=content.origin,
        left_out=content.left_out,
        host=host,
        reading=reading,
        findings=settle(name, version, reading.evidence, decisions, request.today),
        hold=decisions.hold(name, version) if version else None,
    )


def host_versions(project: Project | None, name: CrateName, progress: Progress) -> frozenset[VetVersion]:
    """Return the versions of a crate whose library runs during the build of the workspace, or may, for all we know.

    Only what is on this machine is asked: one crate is no reason to fetch all of them.
    """
    if project is None or project.locked is None:
        return frozenset()
    survey = workspace_surface(project.request._replace(offline=True), Scope(), progress)
    return frozenset(each.package.version for each in survey.crates if each.package.name == name and each.host_anywhere)


def _locked_versions(project: Project | None, name: CrateName) -> tuple[VetVersion, ...]:
    packages = () if project is None else project.workspace.packages
    return tuple(package.version for package in packages if package.name == name and package.source is not None)


def _newest(name: CrateName, sources: Sources) -> VetVersion:
    answer = look_up_published([name], sources)[name]
    if isinstance(answer, PublishedCrate):
        versions = [each.version for each in answer.versions if not each.yanked] or [answer.versions[-1].version]
        return max(versions, key=lambda each: (each.pre == NO_PRE_RELEASE, each))
    if isinstance(answer, Missing):
        raise NotFoundError(
            f"{name} is not in Cargo.lock, and the registry has no crate of that name",
            help=f"for the crate in a folder of that name write `vetflow surface ./{name}`",
        )
    raise UndecidedError(
        f"{name} is not in Cargo.lock, and the index cannot be asked for its versions",
        help=f"name a version: `vetflow surface {name}@VERSION`",
        causes=(answer.reason,),
    )
