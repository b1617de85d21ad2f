"""What changed in the settings that decide which programs a build runs, and which code it takes for which.

Such a change is worth no less attention than a build script: `rustc-wrapper` runs before anything is compiled, and a
source replacement makes every checksum of another registry's crates the right one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from vetflow.errors import Place
from vetflow.formats.build_settings import Effect, Setting
from vetflow.model.findings import Finding, Level

_KINDS: Final = {Effect.PROGRAM: "program", Effect.CODE: "code", Effect.ENVIRONMENT: "environment"}


def setting_findings(
    old: Mapping[str, Setting], new: Mapping[str, Setting], file: str, level: Level = Level.WARN
) -> Iterator[Finding]:
    """Yield the settings of one file that came, went or changed. old, new: by key; empty where there is no file."""
    for key in sorted(old.keys() | new.keys()):
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        setting = after or before
        if setting is None:
            continue
        what = f"it was {_shown(before)} and is {_shown(after)}; it decides {setting.effect.value}"
        yield Finding(f"settings/{_KINDS[setting.effect]}", level, Place(file), f"`{key}` changed: {what}")


def _shown(setting: Setting | None) -> str:
    return "not set" if setting is None else f"`{setting.value}`"
