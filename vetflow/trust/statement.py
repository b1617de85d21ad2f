"""The statement that is signed for an entry: what is claimed, in which sense, by whom, about which bytes.

It is derived from the entry and kept beside the signature in signatures.toml, in canonical JSON. cargo-vet may rename
and narrow entries; the statement stays what it was, and `trust.verification` asks whether an entry claims no more than
that (shared spec trust 1.3).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from vetflow.model.audits import TrustedEntry
from vetflow.model.names import CrateName, CriteriaName
from vetflow.trust.canonical_json import CanonicalError, canonical, parse_canonical
from vetflow.trust.claims import LOCAL_KINDS, Claim, ClaimError, Entry, claim_of, read_claim
from vetflow.trust.meaning import Meanings, notes_digest
from vetflow.trust.moments import MomentError, parse_moment, write_moment

TYPE: Final = "vetflow-audit/1"
REGISTRY: Final = "crates.io"
WHOLE: Final = "full"
BUILD_TIME: Final = "build-time"

_REQUIRED: Final = frozenset(
    {"artifacts", "claim", "criteria", "registry", "scope", "signed-at", "type", "who"},
)
_OPTIONAL: Final = frozenset({"assisted-by", "audience", "checklist", "notes", "overrides", "tool", "view"})
_CHECKLIST: Final = frozenset({"concerns", "considered", "digest", "not-considered"})
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}\Z")
_ARTIFACT: Final = re.compile(r"(?:sha256:[0-9a-f]{64}|git:[0-9a-fA-F]{40})\Z")


class StatementError(ValueError):
    """The text is no statement that vetflow understands; the message says why."""


class CheckedItems(NamedTuple):
    """What somebody made of a checklist, by the ids of its items, sorted. digest: of the whole list, `sha256:...`."""

    digest: str
    considered: tuple[str, ...] = ()
    concerns: tuple[str, ...] = ()
    not_considered: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return it as a statement has it."""
        return {
            "concerns": list(self.concerns),
            "considered": list(self.considered),
            "digest": self.digest,
            "not-considered": list(self.not_considered),
        }


class Seen(NamedTuple):
    """What somebody looked at, beyond what an entry can say.

    artifacts: for each version the `sha256:` of its archive, for a git revision `git:` and the commit. scope: all of
    the crate, or only what runs at build time. view: the digest of the files that were shown. assisted_by: machines and
    people that had a part. overrides: what was waved through although vetflow advised against it. checklists: what was
    made of the checklist of each crate; of a crate that is not there none was shown.
    """

    artifacts: Mapping[str, str] = {}
    scope: str = WHOLE
    view: str | None = None
    assisted_by: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()
    checklists: Mapping[CrateName, CheckedItems] = {}


class Statement(NamedTuple):
    """A statement. criteria: names, and the digest of what each meant. notes: digest of the entry's notes.

    signed_at: seconds since 1970. audience: the project it is for, where it is a decision of one project. tool: what
    wrote it.
    """

    claim: Claim
    criteria: Mapping[CriteriaName, str]
    who: tuple[str, ...]
    notes: str | None
    signed_at: int
    seen: Seen
    audience: str | None = None
    tool: str | None = None

    def text(self) -> str:
        """Return the statement as it is signed and kept."""
        seen = self.seen
        checked = seen.checklists.get(self.claim.crate)
        optional = {
            "assisted-by": list(seen.assisted_by),
            "audience": self.audience,
            "checklist": checked and checked.as_json(),
            "notes": self.notes,
            "overrides": list(seen.overrides),
            "tool": self.tool,
            "view": seen.view,
        }
        return canonical(
            {
                "artifacts": dict(seen.artifacts),
                "claim": self.claim.as_json(),
                "criteria": dict(self.criteria),
                "registry": REGISTRY,
                "scope": seen.scope,
                "signed-at": write_moment(self.signed_at),
                "type": TYPE,
                "who": list(self.who),
                **{key: value for key, value in optional.items() if value},
            }
        )


class Author(NamedTuple):
    """Who makes a statement, when, for which project. who: how they name themselves where an entry does not say."""

    who: str
    signed_at: int
    audience: str | None
    tool: str | None = None


