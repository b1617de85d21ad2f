"""`diff` and `inspect`: the code of a crate to be read, what runs during a build first, with what it can do.

Both ends are contents in memory, verified; nothing is unpacked, and nothing of a crate runs. They work outside any
workspace, and remember what was shown for a `certify` that follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from vetflow.app.certify import Target
from vetflow.app.crate_surface import host_versions
from vetflow.app.crates import CrateContent, CrateReader, is_path, project_if_any
from vetflow.app.decisions import read_decisions
from vetflow.app.entering_packages import changed_packages
from vetflow.app.last_review import remember_review
from vetflow.app.network import Sources, connect
from vetflow.app.project import Project
from vetflow.app.reading import load_rules
from vetflow.app.readings import Progress
from vetflow.app.request import Request
from vetflow.app.surface import SurfaceFinding, grade_of, settle
from vetflow.diffing.compare import compare_contents
from vetflow.errors import NotFoundError, UsageError
from vetflow.formats.toml import decode_utf8
from vetflow.model.decisions import Decisions, Hold
from vetflow.model.names import CrateName
from vetflow.model.version import VersionSyntaxError, VetVersion, parse_version
from vetflow.project.disk import DiskTree
from vetflow.review.gains import BlobChange, blob_changes, blob_evidence, gained, vanished_claim
from vetflow.review.packages import MANIFEST, PackageChanges, package_evidence
from vetflow.review.patches import CrateDiff
from vetflow.review.plan import ReadingPlan, reading_plan
from vetflow.surface.analysis import Analysis, analyse
from vetflow.surface.code_change import CodeChange, code_change
from vetflow.surface.evidence import Evidence
from vetflow.surface.manifest_changes import ManifestChange, manifest_changes
from vetflow.surface.tiers import Grade


class Wanted(NamedTuple):
    """What somebody wants to see. crate: None where paths say it. versions: as typed, the old one first.

    host_library: treat its library as code that runs during a build, whatever the workspace says.
    """

    crate: CrateName | None
    versions: tuple[str, ...]
    host_library: bool = False


class InspectedCrate(NamedTuple):
    """A whole version.

    host: its library runs during the build of the workspace, or may; None where nobody can tell. findings: the highest
    grade first. hold: somebody holds it back.
    """

    content: CrateContent
    analysis: Analysis
    host: bool | None
    findings: tuple[SurfaceFinding, ...]
    hold: Hold | None

    @property
    def grade(self) -> Grade:
        """The highest grade among findings that nobody accepts."""
        return grade_of(self.findings)


class ReviewedDelta(NamedTuple):
    """What changed from one version to another, analysed with the same eyes.

    findings: what the new version can do that the old one cannot, what nobody can read in it, and the packages that it
    brings; the highest grade first. lost: what only the old one could do.
    """

    old: InspectedCrate
    new: InspectedCrate
    diff: CrateDiff
    plan: ReadingPlan
    packages: PackageChanges
    manifest: tuple[ManifestChange, ...]
    blobs: tuple[BlobChange, ...]
    code: CodeChange
    findings: tuple[SurfaceFinding, ...]
    lost: tuple[Evidence, ...]

    @property
    def grade(self) -> Grade:
        """The highest grade among findings that nobody accepts."""
        return grade_of(self.findings)


class _Reading(NamedTuple):
    """What one run reads crates with."""

    request: Request
    project: Project | None
    decisions: Decisions
    sources: Sources
    reader: CrateReader
    progress: Progress


def inspect_crate(request: Request, wanted: Wanted, progress: Progress) -> InspectedCrate:
    """Read a version of a crate; raises NotFoundError, UndecidedError, RefusedArchiveError, UsageError."""
    with _reading(request, progress) as reading:
        (content,) = _contents(wanted, reading)
        (inspected,) = _inspect([content], wanted, reading)
        _remember([content], wanted, reading)
    return inspected


def review_delta(request: Request, wanted: Wanted, progress: Progress) -> ReviewedDelta:
    """Compare two versions of a crate; raises as `inspect_crate`."""
    with _reading(request, progress) as reading:
        contents = _contents(wanted, reading)
        old, new = _inspect(contents, wanted, reading)
        delta = _compare(old, new, reading)
        if not delta.diff.incomplete:
            _remember(contents, wanted, reading)
    return delta


def _compare(old: InspectedCrate, new: InspectedCrate, reading: _Reading) -> ReviewedDelta:
    before, after = old.content.files, new.content.files
    earlier, later = old.analysis, new.analysis
    code = {file.path for each in (earlier, later) for file in each.surface.files if file.is_code}
    diff = compare_contents(before, after, reading.request.environ, code=code)
    packages = changed_packages(earlier.manifest, later.manifest, reading.project, reading.reader, reading.sources)
    manifest = manifest_changes(earlier.manifest, earlier.surface.roots, later.manifest, later.surface.roots)
    blobs = blob_changes(earlier.blobs, later.blobs)
    changed = code_change(before, after, manifest_differs=bool(manifest), code=code)
    unreadable = {MANIFEST, *(each.path for each in blobs)}
    evidence = (
        *_entering_evidence(packages, new, reading.request),
        *blob_evidence(blobs, later.surface, source_changed=not unreadable.issuperset(changed.changed)),
        *vanished_claim(earlier.vcs, later.vcs),
        *gained(earlier.evidence, [each for each in later.evidence if each.path not in later.blobs]),
    )
    findings = _settled(new.content, evidence, reading)
    return ReviewedDelta(
        old=old,
        new=new,
        diff=diff,
        plan=reading_plan(diff, earlier.surface, later.surface, (each.evidence for each in findings)),
        packages=packages,
        manifest=manifest,
        blobs=blobs,
        code=changed,
        findings=findings,
        lost=tuple(each for each in gained(later.evidence, earlier.evidence) if each.grade > Grade.EXPECTED),
    )


def _entering_evidence(packages: PackageChanges, new: InspectedCrate, request: Request) -> Iterator[Evidence]:
    text = decode_utf8(new.content.files[MANIFEST].content, MANIFEST)
    for package in packages.entering:
        yield package_evidence(package, new.analysis.manifest, text, request.today)


def _settled(content: CrateContent, evidence: Iterable[Evidence], reading: _Reading) -> tuple[SurfaceFinding, ...]:
    return settle(content.name, content.version, evidence, reading.decisions, reading.request.today)


@contextmanager
def _reading(request: Request, progress: Progress) -> Iterator[_Reading]:
    project = project_if_any(request)
    with connect(request, project.tree if project else DiskTree(), progress) as sources:
        decisions = read_decisions(project) if project else Decisions()
        yield _Reading(request, project, decisions, sources, CrateReader(request, sources, project), progress)


def _contents(wanted: Wanted, reading: _Reading) -> list[CrateContent]:
    """Return what is wanted, in its order; all of it is of one crate. Nothing is fetched before all words are read."""
    ends = [text if is_path(text) else _version(wanted.crate, text) for text in wanted.versions]
    contents = [
        reading.reader.path(end) if isinstance(end, str) else reading.reader.version(wanted.crate or "", end)
        for end in ends
    ]
    name = wanted.crate or contents[0].name
    for text, content in zip(wanted.versions, contents, strict=True):
        if content.name != name:
            raise NotFoundError(f"the crate at {text} is {content.name}, not {name}")
    return contents


def _version(crate: CrateName | None, text: str) -> VetVersion:
    if crate is None:
        raise UsageError(f"'{text}' is no path", help="name a crate and its versions, or paths alone")
    try:
        return parse_version(text)
    except VersionSyntaxError as error:
        raise UsageError(
            f"'{text}' is not a version: {error}", help="for a folder or file of that name write `./` before it"
        ) from None


def _inspect(contents: list[CrateContent], wanted: Wanted, reading: _Reading) -> list[InspectedCrate]:
    """Analyse all ends of a delta alike: what differs is then due to the crate."""
    host = True if wanted.host_library else _is_host(contents[-1].name, reading)
    return [_inspected(content, host, reading) for content in contents]


def _inspected(content: CrateContent, host: bool | None, reading: _Reading) -> InspectedCrate:
    analysis = analyse(content.files, load_rules(), host_library=bool(host), under_review=True)
    return InspectedCrate(
        content=content,
        analysis=analysis,
        host=host,
        findings=_settled(content, analysis.evidence, reading),
        hold=reading.decisions.hold(content.name, content.version) if content.version else None,
    )


def _is_host(name: CrateName, reading: _Reading) -> bool | None:
    """Whether some version of a crate has a library that runs during the build of the workspace."""
    project = reading.project
    if project is None or project.locked is None or all(each.name != name for each in project.workspace.packages):
        return None
    return bool(host_versions(project, name, reading.progress))


def _remember(contents: list[CrateContent], wanted: Wanted, reading: _Reading) -> None:
    """Keep what was shown for `certify`: published versions and revisions, never what somebody has in a folder."""
    *base, version = [content.version for content in contents]
    if reading.project is None or version is None or any(map(is_path, wanted.versions)):
        return
    target = Target(contents[-1].name, version, base[0] if base else None)
    remember_review(target, reading.project.workspace.root, reading.sources.cache)
