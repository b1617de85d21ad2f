"""vetflow's own files taken apart for a merge, and put together again: those that commands write.

Files that say whose word counts (`allowed_signers`, `revoked_signers`, `vetflow.toml`) are people's and not among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from vetflow.formats.import_receipts import Receipts
from vetflow.formats.signatures_toml import SignaturesFile
from vetflow.model.audits import Publisher
from vetflow.model.decisions import Decisions
from vetflow.model.names import CrateName
from vetflow.model.pins import SurfaceLock
from vetflow.model.rules import Backlog
from vetflow.trust.merge import ALL, Group, Groups, Parts


def signatures_groups(file: SignaturesFile) -> Groups:
    """Take signatures.toml apart: a signature is there or not."""
    groups: dict[Group, Parts] = {
        Group("signature", row.crate, f"{row.claim} {row.signer} {row.statement}{row.signature}"): {ALL: (row,)}
        for row in file.rows
    }
    return groups | ({Group("audience", ""): {ALL: (file.audience,)}} if file.audience else {})


def signatures_of(groups: Groups) -> SignaturesFile:
    """Put signatures.toml together."""
    rows = tuple(parts[ALL][0] for group, parts in groups.items() if group.table == "signature")
    audience = groups.get(Group("audience", ""))
    return SignaturesFile(tuple(sorted(rows)), audience[ALL][0] if audience else None)


def baseline_groups(digests: Mapping[str, str]) -> Groups:
    """Take signatures-baseline.txt apart."""
    return {Group("entry", digest): {ALL: (words,)} for digest, words in digests.items()}


def baseline_of(groups: Groups) -> Mapping[str, str]:
    """Put signatures-baseline.txt together."""
    return {group.name: parts[ALL][0] for group, parts in groups.items()}


def receipts_groups(receipts: Receipts) -> Groups:
    """Take import-receipts.toml apart: a receipt is signed as a whole."""
    groups: dict[Group, Parts] = {
        Group("receipt", name): {ALL: (receipt,)} for name, receipt in receipts.receipts.items()
    }
    return groups | ({Group("publishers", ""): {ALL: (receipts.publishers,)}} if receipts.publishers else {})


def receipts_of(groups: Groups) -> Receipts:
    """Put import-receipts.toml together."""
    found = {group.name: parts[ALL][0] for group, parts in groups.items() if group.table == "receipt"}
    publishers = groups.get(Group("publishers", ""))
    return Receipts(found, publishers[ALL][0] if publishers else None)


def decisions_groups(decisions: Decisions) -> Groups:
    """Take findings.toml apart."""
    groups: dict[Group, Parts] = {}
    for crate, acceptances in decisions.acceptances.items():
        for row in acceptances:
            subject = f"{row.capability} {row.detail or ''} {row.version or ''}"
            _add(groups, Group("accept", crate, subject, is_list=True), row)
    for crate, holds in decisions.holds.items():
        for hold in holds:
            _add(groups, Group("hold", crate, str(hold.version or ""), is_list=True), hold)
    return groups


def decisions_of(groups: Groups) -> Decisions:
    """Put findings.toml together."""
    return Decisions(_by_name(groups, "accept"), _by_name(groups, "hold"))


def surface_groups(lock: SurfaceLock) -> Groups:
    """Take surface.lock apart: of each archive one row."""
    groups: dict[Group, Parts] = {Group("rules", ""): {ALL: (lock.rules,)}}
    for crate, rows in lock.crates.items():
        for row in rows:
            _add(groups, Group("crate", crate, f"{row.version} {row.checksum or ''}", is_list=True), row)
    return groups


def surface_of(groups: Groups) -> SurfaceLock:
    """Put surface.lock together."""
    return SurfaceLock(groups[Group("rules", "")][ALL][0], _by_name(groups, "crate"))


def publishers_groups(publishers: Mapping[CrateName, Iterable[Publisher]]) -> Groups:
    """Take publishers.toml apart."""
    groups: dict[Group, Parts] = {}
    for crate, rows in publishers.items():
        for row in rows:
            _add(groups, Group("publisher", crate, str(row.version), is_list=True), row)
    return groups


def publishers_of(groups: Groups) -> Mapping[CrateName, tuple[Publisher, ...]]:
    """Put publishers.toml together."""
    return _by_name(groups, "publisher")


def backlog_groups(backlog: Backlog) -> Groups:
    """Take policy-baseline.toml apart."""
    groups: dict[Group, Parts] = {Group("known", *finding): {ALL: (finding,)} for finding in backlog.findings}
    return groups | {Group("until", ""): {ALL: (backlog.until,)}}


def backlog_of(groups: Groups) -> Backlog:
    """Put policy-baseline.toml together."""
    findings = frozenset(parts[ALL][0] for group, parts in groups.items() if group.table == "known")
    return Backlog(findings, groups[Group("until", "")][ALL][0])


def _add(groups: dict[Group, Parts], group: Group, row: Any) -> None:
    groups[group] = {ALL: (*groups.get(group, {}).get(ALL, ()), row)}


def _by_name(groups: Groups, table: str) -> dict[str, tuple[Any, ...]]:
    found: dict[str, tuple[Any, ...]] = {}
    for group, parts in groups.items():
        if group.table == table:
            found[group.name] = (*found.get(group.name, ()), *parts.get(ALL, ()))
    return found
