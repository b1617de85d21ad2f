"""Which wrapper cargo starts: agreed with cargo 1.95 on every row."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from vetflow.guard.precedence import Setting, chosen_wrapper, is_program, other_programs

IN_FILE = {"build": {"rustc-wrapper": "/file"}}


@pytest.mark.parametrize(
    ("environ", "config", "chosen"),
    [
        ({}, {}, None),
        ({"RUSTC_WRAPPER": "/a"}, IN_FILE, Setting("/a", "RUSTC_WRAPPER")),
        ({"RUSTC_WRAPPER": ""}, IN_FILE, Setting("", "RUSTC_WRAPPER")),
        ({"RUSTC_WRAPPER": "", "CARGO_BUILD_RUSTC_WRAPPER": "/b"}, {}, Setting("", "RUSTC_WRAPPER")),
        ({"CARGO_BUILD_RUSTC_WRAPPER": "/b"}, IN_FILE, Setting("/b", "CARGO_BUILD_RUSTC_WRAPPER")),
        ({}, IN_FILE, Setting("/file", "`build.rustc-wrapper` in cargo's configuration")),
        ({}, {"build": {"rustc-wrapper": 1}}, None),
        ({}, {"build": 1}, None),
    ],
)
def test_the_first_that_says_something_wins(
    environ: Mapping[str, str], config: Mapping[str, Any], chosen: Setting | None
) -> None:
    assert chosen_wrapper(config, environ) == chosen


def test_other_programs_are_named() -> None:
    config = {"build": {"rustc": "/evil/rustc", "rustc-workspace-wrapper": "/evil/wrapper"}}
    assert [each.program for each in other_programs(config, {})] == ["/evil/rustc", "/evil/wrapper"]
    assert other_programs(config, {"RUSTC": "", "RUSTC_WORKSPACE_WRAPPER": ""}) == ()
    assert other_programs(config, {"RUSTC": "/own"})[0] == Setting("/own", "RUSTC")


def test_a_program_is_itself_by_whatever_path(tmp_path: Path) -> None:
    (tmp_path / "program").write_text("")
    (tmp_path / "link").symlink_to(tmp_path / "program")
    assert is_program(Setting(str(tmp_path / "link"), "x"), str(tmp_path / "program"))
    assert not is_program(Setting("", "x"), str(tmp_path / "program"))
    assert not is_program(None, str(tmp_path / "program"))
