from __future__ import annotations

import json
from typing import Any

import pytest

from vetflow.errors import Place, WorkspaceError
from vetflow.formats.cargo_metadata import parse_metadata
from vetflow.model.names import CRATES_IO
from vetflow.model.packages import Targets, Workspace

REV = "0" * 40


def package(name: str, source: str | None = None, *kinds: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "version": "1.0.0",
        "id": f"id-of-{name}",
        "source": source,
        "manifest_path": f"/ws/{name}/Cargo.toml",
        "targets": [{"kind": [kind], "name": name} for kind in kinds or ("lib",)],
        "metadata": None,
        **more,
    }


def node(name: str, **edges: list[str | None]) -> dict[str, Any]:
    deps = [
        {"name": target, "pkg": f"id-of-{target}", "dep_kinds": [{"kind": kind, "target": None} for kind in kinds]}
        for target, kinds in edges.items()
    ]
    return {"id": f"id-of-{name}", "dependencies": [dep["pkg"] for dep in deps], "deps": deps, "features": []}


def document(**changes: Any) -> dict[str, Any]:
    """A workspace of `app`, which depends on `tiny` in three ways, `near` (a path) and `old` (git)."""
    source = f"git+https://git.example/old?tag=v1#{REV}"
    nodes = [
        node("app", tiny=[None, "dev", "build"], near=["dev"], old=["build"]),
        node("near"),
        node("old"),
        node("tiny"),
    ]
    return {
        "packages": [
            package("app", None, "bin", "custom-build"),
            package("near", None, "proc-macro"),
            package("old", source, "rlib", "cdylib"),
            package("tiny", CRATES_IO),
            package("aside", CRATES_IO),
        ],
        "workspace_members": ["id-of-app"],
        "resolve": {"nodes": nodes, "root": "id-of-app"},
        "workspace_root": "/ws",
        "metadata": None,
        "version": 1,
        **changes,
    }


def read(value: dict[str, Any]) -> Workspace:
    return parse_metadata(json.dumps(value), "metadata.json")


def failure(value: object) -> WorkspaceError:
    with pytest.raises(WorkspaceError) as raised:
        parse_metadata(value if isinstance(value, str) else json.dumps(value), "metadata.json")
    return raised.value


def test_packages_members_and_root() -> None:
    workspace = read(document())
    assert [package.name for package in workspace.packages] == ["app", "near", "old", "tiny", "aside"]
    assert (workspace.members, workspace.nodes, workspace.root, workspace.store_path) == (
        (0,),
        (0, 1, 2, 3),
        "/ws",
        None,
    )


def test_what_is_known_of_a_package() -> None:
    app, near, old, tiny, _ = read(document()).packages
    assert (app.source, app.manifest, app.id) == (None, "/ws/app/Cargo.toml", "id-of-app")
    assert (tiny.source, tiny.manifest, tiny.checksum) == (CRATES_IO, None, None)
    assert old.version.text == f"1.0.0@git:{REV}"
    assert app.targets == Targets(has_library=False, proc_macro=False, build_script=True)
    assert near.targets == Targets(has_library=True, proc_macro=True, build_script=False)
    assert old.targets == Targets(has_library=True, proc_macro=False, build_script=False)


def test_an_edge_may_be_of_several_kinds() -> None:
    assert [(edge.package, int(edge.kinds)) for edge in read(document()).dependencies[0]] == [(3, 7), (1, 4), (2, 2)]


def test_the_store_is_where_workspace_or_root_package_say() -> None:
    vet = {"vet": {"store": {"path": "elsewhere"}}}
    assert read(document(metadata=vet)).store_path == "elsewhere"
    packages = [package("app", metadata=vet), *document()["packages"][1:]]
    assert read(document(packages=packages)).store_path == "elsewhere"
    # Of a virtual workspace there is no root package.
    virtual = document(packages=packages)
    virtual["resolve"]["root"] = None
    assert read(virtual).store_path is None
    assert "and in the root package's" in failure(document(packages=packages, metadata=vet)).message
    assert failure(document(metadata={"vet": 1})).message == "Workspace had [metadata.vet] but it was malformed"


@pytest.mark.parametrize(
    ("text", "place"),
    [("", Place("metadata.json", 1, 1)), ('{"packages": [\n1 2', Place("metadata.json", 2, 3))],
)
def test_what_is_no_json_has_a_place(text: str, place: Place) -> None:
    error = failure(text)
    assert (error.message, error.place) == ("the cargo metadata document is not valid JSON", place)


def test_deep_nesting_is_refused() -> None:
    assert failure("[" * 100_000).message == "the cargo metadata document is nested too deeply"


def broken(*path: str | int, value: Any = None) -> dict[str, Any]:
    """The document with the value at a path replaced, or taken away."""
    whole = document()
    table: Any = whole
    for key in path[:-1]:
        table = table[key]
    if value is None:
        del table[path[-1]]
    else:
        table[path[-1]] = value
    return whole


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([], "the cargo metadata document is not a JSON object"),
        (document(version=2), "the document has format version 2, vetflow reads 1"),
        (broken("version"), "`version` is missing in the cargo metadata document"),
        (document(resolve=None), "the document has no `resolve` section: it was made with `--no-deps`"),
        (broken("packages"), "`packages` is missing in the cargo metadata document"),
        (broken("packages", 1, value=1), "`packages[1]` has the wrong type in the cargo metadata document"),
        (broken("packages", 1, "name"), "`packages[1].name` is missing in the cargo metadata document"),
        (
            broken("packages", 1, "source", value=1),
            "`packages[1].source` has the wrong type in the cargo metadata document",
        ),
        (broken("packages", 1, "version", value="1"), "`packages[1].version` is not a version: "),
        (
            broken("packages", 1, "manifest_path"),
            "`packages[1].manifest_path` is missing in the cargo metadata document",
        ),
        (
            broken("packages", 1, "targets", 0, "kind"),
            "`packages[1].targets[0].kind` is missing in the cargo metadata document",
        ),
        (
            broken("workspace_members", 0, value=1),
            "`workspace_members[0]` has the wrong type in the cargo metadata document",
        ),
        (
            broken("workspace_members", 0, value="x"),
            "`workspace_members[0]` names a package that `packages` does not describe: x",
        ),
        (broken("workspace_root"), "`workspace_root` is missing in the cargo metadata document"),
        (
            broken("resolve", "nodes", 1, "id", value="x"),
            "`resolve.nodes[1].id` names a package that `packages` does not describe: x",
        ),
        (broken("resolve", "nodes", 0, "deps"), "`resolve.nodes[0].deps` is missing in the cargo metadata document"),
        (
            broken("resolve", "nodes", 0, "deps", 0, "pkg", value="x"),
            "`resolve.nodes[0].deps[0].pkg` names a package that",
        ),
        (
            broken("resolve", "nodes", 0, "deps", 0, "dep_kinds", 0, "kind", value="odd"),
            "`resolve.nodes[0].deps[0].dep_kinds[0].kind` is none of null, build and dev",
        ),
        (broken("resolve", "nodes", 3), "`resolve.nodes` lacks id-of-tiny, which is depended on or a member"),
        (broken("resolve", "nodes", 1, value=node("tiny")), "`resolve.nodes` lists a package twice"),
        (broken("resolve", "root", value="x"), "`resolve.root` names a package that `packages` does not describe: x"),
    ],
)
def test_what_is_missing_or_wrong_is_named(value: object, message: str) -> None:
    error = failure(value)
    assert error.message.startswith(message)
    assert error.place == Place("metadata.json")
    assert error.help == "make the document with `cargo metadata --format-version 1 --all-features --locked`"
