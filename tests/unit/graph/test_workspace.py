"""A whole workspace from lock and manifests: what the packages, their order and their edges are."""

from __future__ import annotations

import pytest

from tests.fakes import MemoryTree
from tests.unit.graph.workspaces import CHECKSUM, edges, entry, load, lock, members, package, published, refusal, told
from vetflow.errors import Place, WorkspaceError
from vetflow.graph.workspace import load_workspace
from vetflow.model.names import CRATES_IO
from vetflow.model.packages import Targets

REV = "0" * 40


def single(dependencies: str, *locked: str, extra: str = "") -> dict[str, str]:
    return {
        "/ws/Cargo.toml": package("app", body=f"{dependencies}\n", extra=extra),
        "/ws/Cargo.lock": lock(*locked),
    }


def test_a_package_is_told_with_all_that_is_known() -> None:
    app, tiny = load(
        single('[dependencies]\ntiny = "1"', entry("app", "0.1.0", "tiny"), published("tiny", "1.0.0"))
    ).packages
    assert (app.source, app.checksum, app.manifest, app.id) == (None, None, "/ws/Cargo.toml", "")
    assert app.targets == Targets(has_library=True, proc_macro=False, build_script=False)
    assert (tiny.source, tiny.checksum, tiny.manifest, tiny.id) == (CRATES_IO, CHECKSUM, None, CRATES_IO)
    assert tiny.targets == Targets()


def test_packages_are_sorted_as_cargo_does() -> None:
    declared = """[dependencies]
a = { package = "tiny", version = "1" }
b = { package = "tiny", path = "tiny" }
c = { package = "tiny", version = "1", registry = "ours" }
d = { package = "tiny", git = "https://git.example/tiny" }
e = { package = "tiny", git = "https://git.example/tiny", tag = "v1" }
f = { package = "tiny", version = "0.9" }"""
    sources = [
        CRATES_IO,
        None,
        "sparse+https://crates.example/",
        f"git+https://git.example/tiny#{REV}",
        f"git+https://git.example/tiny?tag=v1#{REV}",
    ]
    references = [f"tiny 1.0.0 ({source.partition('#')[0]})" if source else "tiny 1.0.0" for source in sources]
    files = single(
        declared,
        entry("app", "0.1.0", *references, "tiny 0.9.1"),
        *[entry("tiny", "1.0.0", source=source) for source in sources],
        published("tiny", "0.9.1"),
    )
    files["/ws/tiny/Cargo.toml"] = package("tiny", "1.0.0")
    workspace = load(files)
    assert [package.source for package in workspace.packages[2:]] == [
        None,
        CRATES_IO,
        sources[2],
        sources[4],
        sources[3],
    ]
    assert workspace.packages[1].version.text == "0.9.1"
    assert [edge.package for edge in workspace.dependencies[0]] == [1, 2, 3, 4, 5, 6]


def test_a_git_package_has_its_revision_in_the_version() -> None:
    files = single(
        '[dependencies]\ntiny = { git = "https://git.example/tiny" }',
        entry("app", "0.1.0", "tiny"),
        entry("tiny", "1.0.0", source=f"git+https://git.example/tiny#{REV}"),
    )
    assert load(files).packages[1].version.text == f"1.0.0@git:{REV}"


def test_kinds_of_one_dependency_are_joined() -> None:
    declared = '[dependencies]\ntiny = "1"\n[dev-dependencies]\ntiny = "1"\n[target.x.build-dependencies]\ntiny = "1"'
    files = single(declared, entry("app", "0.1.0", "tiny"), published("tiny", "1.0.0"))
    assert edges(load(files))["app 0.1.0"] == {"tiny 1.0.0": 7}


def test_edges_of_published_crates_count_as_normal() -> None:
    files = single(
        '[build-dependencies]\ntiny = "1"',
        entry("app", "0.1.0", "tiny"),
        published("deep", "1.0.0"),
        published("tiny", "1.0.0", "deep"),
    )
    assert edges(load(files)) == {"app 0.1.0": {"tiny 1.0.0": 2}, "deep 1.0.0": {}, "tiny 1.0.0": {"deep 1.0.0": 1}}


def test_a_self_dev_dependency_is_an_edge() -> None:
    files = single('[dev-dependencies]\napp = { path = "." }', entry("app", "0.1.0", "app"))
    assert edges(load(files)) == {"app 0.1.0": {"app 0.1.0": 4}}


def test_of_two_versions_each_requirement_gets_the_lowest_that_fits_it() -> None:
    declared = '[dependencies]\ntiny = ">=1"\n[dev-dependencies]\nnewer = { package = "tiny", version = "2" }'
    locked = (entry("app", "0.1.0", "tiny 1.9.0", "tiny 2.0.0"), published("tiny", "1.9.0"), published("tiny", "2.0.0"))
    assert edges(load(single(declared, *locked)))["app 0.1.0"] == {"tiny 1.9.0": 1, "tiny 2.0.0": 4}


