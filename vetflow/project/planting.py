"""The files that a build under observation finds in the place of the user's: written to a folder of the run."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Final

from vetflow.errors import VetflowError
from vetflow.formats.toml import parse_toml
from vetflow.project.bubblewrap import Planted
from vetflow.surface.observed.decoys import cargo_credentials, home_files
from vetflow.surface.observed.layout import Layout

_CONFIGURATION: Final = ("config.toml", "config")
_SECRET_KEYS: Final = frozenset({"token", "secret-key", "proxy"})


def plant(folder: str, layout: Layout) -> Planted:
    """Write the planted files to a new folder and return where each is to be seen; raises OSError.

    cargo's own configuration is planted, too, as it is but for tokens, keys and proxies, which may hold passwords.
    """
    home = {name: _write(folder, os.path.join("home", name), text) for name, text in home_files(layout.canary).items()}
    credentials = _write(folder, "credentials.toml", cargo_credentials(layout.canary))
    replaced = {os.path.join(layout.cargo_home, "credentials.toml"): credentials}
    secret = _write(folder, "secret", f"TOKEN={layout.canary}\n")
    git = _write(folder, "git-config", f'[remote "origin"]\n\turl = https://ci:{layout.canary}@localhost/\n')
    for path in layout.decoys:
        replaced[path] = git if path.endswith(os.path.join(".git", "config")) else secret
    for name in _CONFIGURATION:
        text = _without_secrets(os.path.join(layout.cargo_home, name))
        if text is not None:
            replaced[os.path.join(layout.cargo_home, name)] = _write(folder, f"cargo-{name}", text)
    return Planted(home, replaced)


def _write(folder: str, name: str, text: str) -> str:
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def _without_secrets(path: str) -> str | None:
    """Return a configuration file of cargo's without what is secret in it; None where there is none to read."""
    try:
        with open(path, encoding="utf-8") as file:
            document = parse_toml(file.read(), path)
    except (OSError, UnicodeDecodeError, VetflowError):  # cargo itself says what is wrong with it
        return None
    import tomlkit  # noqa: PLC0415  heavy, and only for who has a configuration

    return tomlkit.dumps(_public(document))


def _public(table: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: _public(value) if isinstance(value, dict) else value
        for key, value in table.items()
        if key not in _SECRET_KEYS
    }
