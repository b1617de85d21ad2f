"""Whether the policy tables fit the packages in use (shared spec resolver 3.3)."""

from __future__ import annotations

from collections.abc import Iterable

from vetflow.errors import PolicyError
from vetflow.model.names import CRATES_IO
from vetflow.model.packages import PackageGraph
from vetflow.model.store import PolicyTable


def check_policies(graph: PackageGraph, policy: PolicyTable) -> None:
    """Raise PolicyError, with one related error a kind, when policies do not fit the packages.

    Looks at every package of the workspace, not only at nodes of the graph. A crate that has a version from
    crates.io needs policies that name a version; a policy must speak of something that is in use.
    """
    tables = policy.by_name
    crates_io = {package.name for package in graph.packages if package.source == CRATES_IO}
    with_dependency_criteria = {
        name for name, entries in tables.items() if any(entry.dependency_criteria for entry in entries.values())
    }
    unused_names = set(tables)
    unused_versions = {
        (name, version) for name, entries in tables.items() for version in entries if version is not None
    }
    lacking_version: list[str] = []
    must_be_versioned: list[str] = []
    for package in graph.packages:
        unused_names.discard(package.name)
        # A second package of the same name and version finds its policy taken: cargo-vet's behaviour.
        has_own_policy = (package.name, package.version) in unused_versions
        unused_versions.discard((package.name, package.version))
        if package.name not in crates_io or package.name not in tables:
            continue
        if package.name in with_dependency_criteria and not has_own_policy:
            lacking_version.append(f"{package.name}:{package.version}")
        elif None in tables[package.name]:
            must_be_versioned.append(f"{package.name}:{package.version}")
    unused = [*sorted(unused_names), *(f"{name}:{version}" for name, version in sorted(unused_versions))]
    problems = [
        *_problem(
            "some crates have policies that are missing an associated version",
            lacking_version,
            "`dependency-criteria` need an explicit policy for each version of a crate: "
            'add a `policy."<crate>:<version>"` entry for them',
        ),
        *_problem(
            "some versioned policy entries don't correspond to crates being used",
            unused,
            "remove the `policy` entries",
        ),
        *_problem(
            "some crates have unversioned policies that must be versioned",
            must_be_versioned,
            "crates with a version from crates.io need policies that name a version: "
            'replace the `policy.<crate>` entry with `policy."<crate>:<version>"` entries',
        ),
    ]
    if problems:
        raise PolicyError("There are some issues with your third-party policy entries", related=problems)


def _problem(what: str, packages: Iterable[str], way_out: str) -> list[PolicyError]:
    """Return the error about these packages, none when there are none."""
    lines = "".join(f"\n  {package}" for package in packages)
    return [PolicyError(what + lines, help=way_out)] if lines else []
