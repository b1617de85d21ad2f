"""The page of a crate under review: what is asked of it, what it starts from, who published, audited and warned of it.

Everything here is looked up and nothing decided: what cannot be had is said to be unknown, with the reason, and the
rest of the page is there all the same.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from vetflow.app.advisories import merged, read_databases
from vetflow.app.audit_sets import store_or_nothing
from vetflow.app.descriptions import own_description
from vetflow.app.locked_packages import look_up_packages
from vetflow.app.network import Sources, open_sources
from vetflow.app.project import Project, open_project
from vetflow.app.publisher_rows import fetch_publishers, snapshot
from vetflow.app.request import Request
from vetflow.app.review.values import CratePage, Delta, Progress
from vetflow.app.review.words import Words
from vetflow.app.rules import read_rules
from vetflow.app.who import SetKind, Who, who
from vetflow.app.wording import publisher_name
from vetflow.errors import UndecidedError, VetflowError
from vetflow.model.audits import Publisher
from vetflow.model.names import CRATES_IO
from vetflow.model.packages import Package
from vetflow.model.version import VetVersion, parse_version
from vetflow.resolve.publisher_trust import identifier
from vetflow.review.queue import QueueRow
from vetflow.review.session import Pair
from vetflow.surface.evidence import Evidence
from vetflow.trust.advisories import match_advisories
from vetflow.trust.publisher_changes import merge_publishers


class Subject(NamedTuple):
    """What a page is about. row: of the queue, if it has the crate. bases: what could be read instead, in lines.

    delta: None as long as nobody read it.
    """

    pair: Pair
    row: QueueRow | None
    bases: Sequence[tuple[Pair, str]]
    delta: Delta | None


def crate_page(request: Request, subject: Subject, words: Words, progress: Progress) -> CratePage:
    """Return a crate's page; asks only what the request allows, else it makes do with what earlier runs kept."""
    pair = subject.pair
    silent = request._replace(offline=request.offline or request.locked)
    project = open_project(silent)
    with open_sources(project, progress) as sources:
        publishers = _publishers(project, pair, sources)
        outside = [*_published(pair, publishers), *_yanked(project, pair, sources), *_advisories(project, pair)]
    answer = _who(request, pair, progress)
    lines = [
        *_head(subject, words),
        *outside,
        "",
        "Bases to start from (d in the review)",
        *(f"  {'*' if base == pair else ' '} {about}" for base, about in subject.bases),
        *(_findings(subject.delta.findings) if subject.delta else ()),
        "",
        "Who audited it:",
        *(words.who(answer) if isinstance(answer, Who) else (f"  not known: {answer}",)),
    ]
    others = answer.witnesses if isinstance(answer, Who) else ()
    return CratePage(
        tuple(lines),
        tuple(each.name for each in others if each.kind is SetKind.REGISTRY and each.name),
        tuple(dict.fromkeys(identifier(row) for row in sorted(publishers, key=lambda row: row.when, reverse=True))),
    )


def _head(subject: Subject, words: Words) -> Iterator[str]:
    pair, row = subject.pair, subject.row
    yield f"{pair.crate} {pair.base or '(nothing)'} > {pair.version}"
    if said := subject.delta and own_description(subject.delta.new):
        yield f"says of itself: {said}"
    if row is None:
        yield "not in the queue: nothing is asked of it that it does not have"
        yield ""
        return
    state = "the check fails for it" if row.is_failing else "exempted: nobody has read it"
    yield f"needs {', '.join(row.needs)}; {state}"
    yield f"used by {', '.join(row.used_by) or 'nothing'}"
    yield ""
    yield f"Risk {'?' if row.risk is None else row.risk.points}"
    yield from (f"  {line}" for line in words.row(row))
    yield ""


def _findings(findings: Sequence[Evidence]) -> Iterator[str]:
    yield ""
    yield f"Findings: {len(findings)}"
    for each in findings:
        yield f"  {each.path}{'' if each.line is None else f':{each.line}'} {each.sentence}"


def _who(request: Request, pair: Pair, progress: Progress) -> Who | str:
    """Ask everybody, else the store alone; return why, where there is no answer."""
    try:
        return who(request, pair.crate, pair.version, progress=progress)
    except UndecidedError:
        pass
    try:
        return who(request._replace(locked=True), pair.crate, pair.version, progress=progress)
    except VetflowError as error:
        return error.message


def _publishers(project: Project, pair: Pair, sources: Sources) -> tuple[Publisher, ...]:
    """Return the rows of the crate, from crates.io or what was kept of it, and from the store."""
    held = store_or_nothing(project, locked=True).imports.publisher
    rows = merge_publishers(fetch_publishers([pair.crate], sources), held, snapshot(project))
    return tuple(rows.get(pair.crate, ()))


def _published(pair: Pair, rows: Sequence[Publisher]) -> Iterator[str]:
    """Say who published both ends, and whether that is somebody else."""
    by_version = {row.version: row for row in rows}
    ends = [parse_version(version) for version in (pair.base, pair.version) if version is not None]
    known = [by_version.get(end) for end in ends]
    told = " > ".join(_publication(end, row) for end, row in zip(ends, known, strict=True))
    found = [row for row in known if row is not None]
    changed = len(found) > 1 and found[0].source != found[-1].source
    yield f"published: {told}{'  CHANGED' if changed else ''}"


def _publication(version: VetVersion, row: Publisher | None) -> str:
    return f"{version} by ?" if row is None else f"{version} by {publisher_name(row.source, row)} on {row.when}"


def _package(project: Project, pair: Pair) -> Package:
    version = parse_version(pair.version)
    locked = (each for each in project.workspace.packages if (each.name, each.version) == (pair.crate, version))
    return next(locked, Package(pair.crate, version, CRATES_IO))


def _yanked(project: Project, pair: Pair, sources: Sources) -> Iterator[str]:
    package = _package(project, pair)
    indexed = look_up_packages([package], project.request, sources)
    if package in indexed.found:
        yield f"yanked: {'YES' if indexed.found[package].yanked else 'no'}"
    else:
        yield f"yanked: not known: {indexed.lacking.get(package, 'crates.io does not have it')}"


def _advisories(project: Project, pair: Pair) -> Iterator[str]:
    """Say what databases on this machine have about the version; a database that cannot be read is said, too."""
    request, package = project.request, _package(project, pair)
    try:
        rules = read_rules(project).advisories
        paths = [os.path.join(project.workspace.root, path) for path in rules.databases]
        databases = read_databases(request, paths, [package])
    except VetflowError as error:
        yield f"advisories: not known: {error.message}"
        return
    matches = match_advisories([package], merged(databases), {}, rules.policy, request.today)
    dates = ", ".join(str(each.updated or "unknown") for each in databases)
    yield f"advisories: {len(matches) or 'no known ones'} (database of {dates})"
    yield from (f"  {each.advisory.id} {each.advisory.title}" for each in matches)
