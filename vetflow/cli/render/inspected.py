"""A whole version of a crate: what it can do, then its code, what runs during a build first; the rest is listed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from vetflow.app.review_crates import InspectedCrate
from vetflow.app.wording import count_of
from vetflow.cli.output import Line, Style, Styled
from vetflow.cli.render.crate_surface import finding_lines, limit_lines
from vetflow.cli.render.surface_words import NO_PROOF, TIERS
from vetflow.model.contents import CrateFile
from vetflow.review.binary import binary
from vetflow.surface.tiers import Grade, Tier
from vetflow.text import show_lines

_ORDER: Final = (Tier.BUILD_SCRIPT, Tier.PROC_MACRO, Tier.HOST_LIBRARY, Tier.INPUT)
_MOST_LISTED: Final = 40


def inspected_lines(crate: InspectedCrate, *, everything: bool) -> Iterator[Line]:
    """Yield a version for a person. everything: the text of all files, not only of those that run during a build."""
    yield from inspected_head(crate)
    yield from _code_lines(crate)
    yield from _rest_lines(crate, everything=everything)


def inspected_head(crate: InspectedCrate) -> Iterator[Line]:
    """Yield what is to be known before the code: where it is from, and what it can do."""
    content = crate.content
    version = f" {content.version}" if content.version else ""
    yield (Styled(f"{content.name}{version}", Style.TITLE),)
    yield (Styled(f"  from {content.origin}", Style.FAINT),)
    for each in content.left_out:
        yield ("  ", Styled("left out", Style.WARN), f": {each}")
    if crate.hold is not None:
        yield ("  ", Styled("held back", Style.WARN), f" since {crate.hold.since}, because {crate.hold.reason}")
    yield from _finding_lines(crate)
    yield from limit_lines(crate.analysis.surface, [each.sentence for each in crate.analysis.undecided])


def _finding_lines(crate: InspectedCrate) -> Iterator[Line]:
    yield ()
    shown = [each for each in crate.findings if each.acceptance is None and each.evidence.grade >= Grade.NOTE]
    if not shown:
        yield (f"  nothing above what is expected; {NO_PROOF}",)
    for each in shown:
        yield from finding_lines(each)
    if len(crate.findings) > len(shown):
        rest = len(crate.findings) - len(shown)
        yield (Styled(f"  {count_of(rest, 'expected or accepted action')}", Style.FAINT),)


def _code_lines(crate: InspectedCrate) -> Iterator[Line]:
    surface = crate.analysis.surface
    code = {file.path for file in surface.files if file.is_code}
    for tier in _ORDER:
        files = [crate.content.files[path] for path in surface.paths(tier) if path in crate.content.files]
        if files:
            yield ()
            title = f"{TIERS[tier][:1].upper()}{TIERS[tier][1:]}: {count_of(len(files), 'file')}"
            yield (Styled(title, Style.TITLE),)
        for file in files:
            yield from _text_lines(file, is_code=file.path in code)


def _rest_lines(crate: InspectedCrate, *, everything: bool) -> Iterator[Line]:
    seen = set(crate.analysis.surface.paths())
    rest = [file for path, file in sorted(crate.content.files.items()) if path not in seen]
    if not rest:
        return
    lines = sum(file.content.count(b"\n") for file in rest if not binary(file))
    what = f"{count_of(len(rest), 'file')}, {count_of(lines, 'line')}"
    yield ()
    if everything:
        yield (Styled(f"Elsewhere: {what}", Style.TITLE),)
        for file in rest:
            yield from _text_lines(file, is_code=False)
        return
    title = f"Folded, because nothing shows that it runs during a build: {what} (--all shows them)"
    yield (Styled(title, Style.TITLE),)
    for file in rest[:_MOST_LISTED]:
        yield (f"  {file.path}", Styled(f"  {len(file.content):,} bytes", Style.FAINT))
    if len(rest) > _MOST_LISTED:
        yield (f"  and {count_of(len(rest) - _MOST_LISTED, 'more file')}",)


def _text_lines(file: CrateFile, *, is_code: bool) -> Iterator[Line]:
    executable = "  may be executed" if file.executable else ""
    yield ()
    yield (Styled(file.path, Style.TITLE), Styled(executable, Style.WARN) if executable else "")
    what = binary(file, {file.path} if is_code else ())
    if what is not None:
        yield (f"  {what.kind or 'binary'}, {len(file.content):,} bytes, begins with {what.head.hex(' ')}",)
        return
    for number, line in enumerate(show_lines(file.content), 1):
        mark = "!" if line.suspicious() else " "
        yield (Styled(f"{number:>5} ", Style.FAINT), f"{mark}{line.text}")
