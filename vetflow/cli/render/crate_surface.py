"""One crate's build-time surface: what it is, what it can do and where; lines for people, an object for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from vetflow.app.crate_surface import ReviewedCrate
from vetflow.app.reading import Reading
from vetflow.app.surface import SurfaceFinding, grade_of
from vetflow.app.wording import count_of
from vetflow.cli.output import Line, Style, Styled
from vetflow.cli.render.report_json import inert
from vetflow.cli.render.surface_words import GRADES, NO_PROOF, TIERS, graded, place_of
from vetflow.cli.render.why import hold_object
from vetflow.model.decisions import Hold
from vetflow.surface.tiers import CrateSurface, Grade, Tier

SCHEMA: Final = "vetflow/surface/1"
_MOST_FILES: Final = 12
_MOST_ALIKE: Final = 4


def as_lines(crate: ReviewedCrate) -> Iterator[Line]:
    """Yield what a reviewer should know first: how its code runs, its findings with their places, its files."""
    reading = crate.reading
    yield (Styled(_label(crate), Style.TITLE), f": {_how_it_runs(crate)}")
    yield (Styled(f"  from {crate.origin}", Style.FAINT),)
    if crate.hold is not None:
        hold = crate.hold
        yield ("  ", Styled("held back", Style.WARN), f" since {hold.since}, because {hold.reason}")
        yield (f"    until {hold.cleared_when}",)
    for each in crate.left_out:
        yield ("  ", Styled("left out", Style.WARN), f": {each}")
    yield from _finding_lines(crate.findings)
    yield from _file_lines(reading)
    yield from limit_lines(reading.surface, reading.undecided)


def _label(crate: ReviewedCrate) -> str:
    return f"{crate.name} {crate.version}" if crate.version else crate.name


def _how_it_runs(crate: ReviewedCrate) -> str:
    tiers = (*crate.reading.tiers(), *((Tier.HOST_LIBRARY,) if crate.host else ()))
    words = [TIERS[tier] for tier in tiers]
    return f"{' and '.join(words)}; runs on the machine that builds" if words else "nothing of it runs during a build"


def _finding_lines(findings: Sequence[SurfaceFinding]) -> Iterator[Line]:
    shown = [each for each in findings if each.evidence.grade >= Grade.NOTE and each.acceptance is None]
    accepted = [each for each in findings if each.acceptance is not None]
    expected = [each for each in findings if each.evidence.grade is Grade.EXPECTED and each.acceptance is None]
    yield ()
    if not shown:
        yield (f"  Nothing above what is expected was found; {NO_PROOF}.",)
    rules: dict[str, list[SurfaceFinding]] = {}
    for each in shown:
        rules.setdefault(each.evidence.rule, []).append(each)
    for alike in rules.values():
        for each in alike[:_MOST_ALIKE]:
            yield from finding_lines(each)
        if len(alike) > _MOST_ALIKE:
            yield (f"         and {len(alike) - _MOST_ALIKE} more of {alike[0].evidence.rule}",)
    if expected:
        capabilities = ", ".join(sorted({each.evidence.capability for each in expected}))
        yield (Styled(f"  {count_of(len(expected), 'expected action')} ({capabilities})", Style.FAINT),)
    for each in accepted:
        acceptance = each.acceptance
        if acceptance is not None:
            yield (
                Styled(f"  accepted: {each.evidence.capability}: {each.evidence.detail}", Style.FAINT),
                Styled(f", because {acceptance.reason} ({', '.join(acceptance.by)})", Style.FAINT),
            )


def finding_lines(finding: SurfaceFinding) -> Iterator[Line]:
    """Yield a finding with its place, what it means, and the line it stands in."""
    evidence = finding.evidence
    tier = f" [{TIERS[evidence.tier]}]" if evidence.tier else ""
    yield ("  ", graded(evidence.grade, f"{GRADES[evidence.grade]:6}"), f" {place_of(evidence)}  {evidence.sentence}")
    yield (Styled(f"         {evidence.rule}: {evidence.detail}{tier}", Style.FAINT),)
    if evidence.text.strip():
        yield (f"         | {evidence.text.strip()}",)
    if evidence.chain:
        yield (Styled(f"         how: {' -> '.join(evidence.chain)}", Style.FAINT),)


def _file_lines(reading: Reading) -> Iterator[Line]:
    files = reading.surface.files
    if not files:
        return
    yield ()
    yield (Styled(f"  Build-time files ({len(files)})", Style.TITLE),)
    for file in files[:_MOST_FILES]:
        reached = file.reached
        place = reached.path if reached.line is None else f"{reached.path}:{reached.line}"
        yield (f"    {file.path}", Styled(f"  {TIERS[file.tier]}; {reached.how}, {place}", Style.FAINT))
    if len(files) > _MOST_FILES:
        yield (Styled(f"    and {len(files) - _MOST_FILES} more (all of them with --output-format json)", Style.FAINT),)


def limit_lines(surface: CrateSurface, undecided: Sequence[str]) -> Iterator[Line]:
    """Yield what could not be followed, and what no reading of code can tell."""
    for each in (*surface.escaping, *surface.unresolved):
        yield ("  ", Styled("not followed", Style.WARN), f": {each.path}:{each.line}  {each.what}")
    if undecided:
        yield ()
        yield (Styled("  Reading the code cannot tell:", Style.TITLE),)
        for sentence in undecided:
            yield (f"    {sentence}",)


def as_json(crates: Sequence[ReviewedCrate]) -> str:
    """Return the answer as a document with a schema: of one crate itself, of several versions a list of them."""
    objects = [_reviewed_object(each) for each in crates]
    if len(objects) == 1:
        return inert({"schema": SCHEMA, **objects[0]})
    grade = max((each.grade for each in crates), default=Grade.EXPECTED)
    return inert({"schema": SCHEMA, "grade": int(grade), "crates": objects})


def _reviewed_object(crate: ReviewedCrate) -> dict[str, Any]:
    version = None if crate.version is None else str(crate.version)
    return {
        **crate_object(crate.name, version, crate.reading, crate.findings, crate.hold),
        "origin": crate.origin,
        "left_out": list(crate.left_out),
        "linked_into_build_time_code": crate.host,
    }


def crate_object(
    name: str,
    version: str | None,
    reading: Reading | None,
    findings: Sequence[SurfaceFinding],
    hold: Hold | None,
) -> dict[str, Any]:
    """Return what every document says of a crate; of what is expected only the number."""
    surface = reading.surface if reading else None
    return {
        "name": name,
        "version": version,
        "grade": int(grade_of(findings)),
        "tiers": [tier.value for tier in reading.tiers()] if reading else None,
        "links": reading.facts.links if reading else None,
        "digest": reading.digest if reading else None,
        "surface": list(surface.paths()) if surface else [],
        "findings": [finding_object(each) for each in findings if each.evidence.grade >= Grade.NOTE],
        "expected": sum(each.evidence.grade is Grade.EXPECTED for each in findings),
        "binaries": [binary._asdict() for binary in reading.binaries] if reading else [],
        "not_followed": [
            {"path": each.path, "line": each.line, "what": each.what}
            for each in ((*surface.escaping, *surface.unresolved) if surface else ())
        ],
        "undecided": list(reading.undecided) if reading else [],
        "hold": None if hold is None else hold_object(hold),
    }


def finding_object(finding: SurfaceFinding) -> dict[str, Any]:
    """Return a finding as every document has it."""
    evidence = finding.evidence
    accepted = finding.acceptance
    return {
        "id": evidence.rule,
        "capability": evidence.capability,
        "detail": evidence.detail,
        "grade": int(evidence.grade),
        "tier": evidence.tier.value if evidence.tier else None,
        "path": evidence.path,
        "line": evidence.line,
        "evidence": evidence.text,
        "sentence": evidence.sentence,
        "chain": list(evidence.chain),
        "accepted": None if accepted is None else {"reason": accepted.reason, "by": list(accepted.by)},
    }
