"""Crates as readings show them, made up for tests of what is computed from readings."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from vetflow.graph.crate_facts import CrateDependency, CrateFacts
from vetflow.model.packages import DependencyKind, Targets
from vetflow.model.pins import ShippedBinary
from vetflow.surface.evidence import Evidence
from vetflow.surface.tiers import CrateSurface, Grade, Reached, Roots, SurfaceFile, Tier, Unresolved


class MadeUpReading(NamedTuple):
    """A `review.signals.CrateReading`."""

    facts: CrateFacts
    surface: CrateSurface
    evidence: Sequence[Evidence] = ()
    binaries: Sequence[ShippedBinary] = ()


def reading(
    *evidence: Evidence,
    build_script: bool = False,
    proc_macro: bool = False,
    links: str | None = None,
    dependencies: Collection[str] = (),
    build_dependencies: Collection[str] = (),
    binaries: Collection[str] = (),
    unresolved: Collection[str] = (),
) -> MadeUpReading:
    kinds = ((DependencyKind.NORMAL, dependencies), (DependencyKind.BUILD, build_dependencies))
    facts = CrateFacts(
        Targets(has_library=True, proc_macro=proc_macro, build_script=build_script),
        links,
        tuple(CrateDependency(name, name, None, kind) for kind, names in kinds for name in names),
    )
    return MadeUpReading(
        facts,
        surface({}, [Unresolved("build.rs", 1, what) for what in unresolved]),
        evidence,
        [ShippedBinary(digest, digest) for digest in binaries],
    )


def surface(tiers: dict[str, Tier], unresolved: Sequence[Unresolved] = ()) -> CrateSurface:
    """Return a surface with these files."""
    files = (SurfaceFile(path, tier, Reached("Cargo.toml", None, "root"), is_code=True) for path, tier in tiers.items())
    return CrateSurface(Roots((), None, proc_macro=False), tuple(files), tuple(unresolved))


def seen(
    grade: Grade, tier: Tier | None = Tier.BUILD_SCRIPT, *, detail: str = "curl", path: str = "build.rs"
) -> Evidence:
    """Return evidence that something is done."""
    return Evidence("process/x", "process", detail, grade, tier, path, 3, "the line", "It starts a program.")
