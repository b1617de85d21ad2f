"""`bundle`: what an assistant needs to read a crate, as a value; nothing is sent anywhere.

It holds what others published and what vetflow computed, never what somebody here wrote, is or has: no notes, names,
e-mail addresses, paths of this machine, reasons of holds and acceptances, and no file that is no part of a published
crate. The same crate, store and options give the same bundle.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from vetflow.app.certify import Target, open_certify, proposal
from vetflow.app.checklist import checklist_of, subject_of
from vetflow.app.crates import CrateContent, is_path, project_if_any
from vetflow.app.project import Project
from vetflow.app.readings import Progress
from vetflow.app.request import Request
from vetflow.app.review_crates import InspectedCrate, ReviewedDelta, Wanted, inspect_crate, review_delta
from vetflow.app.updating import unattended_run
from vetflow.diffing.compare import compare_contents
from vetflow.errors import UsageError
from vetflow.model.criteria import Criteria
from vetflow.model.names import SAFE_TO_DEPLOY, CrateName, CriteriaName
from vetflow.model.report import Step
from vetflow.model.store import CriteriaEntry
from vetflow.review.bundle import Selection, select
from vetflow.review.checklist import Checklist
from vetflow.review.plan import ReadingPlan, reading_plan


class Demands(NamedTuple):
    """What is asked of the crate. criteria: with what the store says each means, None for the built-in ones.

    base: the entries that lead to the version a delta starts from; all: the store's criteria, to name theirs.
    """

    criteria: tuple[tuple[CriteriaName, CriteriaEntry | None], ...]
    base: tuple[Step, ...] = ()
    all: Criteria | None = None


class Bundle(NamedTuple):
    """What an assistant is given. reviewed: what vetflow found; of a whole version everything is new.

    checklist: what is asked for the criteria; nobody's answers.
    """

    crate: CrateName
    old: CrateContent | None
    new: CrateContent
    reviewed: ReviewedDelta | InspectedCrate
    selection: Selection
    demands: Demands
    checklist: Checklist


class Extent(NamedTuple):
    """How much is wanted. criteria: to be named, none for what the project requires. everything: also what is folded.

    most: bytes of lines.
    """

    criteria: tuple[CriteriaName, ...]
    everything: bool
    most: int


def make_bundle(
    request: Request, crate: CrateName, versions: Sequence[str], extent: Extent, progress: Progress
) -> Bundle:
    """Read one version, or two and compare them; raises what `inspect_crate` and `review_delta` raise.

    Raises UsageError for paths: what lies in somebody's folder was not published and is not given away.
    """
    if is_path(crate) or any(map(is_path, versions)):
        raise UsageError("a bundle is made of published versions, never of a folder or file of yours")
    wanted = Wanted(crate, tuple(versions))
    reviewed: ReviewedDelta | InspectedCrate
    if len(versions) == 1:
        reviewed = inspect_crate(request, wanted, progress)
        old, new, plan = None, reviewed.content, _whole_plan(reviewed, request)
    else:
        reviewed = review_delta(request, wanted, progress)
        old, new, plan = reviewed.old.content, reviewed.new.content, reviewed.plan
    selection = select(plan, new.files, everything=extent.everything, most=extent.most)
    project = project_if_any(request)
    demands = _demands(project, old, new, extent.criteria)
    asked = checklist_of(subject_of(reviewed), project).for_criteria([name for name, _ in demands.criteria])
    return Bundle(crate, old, new, reviewed, selection, demands, asked)


def _whole_plan(inspected: InspectedCrate, request: Request) -> ReadingPlan:
    surface, files = inspected.analysis.surface, inspected.content.files
    code = frozenset(file.path for file in surface.files if file.is_code)
    evidence = (each.evidence for each in inspected.findings)
    return reading_plan(compare_contents({}, files, request.environ, code=code), None, surface, evidence)


def _demands(
    project: Project | None, old: CrateContent | None, new: CrateContent, chosen: tuple[CriteriaName, ...]
) -> Demands:
    """Return what the project asks of the crate, from the store as it is on disk; nobody is asked."""
    if project is None or new.version is None or not project.tree.is_dir(project.store.folder):
        return Demands(tuple((name, None) for name in chosen or (SAFE_TO_DEPLOY,)))
    target = Target(new.name, new.version, old.version if old else None)
    live = open_certify(project.request._replace(locked=True), [target], unattended_run(), force=True)
    known, proposed = live.store.audits.criteria, proposal(live, target)
    unknown = [name for name in chosen if name not in live.store.criteria.names]
    if unknown:
        raise UsageError(f"the store has no criteria '{unknown[0]}'")
    names = chosen or proposed.criteria or (SAFE_TO_DEPLOY,)
    steps = proposed.base.steps if proposed.base else ()
    return Demands(tuple((name, known.get(name)) for name in names), steps, live.store.criteria)
