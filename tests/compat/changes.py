"""What happens to a project after its lock was written: edits cargo takes without a word, and stale locks.

What `--locked` makes of an edit, cargo says; these functions only make it. They keep to what lock and
manifests show. A feature switched on in a published crate, or an edge missing between two published crates,
can only be seen with the index (shared spec graph 1), so neither is drawn.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.compat.workspace_strategies import chance, pick
from tests.compat.workspaces import Dependency, PathPackage, Section, Workspace


class Change(NamedTuple):
    """A project after an edit, and the edit in a few words; lock is None when the file is deleted."""

    what: str
    workspace: Workspace
    lock: str | None


def draw_change(draw: DrawFn, workspace: Workspace, lock: str) -> Change:
    """Draw one edit of a manifest or of the lock."""
    edit = pick(
        draw,
        (3, _bump_version),
        (4, _drop_dependency),
        (4, _add_dependency),
        (4, _change_requirement),
        (4, _change_section),
        (2, _add_package),
        (2, _forget_member),
        (8, _edit_lock),
    )
    return edit(draw, workspace, lock)


def _replaced(workspace: Workspace, old: PathPackage, new: PathPackage) -> Workspace:
    packages = tuple(new if package is old else package for package in workspace.packages)
    return workspace._replace(packages=packages)


def _bump_version(draw: DrawFn, workspace: Workspace, lock: str) -> Change:
    package = draw(st.sampled_from(workspace.packages))
    version = draw(st.sampled_from(["0.1.1", "0.2.0", "7.0.0", "1.2.0-beta.2"]))
    changed = _replaced(workspace, package, package._replace(version=version, inherits_version=False))
    return Change(f"{package.name} becomes {version}", changed, lock)


def _draw_declared(draw: DrawFn, workspace: Workspace) -> tuple[PathPackage, Dependency]:
    pairs = [(package, d) for package in workspace.packages for d in package.dependencies if not d.inherited]
    return draw(st.sampled_from(pairs or [(workspace.packages[0], Dependency("absent", "crates-io"))]))


def _drop_dependency(draw: DrawFn, workspace: Workspace, lock: str) -> Change:
    package, dropped = _draw_declared(draw, workspace)
    left = tuple(d for d in package.dependencies if d is not dropped)
    features = {name: tuple(e for e in on if e != f"dep:{dropped.key}") for name, on in package.features.items()}
    changed = _replaced(workspace, package, package._replace(dependencies=left, features=features))
    return Change(f"{package.name} no longer needs {dropped.key} ({dropped.section})", changed, lock)


def _add_dependency(draw: DrawFn, workspace: Workspace, lock: str) -> Change:
    package = draw(st.sampled_from(workspace.packages))
    # cargo refuses a crate under two names, and only its archive tells whether they are two (docs/compatibility.md).
    has = {dependency.package for dependency in package.dependencies}
    crates = [c for c in workspace.crates if c.source == "crates-io" and c.name not in has]
    published = [c for c in crates if not c.features.get("default")]
    sections: list[Section] = ["dependencies", "build-dependencies", "dev-dependencies"]
    section = draw(st.sampled_from(sections))
    if published and chance(draw, 50):
        crate = draw(st.sampled_from(published))
        alias = next((d.alias for d in package.dependencies if d.package == crate.name), "added")
        new = Dependency(crate.name, "crates-io", section, requirement=f"={crate.version}", alias=alias)
    else:
        other = draw(st.sampled_from(workspace.packages))
        new = Dependency(other.name, "path", "dev-dependencies", folder=other.folder, alias="added-here")
    changed = _replaced(workspace, package, package._replace(dependencies=(*package.dependencies, new)))
    return Change(f"{package.name} needs {new.package} {new.requirement} ({new.section})", changed, lock)


def _change_requirement(draw: DrawFn, workspace: Workspace, lock: str) -> Change:
    package, old = _draw_declared(draw, workspace)
    requirement = draw(st.sampled_from(["99", "*", ">=0.0.1", "<1", "=1.0.0", "1", ">=1.0.0-a", "0.1"]))
    new = old._replace(requirement=requirement)
    dependencies = tuple(new if d is old else d for d in package.dependencies)
    changed = _replaced(workspace, package, package._replace(dependencies=dependencies))
    return Change(f"{package.name} wants {old.key} {requirement}", changed, lock)


def _change_section(draw: DrawFn, workspace: Workspace, lock: str) -> Change:
    package, old = _draw_declared(draw, workspace)
    new = old._replace(section=draw(st.sampled_from(["dependencies", "build-dependencies"])), target="cfg(any())")
    dependencies = tuple(new if d is old else d for d in package.dependencies)
    changed = _replaced(workspace, package, package._replace(dependencies=dependencies))
    return Change(f"{package.name} moves {old.key} to {new.section} of cfg(any())", changed, lock)


def _add_package(draw: DrawFn, workspace: Workspace, lock: str) -> Change:
    folder = draw(st.sampled_from(["ws/crates/newcomer", "ws/lib/newcomer", "ws/excluded/newcomer", "ws/crates/.new"]))
    newcomer = PathPackage("newcomer", "0.1.0", folder)
    return Change(f"a package in {folder}", workspace._replace(packages=(*workspace.packages, newcomer)), lock)


def _forget_member(draw: DrawFn, workspace: Workspace, lock: str) -> Change:
    if not workspace.members:
        return Change("nothing", workspace, lock)
    gone = draw(st.sampled_from(workspace.members))
    members = tuple(member for member in workspace.members if member != gone)
    return Change(f"{gone} is no member any more", workspace._replace(members=members), lock)


def _edit_lock(draw: DrawFn, workspace: Workspace, lock: str) -> Change:
    unused = '\n[[package]]\nname = "unused"\nversion = "1.0.0"\n'
    registry = 'source = "registry+https://github.com/rust-lang/crates.io-index"\n'
    ours = draw(st.sampled_from(workspace.packages)).name
    entry = re.search(rf'\[\[package\]\]\nname = "{ours}"\nversion = "[^"]*"\n(?:dependencies = \[\n)?', lock)
    edges = draw(st.integers(0, 3))
    edits: list[tuple[str, str | None]] = [
        ("an unused path package in the lock", lock + unused),
        ("an unused published package in the lock", lock + unused + registry),
        ("a lock of the future", "version = 5\n" + re.sub(r"(?m)^version = \d+\n", "", lock)),
        ("a merge conflict", lock.replace("[[package]]", "<<<<<<< ours\n[[package]]\n=======\n", 1)),
        ("half a lock", lock[: len(lock) // 2]),
        ("no lock", None),
        ("an empty lock", ""),
        ("a lock with Windows line ends", lock.replace("\n", "\r\n")),
    ]
    if entry:
        after = lock[entry.end() :]
        edits.append((f"{ours} lost edges in the lock", lock[: entry.end()] + _without_lines(after, edges)))
        edits.append((f"{ours} is not in the lock", lock.replace(f'name = "{ours}"', f'name = "{ours}-old"', 1)))
    what, text = draw(st.sampled_from(edits))
    return Change(what, workspace, text)


def _without_lines(text: str, count: int) -> str:
    """Drop up to `count` leading lines that are elements of a dependency list."""
    lines = text.splitlines(keepends=True)
    while count and lines and lines[0].startswith(' "'):
        del lines[0]
        count -= 1
    return "".join(lines)
