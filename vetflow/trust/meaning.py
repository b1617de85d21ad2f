"""Digests of what words mean: the criteria an entry is for, and its notes.

A signature binds the meaning of a criterion, not its name: the text, the address of the text, and the meaning of all
that it implies, down to the built-in criteria. Whoever changes any of it makes older signatures say nothing about the
criterion (docs/decisions: shared spec trust 1.3 binds the names of implied criteria only).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

from vetflow.model.names import SAFE_TO_DEPLOY, SAFE_TO_RUN, CriteriaName
from vetflow.model.store import CriteriaEntry
from vetflow.trust.canonical_json import digest, text_digest

Meanings: TypeAlias = Mapping[CriteriaName, str]
"""The digest of each criterion that is defined somewhere, the built-in ones among them."""

BUILT_IN: Final[Meanings] = {
    SAFE_TO_RUN: "sha256:b0b5fdc8bc42f64699d45bd7b4d94478c51be77ea705cb6acf7715346aa69430",
    SAFE_TO_DEPLOY: "sha256:d1a823e4bd5785b75a0d9890ef3f9b15eba5e41d3519b17c5b6ecb44199ccbc0",
}
"""Of the texts that cargo-vet 0.10.3 has, unchanged since June 2022."""
_NOWHERE: Final = "undefined"


def meanings(criteria: Mapping[CriteriaName, CriteriaEntry]) -> Meanings:
    """Return the digests of the criteria that a file defines, and of the built-in ones.

    An implied criterion that nobody defines, or that leads back to where it started, counts as without any meaning:
    files like that are refused elsewhere.
    """
    found: dict[CriteriaName, str] = dict(BUILT_IN)

    def meaning(name: CriteriaName, path: tuple[CriteriaName, ...]) -> str:
        if name not in found:
            entry = criteria.get(name)
            if entry is None or name in path:
                return _NOWHERE
            # A list of pairs: names may hold characters that keys in a statement may not.
            implied = [[each, meaning(each, (*path, name))] for each in sorted(set(entry.implies))]
            texts = {"description": entry.description or "", "url": entry.description_url or ""}
            found[name] = digest({**texts, "implies": implied})
        return found[name]

    for name in sorted(criteria):
        meaning(name, ())
    return found


def notes_digest(notes: str | None) -> str | None:
    """Return the digest of notes, None where there is nothing in them.

    Line ends, blanks at the ends of lines and empty lines around the text do not count.
    """
    lines = [line.rstrip() for line in (notes or "").replace("\r\n", "\n").split("\n")]
    text = "\n".join(lines).strip("\n")
    return text_digest(text) if text else None
