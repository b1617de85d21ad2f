"""The text in which somebody certifies: criteria as comments, statements to uncomment, notes below.

`frame` makes it, `read_statements` reads it back once it was edited, `read_draft` what was chosen and typed in one that
was never recorded. The statements are cargo-vet's sentences, and notes come out to the byte as from cargo-vet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from vetflow.app.certify import Target
from vetflow.errors import UsageError
from vetflow.model.names import SAFE_TO_DEPLOY, SAFE_TO_RUN, CrateName, CriteriaName
from vetflow.model.store import CriteriaEntry
from vetflow.resolve.publisher_trust import TrustPeriod

_MARKS: Final = "#;@!$%^&|:"
"""What may start a comment; the first one is taken that starts no line of the notes."""
_CHOICE: Final = " Criteria: "
# Our own words: a copy of cargo-vet's text would age. Each says so first, and where the text stands that counts.
_BUILT_IN: Final[Mapping[CriteriaName, str]] = {
    SAFE_TO_RUN: """\
In vetflow's words, and only to remind you; what you certify is the text at
https://mozilla.github.io/cargo-vet/built-in-criteria.html#safe-to-run
The crate can be built, run and tested on a developer's machine or in automation without
surprises. For example it does not read or write unrelated or sensitive files, install
software or reconfigure the machine, talk to untrusted hosts, or misuse its resources.""",
    SAFE_TO_DEPLOY: """\
In vetflow's words, and only to remind you; what you certify is the text at
https://mozilla.github.io/cargo-vet/built-in-criteria.html#safe-to-deploy
The crate adds no serious security weakness to software that is shipped and meets
untrusted input. This takes no review of all its logic, but enough of one to reason fully
about its unsafe blocks and its use of powerful interfaces: however a real program may
reasonably use the crate, an attacker must not be able to turn these against it. Where
you allowed for something that is less than ideal, say so in the notes. If the crate
generates code that is shipped, the same holds for that code. Includes safe-to-run.""",
}


class Claim(NamedTuple):
    """A sentence to be certified, and for which criteria."""

    sentence: str
    criteria: tuple[CriteriaName, ...]


class Draft(NamedTuple):
    """What somebody chose and typed in a text that was never recorded."""

    criteria: tuple[CriteriaName, ...]
    notes: str | None


def audit_sentence(names: Sequence[str], target: Target) -> str:
    """Return the sentence by which people certify a version, or a delta."""
    what = f"version {target.version}"
    if target.base is not None:
        what = f"the changes from version {target.base} to {target.version}"
    whose = f"{what} of {target.crate}"
    return f"I, {', '.join(names)}, certify that I have audited {whose} in accordance with the above criteria."


def wildcard_sentence(names: Sequence[str], crate: CrateName, publisher: str, period: TrustPeriod) -> str:
    """Return the sentence by which people certify what somebody publishes."""
    return (
        f"I, {', '.join(names)}, certify that any version of {crate} published by '{publisher}' "
        f"between {period.start} and {period.end} will satisfy the above criteria."
    )


def frame(claims: Sequence[Claim], texts: Mapping[CriteriaName, CriteriaEntry], notes: str | None) -> str:
    """Return the text to edit. texts: the criteria that the store defines; the built-in ones are known here."""
    mark = comment_mark(notes)
    lines: list[str] = []
    for criteria in dict.fromkeys(claim.criteria for claim in claims):
        lines.append(f"{_CHOICE}{', '.join(criteria)}")
        for name in criteria:
            lines += ["", f" {name}:", *(f"   {line}" for line in criterion_text(name, texts).splitlines())]
        lines += ["", " Uncomment what you state:", ""]
        lines += [f" {claim.sentence}" for claim in claims if claim.criteria == criteria]
        lines.append("")
    lines += [
        " Notes go below. Lines that start with this mark are left out; without a statement",
        " nothing is recorded.",
    ]
    body = "\n".join(f"{mark}{line}".rstrip() for line in lines)
    return f"{body}\n\n{notes or ''}\n"


def comment_mark(notes: str | None) -> str:
    """Return the character that starts a comment beside these notes."""
    starts = {line[:1] for line in (notes or "").splitlines()}
    return next((mark for mark in _MARKS if mark not in starts), _MARKS[0])


def read_statements(text: str, mark: str, claims: Sequence[Claim]) -> tuple[tuple[Claim, ...], str | None]:
    """Return the claims whose sentences are uncommented, and the notes; raises UsageError when there is none.

    Also raises it for a sentence that somebody changed: nobody is to be taken for stating something else.
    """
    sentences = {claim.sentence for claim in claims}
    lines = _uncommented(text, mark)
    stated = {line.strip() for line in lines} & sentences
    if not stated:
        raise UsageError(
            "couldn't find uncommented certify statement",
            help="remove the mark before a statement, and leave the statement as it is",
        )
    rest = [line for line in lines if line.strip() not in sentences]
    changed = next((line for line in rest if _is_statement(line)), None)
    if changed is not None:
        raise UsageError(f"this is none of the statements to choose from: {changed.strip()}")
    return tuple(claim for claim in claims if claim.sentence in stated), clean_notes(rest)


def read_draft(text: str) -> Draft:
    """Return the criteria and notes in a text that `frame` made, edited or not."""
    mark = text[:1]
    prefix = mark + _CHOICE
    criteria = [
        name
        for line in text.splitlines()
        if line.startswith(prefix)
        for name in line.removeprefix(prefix).split(", ")
        if name
    ]
    notes = clean_notes([line for line in _uncommented(text, mark) if not _is_statement(line)])
    return Draft(tuple(dict.fromkeys(criteria)), notes)


def clean_notes(lines: Sequence[str]) -> str | None:
    """Return lines as notes: no blanks at their ends, no two empty lines in a row, none at either end.

    Several lines end in a line break, a single one does not. None when nothing is left. Source: cargo-vet behaviour.
    """
    kept: list[str] = []
    for line in (line.rstrip() for line in lines):
        if line or (kept and kept[-1]):
            kept.append(line)
    while kept and not kept[-1]:
        kept.pop()
    if not kept:
        return None
    return kept[0] if len(kept) == 1 else "\n".join(kept) + "\n"


def _uncommented(text: str, mark: str) -> list[str]:
    return [line for line in text.replace("\r\n", "\n").split("\n") if not line.startswith(mark)]


def _is_statement(line: str) -> bool:
    return line.lstrip().startswith("I, ") and ", certify that " in line and line.rstrip().endswith("above criteria.")


def criterion_text(name: CriteriaName, texts: Mapping[CriteriaName, CriteriaEntry]) -> str:
    """Return what a criterion demands: the store's own words, for a built-in one ours and where the real ones are."""
    entry = texts.get(name)
    if entry is None:
        return _BUILT_IN.get(name, "")
    return "\n".join(part.strip("\n") for part in (entry.description, entry.description_url) if part)
