"""What people decided about crates that is no audit: findings they accept, and crates they hold back.

Neither ever vets a crate: an acceptance keeps one known finding from being reported as new, a hold says that somebody
looked and did not certify.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from vetflow.model.dates import Date
from vetflow.model.names import CrateName
from vetflow.model.version import VetVersion


class Acceptance(NamedTuple):
    """A finding somebody looked at and accepts.

    capability, detail: what was found, as `surface.evidence` compares it; without detail every one of the capability.
    version: only of this version; None for every version. by: who accepts it. until: the last day on which it counts.
    """

    capability: str
    detail: str | None
    reason: str
    by: tuple[str, ...]
    version: VetVersion | None = None
    until: Date | None = None

    def covers(self, version: VetVersion, capability: str, detail: str, today: Date) -> bool:
        """Whether it speaks of this finding, today."""
        return (
            self.version in (None, version)
            and self.capability == capability
            and self.detail in (None, detail)
            and (self.until is None or today <= self.until)
        )


class Hold(NamedTuple):
    """A crate that was looked at and not certified. version: None for every version. cleared_when: what would do it."""

    reason: str
    cleared_when: str
    by: tuple[str, ...]
    since: Date
    version: VetVersion | None = None


class Decisions(NamedTuple):
    """All of them, by crate."""

    acceptances: Mapping[CrateName, tuple[Acceptance, ...]] = {}
    holds: Mapping[CrateName, tuple[Hold, ...]] = {}

    def acceptance(
        self, crate: CrateName, version: VetVersion, capability: str, detail: str, today: Date
    ) -> Acceptance | None:
        """Return the acceptance that covers a finding today."""
        accepted = self.acceptances.get(crate, ())
        return next((each for each in accepted if each.covers(version, capability, detail, today)), None)

    def hold(self, crate: CrateName, version: VetVersion) -> Hold | None:
        """Return the hold on a version of a crate, its own before one on the whole crate."""
        holds = [hold for hold in self.holds.get(crate, ()) if hold.version in (None, version)]
        return min(holds, key=lambda hold: hold.version is None, default=None)
