"""Which key a person signs with, as they have told git: `user.signingKey`, where `gpg.format` is `ssh`."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from typing import Final, NamedTuple

_GIT: Final = ("git", "-c", "core.fsmonitor=false", "--no-optional-locks", "--no-pager")
_ASKED: Final = r"^(gpg\.format|user\.signingkey|gpg\.ssh\.program)$"


class KeySettings(NamedTuple):
    """What git is told. key: a path, or a public key in words. program: what signs in ssh-keygen's place."""

    key: str | None = None
    program: str | None = None


def key_settings(cwd: str, environ: Mapping[str, str]) -> KeySettings:
    """Read git's settings as seen from `cwd`; nothing is set where there is no git, or git signs with something else.

    `gpg.ssh.defaultKeyCommand` is not run: the agent's keys are looked at anyway.
    """
    try:
        asked = subprocess.run(
            [*_GIT, "config", "--null", "--get-regexp", _ASKED],
            cwd=cwd,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError:
        return KeySettings()
    found: dict[str, str] = {}
    for line in asked.stdout.decode(errors="replace").split("\0"):
        name, _, value = line.partition("\n")
        found[name.lower()] = value  # the last one counts, as in git
    if found.get("gpg.format") != "ssh":
        return KeySettings()
    program = found.get("gpg.ssh.program")
    return KeySettings(found.get("user.signingkey") or None, expand_home(program, environ) if program else None)


def expand_home(path: str, environ: Mapping[str, str]) -> str:
    """Return a path with `~/` in front filled in, as git does."""
    return os.path.join(environ.get("HOME", "/"), path[2:]) if path.startswith("~/") else path
