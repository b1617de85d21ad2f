"""What an assistant claims about lines of a crate: something for a person to check, and nothing else.

A claim names a file of a version by path and sha-256, and quotes a line of it. Whatever does not exist byte for byte is
dropped, with the reason. What is kept is never evidence: it has no grade, and it decides about no order, risk, tick,
mark or entry (shared spec users D9).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from vetflow.model.contents import CrateFiles
from vetflow.text import shown

SCHEMA: Final = "vetflow/claims/1"
LARGEST: Final = 4_000_000
"""Bytes of a document with claims."""
_MOST: Final = 2_000
_LONGEST: Final = 4_000
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._@:/+()-]{0,79}\Z")
_CRATE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}\Z")
_SHA256: Final = re.compile(r"[0-9a-f]{64}\Z")
_KEYS: Final = frozenset({"crate", "version", "path", "sha256", "line", "quote", "claim"})


class ClaimsError(ValueError):
    """The text is no document of claims; the message says why."""


class Claim(NamedTuple):
    """One claim. sha256: of the whole file. line: counted from 1. quote: that line without its line feed.

    text: what is claimed, in the assistant's words.
    """

    crate: str
    version: str
    path: str
    sha256: str
    line: int
    quote: str
    text: str


class Claims(NamedTuple):
    """A document as it was written. damaged: how many of its claims are none."""

    assistant: str
    claims: tuple[Claim, ...]
    damaged: int = 0


class Assisted(NamedTuple):
    """What assistants claim about a version, each claim once. assistants: who, in order."""

    claims: tuple[Claim, ...] = ()
    assistants: tuple[str, ...] = ()


class Checked(NamedTuple):
    """What is left of claims, in their order, and how many were dropped for which reason."""

    kept: tuple[Claim, ...]
    dropped: Mapping[str, int]


def parse_claims(text: str) -> Claims:
    """Read a document; raises ClaimsError for what is none. A single claim that is no claim is only counted."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise ClaimsError("it is no JSON") from None
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise ClaimsError(f'it does not say `"schema": "{SCHEMA}"`')
    assistant, given = document.get("assistant"), document.get("claims")
    if not isinstance(assistant, str) or not _NAME.match(assistant):
        raise ClaimsError('"assistant" is no plain name of at most 80 characters')
    if not isinstance(given, list) or len(given) > _MOST:
        raise ClaimsError(f'"claims" is no list of at most {_MOST:,} claims')
    claims = [_claim(each) for each in given]
    return Claims(assistant, tuple(filter(None, claims)), claims.count(None))


def write_claims(claims: Claims) -> str:
    """Return a document that `parse_claims` reads."""
    rows = [{**each._asdict(), "claim": each.text} for each in claims.claims]
    for row in rows:
        del row["text"]
    return json.dumps({"schema": SCHEMA, "assistant": claims.assistant, "claims": rows}, indent=1)


def check_claims(claims: Claims, contents: Mapping[tuple[str, str], CrateFiles | str]) -> Checked:
    """Keep what quotes a line that exists. contents: by crate and version, or half a sentence why there is none."""
    kept: dict[Claim, None] = {}
    dropped: Counter[str] = Counter()
    if claims.damaged:
        dropped["it is no claim of the form that docs/schemas/claims.json describes"] = claims.damaged
    files = _Files(contents)
    for each in claims.claims:
        reason = "it is there twice" if each in kept else files.why_not(each)
        if reason is None:
            kept[each] = None
        else:
            dropped[reason] += 1
    return Checked(tuple(kept), dict(dropped))


def versions_of(claims: Iterable[Claim]) -> tuple[tuple[str, str], ...]:
    """Return the crates and versions that claims are about, each once."""
    return tuple(dict.fromkeys((each.crate, each.version) for each in claims))


class _Files:
    """The files that are quoted, each hashed and cut into lines once."""

    def __init__(self, contents: Mapping[tuple[str, str], CrateFiles | str]) -> None:
        self._contents = contents
        self._known: dict[tuple[str, str, str], tuple[str, list[bytes]]] = {}

    def why_not(self, claim: Claim) -> str | None:
        """Say why a claim quotes nothing; None for one that does."""
        files = self._contents.get((claim.crate, claim.version), "the document is about too many versions")
        if isinstance(files, str):
            return f"{shown(claim.crate)} {shown(claim.version)} is not at hand: {files}"
        if claim.path not in files:
            return "the version has no such file"
        key = (claim.crate, claim.version, claim.path)
        if key not in self._known:
            content = files[claim.path].content
            self._known[key] = (hashlib.sha256(content).hexdigest(), content.split(b"\n"))
        digest, lines = self._known[key]
        if digest != claim.sha256:
            return "the file has another sha-256"
        if claim.line > len(lines) or lines[claim.line - 1] != claim.quote.encode():
            return "the quoted words are not that line"
        return None


def _claim(value: Any) -> Claim | None:
    """Return a claim of checked types and sizes; None for what is none."""
    if not isinstance(value, dict) or value.keys() != _KEYS:
        return None
    line = value["line"]
    words = {key: value[key] for key in _KEYS - {"line"}}
    if type(line) is not int or line < 1 or not all(isinstance(each, str) for each in words.values()):
        return None
    if any(len(each) > _LONGEST for each in words.values()) or not _SHA256.match(words["sha256"]):
        return None
    if not _CRATE.match(words["crate"]):
        return None
    if not words["claim"].strip() or not words["quote"].strip() or not _is_text(words.values()):
        return None
    return Claim(words["crate"], words["version"], words["path"], words["sha256"], line, words["quote"], words["claim"])


def _is_text(words: Iterable[str]) -> bool:
    """Whether texts can be written as UTF-8: a lone surrogate of JSON cannot, and no file has one."""
    try:
        "".join(words).encode()
    except UnicodeEncodeError:
        return False
    return True
