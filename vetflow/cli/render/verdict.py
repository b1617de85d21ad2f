"""The verdict for a person: cargo-vet's first line, then what the crates rest on; what fails is in `failures`."""

from __future__ import annotations

from collections.abc import Iterator

from vetflow.app.check import Check
from vetflow.app.wording import count_of
from vetflow.cli.output import Line, Style, Styled
from vetflow.cli.render.counts import rest_on
from vetflow.model.report import Success, Vetting, VettingFailure


def verdict_lines(check: Check) -> Iterator[Line]:
    """Yield the whole report of a check."""
    if check.project.commit:
        yield ("At commit ", Styled(check.project.commit, Style.TITLE), f" ({check.project.request.rev})")
    conclusion = check.resolution.conclusion
    if isinstance(conclusion, Success):
        yield from _success(check, conclusion)
    else:
        from vetflow.cli.render import failures  # noqa: PLC0415  the common case succeeds, and is to be quick

        if isinstance(conclusion, VettingFailure):
            yield from failures.unvetted_lines(check, conclusion)
        else:
            yield from failures.violation_lines(check)


def _success(check: Check, conclusion: Success) -> Iterator[Line]:
    yield (Styled(_first_line(conclusion), Style.GOOD),)
    if conclusion.crates:
        yield (f"{count_of(len(conclusion.crates), 'third-party crate')}: {rest_on(conclusion.crates)}",)
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


def _build_time(check: Check) -> Iterator[Line]:
    """Say how many crates run code when the workspace is built, where that is known of every crate."""
    targets = [node.package.targets for node in check.resolution.graph.nodes if node.is_third_party]
    if all(each.proc_macro is not None and each.build_script is not None for each in targets):
        running = sum(bool(each.proc_macro or each.build_script) for each in targets)
        yield (f"{running} of them run code on this machine when you build (build scripts and proc macros)",)
