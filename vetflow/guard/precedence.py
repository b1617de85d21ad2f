"""Which wrapper cargo would start here, and what else decides which compiler runs: cargo's rules, applied to settings.

The variable RUSTC_WRAPPER wins over everything, also when it is set and empty: then there is no wrapper. After it come
CARGO_BUILD_RUSTC_WRAPPER, `--config`, and the configuration files. Tried with cargo 1.95.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

_VARIABLES: Final = ("RUSTC_WRAPPER", "CARGO_BUILD_RUSTC_WRAPPER")
_OTHERS: Final = (
    (("RUSTC", "CARGO_BUILD_RUSTC"), "rustc"),
    (("RUSTC_WORKSPACE_WRAPPER", "CARGO_BUILD_RUSTC_WORKSPACE_WRAPPER"), "rustc-workspace-wrapper"),
)
_CONFIGURED: Final = "`build.{}` in cargo's configuration"


class Setting(NamedTuple):
    """A program, and who says that it is to be started."""

    program: str
    said_by: str


def chosen_wrapper(config: Mapping[str, Any], environ: Mapping[str, str]) -> Setting | None:
    """Return the wrapper cargo starts, its program empty where it is switched off; None where nobody says anything.

    config: cargo's configuration files, merged.
    """
    return next(_said(_VARIABLES, "rustc-wrapper", config, environ), None)


def other_programs(config: Mapping[str, Any], environ: Mapping[str, str]) -> tuple[Setting, ...]:
    """Return what else is started for a call of the compiler: another compiler, a wrapper for packages of one's own."""
    found = (next(_said(variables, key, config, environ), None) for variables, key in _OTHERS)
    return tuple(setting for setting in found if setting is not None and setting.program)


def is_program(setting: Setting | None, path: str) -> bool:
    """Whether what is started is the program at `path`."""
    return setting is not None and setting.program != "" and os.path.realpath(setting.program) == os.path.realpath(path)


def _said(
    variables: tuple[str, ...], key: str, config: Mapping[str, Any], environ: Mapping[str, str]
) -> Iterator[Setting]:
    for name in variables:
        if (value := environ.get(name)) is not None:
            yield Setting(value, name)
    build = config.get("build")
    value = build.get(key) if isinstance(build, dict) else None
    if isinstance(value, str):
        yield Setting(value, _CONFIGURED.format(key))
