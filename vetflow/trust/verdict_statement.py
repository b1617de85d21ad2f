"""What `attest` states of a run of `ci`: an in-toto Statement whose predicate is a Simple Verification Result (v0.1).

Its subject is Cargo.lock. The predicate names the properties that were verified, by which rules and which vetflow; what
it says beyond the predicate's own fields stands under a key that is a URI, as in-toto has it for extensions. The text
is signed as it stands, with a namespace of its own, so that it can never be taken for an audit. The signature is
OpenSSH's and lies beside it: DSSE, the other way to sign such statements, would have an agent sign bytes that name no
namespace (shared spec trust 1.2).
"""

from __future__ import annotations

import json
import re
from typing import Any, Final, NamedTuple

from vetflow.trust.moments import MomentError, parse_moment, write_moment

TYPE: Final = "https://in-toto.io/Statement/v1"
PREDICATE: Final = "https://in-toto.io/attestation/svr/v0.1"
VERIFIER: Final = "urn:vetflow:ci:1"
SUBJECT: Final = "Cargo.lock"
_SHA256: Final = re.compile(r"[0-9a-f]{64}\Z")
_LARGEST: Final = 256 * 1024


class VerdictStatementError(ValueError):
    """The text is no such statement; the message says why."""


class VerdictStatement(NamedTuple):
    """A statement. lock, policy: sha-256 of Cargo.lock and of the files that decide what counts, in hex.

    properties: what was verified. created_at: seconds since 1970. tool: the version of vetflow. signer: an e-mail
    address, None where nobody signs. commit: the full name, None for a working tree. profile: the stricter rules.
    """

    lock: str
    policy: str
    properties: tuple[str, ...]
    decision: str
    created_at: int
    tool: str
    signer: str | None = None
    commit: str | None = None
    profile: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the statement as a document."""
        more = {"signer": self.signer, "commit": self.commit, "profile": self.profile}
        return {
            "_type": TYPE,
            "subject": [{"name": SUBJECT, "digest": {"sha256": self.lock}}],
            "predicateType": PREDICATE,
            "predicate": {
                "verifier": {
                    "id": VERIFIER,
                    "version": {"vetflow": self.tool},
                    "policy": {"digest": {"sha256": self.policy}},
                },
                "timeCreated": write_moment(self.created_at),
                "properties": list(self.properties),
                VERIFIER: {"decision": self.decision, **{key: value for key, value in more.items() if value}},
            },
        }

    def text(self) -> str:
        """Return what is signed and kept."""
        return json.dumps(self.as_json(), indent=2, ensure_ascii=True) + "\n"


def parse_verdict_statement(text: str) -> VerdictStatement:
    """Read a statement; fields that vetflow does not know are passed over, as in-toto asks for.

    Raises VerdictStatementError for what is no statement of this kind about one Cargo.lock.
    """
    if len(text) > _LARGEST:
        raise VerdictStatementError("it is too large")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise VerdictStatementError("it is no JSON") from None
    statement, predicate = _table(document), _table(_table(document).get("predicate"))
    if (statement.get("_type"), statement.get("predicateType")) != (TYPE, PREDICATE):
        raise VerdictStatementError(f"it is no statement with a predicate of type {PREDICATE}")
    verifier, own = _table(predicate.get("verifier")), _table(predicate.get(VERIFIER))
    if verifier.get("id") != VERIFIER:
        raise VerdictStatementError(f"its verifier is not {VERIFIER}")
    subjects = statement.get("subject")
    if not isinstance(subjects, list) or len(subjects) != 1 or _table(subjects[0]).get("name") != SUBJECT:
        raise VerdictStatementError(f"its subject is not one {SUBJECT}")
    properties = predicate.get("properties")
    if not isinstance(properties, list) or not all(isinstance(each, str) for each in properties):
        raise VerdictStatementError("its properties are no list of strings")
    try:
        created_at = parse_moment(_text(predicate, "timeCreated") or "")
    except MomentError as error:
        raise VerdictStatementError(str(error)) from None
    return VerdictStatement(
        lock=_sha256(subjects[0]),
        policy=_sha256(_table(verifier.get("policy"))),
        properties=tuple(properties),
        decision=_text(own, "decision") or "",
        created_at=created_at,
        tool=_text(_table(verifier.get("version")), "vetflow") or "",
        signer=_text(own, "signer"),
        commit=_text(own, "commit"),
        profile=_text(own, "profile"),
    )


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(table: dict[str, Any], key: str) -> str | None:
    value = table.get(key)
    if value is not None and not isinstance(value, str):
        raise VerdictStatementError(f"its {key} is no text")
    return value


def _sha256(table: dict[str, Any]) -> str:
    digest = _table(table.get("digest")).get("sha256")
    if not isinstance(digest, str) or not _SHA256.match(digest):
        raise VerdictStatementError("a digest in it is no sha-256")
    return digest
