from __future__ import annotations

import pytest

from vetflow.model.contents import CrateFile
from vetflow.surface.tool_settings import check_tool_settings, is_tool_settings


def programs(path: str, text: str) -> list[tuple[int, str, int | None]]:
    """Return grade, detail and line of the programs that settings name; that they are there is always a note."""
    note, *found = check_tool_settings(CrateFile(path, executable=False, content=text.encode()))
    assert int(note.grade) == 1
    return [(int(each.grade), each.detail, each.line) for each in found]


@pytest.mark.parametrize(
    ("path", "settings"),
    [
        (".cargo/config.toml", True), (".cargo/config", True), ("examples/a/.cargo/config.toml", True),
        (".Cargo/Config.toml", True), ("rust-toolchain", True), ("sub/rust-toolchain.toml", True),
        ("config.toml", False), (".cargo/audit.toml", False), ("src/rust-toolchain.rs", False),
    ],
)  # fmt: skip
def test_tools_read_their_settings_in_every_folder(path: str, settings: bool) -> None:
    assert is_tool_settings(path) is settings


@pytest.mark.parametrize(
    ("text", "grade", "detail"),
    [
        ('[build]\nrustc-wrapper = "./wrap"', 3, "build.rustc-wrapper = ./wrap"),
        ('[build]\nrustc = "tools/rustc"', 3, "build.rustc = tools/rustc"),
        ('[build]\nrustc-workspace-wrapper = "wrapper"', 2, "build.rustc-workspace-wrapper = wrapper"),
        ('[env]\nRUSTC_WRAPPER = "x"', 3, "env.RUSTC_WRAPPER = x"),
        ('[target.x86_64-unknown-linux-gnu]\nlinker = "./ld"', 2, "target.x86_64-unknown-linux-gnu.linker = ./ld"),
        ('[registry]\nglobal-credential-providers = ["./steal", "x"]',
         2, "registry.global-credential-providers = ['./steal', 'x']"),
    ],
)  # fmt: skip
def test_programs_that_cargo_would_start_are_named(text: str, grade: int, detail: str) -> None:
    assert programs(".cargo/config.toml", text) == [(grade, detail, 2)]


@pytest.mark.parametrize(
    "text",
    [
        '[build]\nrustc-wrapper = "sccache"\ntarget = "thumbv7em-none-eabi"',
        '[target.thumbv7em-none-eabi]\nrunner = "probe-rs run --chip x"\nlinker = "arm-none-eabi-gcc"',
        '[alias]\nxtask = "run --package xtask --"',
        '[env]\nRUST_LOG = "info"',
        "this is no TOML",
        "",
    ],
)
def test_what_such_files_are_for_is_a_note(text: str) -> None:
    assert programs(".cargo/config.toml", text) == []


def test_a_toolchain_in_the_package_would_be_run_by_any_command() -> None:
    assert programs("rust-toolchain.toml", '[toolchain]\npath = "tc"') == [(3, "toolchain.path = tc", 2)]
    assert programs("rust-toolchain.toml", '[toolchain]\nchannel = "1.80"\ncomponents = ["clippy"]') == []
    assert programs("rust-toolchain", "nightly-2024-01-01\n") == []
