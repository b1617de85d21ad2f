"""A file that is opened in another program comes alone, and nothing near it makes a tool act."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import pytest

from vetflow.errors import UndecidedError
from vetflow.project.outside import defused_copy, open_outside

FAKE_IDE = """#!/bin/sh
# Does what an IDE does with a file it opens: looks for a project in its folder and in all above it.
cd "$(dirname "$1")"
while :; do
    cargo metadata --no-deps --format-version 1 >>"$FOUND" 2>/dev/null && echo "cargo: $PWD" >>"$FOUND"
    for name in Cargo.toml .cargo rust-toolchain rust-toolchain.toml .envrc .vscode .idea .editorconfig; do
        [ -e "$name" ] && echo "$PWD/$name" >>"$FOUND"
    done
    [ "$PWD" = / ] && break
    cd ..
done
echo done >>"$FOUND"
"""


@pytest.mark.parametrize(
    "path", ["Cargo.toml", "build.rs", ".cargo/config.toml", "rust-toolchain", ".envrc", "x/.git/config", "..", "a\nb"]
)
def test_no_copy_has_a_name_that_a_tool_acts_on(path: str) -> None:
    copy = defused_copy(path, b"content")
    name = os.path.basename(copy)
    assert name.startswith("reviewed-")
    assert name.endswith((".rs", ".txt"))
    assert os.listdir(os.path.dirname(copy)) == [name]
    assert Path(copy).read_bytes() == b"content"
    assert stat.S_IMODE(os.stat(copy).st_mode) == 0o400
    shutil.rmtree(os.path.dirname(copy))


@pytest.mark.cargo_vet  # needs cargo
def test_an_ide_that_asks_cargo_in_all_folders_above_finds_nothing(tmp_path: Path) -> None:
    ide, found = tmp_path / "ide", tmp_path / "found"
    ide.write_text(FAKE_IDE, encoding="utf-8")
    ide.chmod(0o755)
    copy = defused_copy("build.rs", b"fn main() {}")
    open_outside(copy, {**os.environ, "VETFLOW_DIFFTOOL": str(ide), "FOUND": str(found)})
    shutil.rmtree(os.path.dirname(copy))
    assert found.read_text(encoding="utf-8") == "done\n"


def test_a_tool_that_is_not_there_is_told() -> None:
    copy = defused_copy("src/lib.rs", b"")
    with pytest.raises(UndecidedError, match="cannot be run"):
        open_outside(copy, {"PATH": os.environ["PATH"], "VETFLOW_DIFFTOOL": "no-such-tool-at-all"})
    shutil.rmtree(os.path.dirname(copy))


def test_the_tool_sees_no_settings_of_cargo_rustup_or_git(tmp_path: Path) -> None:
    tool, seen = tmp_path / "tool", tmp_path / "seen"
    tool.write_text('#!/bin/sh\nenv >"$SEEN"\npwd >>"$SEEN"\n', encoding="utf-8")
    tool.chmod(0o755)
    copy = defused_copy("src/lib.rs", b"")
    given = {"PATH": os.environ["PATH"], "VETFLOW_DIFFTOOL": str(tool), "SEEN": str(seen)}
    open_outside(copy, {**given, "CARGO_HOME": "/x", "RUSTC_WRAPPER": "/x", "GIT_DIR": "/x"})
    text = seen.read_text(encoding="utf-8")
    assert "CARGO_HOME" not in text
    assert "RUSTC_WRAPPER" not in text
    assert "GIT_DIR" not in text
    assert text.splitlines()[-1] == os.path.dirname(copy)
    shutil.rmtree(os.path.dirname(copy))
