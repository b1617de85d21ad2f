"""`cargo metadata --format-version 1` as a workspace: the graph somebody's cargo computed.

Only what the verdict needs is read; unknown fields are of no interest, because the document grows with cargo.
"""

from __future__ import annotations

import json
from typing import Any, Final

from vetflow.errors import Place, WorkspaceError
from vetflow.formats.metadata_vet import read_store_path
from vetflow.formats.source_id import node_version
from vetflow.model.packages import Dependency, DependencyKind, Package, Targets, Workspace
from vetflow.model.upstream import CrateDescription
from vetflow.model.version import VersionSyntaxError, VetVersion

FORMAT_VERSION: Final = 1

_HELP = "make the document with `cargo metadata --format-version 1 --all-features --locked`"
_KINDS: Final = {
    None: DependencyKind.NORMAL,
    "normal": DependencyKind.NORMAL,
    "build": DependencyKind.BUILD,
    "dev": DependencyKind.DEV,
}
_LIBRARY_KINDS: Final = frozenset(("lib", "rlib", "dylib", "cdylib", "staticlib", "proc-macro"))


def parse_metadata(text: str, file: str) -> Workspace:
    """Read a metadata document; `file` names it in errors. Linear in its size.

    Raises WorkspaceError when it is no JSON, lacks what cargo always writes, was made with `--no-deps`, or names a
    package it does not describe.
    """
    document = _load(text, file)
    reader = _Reader(file)
    version = reader.field(document, "version", int, "")
    if version != FORMAT_VERSION:
        raise reader.problem(f"the document has format version {version}, vetflow reads {FORMAT_VERSION}")
    tables = reader.tables(document, "packages", "")
    packages = tuple(reader.package(table, f"packages[{i}]") for i, table in enumerate(tables))
    index = {package.id: i for i, package in enumerate(packages)}
    if not isinstance(resolve := document.get("resolve"), dict):
        raise reader.problem("the document has no `resolve` section: it was made with `--no-deps`")
    dependencies: list[tuple[Dependency, ...]] = [()] * len(packages)
    nodes = []
    for i, node in enumerate(reader.tables(resolve, "nodes", "resolve")):
        where = f"resolve.nodes[{i}]"
        number = reader.known(index, reader.field(node, "id", str, where), f"{where}.id")
        dependencies[number] = reader.dependencies(node, index, where)
        nodes.append(number)
    ids = reader.strings(document, "workspace_members", "")
    members = tuple(reader.known(index, member, f"workspace_members[{i}]") for i, member in enumerate(ids))
    reader.check_closed(nodes, members, dependencies, packages)
    root = resolve.get("root")
    root_table = tables[reader.known(index, root, "resolve.root")] if isinstance(root, str) else {}
    return Workspace(
        packages=packages,
        dependencies=tuple(dependencies),
        members=members,
        root=reader.field(document, "workspace_root", str, ""),
        nodes=tuple(nodes),
        store_path=read_store_path(_vet(document), _vet(root_table), file, file),
    )


