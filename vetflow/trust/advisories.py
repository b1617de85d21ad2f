"""Which advisories are about which locked packages, and what a project's policy makes of that.

Only packages of crates.io are looked at, as with `cargo audit`: advisories are about what is published there. What a
policy ignores comes back when its day has passed; of a crate published to do harm nothing is ignored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from vetflow.model.advisories import Advisory, AdvisoryIgnore, AdvisoryKind, AdvisoryPolicy, one_problem_each
from vetflow.model.dates import Date
from vetflow.model.findings import Level
from vetflow.model.names import CRATES_IO, CrateName
from vetflow.model.packages import Package
from vetflow.model.version import VetVersion


class AdvisoryMatch(NamedTuple):
    """An advisory that affects a locked package.

    fix: the smallest later version that no known vulnerability affects, None where there is none. level: how much it
    weighs. ignored: what the policy says of it, also when its day has passed; then `level` is not lowered.
    """

    package: Package
    advisory: Advisory
    level: Level
    fix: VetVersion | None = None
    ignored: AdvisoryIgnore | None = None

    @property
    def is_ignored(self) -> bool:
        """Whether the policy keeps it quiet today."""
        return self.ignored is not None and self.level is Level.NOTE


def match_advisories(
    packages: Iterable[Package],
    advisories: Mapping[CrateName, Sequence[Advisory]],
    published: Mapping[CrateName, Sequence[VetVersion]],
    policy: AdvisoryPolicy,
    today: Date,
) -> tuple[AdvisoryMatch, ...]:
    """Return the advisories that affect packages, in the packages' order, then by id.

    advisories: by crate. published: the versions of a crate that can be had, as far as that is known; of other crates
    the ends of affected ranges stand for them.
    """
    matches = []
    for package in packages:
        if package.source != CRATES_IO or package.name not in advisories:
            continue
        about = one_problem_each(each for each in advisories[package.name] if not each.withdrawn)
        for advisory in about:
            if advisory.affects(package.version):
                fix = smallest_fix(package.version, about, published.get(package.name))
                matches.append(_judged(AdvisoryMatch(package, advisory, Level.FAIL, fix), policy, today))
    return tuple(matches)


def smallest_fix(
    version: VetVersion, advisories: Iterable[Advisory], published: Sequence[VetVersion] | None
) -> VetVersion | None:
    """Return the smallest later version that no vulnerability and nothing unsound among the advisories affects.

    published: None where nobody knows the versions. A pre-release is no fix, unless the version is one itself.
    """
    grave = [each for each in advisories if each.kind in {AdvisoryKind.VULNERABILITY, AdvisoryKind.UNSOUND}]
    ends = (affected.fixed for advisory in grave for affected in advisory.affected)
    candidates = published if published is not None else [end for end in ends if end is not None]
    later = (
        each
        for each in sorted(candidates)
        if each > version
        and (version.is_pre_release or not each.is_pre_release)
        and not any(advisory.affects(each) for advisory in grave)
    )
    return next(later, None)


def unused_ignores(policy: AdvisoryPolicy, matches: Iterable[AdvisoryMatch]) -> tuple[AdvisoryIgnore, ...]:
    """Return the ignores that nothing is ignored by any more."""
    used = {match.ignored for match in matches}
    return tuple(each for each in policy.ignores if each not in used)


def violation_ranges(advisory: Advisory) -> tuple[str, ...]:
    """Return the affected versions as requirements that `record-violation` takes, one for each range."""
    return tuple(
        ", ".join(
            (
                *((f">={each.introduced}",) if each.introduced is not None else ()),
                *((f"<{each.fixed}",) if each.fixed is not None else ()),
            )
        )
        or "*"
        for each in advisory.affected
    )


def _judged(match: AdvisoryMatch, policy: AdvisoryPolicy, today: Date) -> AdvisoryMatch:
    advisory = match.advisory
    if advisory.malicious:
        return match
    match = match._replace(level=policy.levels[advisory.kind])
    named = [each for each in policy.ignores if each.id in advisory.names]
    if not named:
        return match
    longest = max(named, key=lambda each: each.until)
    return match._replace(ignored=longest, level=Level.NOTE if today <= longest.until else match.level)
