"""What `policy require` did: tables and consequences for people, a document for programs.

The document follows docs/schemas/policy-require.json.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from vetflow.app.policy_require import Required
from vetflow.app.wording import enumerate_words
from vetflow.cli.output import Line, Style, Styled
from vetflow.cli.render.report_json import inert
from vetflow.model.packages import Package
from vetflow.resolve.required_policy import Scope, TableChange

SCHEMA: Final = "vetflow/policy-require/1"


def table_lines(required: Required) -> Iterator[Line]:
    """Yield a line for each key of each table that changes."""
    for change in required.changes:
        now = enumerate_words(change.before) if change.before is not None else "not set"
        yield (Styled(_key(change), Style.TITLE), f": {enumerate_words(change.after)} (was: {now})")


def consequence_lines(required: Required, scope: Scope) -> Iterator[Line]:
    """Yield the crates that become unvetted, and where the new criteria do not reach."""
    yield from _consequences(required)
    if scope is Scope.BUILD:
        yield ("This is about the build dependencies that members have today: run it again when there are others.",)
        yield ("Build scripts of third-party crates are not covered: cargo-vet's tables cannot tell them apart.",)


def as_json(required: Required, *, dry_run: bool) -> str:
    """Return the answer as a document with a schema."""
    return inert(
        {
            "schema": SCHEMA,
            "dry_run": dry_run,
            "files": list(required.written.changed),
            "tables": [_change(change) for change in required.changes],
            "unvetted": [{**_crate(each.package), "missing": list(each.missing)} for each in required.unvetted],
            "not_reached": [_crate(package) for package in required.not_reached],
        }
    )


def _consequences(required: Required) -> Iterator[Line]:
    if required.unvetted:
        count = len(required.unvetted)
        yield (Styled(f"{count} crate{'' if count == 1 else 's'} not vetted for this", Style.BAD), ":")
        for each in required.unvetted:
            yield ("  ", _name(each.package), f"  lacks {enumerate_words(each.missing)}")
    elif required.changes:
        yield (Styled("every crate is vetted for this already", Style.GOOD),)
    if required.not_reached:
        names = enumerate_words([_name(package) for package in required.not_reached])
        yield (Styled("not reached", Style.WARN), f", because another policy table speaks for them: {names}")


def _key(change: TableChange) -> str:
    dependency = "" if change.dependency is None else f" of {change.dependency}"
    return f"{change.table}: {change.scope.value}{dependency}"


def _change(change: TableChange) -> dict[str, Any]:
    return {
        "policy": change.table,
        "key": change.scope.value,
        "dependency": change.dependency,
        "before": None if change.before is None else list(change.before),
        "after": list(change.after),
    }


def _crate(package: Package) -> dict[str, str]:
    return {"name": package.name, "version": str(package.version)}


def _name(package: Package) -> str:
    return f"{package.name} {package.version}"
