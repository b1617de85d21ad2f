"""The verdict for a person: cargo-vet's first line, what the crates rest on, then what fails, grouped by what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from vetflow.app.advice import Work
from vetflow.app.check import Check
from vetflow.app.unvetted import UnvettedCrate
from vetflow.app.wording import enumerate_words, explain_miss
from vetflow.cli.output import Line, Style, Styled
from vetflow.cli.render.short_list import short_list
from vetflow.model.audits import Audit, AuditKind, Exemption
from vetflow.model.packages import Targets
from vetflow.model.report import AuditConflict, Conflict, Success, VettedCrate, Vetting, VettingFailure, tally

_INDENT: Final = "      "


def verdict_lines(check: Check) -> Iterator[Line]:
    """Yield the whole report of a check."""
    if check.project.commit:
        yield ("At commit ", Styled(check.project.commit, Style.TITLE), f" ({check.project.request.rev})")
    conclusion = check.resolution.conclusion
    if isinstance(conclusion, Success):
        yield from _success(check, conclusion)
    elif isinstance(conclusion, VettingFailure):
        yield from _failure(check, conclusion)
    else:
        yield from _violations(check)


def _success(check: Check, conclusion: Success) -> Iterator[Line]:
    yield (Styled(_first_line(conclusion), Style.GOOD),)
    if conclusion.crates:
        yield (f"{_count(len(conclusion.crates), 'third-party crate')}: {_rest_on(conclusion.crates)}",)
        yield from _build_time(check)


def _first_line(conclusion: Success) -> str:
    counts = {
        vetting: sum(crate.vetting is vetting for crate in conclusion.crates)
        for vetting in (Vetting.FULLY, Vetting.PARTIALLY, Vetting.EXEMPTED)
    }
    words = {
        Vetting.FULLY: "fully audited",
        Vetting.PARTIALLY: "partially audited",
        Vetting.EXEMPTED: "exempted",
    }
    parts = [f"{count} {words[vetting]}" for vetting, count in counts.items() if count]
    return f"Vetting Succeeded ({', '.join(parts) or 'because you have no third-party dependencies'})"


def _rest_on(crates: Iterable[VettedCrate]) -> str:
    counts = tally(crates)
    parts = (
        (counts.read, "read by somebody"),
        (counts.trusted, "resting on trust in the publisher"),
        (counts.partly_exempted, "read only since an exempted version"),
        (counts.exempted, "exempted (nobody read them)"),
        (counts.unrequired, "with nothing required of them"),
    )
    return ", ".join(f"{count} {what}" for count, what in parts if count)


def _build_time(check: Check) -> Iterator[Line]:
    """Say how many crates run code when the workspace is built, where that is known of every crate."""
    targets = [node.package.targets for node in check.resolution.graph.nodes if node.is_third_party]
    if all(each.proc_macro is not None and each.build_script is not None for each in targets):
        running = sum(bool(each.proc_macro or each.build_script) for each in targets)
        yield (f"{running} of them run code on this machine when you build (build scripts and proc macros)",)


def _failure(check: Check, conclusion: VettingFailure) -> Iterator[Line]:
    yield (Styled("Vetting Failed!", Style.BAD),)
    vetted = f"; the other {len(conclusion.vetted)}: {_rest_on(conclusion.vetted)}" if conclusion.vetted else ""
    total = len(conclusion.failures) + len(conclusion.vetted)
    yield (f"{len(conclusion.failures)} of {_count(total, 'third-party crate')} not vetted{vetted}",)
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


def _violations(check: Check) -> Iterator[Line]:
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


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
