"""Words in the notes of an audit that mean something else to those who import it."""

from __future__ import annotations

import re
from typing import Final

_ABOUT_US: Final = re.compile(
    r"\b(?:we|our|ours|us)\b|\bnot used (?:here|by us)\b|\b(?:in|of|for) this (?:project|repository|workspace)\b",
    re.IGNORECASE,
)
_TICKET: Final = re.compile(
    r"(?<![\w/&])#\d+\b|\b(?!RUSTSEC-|CVE-|GHSA-|UTF-|SHA-|RFC-|ISO-)[A-Z][A-Z0-9]{1,9}-\d+\b"
    r"|https?://\S*(?:/browse/|/issues?/|/tickets?/)\S*"
)


def about_us(notes: str) -> str | None:
    """Return the first words of notes that only people of this project understand; None where there are none.

    A sentence on "our" use of a crate is read by importers as one on theirs, and most cannot open a ticket of ours.
    """
    found = _ABOUT_US.search(notes) or _TICKET.search(notes)
    return None if found is None else found[0]
