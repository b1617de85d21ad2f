"""`queue`: everything that is still to be read, with what is known of it, the most urgent first.

Joins what `suggest` would have somebody read (the best base and its size), what each crate shows of itself (`readings`:
what runs during a build and what that can do) and what other people's audits say. Whatever cannot be had leaves a row
with less in it, never a missing row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from vetflow.app.network import open_sources
from vetflow.app.project import Project, open_project
from vetflow.app.queue_sources import Gathered, gather
from vetflow.app.reading import Reading
from vetflow.app.request import Request
from vetflow.app.shipped import shipped_path
from vetflow.app.suggest import Suggested, suggest_in
from vetflow.app.surface import Scope, SurfaceCrate, require_locked, survey_workspace
from vetflow.errors import UndecidedError, ViolationError
from vetflow.formats.risk_toml import RiskRules, parse_risk
from vetflow.model.findings import Finding, Level
from vetflow.model.report import CrateVersion, VettingFailure, ViolationFailure
from vetflow.model.store import Store
from vetflow.model.suggestions import CrateDelta, Suggestion, UnknownSize
from vetflow.resolve.conclude import conclude
from vetflow.review.queue import BuildTime, QueueRow, in_order
from vetflow.review.risk import risk
from vetflow.review.signals import YOUNG, Circumstances, new_evidence, running, signals


class Queue(NamedTuple):
    """What is still to be read, in order.

    third_party: how many crates are not local. needless: exemptions of crates that audits vet without any.
    locked: nobody was asked what others have audited. notes: what had to be left aside.
    """

    rows: tuple[QueueRow, ...]
    third_party: int
    needless: tuple[CrateVersion, ...]
    rules: RiskRules
    locked: bool
    notes: tuple[Finding, ...]

    @property
    def lines(self) -> int:
        """How many lines there are to read, as far as anybody knows."""
        return sum(row.lines or 0 for row in self.rows)


class _Known(NamedTuple):
    """What the rows are made of."""

    suggested: Suggested
    failing: frozenset[int]
    in_workspace: Mapping[CrateVersion, SurfaceCrate]
    gathered: Gathered
    store: Store
    request: Request
    rules: RiskRules


def queue(request: Request, *, progress: Callable[[str, int, int], None]) -> Queue:
    """Return what is still to be read of the project that a request is about; see `queue_of`."""
    return queue_of(open_project(request), progress=progress)


def queue_of(project: Project, *, progress: Callable[[str, int, int], None]) -> Queue:
    """Return everything that fails or is exempted; writes nothing but what it keeps in the cache.

    An offline run makes do with what is on this machine, and with imports.lock where it has no copies of the imports.
    Where the request is `locked` the store's own imports are taken and nobody is asked what others audited. Raises
    ViolationError where entries contradict each other, and what `suggest` and `surface` raise.
    """
    project, suggested = _suggested(project, progress)
    request, store = project.request, suggested.store
    if isinstance(suggested.resolution.conclusion, ViolationFailure):
        raise _violations()
    failing = _failing(suggested, store)
    found = suggested.suggest
    suggestions = (*found.suggestions, *found.unmeasured) if found else ()
    with open_sources(project, progress) as sources:
        surface = survey_workspace(require_locked(project), sources, Scope(), progress)
        in_workspace = {CrateVersion(each.package.name, each.package.version): each for each in surface.crates}
        deltas = [each.delta for each in suggestions]
        gathered = gather(deltas, in_workspace, store, request, sources, progress=progress)
    known = _Known(suggested, failing, in_workspace, gathered, store, request, risk_rules())
    return Queue(
        rows=in_order([_row(each, known) for each in suggestions]),
        third_party=sum(node.is_third_party for node in suggested.resolution.graph.nodes),
        needless=_needless(suggested, store),
        rules=known.rules,
        locked=request.locked,
        notes=(*suggested.notes, *gathered.notes),
    )


def _suggested(project: Project, progress: Callable[[str, int, int], None]) -> tuple[Project, Suggested]:
    """Return what to audit, and the project with its request as it could be met."""
    request = project.request
    try:
        return project, suggest_in(project, progress=progress)
    except UndecidedError as error:
        if not request.offline or request.locked:
            raise
        locked = project._replace(request=request._replace(locked=True))
        suggested = suggest_in(locked, progress=progress)
        note = Finding(
            "import/unavailable", Level.NOTE, None, f"imports.lock is taken as it is, because {error.message}"
        )
        return locked, suggested._replace(notes=(*suggested.notes, note))


def risk_rules() -> RiskRules:
    """Read the weights and the pace that vetflow ships."""
    path = shipped_path("risk.toml")
    with open(path, encoding="utf-8") as file:
        return parse_risk(file.read(), path)


def _failing(suggested: Suggested, store: Store) -> frozenset[int]:
    """Return which crates fail the check as it is, exemptions counted."""
    resolution = suggested.resolution
    backlog = resolution.store
    config = backlog.config._replace(exemptions=store.config.exemptions)
    conclusion = conclude(resolution.graph, backlog._replace(config=config)).conclusion
    if isinstance(conclusion, ViolationFailure):
        raise _violations()
    return (
        frozenset(each.node for each in conclusion.failures) if isinstance(conclusion, VettingFailure) else frozenset()
    )


def _needless(suggested: Suggested, store: Store) -> tuple[CrateVersion, ...]:
    """Return what is exempted of crates that need no exemption for any version in use."""
    resolution = suggested.resolution
    conclusion = resolution.conclusion
    failures = conclusion.failures if isinstance(conclusion, VettingFailure) else ()
    needed = {resolution.graph.nodes[each.node].name for each in failures}
    return tuple(
        CrateVersion(name, exemption.version)
        for name, exemptions in store.config.exemptions.items()
        for exemption in exemptions
        if name not in needed and exemption.suggest
    )


def _violations() -> ViolationError:
    return ViolationError("violations have to be settled before anything can be read", help="see `vetflow check`")


def _row(suggestion: Suggestion, known: _Known) -> QueueRow:
    """Put together what is known of one suggestion."""
    delta = suggestion.delta
    end = CrateVersion(delta.name, delta.version)
    resolution = known.suggested.resolution
    crate = known.in_workspace.get(end)
    row = QueueRow(
        delta=delta,
        needs=resolution.store.criteria.minimal_names(suggestion.missing),
        is_failing=suggestion.node in known.failing,
        used_by=suggestion.parents,
        dev_only=resolution.graph.nodes[suggestion.node].is_dev_only,
        lines=suggestion.lines,
        others=known.gathered.others.get(end, ()),
        hold=crate.hold if crate else None,
        lacking=suggestion.size.reason if isinstance(suggestion.size, UnknownSize) else None,
    )
    gathered = known.gathered
    unread = [gathered.unread[each] for each in delta.ends() if each in gathered.unread]
    if not unread:
        return _with_reading(row, gathered.readings[end], crate, known)
    why = next((each for each in unread if each.refused), unread[0])
    return row._replace(lacking=why.reason, is_refused=why.refused, lines=None if why.refused else row.lines)


def _with_reading(row: QueueRow, reading: Reading, crate: SurfaceCrate | None, known: _Known) -> QueueRow:
    """Add what the crate shows of itself, without the findings that somebody accepts."""
    delta, gathered = row.delta, known.gathered
    old = None if delta.base is None else gathered.readings[CrateVersion(delta.name, delta.base)]
    accepted = [each.evidence for each in crate.findings if each.acceptance] if crate else []
    new = reading._replace(evidence=tuple(each for each in reading.evidence if each not in accepted))
    published = gathered.published.get(CrateVersion(delta.name, delta.version))
    host = crate is not None and crate.host_anywhere
    circumstances = Circumstances(
        host=host,
        lines=row.lines,
        build_lines=gathered.build_lines.get(delta),
        is_young=published is not None and known.request.today < published.plus_days(YOUNG),
        publisher_changed=_publisher_changed(delta, known.store),
    )
    return row._replace(
        build_lines=circumstances.build_lines,
        build=BuildTime(running(reading), host, reading.facts.links is not None),
        risk=risk(signals(old, new, circumstances), known.rules.weights),
        evidence=new_evidence(old, new),
        accepted=len(accepted),
        published=published,
    )


def _publisher_changed(delta: CrateDelta, store: Store) -> bool:
    """Whether imports.lock has publishers of both versions, and they differ."""
    rows = {row.version: row.source for row in store.imports.publisher.get(delta.name, ())}
    ends = {rows.get(end.version) for end in delta.ends()}
    return delta.base is not None and None not in ends and len(ends) > 1
