"""Cargo.lock: what it holds, how older cargos spelled it, and how it goes wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import unquote_plus

from vetflow.model.names import CRATES_IO

Entry: TypeAlias = dict[str, Any]


class Locked(NamedTuple):
    """A package of a lock as a store names it: with `@git:REV` where it comes from git."""

    name: str
    version: str
    source: str | None

    @property
    def from_crates_io(self) -> bool:
        """Whether cargo-vet takes it for third-party."""
        return self.source == CRATES_IO


def packages(text: str) -> tuple[Locked, ...]:
    """Return the packages of a lock."""
    return tuple(_locked(entry) for entry in tomllib.loads(text).get("package", ()))


def _locked(entry: Entry) -> Locked:
    version, source = entry["version"], entry.get("source")
    if source and source.startswith("git+") and "#" in source:
        version = f"{version}@git:{source.rpartition('#')[2]}"
    return Locked(entry["name"], version, source)


def respell(text: str, version: int) -> str:
    """Return the lock in the format of an older cargo (1 to 3), saying the same."""
    entries: list[Entry] = tomllib.loads(text).get("package", [])
    for entry in entries:
        if "source" in entry:
            entry["source"] = _decoded(entry["source"])
        entry["dependencies"] = [_decoded(words) for words in entry.get("dependencies", ())]
    if version == 1:
        return _version_1(entries)
    head = f"version = {version}\n\n" if version >= 3 else ""
    return head + "\n".join(map(_spelled, entries))


def _decoded(text: str) -> str:
    """Undo the percent-encoding of git references that came with version 4."""
    head, question, query = text.partition("?")
    key, equals, value = query.partition("=")
    if not text.partition("(")[2].startswith("git+") and not text.startswith("git+"):
        return text
    value, hash_sign, revision = value.partition("#")
    return f"{head}{question}{key}{equals}{unquote_plus(value)}{hash_sign}{revision}"


def _version_1(entries: list[Entry]) -> str:
    checksums = []
    for entry in entries:
        if source := entry.get("source"):
            # Git has no checksums, and said so; a directory source may have none either.
            none = "<none>" if source.startswith("git+") else None
            if checksum := entry.pop("checksum", none):
                checksums.append(f'"checksum {_full_name(entry)}" = "{checksum}"\n')
        entry["dependencies"] = [_full_name(_meant(words, entries)) for words in entry["dependencies"]]
    metadata = "\n[metadata]\n" + "".join(checksums) if checksums else ""
    return "\n".join(map(_spelled, entries)) + metadata


def _meant(words: str, entries: Iterable[Entry]) -> Entry:
    """Return the entry that a dependency string names."""
    name, *more = words.split(" ", 2)
    fitting = [entry for entry in entries if entry["name"] == name]
    if more:
        fitting = [entry for entry in fitting if entry["version"] == more[0]]
    if len(more) == 2:
        fitting = [entry for entry in fitting if f"({_without_revision(entry)})" == more[1]]
    elif len(fitting) > 1:
        fitting = [entry for entry in fitting if "source" not in entry]
    return fitting[0]


def _without_revision(entry: Entry) -> str:
    source: str = entry.get("source", "")
    return source.rpartition("#")[0] if source.startswith("git+") else source


def _full_name(entry: Entry) -> str:
    source = _without_revision(entry)
    return f"{entry['name']} {entry['version']}" + (f" ({source})" if source else "")


def _spelled(entry: Entry) -> str:
    lines = ["[[package]]"]
    lines += [f'{key} = "{entry[key]}"' for key in ("name", "version", "source", "checksum") if key in entry]
    if entry["dependencies"]:
        lines += ["dependencies = [", *(f' "{words}",' for words in entry["dependencies"]), "]"]
    return "\n".join(lines) + "\n"
