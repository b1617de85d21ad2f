"""What crates rested on, month by month: tables for people, a document for programs (docs/schemas/progress.json)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from vetflow.app.progress import Counts, Moment, Verdict
from vetflow.cli.output import Line, Style, Styled
from vetflow.cli.render.report_json import inert

SCHEMA: Final = "vetflow/progress/1"
_HEADINGS: Final = ("read", "trusted", "partly exempted", "exempted", "not vetted")
_INDENT: Final = "  "


def as_lines(moments: tuple[Moment, ...]) -> Iterator[Line]:
    """Yield a table of all third-party crates, and one of those that run code when the workspace is built."""
    if not any(moment.commit for moment in moments):
        yield ("no commit in this time has a store: there is only what is here now",)
    yield (Styled("Third-party crates", Style.TITLE),)
    yield from _table(moments, lambda verdict: verdict.crates)
    verdicts = [moment.verdict for moment in moments if moment.verdict]
    if any(_total(verdict.build_time) for verdict in verdicts):
        yield ()
        yield (Styled("Of these, crates known to run code when you build", Style.TITLE),)
        yield from _table(moments, lambda verdict: verdict.build_time)
    unknown = max((verdict.unknown for verdict in verdicts), default=0)
    if unknown:
        known = f"of up to {unknown} crates it is not known whether they run code when you build"
        yield ()
        yield (Styled(f"{known}: their archives are not on this machine", Style.FAINT),)
    yield ()
    yield ("read: somebody recorded audits for all of it. trusted: somebody trusts who published it.",)
    yield ("partly exempted: read only since a version that nobody read. exempted: nobody read it.",)


def as_json(moments: Iterable[Moment]) -> str:
    """Return the answer as a document with a schema."""
    return inert({"schema": SCHEMA, "moments": [_moment(moment) for moment in moments]})


def _table(moments: Iterable[Moment], counts: Callable[[Verdict], Counts]) -> Iterator[Line]:
    yield (_INDENT, Styled("  ".join([f"{'':7}", *_HEADINGS]), Style.FAINT))
    for moment in moments:
        if moment.verdict is None:
            yield (_INDENT, f"{_when(moment):7}  ", Styled(f"no verdict: {moment.reason}", Style.WARN))
        else:
            row = _row(counts(moment.verdict))
            cells = [f"{number:>{len(heading)}}" for number, heading in zip(row, _HEADINGS, strict=True)]
            same = "" if moment.touched else "  (nothing changed)"
            yield (_INDENT, "  ".join([f"{_when(moment):7}", *cells]), Styled(same, Style.FAINT))


def _row(counts: Counts) -> tuple[int, ...]:
    """Return the numbers under the headings; crates of which nothing is required are under none of them."""
    vetted = counts.vetted
    return vetted.read, vetted.trusted, vetted.partly_exempted, vetted.exempted, counts.unvetted


def _total(counts: Counts) -> int:
    return sum(counts.vetted) + counts.unvetted


def _when(moment: Moment) -> str:
    return "now" if moment.month is None else f"{moment.month.year:04}-{moment.month.month:02}"


def _moment(moment: Moment) -> dict[str, Any]:
    verdict = moment.verdict
    return {
        "month": None if moment.month is None else _when(moment),
        "commit": moment.commit,
        "changed": moment.touched,
        "crates": None if verdict is None else _counts(verdict.crates),
        "build_time": None if verdict is None else {**_counts(verdict.build_time), "unknown": verdict.unknown},
        "reason": moment.reason,
    }


def _counts(counts: Counts) -> dict[str, int]:
    return {**counts.vetted._asdict(), "not_vetted": counts.unvetted}
