"""Who vets a locked version, and whether that was before something became known about it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from vetflow.app.project import Project
from vetflow.app.wording import describe_step
from vetflow.model.audits import Audit
from vetflow.model.dates import Date
from vetflow.model.packages import Package
from vetflow.model.report import OriginKind, Step
from vetflow.model.version import VetVersion
from vetflow.resolve.conclude import Resolution
from vetflow.resolve.search import search


class Vouchers:
    """The entries of a store that lead to locked versions, by a verdict that was reached with them."""

    def __init__(self, project: Project, resolution: Resolution) -> None:
        """Take the project for its signatures, which tell when its own entries were made; read when first needed."""
        self._project = project
        self._resolution = resolution
        self._nodes = {
            (node.name, node.version): number
            for number, node in enumerate(resolution.graph.nodes)
            if node.is_third_party
        }
        self._days: Mapping[str, Date] | None = None

    def of(self, package: Package, known_since: Date | None) -> tuple[str, ...]:
        """Return the entries that vet a package for all that is required of it, in words; exemptions are none.

        known_since: the day from which one could know better; a signed entry says whether it is older than that. When
        it was signed is what the statement says; `vetflow verify` judges that.
        """
        node = self._nodes.get((package.name, package.version))
        path = None if node is None else self._resolution.path(node, self._resolution.requirements[node])
        if path is None:
            return ()
        steps = [self._resolution.audit_graphs[package.name].step(edge) for edge in path.edges]
        return tuple(
            describe_step(step) + self._age(package, step, known_since)
            for step in steps
            if step.origin.kind is not OriginKind.EXEMPTION
        )

    def vet(self, package: Package, version: VetVersion) -> bool:
        """Whether entries also lead to another version, for all that is required of the package."""
        node = self._nodes.get((package.name, package.version))
        if node is None:
            return False
        graph = self._resolution.audit_graphs[package.name]
        return search(graph, self._resolution.requirements[node], version) is not None

    def _age(self, package: Package, step: Step, known_since: Date | None) -> str:
        if step.origin.source is not None or not isinstance(step.entry, Audit) or known_since is None:
            return ""
        from vetflow.trust.claims import claim_of  # noqa: PLC0415  few versions have advisories

        day = self._signed().get(claim_of(package.name, step.entry).id)
        if day is None:
            return ""
        return f" (signed on {day}, {'before' if day < known_since else 'after'} this was known)"

    def _signed(self) -> Mapping[str, Date]:
        """Return when entries were signed, by the ids of their claims; of several signatures the last one's day."""
        if self._days is None:
            from vetflow.app.signature_files import read_signature_files  # noqa: PLC0415  brings cryptography
            from vetflow.formats.signatures_toml import SignatureRow  # noqa: PLC0415

            rows: Sequence[SignatureRow] = read_signature_files(self._project).signatures.rows
            days: dict[str, Date] = {}
            for row in rows:
                day = _signed_on(row.statement)
                if day is not None:
                    days[row.claim] = max(day, days.get(row.claim, day))
            self._days = days
        return self._days


def _signed_on(statement: str) -> Date | None:
    from vetflow.trust.statement import StatementError, parse_statement  # noqa: PLC0415  brings cryptography

    try:
        moment = time.gmtime(parse_statement(statement).signed_at)
    except StatementError:  # `vetflow verify` says so
        return None
    return Date(moment.tm_year, moment.tm_mon, moment.tm_mday)
