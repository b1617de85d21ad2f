"""The toolchain of a build: rustup's answer, else the one on PATH."""

from __future__ import annotations

from pathlib import Path

import pytest

from vetflow.errors import UndecidedError
from vetflow.project.toolchain import find_toolchain


def toolchain(folder: Path) -> Path:
    for name in ("bin", "lib/rustlib"):
        (folder / name).mkdir(parents=True)
    script(folder / "bin" / "cargo", "exit 1")
    return folder


def script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_without_rustup_it_is_where_cargo_really_is(tmp_path: Path) -> None:
    real = toolchain(tmp_path / "real")
    links = tmp_path / "links"
    links.mkdir()
    (links / "cargo").symlink_to(real / "bin" / "cargo")
    assert find_toolchain(str(tmp_path), {"PATH": str(links)}) == str(real)


def test_rustup_is_asked_and_its_stand_in_for_cargo_is_not_used(tmp_path: Path) -> None:
    stand_ins = tmp_path / "stand-ins"
    stand_ins.mkdir()
    script(stand_ins / "cargo", "exit 1")
    for name in ("stable", "nightly"):
        toolchain(tmp_path / name)
    answer = f'[ "$2" = --toolchain ] && name=$3 || name=stable\necho "{tmp_path}/$name/bin/cargo"'
    script(stand_ins / "rustup", answer)
    environ = {"PATH": f"{stand_ins}:/usr/bin:/bin"}
    assert find_toolchain(str(tmp_path), environ) == str(tmp_path / "stable")
    assert find_toolchain(str(tmp_path), environ, "nightly") == str(tmp_path / "nightly")


def test_what_is_no_toolchain_is_not_shown_to_a_build(tmp_path: Path) -> None:
    folder = tmp_path / "home" / "bin"
    folder.mkdir(parents=True)
    with pytest.raises(UndecidedError, match="no cargo"):
        find_toolchain(str(tmp_path), {"PATH": str(folder)})
    script(folder / "cargo", "exit 0")
    with pytest.raises(UndecidedError, match="does not lie in a toolchain"):
        find_toolchain(str(tmp_path), {"PATH": str(folder)})
    with pytest.raises(UndecidedError, match="only rustup"):
        find_toolchain(str(tmp_path), {"PATH": str(folder)}, "nightly")
    script(folder / "rustup", "echo 'error: no default' >&2; exit 1")
    with pytest.raises(UndecidedError, match="knows no toolchain") as caught:
        find_toolchain(str(tmp_path), {"PATH": str(folder)})
    assert caught.value.causes == ("error: no default",)
