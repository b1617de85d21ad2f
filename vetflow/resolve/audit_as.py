"""Which packages that do not come from crates.io must say whether they are audited as if they did.

The check is cargo-vet's (shared spec resolver 12.5), and so is the repair, whose keys were measured with cargo-vet
0.10.3. Names are compared with what crates.io says of them, as far as it was asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from vetflow.errors import PolicyError
from vetflow.model.names import CRATES_IO, CrateName
from vetflow.model.packages import Package
from vetflow.model.report import CrateVersion
from vetflow.model.store import NO_POLICY, Policy, PolicyTable, Store
from vetflow.model.upstream import CrateDescription
from vetflow.model.version import VetVersion


class AuditAsProblems(NamedTuple):
    """Policies that do not fit. unused: policies with a value that no package of our own has, by name and version.

    needed: packages that look like a crate of crates.io and have no value. unfit: packages with the value true that
    look like none. Both in the order of the workspace.
    """

    unused: tuple[tuple[CrateName, VetVersion | None], ...]
    needed: tuple[CrateVersion, ...]
    unfit: tuple[CrateVersion, ...]


def names_to_describe(packages: Iterable[Package], store: Store) -> list[CrateName]:
    """Return the names crates.io has to be asked about first; the imports of `store` are those of imports.lock."""
    return list(dict.fromkeys(package.name for package in _undecided(packages, store)))


def find_audit_as_problems(
    packages: Iterable[Package],
    store: Store,
    ours: Mapping[CrateVersion, CrateDescription],
    theirs: Mapping[CrateName, CrateDescription | None],
) -> AuditAsProblems:
    """Return which policies do not fit the packages; the imports of `store` are those of imports.lock.

    ours: how the packages that are not from crates.io describe themselves. theirs: what crates.io says of a name, None
    when it has no such crate. A name that is not there could not be asked about: nothing is then said about a package
    with the value true, and one without a value passes, unless the store has entries for the name.
    """
    packages = tuple(packages)
    undecided = set(_undecided(packages, store))
    needed, unfit = [], []
    for package in _not_from_crates_io(packages):
        value = _value(package, store)
        crate = CrateVersion(package.name, package.version)
        published = package not in undecided or _is_alike(package, ours, theirs)
        if value is None and published:
            needed.append(crate)
        if value and not published and package.name in theirs:
            unfit.append(crate)
    return AuditAsProblems(tuple(_unused(packages, store.config.policy)), tuple(needed), tuple(unfit))


def check_audit_as(problems: AuditAsProblems) -> None:
    """Raise PolicyError, with one related error a kind, unless there are no problems."""
    related = [
        *_problem(
            "some audit-as-crates-io policies don't match first-party crates",
            problems.unused,
            "remove `audit-as-crates-io` from these policies",
        ),
        *_problem(
            "Some non-crates.io-fetched packages match published crates.io versions",
            problems.needed,
            "say with `audit-as-crates-io` in the policy of each whether it is that crate (true) or something else "
            "(false); `vetflow regenerate audit-as-crates-io` guesses",
        ),
        *_problem(
            "some audit-as-crates-io packages don't match published crates.io versions",
            problems.unfit,
            "remove `audit-as-crates-io` from their policies, or set it to false",
        ),
    ]
    if related:
        raise PolicyError("There are some issues with your policy.audit-as-crates-io entries", related=related)


def repair_audit_as(
    packages: Iterable[Package],
    policy: PolicyTable,
    problems: AuditAsProblems,
    ours: Mapping[CrateVersion, CrateDescription],
    theirs: Mapping[CrateName, CrateDescription | None],
) -> PolicyTable:
    """Return the policies as `regenerate audit-as-crates-io` and `init` leave them.

    A package without a value gets true when one of its name resembles the published crate, false otherwise; one that
    fits none gets false; unused values go, an emptied policy stays. Where a version of the name is from crates.io,
    policies must name versions: one without takes its place for each of them. As with cargo-vet that version counts
    among those that may resemble the published crate; where `ours` does not describe it, it is taken to.
    """
    packages = tuple(packages)
    tables = {name: dict(entries) for name, entries in policy.by_name.items()}
    for name, version in problems.unused:
        tables[name][version] = tables[name][version]._replace(audit_as_crates_io=None)
    resembling = {package.name for package in packages if _is_alike(package, ours, theirs)}
    for crate in problems.needed:
        _set_value(tables, packages, crate, value=crate.name in resembling)
    for crate in problems.unfit:
        _set_value(tables, packages, crate, value=False)
    return PolicyTable(tables)


def _problem(what: str, policies: Iterable[tuple[CrateName, VetVersion | None]], way_out: str) -> list[PolicyError]:
    """Return the error about these policies or packages, none when there are none."""
    lines = "".join(f"\n  {name}" if version is None else f"\n  {name}:{version}" for name, version in policies)
    return [PolicyError(what + lines, help=way_out)] if lines else []


def _undecided(packages: Iterable[Package], store: Store) -> Iterator[Package]:
    """Yield the packages of which only crates.io can tell whether they are published."""
    for package in _not_from_crates_io(packages):
        if _value(package, store) is not False and not _has_entries(package.name, store):
            yield package


def _not_from_crates_io(packages: Iterable[Package]) -> Iterator[Package]:
    return (package for package in packages if package.source != CRATES_IO)


def _value(package: Package, store: Store) -> bool | None:
    return store.config.policy.get(package.name, package.version).audit_as_crates_io


def _has_entries(name: CrateName, store: Store) -> bool:
    """Whether somebody vouches for versions of a name, as nobody would unless they were published."""
    files = (store.audits, *store.imports.audits.values())
    return name in store.config.exemptions or any(
        name in file.audits or name in file.wildcard_audits or name in file.trusted for file in files
    )


def _is_alike(
    package: Package,
    ours: Mapping[CrateVersion, CrateDescription],
    theirs: Mapping[CrateName, CrateDescription | None],
) -> bool:
    about, published = ours.get(CrateVersion(package.name, package.version)), theirs.get(package.name)
    if about is None:
        return package.source == CRATES_IO and published is not None
    return published is not None and about.resembles(published)


def _unused(packages: Iterable[Package], policy: PolicyTable) -> list[tuple[CrateName, VetVersion | None]]:
    used = {(package.name, package.version) for package in _not_from_crates_io(packages)}
    used_names = {name for name, _ in used}
    unused = [
        (name, version)
        for name, entries in policy.by_name.items()
        for version, entry in entries.items()
        if entry.audit_as_crates_io is not None
        and (name not in used_names if version is None else (name, version) not in used)
    ]
    return sorted(unused, key=lambda found: (found[0], found[1] or ()))


def _set_value(
    tables: dict[CrateName, dict[VetVersion | None, Policy]],
    packages: Iterable[Package],
    crate: CrateVersion,
    *,
    value: bool,
) -> None:
    """Set the value where cargo-vet looks for it first, making policies where there are none."""
    entries = tables.setdefault(crate.name, {None: NO_POLICY})
    named_alike = [package for package in packages if package.name == crate.name]
    if any(package.source == CRATES_IO for package in named_alike):
        unversioned = entries.pop(None, NO_POLICY)
        for package in named_alike:
            entries.setdefault(package.version, unversioned)
    key = None if None in entries else crate.version
    entries[key] = entries.get(key, NO_POLICY)._replace(audit_as_crates_io=value)
