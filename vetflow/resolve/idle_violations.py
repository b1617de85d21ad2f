"""Violations that deny nothing: what a peer warns of in terms that no criteria map translates.

cargo-vet imports such a violation, with an empty list of criteria, and never speaks of it. It contradicts nothing, and
so it does here; but a warning about a crate in use is not to be lost without a word.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from vetflow.model.audits import Audit
from vetflow.model.names import CrateName, ImportName
from vetflow.model.packages import PackageGraph
from vetflow.model.store import AuditsFile


class IdleViolation(NamedTuple):
    """A violation without criteria, and whose it is."""

    source: ImportName
    crate: CrateName
    violation: Audit


def idle_violations(graph: PackageGraph, peers: Mapping[ImportName, AuditsFile]) -> tuple[IdleViolation, ...]:
    """Return the imported violations without criteria that speak of some version in use, by import and crate."""
    in_use: dict[CrateName, list[int]] = {}
    for index, node in enumerate(graph.nodes):
        if node.is_third_party:
            in_use.setdefault(node.name, []).append(index)
    return tuple(
        IdleViolation(peer, crate, audit)
        for peer, file in sorted(peers.items())
        for crate in sorted(file.audits.keys() & in_use.keys())
        for audit in file.audits[crate]
        if audit.violation is not None
        and not audit.criteria
        and any(audit.violation.matches(graph.nodes[index].version) for index in in_use[crate])
    )
