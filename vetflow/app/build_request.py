"""The build that a run is about: what `cargo build` would build where the run was started, and for which platforms."""

from __future__ import annotations

import os.path
from collections.abc import Sequence

from vetflow.app.project import Project
from vetflow.app.this_machine import host_triple
from vetflow.graph.build_config import read_build_config
from vetflow.graph.feature_resolution import BuildRequest
from vetflow.graph.local_facts import LocalFacts
from vetflow.graph.platforms import platform_of


def build_request(project: Project, local: LocalFacts, targets: Sequence[str], *, dev: bool) -> BuildRequest:
    """Return the request. targets: as given, else as cargo's configuration or the environment have it.

    dev: tests, examples and benches, too. Raises WorkspaceError for a malformed configuration file.
    """
    request = project.request
    config = read_build_config(project.tree, request.cwd, request.cargo_home, request.environ)
    member = _member_of_start(project)
    return BuildRequest(
        packages=local.default_members if member is None else (member,),
        host=platform_of(host_triple(), config.flags),
        targets=tuple(platform_of(target, config.flags) for target in targets or config.targets),
        dev=dev,
        resolver=local.resolver,
        current=local.root_package if member is None else member,
    )


def _member_of_start(project: Project) -> int | None:
    """Return the member in whose folder the run was started; None in the root of the workspace."""
    request, workspace = project.request, project.workspace
    given = request.manifest_path
    start = request.cwd if given is None else os.path.dirname(os.path.normpath(os.path.join(request.cwd, given)))
    folders = {os.path.dirname(workspace.packages[n].manifest or ""): n for n in workspace.members}
    around = [folder for folder in folders if f"{start}/".startswith(f"{folder}/") and folder != workspace.root]
    return folders[max(around, key=len)] if around else None
