"""Whole worlds: a project on disk, its registries, a store, and what to ask about them."""

from __future__ import annotations

import json
import os.path
import shutil
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, Self

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.compat import locks
from tests.compat.changes import draw_change
from tests.compat.corruptions import draw_corruption
from tests.compat.locks import Locked
from tests.compat.real import RealTools
from tests.compat.store_strategies import stores
from tests.compat.toml_text import Document, Scribe
from tests.compat.workspace_strategies import chance, pick, workspaces
from tests.compat.workspaces import Workspace

STORE_FILES = ("config.toml", "audits.toml", "imports.lock")
DEPTHS = ("roots", "workspace", "first-party", "first-party-and-directs", "full")


class Project(NamedTuple):
    """A project on disk, without a store. Paths are relative to its folder.

    options: words every command gets. store: where the store belongs. packages: what cargo knows of the lock.
    changes: what happened after cargo had written the lock. told_by_lock: False when a published package has no
    library: cargo leaves it out, and neither lock nor manifests tell.
    """

    cwd: str
    options: tuple[str, ...]
    store: str
    packages: tuple[Locked, ...]
    changes: tuple[str, ...]
    told_by_lock: bool


class World(NamedTuple):
    """A project with a store, and what to ask about them; see `Project`. It can be moved and asked again.

    explain: the arguments of `explain-audit` runs. depth: of `dump-graph`. oddities: changes of the project, and
    what is broken in the store.
    """

    cwd: str
    options: tuple[str, ...]
    store: str
    explain: tuple[tuple[str, ...], ...]
    depth: str
    oddities: tuple[str, ...]
    told_by_lock: bool

    def save(self, folder: Path) -> None:
        """Write the world's description into its folder."""
        (folder / "world.json").write_text(json.dumps(self._asdict(), indent=1))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        said: dict[str, Any] = json.loads((folder / "world.json").read_text())
        for key, value in said.items():
            if isinstance(value, list):
                said[key] = tuple(tuple(inner) if isinstance(inner, list) else inner for inner in value)
        return cls(**said)


@st.composite
def projects(draw: DrawFn, folder: Path, tools: RealTools) -> Project:
    """Draw a project and put it into `folder`; a draw that cargo cannot resolve is dropped."""
    workspace = draw(workspaces())
    cwd, where = _draw_standing(draw, workspace)
    store, workspace, option = _draw_store_place(draw, workspace, cwd)
    _write(folder, dict(workspace.files()))
    lock = folder / "ws/Cargo.lock"
    lock.write_text(workspace.seed_lock())
    resolved = tools.lock()
    assume(resolved.exit == 0)
    text = lock.read_text()
    listed = locks.packages(text)
    known = {(package["name"], package["version"]) for package in json.loads(resolved.stdout)["packages"]}
    packages = tuple(p for p in listed if (p.name, p.version.partition("@")[0]) in known)
    # What cargo leaves out for want of a library, vetflow must not need to know: not even by its name in a policy.
    assume({p.name for p in packages}.isdisjoint(p.name for p in listed if p not in packages))
    assume(sum(package.from_crates_io for package in packages) >= 2 or chance(draw, 20))
    changes = []
    if chance(draw, 15):
        version = draw(st.integers(1, 3))
        changes.append(f"lock version {version}")
        text = locks.respell(text, version)
        lock.write_text(text)
    edited = chance(draw, 18)
    if edited:
        change = draw_change(draw, workspace, text)
        changes.append(change.what)
        _write(folder, dict(change.workspace.files()))
        _write_bytes(lock, None if change.lock is None else change.lock.encode())
    told = tools.record_metadata(where, folder / cwd)
    # Now and then cargo does not accept the lock it has just written (shared spec graph 1, overlapping requirements);
    # and the name of a library in code, which two dependencies must not share, stands in the published crate alone.
    assume(told.exit == 0 or (edited and "with different names" not in told.stderr))
    return Project(cwd, (*where, *option), store, packages, tuple(changes), packages == listed)


