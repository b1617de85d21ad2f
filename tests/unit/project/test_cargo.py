from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from vetflow.errors import UndecidedError, WorkspaceError
from vetflow.model.packages import Workspace
from vetflow.project.cargo import metadata_command, run_cargo_metadata


class Flags(NamedTuple):
    no_all_features: bool = False
    no_default_features: bool = False
    features: tuple[str, ...] = ()
    cargo_args: tuple[str, ...] = ()


@pytest.mark.parametrize(
    ("flags", "manifest", "frozen", "expected"),
    [
        (Flags(), None, False, "--all-features --locked"),
        (Flags(), None, True, "--all-features --frozen"),
        (Flags(), "../Cargo.toml", False, "--all-features --manifest-path ../Cargo.toml --locked"),
        (
            Flags(True, True, ("f1", "f2"), ("-Zx",)),
            None,
            True,
            "--features f1,f2 --no-default-features --frozen -Zx",
        ),
    ],
)
def test_the_arguments_are_those_of_cargo_vet(flags: Flags, manifest: str | None, frozen: bool, expected: str) -> None:
    command = metadata_command("cargo", manifest, flags, frozen=frozen)
    assert " ".join(command) == f"cargo metadata --format-version 1 {expected}"


def fake_cargo(tmp_path: Path, body: str) -> str:
    program = tmp_path / "fake cargo"
    program.write_text(f"#!{sys.executable}\nimport os, sys\n{body}\n")
    program.chmod(0o755)
    return str(program)


def run(tmp_path: Path, cargo: str) -> Workspace:
    return run_cargo_metadata(
        str(tmp_path), None, Flags(), frozen=False, reason="--no-all-features", environ={"CARGO": cargo, "MARK": "seen"}
    )


def test_the_document_is_read_and_other_lines_are_not(tmp_path: Path) -> None:
    body = """
assert os.environ.get("MARK") == "seen" and "HOME" not in os.environ
print("a wrapper speaks")
root = os.getcwd()
print('{"version": 1, "packages": [], "workspace_members": [], "workspace_root": "%s",'
      ' "resolve": {"nodes": [], "root": null}}' % root)
"""
    assert run(tmp_path, fake_cargo(tmp_path, body)).root == str(tmp_path)


def test_what_cargo_says_when_it_refuses_is_passed_on(tmp_path: Path) -> None:
    cargo = fake_cargo(tmp_path, 'sys.exit("error: the lock file needs to be updated")')
    with pytest.raises(WorkspaceError) as raised:
        run(tmp_path, cargo)
    assert raised.value.message == "`cargo metadata` exited with an error"
    assert raised.value.causes == ("error: the lock file needs to be updated",)


def test_a_silent_refusal(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError) as raised:
        run(tmp_path, fake_cargo(tmp_path, "sys.exit(7)"))
    assert raised.value.causes == ("exit status 7",)


def test_no_document_at_all(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="the cargo metadata document is not valid JSON"):
        run(tmp_path, fake_cargo(tmp_path, 'print("hello")'))


def test_without_cargo_the_question_stays_open(tmp_path: Path) -> None:
    with pytest.raises(UndecidedError) as raised:
        run(tmp_path, f"{tmp_path}/gone")
    assert raised.value.message == f"cargo is needed because of --no-all-features, and `{tmp_path}/gone` cannot be run"
    assert "--cargo-metadata" in str(raised.value.help)
