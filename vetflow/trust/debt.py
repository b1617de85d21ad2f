"""Exemptions that may only become fewer: nobody has read what they let pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from vetflow.errors import Place
from vetflow.model.audits import Exemption
from vetflow.model.findings import Finding, Level
from vetflow.model.names import CrateName


class Debt(NamedTuple):
    """How many exemptions there are, then and now, and which came."""

    before: int
    after: int
    new: tuple[tuple[CrateName, Exemption], ...]


def debt(base: Mapping[CrateName, tuple[Exemption, ...]], head: Mapping[CrateName, tuple[Exemption, ...]]) -> Debt:
    """Compare the exemptions of two stores. One whose version or criteria changed is a new one, and one less."""
    old = {(crate, entry.version, frozenset(entry.criteria)) for crate, rows in base.items() for entry in rows}
    new = tuple(
        (crate, entry)
        for crate, rows in sorted(head.items())
        for entry in rows
        if (crate, entry.version, frozenset(entry.criteria)) not in old
    )
    return Debt(sum(map(len, base.values())), sum(map(len, head.values())), new)


def debt_findings(found: Debt, place: Place | None, level: Level = Level.WARN) -> Iterator[Finding]:
    """Yield one finding when there are more than before, which names those that came."""
    if found.after > found.before:
        names = ", ".join(f"{crate} {entry.version}" for crate, entry in found.new)
        reason = f"there are {found.after} exemptions, {found.after - found.before} more than before; new: {names}"
        yield Finding("debt/exemptions", level, place, reason, "review what is new, or exempt less in its place")
