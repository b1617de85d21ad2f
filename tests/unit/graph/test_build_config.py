from __future__ import annotations

import pytest

from tests.fakes import MemoryTree
from vetflow.graph.build_config import BuildConfig, read_build_config

CONFIG = "/ws/.cargo/config.toml"


def read(text: str, outer: str = "", **environ: str) -> BuildConfig:
    tree = MemoryTree({CONFIG: text, "/home/cargo/config.toml": outer})
    return read_build_config(tree, "/ws", "/home/cargo", environ)


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("", ()),
        ('[build]\ntarget = "wasm32-wasip1"\n', ("wasm32-wasip1",)),
        ('[build]\ntarget = ["wasm32-wasip1", "x86_64-apple-darwin"]\n', ("wasm32-wasip1", "x86_64-apple-darwin")),
    ],
)
def test_the_configuration_names_what_is_built_for(text: str, targets: tuple[str, ...]) -> None:
    assert read(text).targets == targets


def test_the_nearer_file_wins_and_the_environment_over_all_files() -> None:
    near, far = '[build]\ntarget = "near"\n', '[build]\ntarget = "far"\n'
    assert read(near, far).targets == ("near",)
    assert read("", far).targets == ("far",)
    assert read(near, far, CARGO_BUILD_TARGET="mine").targets == ("mine",)


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ('["--cfg", "tokio_unstable"]', {("tokio_unstable", None)}),
        ('["--cfg=loom", "-Copt-level=3"]', {("loom", None)}),
        ('"-D warnings --cfg loom"', {("loom", None)}),
        ("""["--cfg", 'backend="simple"']""", {("backend", "simple")}),
        ('["-C", "target-cpu=native"]', set()),
        ('["--cfg"]', set()),
        ("[1]", set()),
        ("1", set()),
    ],
)
def test_compiler_flags_set_names(flags: str, expected: set[tuple[str, str | None]]) -> None:
    for table in ("[build]", "[target.x86_64-unknown-linux-gnu]", "[target.'cfg(unix)']"):
        assert read(f"{table}\nrustflags = {flags}\n").flags == expected


def test_flags_of_all_files_and_of_the_environment_count() -> None:
    flags = read(
        '[build]\nrustflags = ["--cfg", "a"]\n',
        '[build]\nrustflags = ["--cfg", "b"]\n',
        RUSTFLAGS="--cfg c",
        CARGO_ENCODED_RUSTFLAGS="--cfg\x1fd",
        CARGO_TARGET_WASM32_WASIP1_RUSTFLAGS="--cfg=e",
        OTHER="--cfg f",
    ).flags
    assert {name for name, _ in flags} == {"a", "b", "c", "d", "e"}
