"""Random values of a store's files, nasty on purpose: quotes, control characters, names that need quoting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from vetflow.model.audits import (
    Audit,
    AuditKind,
    Exemption,
    Publisher,
    PublisherSource,
    TrustedEntry,
    Unpublished,
    WildcardAudit,
)
from vetflow.model.dates import MAX_YEAR, MIN_YEAR, Date, days_in_month
from vetflow.model.requirement import VersionReq, parse_requirement
from vetflow.model.store import (
    AuditsFile,
    ConfigFile,
    CriteriaEntry,
    Import,
    ImportsFile,
    Policy,
    PolicyTable,
    StoreVersion,
)
from vetflow.model.version import VetVersion, parse_version

_Value = TypeVar("_Value")

HASHES = ("0123456789abcdef0123456789abcdef01234567", "ABCDEF0123456789abcdef0123456789abcdef01")

strings: SearchStrategy[str] = st.one_of(
    st.sampled_from(["", "fine", "it's", 'say "x"', "a\\b", "two\nlines\n", "tab\t", "\x00\x7f\r", "#"]),
    st.text(st.sampled_from("ab \"'\\\n\t\r\x01\x7f\u0085\u2028é✨#[]{}=,"), max_size=12),
    st.text(max_size=100),
)
names: SearchStrategy[str] = st.one_of(
    st.sampled_from(["anvil", "bellows", "a-b", "a_b", "B", "dependency-criteria", "user-id", "a.b", ""]),
    st.text(st.sampled_from("ab-_.: \"'\\\n\t\x01é"), max_size=5),
)
many: SearchStrategy[tuple[str, ...]] = st.lists(strings, max_size=4).map(tuple)

_numbers = st.one_of(st.integers(0, 12), st.sampled_from([2**64 - 1, 2**63]))
_identifier = st.text(st.sampled_from("0123456789aZ-"), min_size=1, max_size=3)
_pre_release = st.lists(
    _identifier.filter(lambda text: not (text.isdigit() and text != "0" and text[0] == "0")),
    min_size=1,
    max_size=3,
)
_build = st.lists(_identifier, min_size=1, max_size=3)


@st.composite
def version_texts(draw: st.DrawFn) -> str:
    """Draw a version, with or without pre-release, build metadata and revision."""
    text = ".".join(str(draw(_numbers)) for _ in range(3))
    if draw(st.booleans()):
        text += "-" + ".".join(draw(_pre_release))
    if draw(st.booleans()):
        text += "+" + ".".join(draw(_build))
    if draw(st.integers(0, 4)) == 0:
        text += "@git:" + draw(st.sampled_from(HASHES))
    return text


@st.composite
def _comparator_texts(draw: st.DrawFn) -> str:
    operator = draw(st.sampled_from(["", "=", ">", ">=", "<", "<=", "~", "^", "~ "]))
    numbers = [str(draw(st.integers(0, 4))) for _ in range(draw(st.integers(1, 3)))]
    if len(numbers) == 3 and draw(st.booleans()):
        numbers[2] += "-" + ".".join(draw(_pre_release))
    elif len(numbers) > 1 and draw(st.integers(0, 5)) == 0:
        numbers[-1] = draw(st.sampled_from("*xX"))
    return operator + ".".join(numbers)


requirement_texts: SearchStrategy[str] = st.one_of(
    st.just("*"),
    st.lists(_comparator_texts(), min_size=1, max_size=3).map(",".join),
)
versions: SearchStrategy[VetVersion] = version_texts().map(parse_version)
requirements: SearchStrategy[VersionReq] = requirement_texts.map(parse_requirement)

small_versions: SearchStrategy[VetVersion] = st.builds(
    "{}.{}.{}{}".format,
    st.integers(0, 4),
    st.integers(0, 4),
    st.integers(0, 4),
    st.sampled_from(["", "", "-0", "-a", "-a.1"]),
).map(parse_version)


@st.composite
def dates(draw: st.DrawFn) -> Date:
    """Draw a day, mostly of our time."""
    year = draw(st.one_of(st.integers(1990, 2040), st.integers(MIN_YEAR, MAX_YEAR)))
    month = draw(st.integers(1, 12))
    return Date(year, month, draw(st.integers(1, days_in_month(year, month))))


sources: SearchStrategy[PublisherSource] = st.one_of(st.integers(0, 3), st.just(2**63 - 1), strings)
_notes = st.none() | strings


def _value(value: Callable[..., _Value], **fields: SearchStrategy[Any]) -> SearchStrategy[_Value]:
    """Draw a NamedTuple; fields that are not given keep their default (`st.builds` would guess them)."""
    defaults: Mapping[str, Any] = getattr(value, "_field_defaults", {})
    return st.builds(value, **{name: st.just(default) for name, default in defaults.items()} | fields)


_common: dict[str, SearchStrategy[Any]] = {
    "criteria": many,
    "who": many,
    "importable": st.booleans(),
    "notes": _notes,
    "aggregated_from": many,
}
audits: SearchStrategy[Audit] = st.one_of(
    _value(Audit, kind=st.just(AuditKind.FULL), version=versions, **_common),
    _value(Audit, kind=st.just(AuditKind.DELTA), base=versions, version=versions, **_common),
    _value(Audit, kind=st.just(AuditKind.VIOLATION), violation=requirements, **_common),
)
_trust: dict[str, SearchStrategy[Any]] = {
    "criteria": many,
    "source": sources,
    "start": dates(),
    "end": dates(),
    "notes": _notes,
    "aggregated_from": many,
}
wildcard_audits: SearchStrategy[WildcardAudit] = _value(
    WildcardAudit, who=many, renew=st.none() | st.booleans(), **_trust
)
trusted_entries: SearchStrategy[TrustedEntry] = _value(TrustedEntry, **_trust)
exemptions: SearchStrategy[Exemption] = _value(
    Exemption, version=versions, criteria=many, suggest=st.booleans(), notes=_notes
)
publishers: SearchStrategy[Publisher] = st.one_of(
    _value(
        Publisher,
        version=versions,
        when=dates(),
        source=st.integers(0, 3),
        user_login=strings,
        user_name=_notes,
    ),
    _value(Publisher, version=versions, when=dates(), source=strings),
)
unpublished: SearchStrategy[Unpublished] = _value(Unpublished, version=versions, audited_as=versions)
policies: SearchStrategy[Policy] = _value(
    Policy,
    audit_as_crates_io=st.none() | st.booleans(),
    criteria=st.none() | many,
    dev_criteria=st.none() | many,
    dependency_criteria=st.dictionaries(names, many, max_size=3),
    notes=_notes,
)


def _entries(entry: SearchStrategy[_Value]) -> SearchStrategy[Mapping[str, tuple[_Value, ...]]]:
    return st.dictionaries(names, st.lists(entry, min_size=1, max_size=3).map(tuple), max_size=3)


audits_files: SearchStrategy[AuditsFile] = st.builds(
    AuditsFile,
    st.dictionaries(names, st.builds(CriteriaEntry, _notes, _notes, many, many), max_size=3),
    _entries(wildcard_audits),
    _entries(audits),
    _entries(trusted_entries),
)
_policy_versions: SearchStrategy[Mapping[VetVersion | None, Policy]] = st.one_of(
    policies.map(lambda policy: {None: policy}),
    st.dictionaries(versions, policies, min_size=1, max_size=3),
)
config_files: SearchStrategy[ConfigFile] = st.builds(
    ConfigFile,
    st.builds(StoreVersion, st.integers(0, 3), st.integers(0, 12)),
    strings,
    st.dictionaries(names, st.builds(Import, many, many, st.dictionaries(names, many, max_size=3)), max_size=3),
    st.dictionaries(names.filter(lambda name: ":" not in name), _policy_versions, max_size=3).map(PolicyTable),
    _entries(exemptions),
)
imports_files: SearchStrategy[ImportsFile] = st.builds(
    ImportsFile,
    _entries(unpublished),
    _entries(publishers),
    st.dictionaries(names, audits_files, max_size=2),
)

_toml_scalars = st.one_of(
    strings, st.integers(-(2**63), 2**63 - 1), st.booleans(), st.floats(allow_nan=False), dates().map(str)
)
plain_tables: SearchStrategy[dict[str, Any]] = st.dictionaries(
    st.one_of(
        names,
        st.sampled_from(["audits", "criteria", "trusted", "wildcard-audits", "cargo-vet", "imports", "policy"]),
        st.sampled_from(["exemptions", "publisher", "unpublished", "version", "who", "notes", "delta", "url"]),
    ),
    st.recursive(
        _toml_scalars,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
        max_leaves=8,
    ),
    max_size=5,
)
"""What a TOML document of any shape holds, with the keys of the store's files among others."""
