"""The guess which packages of our own are crates of crates.io, for `regenerate audit-as-crates-io` and `init`."""

from __future__ import annotations

from vetflow.app.audit_as import AuditAs
from vetflow.app.project import Project
from vetflow.model.findings import Finding, Level
from vetflow.model.store import Store
from vetflow.resolve.audit_as import find_audit_as_problems, names_to_describe, repair_audit_as


def repair_policies(project: Project, store: Store, known: AuditAs) -> Store:
    """Return the store with policies that fit, by what is `known` of the packages; its problems are found anew."""
    packages = project.graph(store.config.policy).packages
    problems = find_audit_as_problems(packages, store, known.ours, known.theirs)
    policy = repair_audit_as(packages, store.config.policy, problems, known.ours, known.theirs)
    return store._replace(config=store.config._replace(policy=policy))


def unanswered(project: Project, store: Store, known: AuditAs) -> tuple[Finding, ...]:
    """Name the packages that crates.io was not asked about, or did not answer: their policies are left as they are."""
    names = [
        name
        for name in names_to_describe(project.graph(store.config.policy).packages, store)
        if name not in known.theirs
    ]
    if not names:
        return ()
    reason = f"crates.io did not say whether it has {', '.join(names)}: taken for packages of your own"
    settle = "`vetflow regenerate audit-as-crates-io` asks again"
    return (Finding("audit-as/unanswered", Level.WARN, None, reason, settle),)
