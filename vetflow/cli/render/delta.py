"""What changed between two versions, in the order of reading: packages, manifest, binaries, abilities, code.

The rest is folded and counted, never left out without a line that says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from vetflow.app.review_crates import InspectedCrate, ReviewedDelta
from vetflow.app.wording import count_of, enumerate_words
from vetflow.cli.output import Line, Style, Styled
from vetflow.cli.render.crate_surface import finding_lines, limit_lines
from vetflow.cli.render.patch import heading, patch_lines
from vetflow.cli.render.surface_words import GRADES, NO_PROOF, TIERS, graded, place_of
from vetflow.review.gains import BlobChange
from vetflow.review.hunk_memory import HunkMemory, roles
from vetflow.review.packages import EnteringPackage
from vetflow.review.plan import PlanGroup
from vetflow.surface.blobs import Blob
from vetflow.surface.code_change import CodeChange
from vetflow.surface.manifest_changes import ManifestChange
from vetflow.surface.tiers import Grade, Tier

_LIBRARY: Final = {
    True: "its library runs during a build here, or may, for all that is known",
    False: "its library does not run during a build here",
    None: "whether its library runs during a build is not known here; --host-library takes it for such code",
}
_MOST_FOLDED: Final = 20
_MOST_PLACES: Final = 3


def delta_lines(delta: ReviewedDelta, *, everything: bool, memory: HunkMemory) -> Iterator[Line]:
    """Yield a delta for a person. everything: also the files that do not run during a build. memory: what was read."""
    yield from head_lines(delta)
    yield from _code_lines(delta, memory, everything=everything)


def head_lines(delta: ReviewedDelta) -> Iterator[Line]:
    """Yield what is to be known before the code: packages, manifest, binaries, what is new in what it can do."""
    name = delta.new.content.name
    yield (Styled(f"{name} {_version(delta.old)} -> {_version(delta.new)}", Style.TITLE),)
    yield from _origin_lines(delta)
    yield from _incomplete_lines(delta)
    yield from _alert_lines(delta)
    yield from _summary_lines(delta)
    yield from _package_lines(delta)
    yield from _manifest_lines(delta.manifest)
    yield from _blob_lines(delta.blobs)
    yield from _finding_lines(delta)
    yield from limit_lines(delta.new.analysis.surface, [each.sentence for each in delta.new.analysis.undecided])


def _version(crate: InspectedCrate) -> str:
    return str(crate.content.version) if crate.content.version else "(no version)"


def _origin_lines(delta: ReviewedDelta) -> Iterator[Line]:
    for word, crate in (("old", delta.old), ("new", delta.new)):
        yield (Styled(f"  {word}: {crate.content.origin}", Style.FAINT),)
        for each in crate.content.left_out:
            yield ("    ", Styled("left out", Style.WARN), f": {each}")
    hold = delta.new.hold
    if hold is not None:
        yield ("  ", Styled("held back", Style.WARN), f" since {hold.since}, because {hold.reason}")
        yield (f"    until {hold.cleared_when}",)


def _incomplete_lines(delta: ReviewedDelta) -> Iterator[Line]:
    for missing in delta.diff.incomplete:
        yield ("  ", Styled("diff incomplete", Style.BAD), f": {missing.path}: {missing.reason}")


def _alert_lines(delta: ReviewedDelta) -> Iterator[Line]:
    """Yield what nobody should have to look for; it comes again in its place, with all that is known."""
    places: dict[str, dict[str, None]] = {}
    for each in delta.findings:
        if each.acceptance is None and each.evidence.grade is Grade.ALERT:
            places.setdefault(each.evidence.sentence, {})[place_of(each.evidence)] = None
    for sentence, found in places.items():
        more = f" and {len(found) - _MOST_PLACES} more" if len(found) > _MOST_PLACES else ""
        yield ("  ", graded(Grade.ALERT), f" {', '.join(list(found)[:_MOST_PLACES])}{more}: {sentence}")


def _summary_lines(delta: ReviewedDelta) -> Iterator[Line]:
    lines = {group.tier: group.lines for group in delta.plan.groups}
    elsewhere, named = lines.pop(None, 0), lines.pop(Tier.INPUT, 0)
    yield (
        f"  {count_of(sum(lines.values()), 'changed line')} of code that runs during a build",
        f", {named} in what that names or compiles, {elsewhere} elsewhere",
    )
    yield (f"  {count_of(len(delta.diff.files), 'file')} differ, {delta.diff.unchanged} are the same",)
    if not delta.new.analysis.surface.roots.proc_macro:
        yield (f"  {_LIBRARY[delta.new.host]}",)
    if delta.code.is_none:
        yield from _no_code_change(delta.code)


def _no_code_change(change: CodeChange) -> Iterator[Line]:
    what = (
        f" in {count_of(change.compared, 'Rust file')}, which differ in layout and comments" if change.compared else ""
    )
    yield ("  ", Styled("no code change", Style.GOOD), what)
    for each in change.exceptions:
        place = each.path if each.line is None else f"{each.path}:{each.line}"
        yield (f"    but {place}: {each.kind.value}",)


def _package_lines(delta: ReviewedDelta) -> Iterator[Line]:
    if not (delta.packages.entering or delta.packages.leaving):
        return
    yield from _title("Packages")
    for package in delta.packages.entering:
        yield (Styled("  + ", Style.ADDED), Styled(package.name, Style.TITLE), f" {_needed(package)}")
        for fact in _facts(package):
            yield (f"      {fact}",)
    for name in delta.packages.leaving:
        yield (Styled("  - ", Style.REMOVED), name)


def _needed(package: EnteringPackage) -> str:
    words = [", ".join(map(str, package.requirements)) or "*"]
    words += ["build dependency"] if package.build else []
    words += ["optional"] if package.optional else []
    words += [f"for {enumerate_words(package.conditions)}"] if package.conditions else []
    return "; ".join(words)


def _facts(package: EnteringPackage) -> Iterator[Line | str]:
    if package.looks_like:
        yield f"its name is near to {enumerate_words(package.looks_like)}"
    facts = package.facts
    if package.locked:
        yield f"in Cargo.lock already: {enumerate_words([str(each) for each in package.locked])}"
    else:
        yield "new to this Cargo.lock, or there is none"
    if facts.version is not None:
        published = f" published {facts.published}" if facts.published else ""
        since = f", the first version {facts.since}" if facts.since and facts.since != facts.published else ""
        yield f"{facts.version}{published}{since}"
    if facts.grade is not None:
        runs = enumerate_words([TIERS[tier] for tier in facts.tiers])
        yield (
            f"runs during a build: {runs}; {GRADES[facts.grade]}" if runs else "runs no code of its own during a build"
        )
    if facts.lacking is not None:
        yield f"not looked into: {facts.lacking}"


def _manifest_lines(changes: tuple[ManifestChange, ...]) -> Iterator[Line]:
    if changes:
        yield from _title("Manifest")
    for change in changes:
        if change.old is not None:
            yield (Styled(f"  - {change.setting}: {change.old}", Style.REMOVED),)
        if change.new is not None:
            yield (Styled(f"  + {change.setting}: {change.new}", Style.ADDED),)


def _blob_lines(changes: tuple[BlobChange, ...]) -> Iterator[Line]:
    if changes:
        yield from _title("Binary files")
    for change in changes:
        yield (f"  {change.path}",)
        for sign, style, blob in (("-", Style.REMOVED, change.old), ("+", Style.ADDED, change.new)):
            if blob is not None:
                yield (Styled(f"    {sign} {_blob(blob)}", style),)


def _blob(blob: Blob) -> str:
    executable = ", may be executed" if blob.executable else ""
    return f"{blob.format}, {blob.size:,} bytes{executable}, sha256 {blob.digest}"


def _finding_lines(delta: ReviewedDelta) -> Iterator[Line]:
    yield from _title("What is new")
    open_findings = [each for each in delta.findings if each.acceptance is None]
    shown = [each for each in open_findings if each.evidence.grade >= Grade.NOTE]
    if not shown:
        yield (f"  nothing above what is expected; {NO_PROOF}",)
    for each in shown:
        yield from finding_lines(each)
    expected = len(open_findings) - len(shown)
    if expected:
        yield (Styled(f"  {count_of(expected, 'new expected action')}", Style.FAINT),)
    accepted = len(delta.findings) - len(open_findings)
    if accepted:
        yield (Styled(f"  {count_of(accepted, 'new finding')} that somebody accepts", Style.FAINT),)
    if delta.lost:
        gone = sorted({f"{each.capability}: {each.detail}" for each in delta.lost})
        yield (Styled(f"  no longer: {'; '.join(gone)}", Style.FAINT),)


def _code_lines(delta: ReviewedDelta, memory: HunkMemory, *, everything: bool) -> Iterator[Line]:
    old, new, part = delta.old.content.files, delta.new.content.files, roles(delta.plan)
    shown = [each.evidence for each in delta.findings if each.acceptance is None and each.evidence.grade >= Grade.NOTE]
    for group in delta.plan.groups:
        if group.is_folded and not everything:
            yield from _folded_lines(group)
            continue
        title = group.title[:1].upper() + group.title[1:]
        yield from _title(f"{title}: {count_of(len(group.files), 'file')}, {count_of(group.lines, 'line')}")
        for moved in group.moved:
            yield (f"  {moved.path} is unchanged and {'now' if moved.into else 'no longer'} part of it",)
        for file in group.files:
            yield ()
            read = memory.marks_of(file, old, new, part[file.path])
            yield from patch_lines(file, new, shown, everything=everything, read=read)


def _folded_lines(group: PlanGroup) -> Iterator[Line]:
    what = f"{count_of(len(group.files), 'file')}, {count_of(group.lines, 'line')}"
    yield from _title(f"Folded, because nothing shows that it runs during a build: {what} (--all shows them)")
    for file in sorted(group.files, key=lambda file: -file.lines)[:_MOST_FOLDED]:
        yield ("  ", *heading(file))
    more = len(group.files) - _MOST_FOLDED
    if more > 0:
        yield (f"  and {count_of(more, 'more file', 'more files')}",)


def _title(text: str) -> Iterator[Line]:
    yield ()
    yield (Styled(text, Style.TITLE),)
