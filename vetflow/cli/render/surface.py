"""What runs when a workspace is built: a screen for people, a document for programs (docs/schemas/surface.json)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from vetflow.app.surface import Counts, SurfaceCrate, WorkspaceSurface
from vetflow.app.wording import count_of
from vetflow.cli.output import Line, Style, Styled
from vetflow.cli.render.crate_surface import crate_object
from vetflow.cli.render.report_json import inert
from vetflow.cli.render.surface_words import NO_PROOF, abilities, graded, tier_words
from vetflow.surface.tiers import Grade

SCHEMA: Final = "vetflow/surface/1"
_WIDEST_NAME: Final = 36
_WIDEST_WAY: Final = 44


def as_lines(survey: WorkspaceSurface, ways: Mapping[int, tuple[str, ...]]) -> Iterator[Line]:
    """Yield the screen: how many crates run code, those that deserve a look, and the rest in one line each.

    ways: how each crate comes in, from the root to it, by index of the workspace.
    """
    yield from count_lines(survey)
    yield from refused_lines(survey)
    yield from _not_had([each for each in survey.lacking if each not in survey.refused])
    here = [each for each in survey.crates if each.compiled and each.tiers]
    elsewhere = [each for each in survey.crates if not each.compiled and each.tiers]
    yield from _table(_looked_at(here), "To look at", ways)
    yield from _table(_looked_at(elsewhere), "To look at, compiled by other builds only", ways)
    yield ()
    yield from _rest(here)
    yield from _holds(survey.crates)
    yield (
        "`vetflow surface CRATE` shows the places; `vetflow baseline` takes all this as known, so that only what is",
    )
    yield ("new is asked about; `vetflow accept CRATE FINDING` does so for one finding.",)


def count_lines(survey: WorkspaceSurface) -> Iterator[Line]:
    """Yield how many crates run code, in the build the answer is about and in any."""
    counts, widest = survey.counts(), survey.widest_counts()
    yield (Styled(running_line(counts), Style.TITLE),)
    if counts.libraries:
        yield (f"{count_of(counts.libraries, 'further crate')} linked into these",)
    yield (
        Styled(f"Counted: {_scope_words(survey)}. Whole Cargo.lock: {widest.crates} crates, ", Style.FAINT),
        Styled(f"{widest.running} run code, {widest.libraries} linked into them", Style.FAINT),
    )
    if not survey.compiled.is_complete:
        yield (Styled("incomplete", Style.WARN), f": {_why_incomplete(survey)}")


def running_line(counts: Counts) -> str:
    """Return the one sentence about a workspace."""
    parts = f"{count_of(counts.proc_macros, 'proc macro')}, {count_of(counts.build_scripts, 'build script')}"
    return (
        f"{count_of(counts.crates, 'crate')}, {counts.running} run code on this machine when you build: "
        f"{parts} ({counts.both} both)"
    )


def _scope_words(survey: WorkspaceSurface) -> str:
    command = "cargo test --all-targets" if survey.scope.dev else "cargo build"
    targets = "".join(f" --target {target}" for target in survey.scope.targets)
    return f"what `{command}{targets}` compiles here ({survey.triple})"


def _why_incomplete(survey: WorkspaceSurface) -> str:
    compiled = survey.compiled
    parts = []
    if compiled.lacking:
        parts.append(f"nothing is known of {count_of(len(compiled.lacking), 'crate')}")
    if compiled.presumed:
        parts.append(f"{count_of(len(compiled.presumed), 'crate')} only presumed to be linked into build-time code")
    if compiled.unclear:
        parts.append(f"counted as fulfilled: {', '.join(sorted(compiled.unclear))}")
    return "; ".join(parts)


def refused_lines(survey: WorkspaceSurface) -> Iterator[Line]:
    """Yield the crates that must not be read, each with the reason."""
    for crate in survey.refused:
        yield (Styled("must not be built", Style.BAD), f": {crate.package.name} {crate.package.version}: {_why(crate)}")


def _not_had(crates: Sequence[SurfaceCrate]) -> Iterator[Line]:
    if not crates:
        return
    names = ", ".join(f"{each.package.name} {each.package.version}" for each in crates[:5])
    more = f" and {len(crates) - 5} more" if len(crates) > 5 else ""
    yield (Styled("not read", Style.WARN), f": {names}{more} ({_why(crates[0])})")


def _why(crate: SurfaceCrate) -> str:
    return crate.lacking.reason if crate.lacking else ""


def _looked_at(crates: Iterable[SurfaceCrate]) -> list[SurfaceCrate]:
    found = [each for each in crates if each.grade >= Grade.REVIEW]
    return sorted(found, key=lambda each: (-each.grade, each.package.name, each.package.version))


def _table(crates: Sequence[SurfaceCrate], title: str, ways: Mapping[int, tuple[str, ...]]) -> Iterator[Line]:
    if not crates:
        return
    yield ()
    yield (Styled(f"{title} ({len(crates)})", Style.TITLE),)
    rows = [(_label(each), shorten(ways.get(each.number, ())), tier_words(each.tiers)) for each in crates]
    headings = ("CRATE", "WHY", "TIER")
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    yield (Styled("  ".join(_padded(headings, widths)) + "  WHAT IT CAN DO", Style.FAINT),)
    for each, row in zip(crates, rows, strict=True):
        cells = "  ".join(_padded(row, widths))
        yield (cells, "  ", graded(each.grade), " ", abilities(each.findings))


def _padded(cells: Iterable[str], widths: Iterable[int]) -> Iterator[str]:
    return (f"{cell:{width}}" for cell, width in zip(cells, widths, strict=True))


def _label(crate: SurfaceCrate) -> str:
    text = f"{crate.package.name} {crate.package.version}"
    return text if len(text) <= _WIDEST_NAME else f"{text[: _WIDEST_NAME - 1]}…"


def shorten(way: Sequence[str]) -> str:
    """Return the way to a crate without the crate itself; of a long one its ends."""
    before = list(way[:-1])
    if len(" > ".join(before)) > _WIDEST_WAY and len(before) > 2:
        before = [before[0], "…", before[-1]]
    return " > ".join(before) or "a dependency"


def _rest(crates: Sequence[SurfaceCrate]) -> Iterator[Line]:
    grades = [each.grade for each in crates]
    notes = sum(grade is Grade.NOTE for grade in grades)
    silent = sum(grade is Grade.EXPECTED for grade in grades)
    accepted = sum(finding.acceptance is not None for each in crates for finding in each.findings)
    parts = [f"{notes} with notes only", f"{silent} without evidence above what is expected"]
    if accepted:
        parts.append(count_of(accepted, "accepted finding"))
    yield (f"The rest of those that run code here: {', '.join(parts)}; {NO_PROOF}.",)


def _holds(crates: Iterable[SurfaceCrate]) -> Iterator[Line]:
    for each in crates:
        if each.hold is not None:
            yield (Styled("held back", Style.WARN), f": {_label(each)}, because {each.hold.reason}")


def as_json(survey: WorkspaceSurface, ways: Mapping[int, tuple[str, ...]]) -> str:
    """Return the answer as a document with a schema; `grade` is the highest of what runs in any build."""
    grade = max((each.grade for each in survey.crates), default=Grade.EXPECTED)
    return inert(
        {
            "schema": SCHEMA,
            "grade": int(grade),
            "scope": {
                "host": survey.triple,
                "targets": list(survey.scope.targets),
                "dev": survey.scope.dev,
                "complete": survey.compiled.is_complete,
                "unclear": sorted(survey.compiled.unclear),
            },
            "counts": survey.counts()._asdict(),
            "whole_lock": survey.widest_counts()._asdict(),
            "whole_lock_without_dev": survey.shipped_counts()._asdict(),
            "crates": [_object(each, ways) for each in survey.crates],
        }
    )


def _object(crate: SurfaceCrate, ways: Mapping[int, tuple[str, ...]]) -> dict[str, Any]:
    reading = crate.reading
    return {
        **crate_object(crate.package.name, str(crate.package.version), reading, crate.findings, crate.hold),
        "compiled": crate.compiled,
        "linked_into_build_time_code": crate.host,
        "why": list(ways.get(crate.number, ())),
        "lacking": crate.lacking.reason if crate.lacking else None,
        "refused": bool(crate.lacking and crate.lacking.refused),
    }
