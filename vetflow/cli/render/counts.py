"""What vetted crates rest on, counted."""

from __future__ import annotations

from collections.abc import Iterable

from vetflow.model.report import VettedCrate, tally


def rest_on(crates: Iterable[VettedCrate]) -> str:
    """Say what vetted crates rest on, in honest words and numbers."""
    counts = tally(crates)
    parts = (
        (counts.read, "read by somebody"),
        (counts.trusted, "resting on trust in the publisher"),
        (counts.partly_exempted, "read only since an exempted version"),
        (counts.exempted, "exempted (nobody read them)"),
        (counts.unrequired, "with nothing required of them"),
    )
    return ", ".join(f"{count} {what}" for count, what in parts if count)
