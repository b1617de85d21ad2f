"""`ci`: everything vetflow can say of a workspace or a proposal, in one pass, and one decision.

A proposal (a pull request) is judged by the base's rules and keys, and needs no checkout: lock, manifests and store are
read from the revision. What was in breach at the base already is told and does not decide. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from vetflow.app.check import Check
from vetflow.app.ci.crates import ChangedCrate, Known, changed_crates
from vetflow.app.ci.proposal import with_a_store
from vetflow.app.ci.questions import Questions, Run
from vetflow.app.ci.store import MadeAudit, audits_made, outdated_findings
from vetflow.app.findings import findings_of
from vetflow.app.network import open_sources
from vetflow.app.project import Project
from vetflow.app.queue import risk_rules
from vetflow.app.readings import Progress
from vetflow.app.request import Request
from vetflow.app.rules import MadeHere, rules_in_force
from vetflow.app.surface import open_locked_project
from vetflow.errors import NotFoundError, UndecidedError
from vetflow.model.findings import Finding, Level
from vetflow.model.rules import ProjectRules, weigh
from vetflow.project.revision import revision_name
from vetflow.project.signed_commits import fork_point, is_shallow
from vetflow.trust.decision import Decision, Judged, decide, urgency
from vetflow.trust.gate import GateVerdict


class Wanted(NamedTuple):
    """What to answer. base: the revision a proposal is compared with, None for the workspace by itself.

    profile: the stricter rules to judge by. audits: a revision whose store has audits made for the proposal elsewhere.
    """

    base: str | None = None
    profile: str | None = None
    audits: str | None = None


class Answer(NamedTuple):
    """The answer. base: the full name of the commit, None without one. check: the verdict, cargo-vet's.

    made: decisions that the proposal brings; audits: audits made for it. judged: all findings, those that decide first.
    crates: what changed in the lock. undecided: what could not be found out, a sentence each. minutes: what reading it
    all is expected to take, of what could be measured.
    """

    decision: Decision
    check: Check
    base: str | None
    rules: ProjectRules
    made: tuple[MadeHere, ...]
    audits: tuple[MadeAudit, ...]
    judged: tuple[Judged, ...]
    crates: tuple[ChangedCrate, ...]
    gate: tuple[GateVerdict, ...]
    undecided: tuple[str, ...]
    minutes: float

    @property
    def failed(self) -> bool:
        """Whether something is not as it must be."""
        return any(each.finding.level is Level.FAIL for each in self.judged)


def answer(request: Request, wanted: Wanted, now: int, progress: Progress) -> Answer:
    """Judge a workspace or a proposal; raises what reading it raises, and UndecidedError for a clone without the base.

    now: seconds since 1970. Archives are needed only of crates that no surface.lock of the base has; a locked run
    makes no requests.
    """
    request = request._replace(offline=request.offline or request.locked)
    head = open_locked_project(request)
    base = None if wanted.base is None else _open_base(request, wanted.base)
    fork = None if base is None else _fork(head, base)
    head, moved = with_a_store(head, base)
    in_force = rules_in_force(head, base, fork, wanted.profile, now)
    # Where crates come from is the base's to say: a proposal's settings could send this run anywhere.
    with open_sources(base or head, progress) as sources:
        asked = Questions(Run(sources, progress, now, base), in_force, head, fork)
        made = audits_made(asked.head, asked.old_store.audits, wanted.audits) if asked.base else ()
        rows = _weighed_rows(asked, made, moved)
        return _answer(asked, made, rows)


def _answer(asked: Questions, made: tuple[MadeAudit, ...], rows: Sequence[Judged]) -> Answer:
    run, earlier = asked.run, asked.base.workspace.packages if asked.base else ()
    known = Known(
        asked.check,
        asked.news,
        asked.gate.verdicts,
        asked.in_force.decisions,
        run.sources,
        run.progress,
        run.now,
        earlier,
    )
    crates = changed_crates(asked.drift, asked.before, asked.after, known) if asked.before else ()
    pace = risk_rules().pace
    return Answer(
        decision=decide(rows, undecided=bool(asked.undecided)),
        check=asked.check,
        base=run.tip.commit if run.tip else None,
        rules=asked.rules,
        made=asked.in_force.made,
        audits=made,
        judged=tuple(rows),
        crates=crates,
        gate=asked.gate.verdicts,
        undecided=tuple(asked.undecided),
        minutes=sum(crate.minutes(pace) or 0 for crate in crates),
    )


def _fork(head: Project, base: Project) -> Project:
    """Return the base as it was when the proposal left it: what came into it since is no change of the proposal."""
    cwd, tip = head.request.cwd, base.commit or ""
    commit = fork_point(cwd, tip, head.commit or revision_name(cwd, "HEAD"))
    return base if commit in (None, tip) else open_locked_project(head.request._replace(rev=commit))


def _open_base(request: Request, rev: str) -> Project:
    """Open the base; raises UndecidedError with the line that fetches it where the clone does not have it."""
    try:
        return open_locked_project(request._replace(rev=rev))
    except NotFoundError as error:
        if not is_shallow(request.cwd):
            raise
        branch = rev.removeprefix("origin/")
        raise UndecidedError(
            f"this clone is shallow and does not have `{rev}`",
            help=f"git fetch --depth=1 origin {branch}:refs/remotes/origin/{branch}, or clone with `fetch-depth: 0`",
        ) from error


def _weighed_rows(asked: Questions, made: Iterable[MadeAudit], moved: Iterable[Finding]) -> list[Judged]:
    """Ask everything once, and weigh the answers by the rules, those that decide first.

    made: audits made for the proposal. moved: what is to be said of where the store is.
    """
    places = {str(asked.head.lock_place(package)) for package in asked.news.new}
    rows = [
        *_weighed(asked, findings_of(asked.check)),
        *_weighed(asked, (*moved, *asked.in_force.findings)),
        *_weighed(asked, asked.of_signatures()),
        *_weighed(asked, asked.of_the_store()),
        *_weighed(asked, asked.of_drift()),
        *_weighed(asked, asked.of_growth()),
        *_weighed(asked, asked.of_integrity()),
        *_weighed(asked, outdated_findings(made, asked.head.lock_place)),
        *_weighed(asked, asked.of_the_state(), asked.known_at_base()),
        # What becomes known of a version that was locked before is no news of this proposal.
        *(
            row._replace(decides=asked.base is None or str(row.finding.place) in places)
            for row in _weighed(asked, asked.of_advisories())
        ),
    ]
    ends = asked.of_endings([row.finding for row in rows if row.breach])
    rows += (row._replace(decides=False) for row in _weighed(asked, ends))
    return sorted(rows, key=urgency)


def _weighed(
    asked: Questions, findings: Iterable[Finding], known: frozenset[tuple[str, str]] = frozenset()
) -> Iterator[Judged]:
    """Weigh findings. known: those that were there before, which decide nothing."""
    found = list(findings)
    weighed = weigh(found, asked.rules, asked.in_force.backlog, asked.head.request.today)
    for before, finding in zip(found, weighed, strict=True):
        is_new = (finding.id, finding.reason) not in known
        yield Judged(finding, decides=is_new, breach=before.level is not Level.NOTE)
