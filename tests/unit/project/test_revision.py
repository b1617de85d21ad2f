"""A revision shows what was committed: nothing of the working tree, of filters or of links takes part."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.unit.graph.workspaces import entry, lock, package
from tests.unit.project.repository import Repository
from vetflow.errors import NotFoundError, WorkspaceError
from vetflow.graph.workspace import load_workspace
from vetflow.project.revision import RevisionTree, open_revision


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


@contextmanager
def revision(repository: Repository, rev: str = "HEAD") -> Iterator[RevisionTree]:
    with closing(open_revision(str(repository.root), rev)) as tree:
        yield tree


def test_files_are_those_of_the_commit_and_not_of_the_working_tree(repository: Repository) -> None:
    commit = repository.commit({"Cargo.toml": "old", "src/lib.rs": ""})
    (repository.root / "Cargo.toml").write_text("new")
    (repository.root / "untracked").touch()
    root = str(repository.root)
    with revision(repository) as tree:
        assert tree.commit == commit
        assert tree.read(f"{root}/Cargo.toml") == b"old"
        assert tree.list_dir(root) == ["Cargo.toml", "src"]
        assert tree.list_dir(f"{root}/src") == ["lib.rs"]
        assert (tree.is_file(f"{root}/Cargo.toml"), tree.is_dir(f"{root}/src")) == (True, True)
        assert not tree.is_file(f"{root}/untracked")


def test_a_run_may_start_in_a_folder_below(repository: Repository) -> None:
    repository.commit({"a/b/file": "x"})
    with closing(open_revision(f"{repository.root}/a/b", "HEAD")) as tree:
        assert tree.read(f"{repository.root}/a/b/file") == b"x"


def test_any_name_of_a_commit_will_do(repository: Repository) -> None:
    first = repository.commit({"file": "1"})
    repository.git("tag", "--annotate", "--message=x", "v1")
    second = repository.commit({"file": "2"})
    for rev, commit in (("v1", first), ("HEAD~1", first), (first[:8], first), ("main", second), ("@", second)):
        with revision(repository, rev) as tree:
            assert tree.commit == commit


def test_paths_outside_of_the_repository_are_not_there(repository: Repository, tmp_path: Path) -> None:
    repository.commit({"file": "x"})
    (tmp_path / "outside").write_text("x")
    with revision(repository) as tree:
        for path in (f"{tmp_path}/outside", f"{tmp_path}", f"{repository.root}-2/file", "/"):
            assert not tree.is_file(path)
            assert not tree.is_dir(path)
            assert tree.list_dir(path) == ()
            with pytest.raises(FileNotFoundError):
                tree.read(path)


def test_attributes_and_configuration_change_nothing(repository: Repository, tmp_path: Path) -> None:
    witness = tmp_path / "witness"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {witness}\nprintf changed\n")
    program.chmod(0o755)
    content = b"one\ntwo $Id$\n"
    repository.commit({"Cargo.toml": content})
    attributes = "*.toml text eol=crlf ident filter=evil diff=evil working-tree-encoding=UTF-16\n"
    (repository.root / ".gitattributes").write_text(attributes)
    repository.git("add", ".gitattributes")
    repository.git("commit", "--quiet", "--message=x")
    for key in ("filter.evil.smudge", "filter.evil.clean", "filter.evil.process", "diff.evil.textconv"):
        repository.git("config", key, str(program))
    for key in ("core.fsmonitor", "core.pager", "core.sshCommand", "alias.cat-file", "alias.rev-parse"):
        repository.git("config", key, f"!{program}")
    with revision(repository) as tree:
        assert tree.read(f"{repository.root}/Cargo.toml") == content
    assert not witness.exists()


def test_links_are_not_followed(repository: Repository) -> None:
    repository.commit({"real/file": "x"})
    (repository.root / "link").symlink_to("real")
    (repository.root / "Cargo.toml").symlink_to("real/file")
    repository.commit({})
    with revision(repository) as tree:
        for path in ("Cargo.toml", "link", "link/file"):
            assert not tree.is_file(f"{repository.root}/{path}")
            assert not tree.is_dir(f"{repository.root}/{path}")
            with pytest.raises(OSError, match="it is a symbolic link, and links are not followed in a revision"):
                tree.read(f"{repository.root}/{path}")


def test_a_manifest_that_is_a_link_is_refused_by_name(repository: Repository) -> None:
    repository.commit({"other.toml": package("app"), "src/lib.rs": "", "Cargo.lock": lock(entry("app"))})
    (repository.root / "Cargo.toml").symlink_to("other.toml")
    repository.commit({})
    with revision(repository) as tree, pytest.raises(WorkspaceError) as raised:
        load_workspace(tree, f"{repository.root}/Cargo.toml")
    assert raised.value.message == f"{repository.root}/Cargo.toml cannot be read"
    assert raised.value.causes == ("it is a symbolic link, and links are not followed in a revision",)


def test_folders_cannot_be_read_and_submodules_are_no_folders(repository: Repository, tmp_path: Path) -> None:
    inner = Repository(tmp_path / "inner")
    inner.commit({"file": "x"})
    repository.commit({"folder/file": "x"})
    repository.git("submodule", "--quiet", "add", str(inner.root), "module")
    repository.commit({})
    with revision(repository) as tree:
        with pytest.raises(IsADirectoryError):
            tree.read(f"{repository.root}/folder")
        assert not tree.is_dir(f"{repository.root}/module")
        assert not tree.is_file(f"{repository.root}/module/file")


def test_an_object_that_git_does_not_have(repository: Repository) -> None:
    repository.commit({"file": "precious"})
    name = repository.git("rev-parse", "HEAD:file")
    (repository.root / ".git" / "objects" / name[:2] / name[2:]).unlink()
    with revision(repository) as tree, pytest.raises(OSError, match="git does not have this object"):
        tree.read(f"{repository.root}/file")


def test_nothing_is_fetched_for_a_partial_clone(repository: Repository, tmp_path: Path) -> None:
    repository.commit({"file": "far away"})
    repository.git("config", "uploadpack.allowFilter", "true")
    clone = Repository(tmp_path / "clone")
    clone.git("remote", "add", "origin", f"file://{repository.root}")
    clone.git("fetch", "--quiet", "--filter=blob:none", "origin", "main")
    witness = tmp_path / "witness"
    clone.git("config", "remote.origin.uploadpack", f"touch {witness}; git-upload-pack")
    with revision(clone, "FETCH_HEAD") as tree:
        assert tree.is_file(f"{clone.root}/file")
        with pytest.raises(OSError, match="is the clone partial"):
            tree.read(f"{clone.root}/file")
    assert not witness.exists()


def test_replacement_objects_do_not_show_another_revision(repository: Repository) -> None:
    first = repository.commit({"file": "1"})
    second = repository.commit({"file": "2"})
    repository.git("replace", second, first)
    with revision(repository, second) as tree:
        assert tree.read(f"{repository.root}/file") == b"2"


@pytest.mark.parametrize("rev", ["gone", "HEAD:file", "--help", "", "HEAD --all"])
def test_a_revision_that_is_none(repository: Repository, rev: str) -> None:
    repository.commit({"file": "x"})
    with pytest.raises(NotFoundError) as raised:
        open_revision(str(repository.root), rev)
    assert raised.value.message == f"there is no commit `{rev}` in the repository of {repository.root}"
    assert raised.value.help is not None


def test_a_folder_outside_of_any_repository(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError) as raised:
        open_revision(str(tmp_path), "HEAD")
    assert raised.value.message == f"{tmp_path} is not in a git repository"


def test_a_whole_workspace_of_a_revision(repository: Repository) -> None:
    repository.commit(
        {
            "ws/Cargo.toml": '[workspace]\nmembers = ["crates/*"]\n',
            "ws/crates/app/Cargo.toml": package("app"),
            "ws/crates/app/src/main.rs": "",
            "ws/Cargo.lock": lock(entry("app")),
        }
    )
    (repository.root / "ws" / "crates" / "new").mkdir()
    with revision(repository) as tree:
        workspace = load_workspace(tree, f"{repository.root}/ws/Cargo.toml")
    assert [package.name for package in workspace.packages] == ["app"]
