"""Suggested audits: cargo-vet's JSON, and a table for people in which what is unknown does not look like nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from vetflow.app.wording import count_of
from vetflow.cli.output import Line, Style, Styled
from vetflow.cli.render.short_list import short_list
from vetflow.model.audits import Publisher
from vetflow.model.criteria import Criteria
from vetflow.model.suggestions import (
    CrateDelta,
    DiffStat,
    Hints,
    ImportHint,
    Suggest,
    Suggestion,
    TrustHint,
)
from vetflow.resolve.publisher_trust import identifier
from vetflow.resolve.suggest import by_heading

_HEADER: Final = ("Command", "Publisher", "Used by", "To read")
_INDENT: Final = "    "
_NOTE: Final = "      "
_WIDEST_COMMAND: Final = 52
"""A longer command stands on a line of its own, as git revisions make it."""
_NO_HINTS: Final = Hints()


def suggest_object(suggest: Suggest, criteria: Criteria) -> dict[str, Any]:
    """Return the value of `suggest` in cargo-vet's report; what could not be measured is not in it."""
    return {
        "suggestions": [_item(each, criteria) for each in suggest.suggestions],
        "suggest_by_criteria": {
            heading: [_item(each, criteria) for each in group]
            for heading, group in by_heading(suggest.suggestions, criteria).items()
        },
        "total_lines": suggest.total_lines,
    }


def _item(suggestion: Suggestion, criteria: Criteria) -> dict[str, Any]:
    delta = suggestion.delta
    return {
        "name": delta.name,
        "notable_parents": short_list(suggestion.parents),
        "suggested_criteria": list(criteria.minimal_names(suggestion.missing)),
        "suggested_diff": {
            "from": None if delta.base is None else str(delta.base),
            "to": str(delta.version),
            "diffstat": suggestion.size._asdict(),
        },
    }


def failure_lines(suggest: Suggest) -> Iterator[str]:
    """Yield a sentence for every audit that could not be measured; cargo-vet's JSON does not tell."""
    for delta, size in suggest.failures:
        yield f"{_audit_of(delta)} could not be measured: {size.reason}"


def suggestion_lines(suggest: Suggest, criteria: Criteria, hints: Mapping[Suggestion, Hints]) -> Iterator[Line]:
    """Yield a table for each group of criteria, then how much it is in all, then what could not be measured besides."""
    everything = (*suggest.suggestions, *suggest.unmeasured)
    for heading, group in by_heading(everything, criteria).items():
        yield (Styled(f"Recommended audits for {heading}", Style.TITLE),)
        yield from _table([_row(each, hints.get(each, _NO_HINTS)) for each in group])
        yield ()
    yield (_backlog(everything),)
    in_table = {each.delta for each in suggest.unmeasured}
    for delta, size in suggest.failures:
        if delta not in in_table:
            yield (Styled("note", Style.WARN), f": {_audit_of(delta)} could not be measured: {size.reason}")
    yield ("Use ", Styled("vetflow certify", Style.COMMAND), " to record what you have read.")


class _Row(NamedTuple):
    """command: what shows the code. notes: lines to stand below."""

    command: str
    publisher: str
    used_by: str
    size: str
    notes: tuple[Line, ...]


def _row(suggestion: Suggestion, hints: Hints) -> _Row:
    delta, size = suggestion.delta, suggestion.size
    versions = (delta.version,) if delta.base is None else (delta.base, delta.version)
    return _Row(
        command=" ".join(["vetflow", "diff" if delta.base else "inspect", delta.name, *map(str, versions)]),
        publisher=identifier(hints.publisher) if hints.publisher else "unknown",
        used_by=short_list(suggestion.parents),
        size=_size(delta, size) if isinstance(size, DiffStat) else "size unknown",
        notes=(
            *(() if isinstance(size, DiffStat) else ((_NOTE, f"because {size.reason}"),)),
            *map(_import_note, hints.imports),
            *((_trust_note(delta, hints.trust),) if hints.trust else ()),
        ),
    )


def _table(rows: list[_Row]) -> Iterator[Line]:
    cells = [_HEADER, *(row[:4] for row in rows)]
    widths = [max(min(len(row[column]), _WIDEST_COMMAND) for row in cells) for column in range(3)]

    def rest(row: tuple[str, ...]) -> str:
        return f"  {row[1]:{widths[1]}}  {row[2]:{widths[2]}}  {row[3]}"

    yield (_INDENT, Styled(f"{_HEADER[0]:{widths[0]}}{rest(_HEADER)}", Style.FAINT))
    for row in rows:
        command = Styled(f"{row.command:{widths[0]}}", Style.COMMAND)
        if len(row.command) > _WIDEST_COMMAND:
            yield (_INDENT, command)
            yield (_INDENT, " " * widths[0], rest(row[:4]))
        else:
            yield (_INDENT, command, rest(row[:4]))
        yield from row.notes


def _size(delta: CrateDelta, size: DiffStat) -> str:
    """Say how much there is to read, in words that do not pass off what has no lines as nothing."""
    files = count_of(size.files_changed, "file")
    if not size.files_changed:
        return "no difference"
    if not size.lines:
        return f"{files} without lines (empty, binary, or only the mode changed)"
    if delta.base is None:
        return f"{count_of(size.lines, 'line')} in {files}"
    signed = (f"{sign}{count:,}" for sign, count in (("+", size.insertions), ("-", size.deletions)) if count)
    return f"{' '.join(signed)} {'line' if size.lines == 1 else 'lines'} in {files}"


def _backlog(suggestions: Iterable[Suggestion]) -> str:
    lines = [suggestion.lines for suggestion in suggestions]
    known = sum(each or 0 for each in lines)
    unknown = lines.count(None)
    if not unknown:
        return f"Estimated audit backlog: {count_of(known, 'line')}"
    which = f"nobody could measure {count_of(unknown, 'audit')}"
    if unknown == len(lines):
        return f"Estimated audit backlog: unknown; {which}"
    return f"Estimated audit backlog: at least {count_of(known, 'line')}; {which}"


def _import_note(hint: ImportHint) -> Line:
    effect = f"leave {count_of(hint.lines, 'line')} to read" if hint.lines else "settle this"
    return (_NOTE, Styled(f"vetflow import {hint.name}", Style.COMMAND), f" would {effect}")


def _trust_note(delta: CrateDelta, hint: TrustHint) -> Line:
    who = short_list("this project" if name is None else name for name in hint.trusted_by)
    trusts = "trusts" if len(hint.trusted_by) == 1 else "trust"
    other = "" if hint.is_exact else ", who published another version of this crate"
    login = identifier(hint.publisher)
    command = Styled(f"vetflow trust {delta.name}{'' if hint.is_sole else f' {login}'}", Style.COMMAND)
    rest: Line = (" or ", Styled(f"vetflow trust --all {login}", Style.COMMAND)) if hint.is_sole else ()
    return (_NOTE, f"{who} {trusts} {_full_name(hint.publisher)}{other}: consider ", command, *rest)


def _full_name(publisher: Publisher) -> str:
    login = identifier(publisher)
    return f"{publisher.user_name} ({login})" if publisher.user_name else login


def _audit_of(delta: CrateDelta) -> str:
    return f"{delta.name} {delta.version}" if delta.base is None else f"{delta.name} {delta.base} -> {delta.version}"
