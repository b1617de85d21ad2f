"""A check that fails, for a person: which crates, why no entry reaches them, who needs them, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from vetflow.app.advice import Work
from vetflow.app.check import Check
from vetflow.app.unvetted import UnvettedCrate
from vetflow.app.wording import count_of, enumerate_words, explain_miss
from vetflow.cli.output import Line, Style, Styled
from vetflow.cli.render.counts import rest_on
from vetflow.cli.render.short_list import short_list
from vetflow.model.audits import Audit, AuditKind, Exemption
from vetflow.model.packages import Targets
from vetflow.model.report import AuditConflict, Conflict, VettingFailure

_INDENT: Final = "      "


def unvetted_lines(check: Check, conclusion: VettingFailure) -> Iterator[Line]:
    """Yield how many crates are not vetted, then each of them, grouped by the work that settles it."""
    yield (Styled("Vetting Failed!", Style.BAD),)
    vetted = f"; the other {len(conclusion.vetted)}: {rest_on(conclusion.vetted)}" if conclusion.vetted else ""
    total = len(conclusion.failures) + len(conclusion.vetted)
    yield (f"{len(conclusion.failures)} of {count_of(total, 'third-party crate')} not vetted{vetted}",)
    crates = check.unvetted()
    for work in Work:
        of_kind = [crate for crate in crates if crate.advice.work is work]
        if of_kind:
            yield ()
            yield (Styled(f"{work.value} ({len(of_kind)})", Style.TITLE),)
            for crate in of_kind:
                yield from _crate(crate)


def _crate(crate: UnvettedCrate) -> Iterator[Line]:
    package = crate.package
    yield (
        "  ",
        Styled(f"{package.name} {package.version}", Style.BAD),
        f"  lacks {enumerate_words(crate.missing)}",
    )
    yield (_INDENT, explain_miss(crate.miss, package.version))
    runs = _runs_at_build(package.targets)
    if runs:
        yield (_INDENT, Styled(runs, Style.WARN))
    if crate.parents:
        users = short_list({f"{parent.name} {parent.version}" for parent in crate.parents}, limit=80)
        yield (_INDENT, f"used by {users}{' (for development only)' if crate.is_dev_only else ''}")
    for command in crate.advice.commands:
        yield (_INDENT, Styled(command, Style.COMMAND))


def _runs_at_build(targets: Targets) -> str:
    kinds = [
        what
        for known, what in ((targets.build_script, "a build script"), (targets.proc_macro, "a proc macro"))
        if known
    ]
    return f"runs code when you build: {enumerate_words(kinds)}" if kinds else ""


def violation_lines(check: Check) -> Iterator[Line]:
    """Yield each violation that other entries contradict, with both sides."""
    yield (Styled("Violations Found!", Style.BAD),)
    yield ("Somebody stated that these versions do not meet a criterion, and other entries say they do.",)
    nodes = check.resolution.graph.nodes
    for node, conflicts in check.conflicts():
        yield ("  ", Styled(f"{nodes[node].name} {nodes[node].version}", Style.BAD))
        for conflict in conflicts:
            yield from _conflict(conflict)
    yield ()
    yield ("Read both sides; then remove the entry that is wrong, or stop using the crate.",)


def _conflict(conflict: Conflict) -> Iterator[Line]:
    if isinstance(conflict, AuditConflict):
        yield ("    ", f"the {_side(conflict.audit_source)} audit {_subject(conflict.audit)}")
        yield from _entry(conflict.audit)
    else:
        yield ("    ", f"the exemption {conflict.exemption.version}")
        yield from _entry(conflict.exemption)
    yield (
        "    ",
        f"conflicts with {_side(conflict.violation_source)} violation against {conflict.violation.violation}",
    )
    yield from _entry(conflict.violation)


def _side(source: str | None) -> str:
    return "own" if source is None else f"foreign ({source})"


def _subject(audit: Audit) -> str:
    return f"{audit.base} -> {audit.version}" if audit.kind is AuditKind.DELTA else str(audit.version)


def _entry(entry: Audit | Exemption) -> Iterator[Line]:
    yield (_INDENT, f"criteria: {enumerate_words(entry.criteria)}")
    if isinstance(entry, Audit) and entry.who:
        yield (_INDENT, f"who: {', '.join(entry.who)}")
    if entry.notes:
        first, *rest = entry.notes.rstrip("\n").split("\n")
        yield (_INDENT, f"notes: {first}")
        for line in rest:
            yield (_INDENT, "  ", line)
