"""A network made up after a recorded project: crates.io and peers that say what its store has taken over from them.

For tests of what is asked, and how often: every answer exists, and confirms what the store holds.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import tomlkit

from vetflow.formats.registry_toml import parse_registry
from vetflow.sources.endpoints import API, DOWNLOAD, INDEX, REGISTRY_LIST

REGISTRY: Final = Path(__file__).resolve().parent.parent / "audits/registry.toml"
SOME_DAY: Final = "2020-01-01"
"""When versions were published of which the store says nothing."""
SOMEBODY: Final = 999_999_999
"""Who published versions in use of which the store says nothing."""


class RecordedNetwork:
    """network: the stand-in's `network` table. hosts: all that answer in it.

    imports: what each import of the store says, by address. trusted: crates whose publishers somebody trusts. The
    publishers of the registry that the store does not import say nothing.
    """

    def __init__(self, workspace: Path, store: Path) -> None:
        """Read the project's lock and its store."""
        config, audits, imports = (
            tomllib.loads((store / name).read_text()) for name in ("config.toml", "audits.toml", "imports.lock")
        )
        lock = tomllib.loads((workspace / "Cargo.lock").read_text())
        self._crates: dict[str, dict[str, list[Any]]] = {}
        self._users: dict[str, tuple[str, str | None]] = {str(SOMEBODY): ("somebody", "Some Body")}
        for package in lock["package"]:
            if package.get("source", "").startswith("registry+"):
                self._add(package["name"], package["version"], source=SOMEBODY)
        for name, rows in imports.get("unpublished", {}).items():
            for row in rows:
                self._add(name, row["audited_as"])
        for file in (audits, *imports.get("audits", {}).values()):
            for name, rows in file.get("audits", {}).items():
                for row in rows:
                    for version in row.get("version", row.get("delta", "")).split(" -> "):
                        self._add(name, version)
        for name, rows in imports.get("publisher", {}).items():
            for row in rows:
                self._add(name, row["version"], row["when"], row.get("user-id") or row.get("trusted-publisher"))
                if "user-id" in row:
                    self._users[str(row["user-id"])] = row["user-login"], row.get("user-name")
        self.trusted: Collection[str] = {*audits.get("trusted", {}), *audits.get("wildcard-audits", {})}
        self.imports = {
            url: tomlkit.dumps(imports.get("audits", {}).get(name, {"audits": {}}))
            for name, peer in config.get("imports", {}).items()
            for url in ([peer["url"]] if isinstance(peer["url"], str) else peer["url"])
        }

    def _add(self, name: str, version: str, when: str = SOME_DAY, source: int | str | None = None) -> None:
        known = self._crates.setdefault(name, {})
        is_published = version and "@git:" not in version
        if is_published and (source is not None or version not in known):
            known[version] = [when, source, 10 + len(known)]

    @property
    def network(self) -> Mapping[str, Any]:
        """The stand-in's `network` table."""
        crates = {name: {"versions": versions, "desc": name} for name, versions in self._crates.items()}
        return {"crates": crates, "users": self._users, "files": {**_registry(), **self.imports}}

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts of all that is asked for."""
        return frozenset(urlsplit(url).netloc for url in (INDEX, API, DOWNLOAD, *_registry(), *self.imports))


def _registry() -> dict[str, str]:
    """Return cargo-vet's list of publishers, with the addresses of ours, and an empty set of audits for each."""
    publishers = parse_registry(REGISTRY.read_text(), REGISTRY.name)
    urls = {url for each in publishers.values() for url in (*each.urls, each.successor) if url}
    listed = {"registry": {name: {"url": list(each.urls)} for name, each in publishers.items()}}
    return {**dict.fromkeys(urls, "[audits]\n"), REGISTRY_LIST: tomlkit.dumps(listed)}