def statement_of(crate: CrateName, entry: Entry, meaning: Meanings, author: Author, seen: Seen) -> Statement:
    """Return what somebody who signs an entry states. meaning: of the criteria in the entry's file.

    seen.artifacts may hold more versions than the entry is about. Raises StatementError when it lacks one, or when
    nobody knows what a criterion means.
    """
    claim = claim_of(crate, entry)
    artifacts = {str(version): seen.artifacts.get(str(version)) for version in claim.versions}
    known = {version: found for version, found in artifacts.items() if found is not None}
    if len(known) < len(artifacts):
        lacking = ", ".join(artifacts.keys() - known.keys())
        raise StatementError(f"it is not known which archive {crate} {lacking} is")
    unknown = [name for name in entry.criteria if name not in meaning]
    if unknown:
        raise StatementError(f"nobody defines the criterion {unknown[0]}")
    return Statement(
        claim=claim,
        criteria={name: meaning[name] for name in entry.criteria},
        who=(author.who,) if isinstance(entry, TrustedEntry) else entry.who,
        notes=notes_digest(entry.notes),
        signed_at=author.signed_at,
        seen=seen._replace(artifacts=known, checklists=_of_crate(crate, seen)),
        audience=author.audience if claim.kind in LOCAL_KINDS else None,
        tool=author.tool,
    )


def _of_crate(crate: CrateName, seen: Seen) -> Mapping[CrateName, CheckedItems]:
    return {crate: seen.checklists[crate]} if crate in seen.checklists else {}


def parse_statement(text: str) -> Statement:
    """Read a statement; raises StatementError for whatever vetflow would not have written, unknown fields included."""
    try:
        table = parse_canonical(text)
        _require_known(table)
        claim = read_claim(table["claim"])
        statement = Statement(
            claim=claim,
            criteria=_map(table["criteria"], _DIGEST),
            who=_strings(table, "who"),
            notes=_text(table, "notes", _DIGEST),
            signed_at=parse_moment(_text(table, "signed-at") or ""),
            seen=Seen(
                artifacts=_map(table["artifacts"], _ARTIFACT),
                scope=_text(table, "scope") or "",
                view=_text(table, "view", _DIGEST),
                assisted_by=_strings(table, "assisted-by"),
                overrides=_strings(table, "overrides"),
                checklists={claim.crate: _checked(table["checklist"])} if "checklist" in table else {},
            ),
            audience=_text(table, "audience"),
            tool=_text(table, "tool"),
        )
    except (CanonicalError, MomentError, ClaimError) as error:
        raise StatementError(str(error)) from None
    if statement.text() != text:
        raise StatementError("it holds something that vetflow would have written differently")
    _require_artifacts(statement)
    return statement


def _checked(table: Any) -> CheckedItems:
    if not isinstance(table, dict) or table.keys() != _CHECKLIST:
        raise StatementError("its checklist is not what it must be")
    digest = _text(table, "digest", _DIGEST) or ""
    return CheckedItems(digest, *(_strings(table, key) for key in ("considered", "concerns", "not-considered")))


def _require_known(table: Mapping[str, Any]) -> None:
    unknown = table.keys() - _REQUIRED - _OPTIONAL
    missing = _REQUIRED - table.keys()
    if unknown or missing or table["type"] != TYPE or table["registry"] != REGISTRY:
        raise StatementError(f"it is no statement of type {TYPE} about {REGISTRY}; a newer vetflow may know it")
    if table["scope"] not in (WHOLE, BUILD_TIME):
        raise StatementError("its scope is not known")


def _require_artifacts(statement: Statement) -> None:
    found, versions = statement.seen.artifacts, statement.claim.versions
    starts = {str(version): f"git:{version.git}" if version.git else "sha256:" for version in versions}
    if found.keys() != starts.keys() or not all(found[each].startswith(start) for each, start in starts.items()):
        raise StatementError("its artifacts are not those of the versions it is about")


def _strings(table: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise StatementError(f"{key} is no list of strings")
    return tuple(value)


def _text(table: Mapping[str, Any], key: str, form: re.Pattern[str] | None = None) -> str | None:
    value = table.get(key)
    if value is not None and (not isinstance(value, str) or (form and not form.match(value))):
        raise StatementError(f"{key} is not what it must be")
    return value


def _map(table: Any, form: re.Pattern[str]) -> dict[str, str]:
    if not isinstance(table, dict) or not all(isinstance(value, str) and form.match(value) for value in table.values()):
        raise StatementError("its digests are not what they must be")
    return table
