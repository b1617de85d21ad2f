"""What cargo's configuration and the environment say about a build: the platforms it is for, and names that are set.

Of compiler flags only `--cfg` matters. Cargo takes them from one place, depending on the platform and on what is
compiled; here those of all places count, which at worst makes more of a workspace part of the build.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from vetflow.graph.cargo_config import read_configs
from vetflow.graph.platforms import Flag
from vetflow.model.ports import FileTree

_TARGET: Final = "CARGO_BUILD_TARGET"
_ENCODED: Final = "CARGO_ENCODED_RUSTFLAGS"
_ENCODED_SEPARATOR: Final = "\x1f"
_FLAGS: Final = frozenset(("RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS"))
_OF_TARGET: Final = ("CARGO_TARGET_", "_RUSTFLAGS")
_CFG: Final = "--cfg"


class BuildConfig(NamedTuple):
    """targets: the platforms a build without `--target` is for, none for the machine itself. flags: what is set."""

    targets: tuple[str, ...] = ()
    flags: frozenset[Flag] = frozenset()


def read_build_config(tree: FileTree, cwd: str, cargo_home: str | None, environ: Mapping[str, str]) -> BuildConfig:
    """Read what a `cargo build` in `cwd` would go by; raises WorkspaceError for a malformed configuration file."""
    configs = [config for config, _ in read_configs(tree, cwd, cargo_home)]
    targets = next((config.built_for for config in configs if config.built_for), ())
    if named := environ.get(_TARGET):
        targets = (named,)
    places = [*(config.rustflags for config in configs), *_environment_flags(environ)]
    return BuildConfig(targets, frozenset(flag for words in places for flag in _set_by(words)))


def _environment_flags(environ: Mapping[str, str]) -> Iterator[Sequence[str]]:
    start, end = _OF_TARGET
    for name, value in environ.items():
        if name == _ENCODED:
            yield value.split(_ENCODED_SEPARATOR)
        elif name in _FLAGS or (name.startswith(start) and name.endswith(end)):
            yield value.split()


def _set_by(words: Sequence[str]) -> Iterator[Flag]:
    """Yield what `--cfg NAME`, `--cfg=NAME` and `--cfg NAME="VALUE"` set."""
    for word, after in pairwise((*words, "")):
        given = after if word == _CFG else word.removeprefix(f"{_CFG}=") if word.startswith(f"{_CFG}=") else ""
        name, equals, value = given.strip("'").partition("=")
        if name:
            yield name, value.strip('"') if equals else None
