"""Packages that depend on themselves, which cargo refuses: only development dependencies may close a circle."""

from __future__ import annotations

from collections.abc import Iterator

from vetflow.errors import Place, WorkspaceError
from vetflow.model.packages import Dependency, DependencyKind, Workspace

_BUILT = int(DependencyKind.NORMAL | DependencyKind.BUILD)


def require_acyclic(workspace: Workspace) -> None:
    """Raise WorkspaceError, naming the circle, when normal and build dependencies form one; linear in the graph."""
    done: set[int] = set()
    for start in range(len(workspace.packages)):
        if start not in done:
            _visit(workspace, start, done)


def _visit(workspace: Workspace, start: int, done: set[int]) -> None:
    path = {start: None}
    waiting = [(start, _built(workspace.dependencies[start]))]
    while waiting:
        number, targets = waiting[-1]
        target = next((each for each in targets if each not in done), None)
        if target is None:
            waiting.pop()
            del path[number]
            done.add(number)
        elif target in path:
            raise _circle(workspace, [*path][[*path].index(target) :])
        else:
            path[target] = None
            waiting.append((target, _built(workspace.dependencies[target])))


def _built(dependencies: tuple[Dependency, ...]) -> Iterator[int]:
    return (target for target, kinds in dependencies if int(kinds) & _BUILT)


def _circle(workspace: Workspace, circle: list[int]) -> WorkspaceError:
    packages = [workspace.packages[number] for number in (*circle, circle[0])]
    names = " -> ".join(f"{package.name} {package.version}" for package in packages)
    manifest = next((package.manifest for package in packages if package.manifest), None)
    return WorkspaceError(
        f"cyclic package dependency: {names}",
        help="make one of these dependencies a development dependency, or remove it",
        place=Place(manifest) if manifest else None,
    )