def _load(text: str, file: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        place = Place(file, error.lineno, error.colno)
        raise WorkspaceError(
            "the cargo metadata document is not valid JSON", help=_HELP, place=place, causes=[error.msg]
        ) from None
    except RecursionError:
        raise WorkspaceError(
            "the cargo metadata document is nested too deeply", help=_HELP, place=Place(file)
        ) from None
    if not isinstance(document, dict):
        raise WorkspaceError("the cargo metadata document is not a JSON object", help=_HELP, place=Place(file))
    return document


def _vet(table: dict[str, Any]) -> object:
    metadata = table.get("metadata")
    return metadata.get("vet") if isinstance(metadata, dict) else None


class _Reader:
    """Typed access to the parts of one document, with errors that name the part."""

    def __init__(self, file: str) -> None:
        self._file = file

    def problem(self, message: str) -> WorkspaceError:
        return WorkspaceError(message, help=_HELP, place=Place(self._file))

    def field(self, table: dict[str, Any], key: str, kind: type, where: str) -> Any:
        """Return `table[key]`, which must be there and of the given type."""
        value = table.get(key)
        if type(value) is not kind:
            name = f"{where}.{key}" if where else key
            what = "is missing" if value is None else "has the wrong type"
            raise self.problem(f"`{name}` {what} in the cargo metadata document")
        return value

    def tables(self, table: dict[str, Any], key: str, where: str) -> list[dict[str, Any]]:
        return self._items(table, key, where, dict)

    def strings(self, table: dict[str, Any], key: str, where: str) -> list[str]:
        return self._items(table, key, where, str)

    def _items(self, table: dict[str, Any], key: str, where: str, kind: type) -> list[Any]:
        values: list[Any] = self.field(table, key, list, where)
        for i, value in enumerate(values):
            if type(value) is not kind:
                name = f"{where}.{key}" if where else key
                raise self.problem(f"`{name}[{i}]` has the wrong type in the cargo metadata document")
        return values

    def known(self, index: dict[str, int], package_id: str, where: str) -> int:
        """Return the package with an id."""
        number = index.get(package_id)
        if number is None:
            raise self.problem(f"`{where}` names a package that `packages` does not describe: {package_id}")
        return number

    def package(self, table: dict[str, Any], where: str) -> Package:
        source = table.get("source")
        if source is not None and not isinstance(source, str):
            raise self.problem(f"`{where}.source` has the wrong type in the cargo metadata document")
        return Package(
            name=self.field(table, "name", str, where),
            version=self._version(self.field(table, "version", str, where), source, where),
            source=source,
            manifest=self.field(table, "manifest_path", str, where) if source is None else None,
            targets=self._targets(table, where),
            about=CrateDescription(_text(table.get("description")), _text(table.get("repository"))),
            id=self.field(table, "id", str, where),
        )

    def _version(self, text: str, source: str | None, where: str) -> VetVersion:
        try:
            return node_version(text, source)
        except VersionSyntaxError as error:
            raise self.problem(f"`{where}.version` is not a version: {error}") from None

    def _targets(self, table: dict[str, Any], where: str) -> Targets:
        kinds: set[str] = set()
        for i, target in enumerate(self.tables(table, "targets", where)):
            kinds.update(self.strings(target, "kind", f"{where}.targets[{i}]"))
        return Targets(
            has_library=not kinds.isdisjoint(_LIBRARY_KINDS),
            proc_macro="proc-macro" in kinds,
            build_script="custom-build" in kinds,
        )

    def dependencies(self, node: dict[str, Any], index: dict[str, int], where: str) -> tuple[Dependency, ...]:
        """Return the edges of one resolve node; an entry may be of several kinds."""
        edges = []
        for i, entry in enumerate(self.tables(node, "deps", where)):
            at = f"{where}.deps[{i}]"
            kinds = DependencyKind(0)
            for j, dep_kind in enumerate(self.tables(entry, "dep_kinds", at)):
                kind = dep_kind.get("kind")
                if not (kind is None or isinstance(kind, str)) or kind not in _KINDS:
                    raise self.problem(f"`{at}.dep_kinds[{j}].kind` is none of null, build and dev")
                kinds |= _KINDS[kind]
            edges.append(Dependency(self.known(index, self.field(entry, "pkg", str, at), f"{at}.pkg"), kinds))
        return tuple(edges)

    def check_closed(
        self,
        nodes: list[int],
        members: tuple[int, ...],
        dependencies: list[tuple[Dependency, ...]],
        packages: tuple[Package, ...],
    ) -> None:
        """Refuse a graph whose edges or members lead out of its nodes, or that lists a node twice."""
        there = set(nodes)
        if len(there) != len(nodes):
            raise self.problem("`resolve.nodes` lists a package twice")
        ends = {edge.package for edges in dependencies for edge in edges} | set(members)
        if missing := sorted(packages[number].id for number in ends - there):
            raise self.problem(f"`resolve.nodes` lacks {missing[0]}, which is depended on or a member")


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