def test_a_version_and_a_path_of_one_name_and_version_are_told_apart() -> None:
    declared = '[dependencies]\ntiny = "1"\n[build-dependencies]\nmine = { package = "tiny", path = "tiny" }'
    files = single(
        declared,
        entry("app", "0.1.0", "tiny 1.0.0", f"tiny 1.0.0 ({CRATES_IO})"),
        entry("tiny", "1.0.0"),
        published("tiny", "1.0.0"),
    )
    files["/ws/tiny/Cargo.toml"] = package("tiny", "1.0.0")
    workspace = load(files)
    assert [(workspace.packages[edge.package].source, int(edge.kinds)) for edge in workspace.dependencies[0]] == [
        (None, 2),
        (CRATES_IO, 1),
    ]


def test_a_lock_of_version_one_has_long_references_and_checksums_apart() -> None:
    text = entry("app", "0.1.0", f"tiny 1.0.0 ({CRATES_IO})") + entry("tiny", "1.0.0", source=CRATES_IO)
    text += f'[metadata]\n"checksum tiny 1.0.0 ({CRATES_IO})" = "{CHECKSUM}"\n'
    workspace = load(single('[dependencies]\ntiny = "1"') | {"/ws/Cargo.lock": text})
    assert workspace.packages[1].checksum == CHECKSUM


def test_a_start_in_a_member_reads_the_whole_workspace() -> None:
    files = {
        "/ws/Cargo.toml": '[workspace]\nmembers = ["a", "b"]\n',
        "/ws/a/Cargo.toml": package("a"),
        "/ws/b/Cargo.toml": package("b"),
        "/ws/Cargo.lock": lock(entry("a"), entry("b")),
    }
    workspace = load(files, "/ws/b/Cargo.toml")
    assert (workspace.root, members(workspace)) == ("/ws", ["a", "b"])


VET = '[{}.metadata.vet]\nstore = {{ path = "elsewhere" }}\n'


def test_the_store_is_where_the_workspace_or_the_package_of_the_start_says() -> None:
    files = {
        "/ws/Cargo.toml": '[workspace]\nmembers = ["a"]\n' + VET.format("workspace"),
        "/ws/a/Cargo.toml": package("a"),
        "/ws/Cargo.lock": lock(entry("a")),
    }
    assert load(files).store_path == "elsewhere"
    files["/ws/Cargo.toml"] = '[workspace]\nmembers = ["a"]\n'
    files["/ws/a/Cargo.toml"] = package("a", body=VET.format("package"))
    # Of a virtual workspace there is no root package, unless the run starts in a member.
    assert load(files).store_path is None
    assert load(files, "/ws/a/Cargo.toml").store_path == "elsewhere"


def test_two_places_for_the_store_are_one_too_many() -> None:
    files = single("", entry("app"))
    files["/ws/Cargo.toml"] += "[workspace]\n" + VET.format("workspace") + VET.format("package")
    assert refusal(files).message.startswith("`metadata.vet` stands in the workspace's table and in")


@pytest.mark.parametrize(
    ("file", "content", "message", "place"),
    [
        ("/ws/Cargo.lock", b"\xff", "/ws/Cargo.lock is not valid UTF-8: unexpected byte 0xff", (1, 1)),
        (
            "/ws/Cargo.toml",
            b"[package]\nname = \xff",
            "/ws/Cargo.toml is not valid UTF-8: unexpected byte 0xff",
            (2, 8),
        ),
        (
            "/ws/Cargo.toml",
            b"[package\n",
            "/ws/Cargo.toml is not valid TOML: Expected ']' at the end of a table declaration",
            (1, 9),
        ),
        ("/ws/Cargo.lock", b"a = [" * 2000, "/ws/Cargo.lock is", None),
    ],
)
def test_files_that_cannot_be_read_as_text(
    file: str, content: bytes, message: str, place: tuple[int, int] | None
) -> None:
    files: dict[str, bytes | str] = {"/ws/src/lib.rs": "", **single("", entry("app")), file: content}
    with pytest.raises(WorkspaceError) as raised:
        load_workspace(MemoryTree(files), "/ws/Cargo.toml")
    assert raised.value.message.startswith(message)
    if place is not None:
        assert raised.value.place == Place(file, *place)


class Unreadable(MemoryTree):
    """A tree in which one file may not be read."""

    def __init__(self, files: dict[str, str], path: str) -> None:
        super().__init__(files)
        self._path = path

    def read(self, path: str) -> bytes:
        if path == self._path:
            raise PermissionError(13, "Permission denied", path)
        return super().read(path)


@pytest.mark.parametrize("path", ["/ws/Cargo.toml", "/ws/Cargo.lock"])
def test_a_file_that_may_not_be_read(path: str) -> None:
    tree = Unreadable({"/ws/src/lib.rs": "", **single("", entry("app"))}, path)
    with pytest.raises(WorkspaceError) as raised:
        load_workspace(tree, "/ws/Cargo.toml")
    assert told(raised.value) == f"{path}: {path} cannot be read"
    assert raised.value.causes == ("Permission denied",)


def test_a_manifest_path_that_is_gone() -> None:
    with pytest.raises(WorkspaceError, match=r"manifest path /ws/Cargo.toml does not exist"):
        load_workspace(MemoryTree({}), "/ws/Cargo.toml")
