"""`explain-audit`: which audits lead to a version."""

from __future__ import annotations

from vetflow.app.project import open_project
from vetflow.app.request import Request
from vetflow.errors import NotFoundError
from vetflow.model.names import CrateName, CriteriaName
from vetflow.model.report import Explanation
from vetflow.model.version import VersionSyntaxError, parse_version
from vetflow.resolve.explain import explain


def explain_audit(request: Request, crate: CrateName, version: str | None, criterion: CriteriaName) -> Explanation:
    """Explain `crate`; raises NotFoundError for a bad version or criterion, and what `resolve.explain` raises."""
    try:
        wanted = None if version is None else parse_version(version)
    except VersionSyntaxError as error:
        raise NotFoundError(f"'{version}' is not a version: {error}", help="for example 1.2.3") from error
    project = open_project(request)
    opened = project.open_store(locked=request.locked)
    return explain(project.graph(opened.store.config.policy), opened.store, crate, wanted, criterion)
