"""`lint`: mistakes in the store's configuration that a check does not show."""

from __future__ import annotations

from vetflow.app.project import open_project
from vetflow.app.request import Request
from vetflow.formats.store_files import CONFIG
from vetflow.model.findings import Finding, Level
from vetflow.trust.lint import lint


def lint_store(request: Request) -> tuple[Finding, ...]:
    """Return what is wrong; nothing is fetched or written. Raises what opening project and store raises."""
    project = open_project(request)
    opened = project.open_store(locked=False)
    graph = project.graph(opened.store.config.policy)
    return tuple(
        Finding(
            f"lint/{each.mistake.value}",
            Level.FAIL if each.mistake.weakens else Level.WARN,
            opened.files.place(CONFIG, each.path),
            each.reason,
            each.settle,
        )
        for each in lint(opened.store, graph)
    )
