"""The answer of `ci` for a person: the decision first, then what the proposal decided itself, then crate by crate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from vetflow.app.ci.answer import Answer
from vetflow.app.ci.crates import ChangedCrate
from vetflow.app.rules import MadeHere
from vetflow.app.wording import count_of
from vetflow.cli.output import Line, Style, Styled
from vetflow.cli.render.findings import finding_lines
from vetflow.formats.time_span import spell_time_span
from vetflow.model.findings import Finding, Level
from vetflow.trust.claims import claim_of
from vetflow.trust.decision import Decision
from vetflow.trust.gate import Pass

_SAID: Final = {
    Decision.NONE: ("none: nothing to do", Style.GOOD),
    Decision.REVIEW: ("review: somebody must read something", Style.WARN),
    Decision.STOP: ("stop: something here is wrong, and reading does not settle it", Style.BAD),
}
_WILL_FAIL: Final = "expiry/fails"
_PASSES: Final = {
    Pass.ATTESTED: "attested",
    Pass.CARRIED_OVER: "attested before, unchanged since",
    Pass.ALLOWED: "allowed for a time",
}


def as_lines(found: Answer) -> Iterator[Line]:
    """Yield the report."""
    words, style = _SAID[found.decision]
    yield (Styled(f"Decision: {words}", style),)
    yield (summary(found),)
    for made in found.made:
        counts = "counts" if made.why_not is None else f"does not count: {made.why_not}"
        yield ("  ", Styled(f"{made_words(made)} ({counts})", Style.WARN))
    for crate in found.crates:
        yield ()
        yield (Styled(heading(crate), Style.TITLE if crate.is_vetted else Style.BAD),)
        yield from (("  ", line) for line in facts(crate))
        yield from (("  ", Styled(command, Style.COMMAND)) for command in crate.commands)
    told = findings_to_tell(found)
    if told:
        yield ()
        yield from finding_lines(told)
    if found.undecided:
        yield ()
        yield (Styled(f"Could not be decided ({len(found.undecided)})", Style.WARN),)
        yield from (("  ", reason) for reason in found.undecided)
    yield from ((line,) for line in ending_lines(found))
    rest = sum(not each.decides and each.finding.level is not Level.FAIL for each in found.judged)
    if rest:
        yield ()
        yield (f"{rest} more to know, none of it brought by this; --output-format json has all of it",)


def findings_to_tell(found: Answer) -> list[Finding]:
    """Return what decides or fails, the gravest first; what the list of crates says already is left out."""
    said = {"; ".join(crate.commands) for crate in found.crates}
    rows = (each.finding for each in found.judged if each.decides or each.finding.level is Level.FAIL)
    return [finding for finding in rows if finding.id != "vet/unvetted" or finding.settle not in said]


def ending_lines(found: Answer) -> Iterator[str]:
    """Yield when runs begin to fail, if nothing changes, and how much ends within a month without failing anything."""
    ends = [each.finding for each in found.judged if each.finding.id.startswith("expiry/") and _weighs(each.finding)]
    yield from (each.reason for each in ends if each.id == _WILL_FAIL)
    others = [each for each in ends if each.id != _WILL_FAIL]
    if others:
        yield f"within 30 days: {others[0].reason}" + (f", and {len(others) - 1} more" if others[1:] else "")


def _weighs(finding: Finding) -> bool:
    return finding.level is not Level.NOTE


def summary(found: Answer) -> str:
    """Return one line of counts: what needs nothing, what is to be read, which audits still hold."""
    quiet = sum(crate.is_vetted and crate.build_time in {"none", "same"} for crate in found.crates)
    parts = (
        [f"since {found.base[:12]}: {len(found.crates)} new in the lock, {quiet} of them quiet"] if found.base else []
    )
    lines = [crate.delta.lines for crate in found.crates if crate.delta and crate.delta.lines is not None]
    unvetted = len(found.check.unvetted())
    minutes = f" in {count_of(round(found.minutes) or 1, 'minute')}" if found.minutes else ""
    parts.append(f"{unvetted} not vetted" + (f", about {sum(lines):,} lines to read{minutes}" if lines else ""))
    waiting = sum(each.passes is None for each in found.gate)
    parts.append(f"{len(found.gate)} run during the build, {waiting} of them attested by nobody")
    if found.audits:
        holding = sum(each.holds for each in found.audits)
        moved = [
            f"{each.crate} moved to {each.locked.version}" for each in found.audits if not each.holds and each.locked
        ]
        parts.append("; ".join([f"audits made for this still cover: {holding} of {len(found.audits)}", *moved]))
    return "; ".join(parts)


def heading(crate: ChangedCrate) -> str:
    """Return the crate and what happened to its version."""
    old = f"{crate.old} -> " if crate.old is not None else ""
    return f"{crate.package.name} {old}{crate.package.version}"


def facts(crate: ChangedCrate) -> Iterator[str]:
    """Yield what is known of a changed crate, in few words each."""
    yield f"build-time code: {build_time(crate)}"
    yield (
        f"vetted by {', '.join(crate.vetted_by)}" if crate.vetted_by else "vetted" if crate.is_vetted else "not vetted"
    )
    if crate.delta is not None:
        base = f"what changed since {crate.delta.delta.base}" if crate.delta.delta.base else "all of it"
        size = "not measured" if crate.delta.lines is None else f"{crate.delta.lines:,} lines"
        yield f"least to read: {base}, {size}"
    if crate.gate is not None:
        yield f"gate: {_PASSES[crate.gate]}"
    origin = [
        *([f"published {spell_time_span(crate.age)} ago"] if crate.age is not None else ["age not known"]),
        *([f"by {crate.publisher}"] if crate.publisher else []),
        *([f"audited by {', '.join(crate.audited_by)}"] if crate.audited_by else []),
    ]
    yield ", ".join(origin)
    if crate.hold:
        yield f"held back: {crate.hold}"


def build_time(crate: ChangedCrate) -> str:
    """Return what became of the code that runs during the build, in words."""
    match crate.build_time:
        case "none":
            return "none"
        case "changed" if crate.build_lines is not None:
            return f"changed {count_of(crate.build_lines, 'line')}"
        case word:
            return word


def made_words(made: MadeHere) -> str:
    """Return a decision of the proposal in words."""
    by = f" by {', '.join(made.by)}" if made.by else ""
    return f"{made.kind} here{by}: {f'{made.crate} ' if made.crate else ''}{made.what}, because {made.reason}"


def audit_words(found: Answer) -> Iterator[tuple[str, bool]]:
    """Yield the audits made for a proposal, in words, each with whether it still holds."""
    for each in found.audits:
        yield str(claim_of(each.crate, each.audit)), each.holds
