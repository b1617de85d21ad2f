"""Words and sentences, about entries and near misses above all: plain, no markup; quotes are made safe when shown."""

from __future__ import annotations

from collections.abc import Sequence

from vetflow.model.audits import (
    Audit,
    AuditKind,
    Publisher,
    PublisherSource,
    TrustedEntry,
    Unpublished,
    WildcardAudit,
)
from vetflow.model.report import Entry, Miss, MissCause, OriginKind, Step
from vetflow.model.version import VetVersion


def enumerate_words(words: Sequence[str]) -> str:
    """Return `a`, `a and b`, or `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def count_of(number: int, what: str, many: str | None = None) -> str:
    """Return a number with a noun in the right form. many: its plural where that is not formed with an s."""
    return f"{number:,} {what if number == 1 else many or f'{what}s'}"


def publisher_name(source: PublisherSource, publisher: Publisher | None = None) -> str:
    """Name who published: the login where a row of imports.lock tells it, else the id or the workflow."""
    if publisher is not None and publisher.source == source and publisher.user_login:
        return publisher.user_login
    return f"user {source}" if isinstance(source, int) else source


def whose(source: str | None) -> str:
    """Say where an entry stands: in the own store, or in an import."""
    return "your own" if source is None else f"{source}'s"


def describe_step(step: Step) -> str:
    """Describe the entry of one step, without saying what it leads to."""
    entry = step.entry
    if isinstance(entry, Audit):
        return f"{whose(step.origin.source)} {_audit_words(entry)}{_by(entry)}"
    if isinstance(entry, WildcardAudit):
        return f"{whose(step.origin.source)} wildcard audit for what {_published_by(entry, step)} publishes"
    if isinstance(entry, TrustedEntry):
        return f"trust in what {_published_by(entry, step)} publishes"
    if step.origin.kind is OriginKind.EXEMPTION:
        return f"the exemption of {step.version}"
    return f"the unpublished row that takes {step.version} for {step.base}"


def _audit_words(audit: Audit) -> str:
    if audit.kind is AuditKind.DELTA:
        return f"delta audit {audit.base} -> {audit.version}"
    return f"full audit of {audit.version}"


def _by(audit: Audit) -> str:
    return f" by {enumerate_words(audit.who)}" if audit.who else ""


def _published_by(entry: WildcardAudit | TrustedEntry, step: Step) -> str:
    return publisher_name(entry.source, step.publisher)


def criteria_of(entry: Entry) -> str:
    """Return the criteria an entry names."""
    if isinstance(entry, Unpublished):
        return "every criterion"
    return enumerate_words(entry.criteria) or "no criteria"


def explain_miss(miss: Miss, version: VetVersion) -> str:
    """Say why the nearest entry does not vet `version`."""
    step, cause = miss.step, miss.cause
    if cause is MissCause.IMPORT_EXCLUDES:
        return f"no audits; {_imports(miss)} told to leave this crate out (exclude in config.toml)"
    if cause is MissCause.IMPORT_EMPTY:
        return f"no audits; imports.lock holds nothing at all from {enumerate_words(miss.imports)}"
    if step is None:
        return (
            "it does not come from crates.io, and no audit leads from a published version to it"
            if cause is MissCause.NOT_PUBLISHED
            else "no audit of any version"
        )
    return _explain_step(miss, step, version)


def _explain_step(miss: Miss, step: Step, version: VetVersion) -> str:
    what = describe_step(step)
    match miss.cause:
        case MissCause.CRITERIA_TOO_WEAK:
            return f"{what} is for {criteria_of(step.entry)} only"
        case MissCause.TRUST_ENDED | MissCause.TRUST_NOT_BEGUN:
            return _explain_days(miss, step, version, what)
        case MissCause.OTHER_PUBLISHER:
            other = publisher_name(miss.publisher.source, miss.publisher) if miss.publisher else "somebody else"
            return f"{_reaches(step, what)}; {version} was published by {other}"
        case MissCause.PUBLISHER_UNKNOWN:
            return f"{_reaches(step, what)}; imports.lock does not say who published {version}"
        case MissCause.BASE_NOT_VETTED:
            return f"{what} leads on to it, but nothing vouches for {step.base}"
        case MissCause.OTHER_VERSION_TOO_WEAK:
            return f"the nearest is {what}, and that is for {criteria_of(step.entry)} only"
        case MissCause.NOT_PUBLISHED:
            return f"the nearest is {step.version} ({what}); {version} does not come from crates.io"
        case _:
            return f"the nearest vetted version is {step.version} ({what}); no audit leads from it to {miss.towards}"


def _reaches(step: Step, what: str) -> str:
    return f"{step.version} is covered by {what}" if step.publisher else f"there is {what}"


def _explain_days(miss: Miss, step: Step, version: VetVersion, what: str) -> str:
    entry = step.entry
    if not isinstance(entry, WildcardAudit | TrustedEntry):  # the resolver names these causes for trust alone
        raise TypeError(miss.cause)
    published = f"{version} was published on {step.publisher.when}" if step.publisher else "the day is unknown"
    if miss.cause is MissCause.TRUST_ENDED:
        return f"{what} covers days before {entry.end}; {published}"
    return f"{what} covers days from {entry.start} on; {published}"


def _imports(miss: Miss) -> str:
    plural = len(miss.imports) > 1
    return f"import{'s' if plural else ''} {enumerate_words(miss.imports)} {'are' if plural else 'is'}"
