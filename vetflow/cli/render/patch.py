"""The difference of one file for a terminal: a heading, what is to know about it, then its lines with their numbers.

Lines come from a crate and pass through `vetflow.text.show`; a line in which something was made visible is marked with
`!` beside its sign.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from vetflow.cli.output import Line, Style, Styled
from vetflow.cli.render.surface_words import GRADES, graded
from vetflow.model.contents import CrateFiles
from vetflow.review.hunks import parse_hunks
from vetflow.review.items import Item, enclosing, items
from vetflow.review.patches import Change, FilePatch, LineKind, PatchLine, Side
from vetflow.surface.evidence import Evidence
from vetflow.text import show

_MARGIN: Final = " " * 14
_STYLES: Final = {LineKind.ADDED: Style.ADDED, LineKind.REMOVED: Style.REMOVED}


def heading(file: FilePatch) -> Line:
    """Return one line on a file: its path, what happened to it, and how much."""
    counts = " ".join(f"{sign}{number}" for sign, number in (("+", file.added), ("-", file.removed)) if number)
    what = "" if file.change is Change.MODIFIED else f"{file.change.value} "
    return (Styled(file.path, Style.TITLE), f"  {what}{counts}".rstrip())


def patch_lines(
    file: FilePatch,
    new: CrateFiles,
    findings: Iterable[Evidence] = (),
    *,
    everything: bool = False,
    read: Mapping[int, str] = MappingProxyType({}),
) -> Iterator[Line]:
    """Yield a file's difference. new: the contents of the new crate, for the names of functions around a change.

    findings: what to point out in the new lines of the crate. everything: also lines that changed nothing but their
    line ending. read: by number of a changed line where its hunk was read before.
    """
    marks: dict[int | None, list[Evidence]] = {}
    for each in findings:
        if each.path == file.path and each.line is not None:
            marks.setdefault(each.line, []).append(each)
    yield heading(file)
    for note in notes(file):
        yield ("  ", note)
    found = items(new[file.path].content) if file.path.endswith(".rs") and file.path in new and file.text else ()
    for hunk in parse_hunks(file.text if everything else file.folded):
        yield (Styled(_place(found, hunk.lines), Style.FAINT),)
        if words := next((read[line.number] for line in hunk.lines if line.number in read), None):
            yield (f"{_MARGIN}= {words}",)
        for line in hunk.lines:
            yield line_of(line)
            for each in marks.get(line.new, ()):
                yield (_MARGIN, graded(each.grade, f"^ {GRADES[each.grade]}: {each.sentence}"))


def notes(file: FilePatch) -> Iterator[str]:
    """Yield what the lines of a file do not tell."""
    old, new = file.old, file.new
    if old and new and old.path != new.path:
        yield f"renamed from {old.path}"
    if old and new and old.executable != new.executable:
        yield f"may {'now' if new.executable else 'no longer'} be executed"
    elif new and not old and new.executable:
        yield "may be executed"
    for word, side in (("was", old), ("is", new)):
        if side and side.binary:
            yield f"{word} {_binary(side)}"
    if file.endings and file.endings.lines:
        yield f"{file.endings.lines} lines changed their line ending and nothing else"
    if file.white_space_hunks:
        yield f"{file.white_space_hunks} hunks change nothing but white space"


def _binary(side: Side) -> str:
    kind = side.binary.kind if side.binary and side.binary.kind else "binary"
    head = side.binary.head.hex(" ") if side.binary else ""
    return f"{kind}, {side.size:,} bytes, sha256 {side.sha256}, begins with {head}"


def _place(found: tuple[Item, ...], lines: tuple[PatchLine, ...]) -> str:
    changed = next((line for line in lines if line.kind is not LineKind.CONTEXT), lines[0])
    number = changed.new or next((line.new for line in lines if line.new), None)
    around = enclosing(found, number) if number else ()
    return f"      ··· in {', '.join(around)}" if around else "      ···"


def line_of(line: PatchLine) -> Line:
    """Return a line of a patch with its numbers and sign."""
    text = show(line.text)
    mark = "!" if text.suspicious() else " "
    numbers = f"{line.old or '':>5} {line.new or '':>5} "
    end = "" if line.has_newline else "  (no line feed at the end)"
    body = f"{line.kind.value}{mark}{text.text}"
    style = _STYLES.get(line.kind)
    return (
        Styled(numbers, Style.FAINT),
        Styled(body, style) if style else body,
        Styled(end, Style.FAINT) if end else "",
    )