@st.composite
def worlds(draw: DrawFn, folder: Path, project: Project) -> World:
    """Draw a store for a project and put it there, in place of any other."""
    # Of what is wrong with both project and store, each program reports in its own order.
    breakable = not project.changes and chance(draw, 12)
    broken = _put_store(draw, folder / project.store, draw(stores(project.packages)), breakable=breakable)
    return World(
        cwd=project.cwd,
        options=(*project.options, *_draw_filter(draw, project.packages)),
        store=project.store,
        explain=_draw_questions(draw, project.packages),
        depth=draw(st.sampled_from(DEPTHS)),
        oddities=(*project.changes, *broken),
        told_by_lock=project.told_by_lock,
    )


def _draw_store_place(draw: DrawFn, workspace: Workspace, cwd: str) -> tuple[str, Workspace, tuple[str, ...]]:
    """Draw where the store lies, and what says so: paths are relative to the working directory, in manifests too."""
    place = pick(draw, (20, "default"), (1, "option"), (1, "workspace"), (1, "package"))
    elsewhere = os.path.relpath("elsewhere/vet", cwd)
    if place == "option":
        return "elsewhere/vet", workspace, ("--store-path", elsewhere)
    told: Document = {"vet": {"store": {"path": elsewhere}}}
    if place == "workspace" and workspace.has_table:
        return "elsewhere/vet", workspace._replace(metadata=told), ()
    first, *others = workspace.packages
    if place == "package" and first.folder == "ws":
        return "elsewhere/vet", workspace._replace(packages=(first._replace(metadata=told), *others)), ()
    return "ws/supply-chain", workspace, ()


def _write(folder: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, newline="")


def _write_bytes(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
    else:
        path.write_bytes(content)


def _put_store(draw: DrawFn, place: Path, documents: Mapping[str, Document], *, breakable: bool) -> list[str]:
    spelling = draw(st.integers(0, 10**6))
    scribe = Scribe(Random(spelling) if spelling else None)
    files = {name: scribe.document(documents[name]).encode() for name in STORE_FILES}
    oddities = []
    if breakable:
        what, files = draw_corruption(draw, files)
        oddities.append(what)
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    for name, content in files.items():
        (place / name).write_bytes(content)
    return oddities


def _draw_standing(draw: DrawFn, workspace: Workspace) -> tuple[str, tuple[str, ...]]:
    """Draw the working directory, and `--manifest-path` where it is not in the workspace."""
    inside = [package.folder for package in workspace.packages if package.folder.startswith("ws/")]
    places: list[tuple[int, tuple[str, tuple[str, ...]]]] = [
        (12, ("ws", ())),
        (1, (".", ("--manifest-path", "ws/Cargo.toml"))),
        (1, ("ext", ("--manifest-path", "../ws/Cargo.toml"))),
    ]
    if inside:
        folder = draw(st.sampled_from(inside))
        places += [(1, (folder, ())), (1, (".", ("--manifest-path", f"{folder}/Cargo.toml")))]
    return pick(draw, *places)


def _draw_filter(draw: DrawFn, locked: tuple[Locked, ...]) -> tuple[str, ...]:
    if not chance(draw, 8):
        return ()
    name = draw(st.sampled_from(locked)).name
    simple = st.sampled_from(
        [
            f"name({name})",
            "version(1.0.0)",
            "is_root(true)",
            "is_workspace_member(false)",
            "is_third_party(true)",
            "is_dev_only(true)",
        ],
    )
    query = st.one_of(
        simple,
        simple.map("not({})".format),
        st.tuples(simple, simple).map(lambda two: f"any({two[0]}, {two[1]})"),
        st.tuples(simple, simple).map(lambda two: f"all( {two[0]},not({two[1]}) )"),
    )
    return ("--filter-graph", f"{draw(st.sampled_from(['include', 'exclude']))}({draw(query)})")


def _draw_questions(draw: DrawFn, locked: tuple[Locked, ...]) -> tuple[tuple[str, ...], ...]:
    questions = []
    for package in draw(st.lists(st.sampled_from(locked), min_size=2, max_size=7)):
        words = [package.name]
        if not chance(draw, 10):
            words += [package.version if not chance(draw, 15) else "1.0.0"]
            words += ["safe-to-run"] if chance(draw, 25) else []
        questions.append(tuple(words))
    return tuple(questions)
