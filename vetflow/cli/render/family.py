"""A family of crates: the one to be read, those that changed in the same way, and every difference of the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from vetflow.app.wording import count_of
from vetflow.cli.output import Line, Style, Styled
from vetflow.cli.render.patch import line_of
from vetflow.cli.render.report_json import inert
from vetflow.review.families import Family, Outlier, Part
from vetflow.review.session import Pair

SCHEMA: Final = "vetflow/family/1"


def family_lines(family: Family, unread: Iterable[str]) -> Iterator[Line]:
    """Yield a family for a person. unread: crates that may belong to it, and that nobody could look into."""
    read = family.representative
    yield (Styled(_name(read), Style.TITLE), ": read this one")
    yield from _same_lines(family)
    for outlier in family.outliers:
        yield from _outlier_lines(outlier, read)
    if not family.same and not family.outliers:
        yield ("  nothing else in the queue is from its repository or its revision",)
    for crate in unread:
        yield (Styled("  not looked into", Style.WARN), f": {crate}, which may belong to it")


def _same_lines(family: Family) -> Iterator[Line]:
    if not family.same:
        return
    yield ()
    count = count_of(len(family.same), "crate")
    yield (Styled(f"{count} changed in the same way", Style.TITLE), ", but for how each names itself; not read by that")
    for pair, named in family.same:
        yield (f"  {_name(pair)}",)
        for each in named:
            yield (f"    {each.path}", *line_of(each.line))


def _outlier_lines(outlier: Outlier, read: Pair) -> Iterator[Line]:
    first, *others = outlier.pairs
    yield ()
    more = f", and in the same way {', '.join(map(_name, others))}" if others else ""
    yield (Styled("outlier ", Style.BAD), Styled(_name(first), Style.TITLE), more)
    for title, parts in ((f"only {first.crate}", outlier.extra), (f"only {read.crate}", outlier.lacking)):
        for part in parts:
            yield from _part_lines(part, title)


def _part_lines(part: Part, title: str) -> Iterator[Line]:
    yield ("  ", Styled(title, Style.WARN), f": {part.path}: {part.words}")
    for line in part.hunk.lines if part.hunk else ():
        yield line_of(line)


def family_json(family: Family, unread: Iterable[str]) -> str:
    """Return a family as a document with a schema."""
    return inert(
        {
            "schema": SCHEMA,
            "representative": family.representative._asdict(),
            "same": [
                {**pair._asdict(), "named": [_named(each.path, each.line.number, each.line.text) for each in named]}
                for pair, named in family.same
            ],
            "outliers": [
                {
                    "crates": [pair._asdict() for pair in outlier.pairs],
                    "extra": [_part(part) for part in outlier.extra],
                    "lacking": [_part(part) for part in outlier.lacking],
                }
                for outlier in family.outliers
            ],
            "unread": list(unread),
        }
    )


def _named(path: str, line: int, text: str) -> dict[str, Any]:
    return {"path": path, "line": line, "text": text}


def _part(part: Part) -> dict[str, Any]:
    lines = [[line.kind.value, line.old, line.new, line.text] for line in part.hunk.lines] if part.hunk else []
    return {"path": part.path, "what": part.words, "lines": lines}


def _name(pair: Pair) -> str:
    return f"{pair.crate} {pair.base} > {pair.version}"
