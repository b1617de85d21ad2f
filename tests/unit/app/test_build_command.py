"""Which commands of cargo can be observed, and what is added to them."""

from __future__ import annotations

import pytest

from vetflow.app.build_command import build_command
from vetflow.errors import UsageError


def test_a_build_is_kept_from_changing_the_lock_and_from_the_network() -> None:
    command = build_command(["cargo", "build", "--release", "--locked", "-p", "x"])
    assert command.offline() == ("build", "--offline", "--release", "--locked", "-p", "x")
    assert command.shown() == "cargo build --release --locked -p x"


def test_a_toolchain_and_a_manifest_are_understood() -> None:
    command = build_command(["cargo", "+nightly", "check", "--manifest-path", "a/Cargo.toml"])
    assert (command.toolchain, command.manifest) == ("nightly", "a/Cargo.toml")
    assert build_command(["cargo", "check", "--manifest-path=b/Cargo.toml"]).manifest == "b/Cargo.toml"


@pytest.mark.parametrize(
    "words", ["cargo test --no-run", "cargo clippy", "cargo doc", "cargo b", "cargo bench --no-run"]
)
def test_what_only_builds_can_be_observed(words: str) -> None:
    assert build_command(words.split()).words


@pytest.mark.parametrize(
    "words",
    [
        "",
        "make",
        "cargo",
        "cargo run",
        "cargo test",
        "cargo install x",
        "cargo --version",
        "cargo build --target-dir=x",
    ],
)
def test_what_does_more_cannot(words: str) -> None:
    with pytest.raises(UsageError):
        build_command(words.split())
