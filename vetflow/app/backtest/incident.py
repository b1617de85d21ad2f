"""An attack as there was one, injected into a lock of the past, to see what the policy would have said that day.

On 2026-08-20 a release of `arrayref` began to depend on a new crate, `proc-macro1`, whose build script did harm; it was
gone 86 minutes later (RUSTSEC-2026-0260, shared spec trust 3.3). Here a crate that the project locks takes that part,
`arrayref` itself where it is locked. Nothing of the real releases is needed or fetched.
"""

from __future__ import annotations

from typing import Final

from vetflow.app.backtest.facts import PastFacts
from vetflow.app.backtest.lock import PastLock
from vetflow.app.drift import side_of
from vetflow.app.growth import pin_packages
from vetflow.app.readings import identity_of
from vetflow.graph.drift import Privileges
from vetflow.model.names import CRATES_IO
from vetflow.model.packages import Dependency, DependencyKind, Package, Targets, Workspace
from vetflow.model.pins import PinnedCapability, PinnedCrate
from vetflow.model.version import parse_version
from vetflow.sources.index import PublishedVersion
from vetflow.surface.tiers import Grade, Tier

_CARRIER: Final = "arrayref"
_PAYLOAD: Final = "proc-macro1"
_AGE: Final = 30 * 60
"""How long ago the carrier was published when the injected commit takes it, in seconds; the payload a little before."""
_LATER: Final = 3_600
_CHECKSUMS: Final = ("00" * 32, "11" * 32)
"""Of archives that there are not."""
_RUNS: Final = PinnedCapability(Tier.BUILD_SCRIPT.value, "process/shell", "sh -c", int(Grade.ALERT))


def injected_lock(last: PastLock, facts: PastFacts) -> tuple[PastLock, PastFacts] | None:
    """Return a lock as an attack would have made it of the last one, and what would be known of it.

    None where no crate of it could play the part: one of crates.io of which nothing runs during the build.
    """
    lock = last.side.lock
    carriers = [
        number
        for number, package in enumerate(lock.packages)
        if package.source == CRATES_IO and lock.privileges[number] == Privileges(False, False, False)
    ]
    if not carriers or any(package.name == _PAYLOAD for package in lock.packages):
        return None
    number = min(carriers, key=lambda each: (lock.packages[each].name != _CARRIER, lock.packages[each].name))
    old = lock.packages[number]
    major, minor, patch, *_ = old.version
    carrier = old._replace(version=parse_version(f"{major}.{minor}.{patch + 1}"), checksum=_CHECKSUMS[0])
    payload = Package(_PAYLOAD, parse_version("1.0.0"), CRATES_IO, _CHECKSUMS[1], id=CRATES_IO)
    at = last.commit.at + _LATER
    known = _with_pins(facts, old, carrier, payload, at - _AGE)
    project = last.side.project
    attacked = project._replace(workspace=_attacked(project.workspace, number, carrier, payload))
    commit = last.commit._replace(at=at)
    return PastLock(commit, side_of(pin_packages(attacked, known.pin_of))), known


def _attacked(workspace: Workspace, number: int, carrier: Package, payload: Package) -> Workspace:
    """Return a workspace with another version of a package, which depends on a package that is new."""
    packages = [*workspace.packages, payload]
    packages[number] = carrier
    dependencies = [*workspace.dependencies, ()]
    dependencies[number] = (*dependencies[number], Dependency(len(workspace.packages), DependencyKind.NORMAL))
    nodes = tuple(range(len(packages)))
    return workspace._replace(packages=tuple(packages), dependencies=tuple(dependencies), nodes=nodes)


def _with_pins(facts: PastFacts, old: Package, carrier: Package, payload: Package, published_at: int) -> PastFacts:
    before = facts.pins[identity_of(old)]
    script = PinnedCrate(
        version=payload.version,
        checksum=payload.checksum,
        targets=Targets(has_library=True, proc_macro=False, build_script=True),
        surface="injected",
        capabilities=(_RUNS,),
    )
    same = before._replace(version=carrier.version, checksum=carrier.checksum)
    rows = {
        each: PublishedVersion(each.version, each.checksum, yanked=False, published=None, published_at=published_at)
        for each in (carrier, payload)
    }
    return facts._replace(
        pins={**facts.pins, identity_of(carrier): same, identity_of(payload): script},
        published={**facts.published, **{identity_of(each): row for each, row in rows.items()}},
        moments={**facts.moments, payload.name: (published_at,)},
    )
