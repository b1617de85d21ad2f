"""Random workspaces about what a build compiles: features, optional and renamed dependencies, platforms, proc macros.

Third-party crates lie in a folder that replaces crates.io, so that cargo resolves them without a network. A seed always
gives the same workspace; `python -m tests.compat` is about verdicts, this about builds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from random import Random
from typing import NamedTuple

CONDITIONS = (
    "cfg(unix)",
    "cfg(windows)",
    "cfg(not(windows))",
    'cfg(target_os = "linux")',
    'cfg(any(target_os = "macos", target_arch = "x86_64"))',
    'cfg(all(unix, not(target_env = "gnu"), target_pointer_width = "64"))',
    "cfg(any())",
    "cfg(all())",
    "cfg(tokio_unstable)",
    "x86_64-unknown-linux-gnu",
    "x86_64-pc-windows-msvc",
)
SECTIONS = ("dependencies", "build-dependencies", "dev-dependencies")
HIDES = "dep:"


class Declared(NamedTuple):
    """One declared dependency; `on` is the package it leads to."""

    key: str
    on: Made
    section: str
    target: str | None
    optional: bool
    default_features: bool
    features: tuple[str, ...]


class Made(NamedTuple):
    """A package: a crate of the registry, or a member where `folder` says so."""

    name: str
    version: str
    folder: str | None
    proc_macro: bool
    build_script: bool
    dependencies: tuple[Declared, ...]
    features: Mapping[str, tuple[str, ...]]

    def offered(self) -> list[str]:
        """Return the features somebody may ask for."""
        values = [value for values in self.features.values() for value in values]
        hidden = {value.removeprefix(HIDES) for value in values if value.startswith(HIDES)}
        return sorted({d.key for d in self.dependencies if d.optional and d.key not in hidden} | set(self.features))


class BuildWorld(NamedTuple):
    """A workspace. head: what the root manifest has besides its package."""

    crates: tuple[Made, ...]
    members: tuple[Made, ...]
    head: str

    def files(self) -> Iterator[tuple[str, str]]:
        """Yield path, relative to the workspace, and text of every file; Cargo.lock is cargo's to write."""
        yield ".cargo/config.toml", _REPLACED
        yield "registry/.keep", ""
        for crate in self.crates:
            folder = f"registry/{crate.name}-{crate.version}"
            files = dict(_package_files(crate))
            hashes = {path: sha256(text.encode()).hexdigest() for path, text in files.items()}
            package = sha256(f"{crate.name} {crate.version}".encode()).hexdigest()
            yield f"{folder}/.cargo-checksum.json", json.dumps({"files": hashes, "package": package})
            yield from ((f"{folder}/{path}", text) for path, text in files.items())
        if all(member.folder != "." for member in self.members):
            yield "Cargo.toml", self.head
        for member in self.members:
            for path, text in _package_files(member):
                is_root = member.folder == "." and path == "Cargo.toml"
                yield f"{member.folder}/{path}", self.head + text if is_root else text


_REPLACED = '[source.crates-io]\nreplace-with = "here"\n[source.here]\ndirectory = "registry"\n'


def draw_world(seed: int) -> BuildWorld:
    """Draw a workspace; now and then it is one that cargo refuses, for a circle or two names of one package."""
    random = Random(seed)
    crates: list[Made] = []
    for number in reversed(range(random.randint(4, 11))):
        name = f"crate-{number}"
        versions = ("1.0.0", "2.0.0") if random.random() < 0.15 else ("1.0.0",)
        crates += [_draw_package(random, name, version, None, crates) for version in versions]
    members: list[Made] = []
    has_root = random.random() < 0.4
    for number in reversed(range(random.randint(1, 4))):
        folder = "." if has_root and number == 0 else f"member-{number}"
        members.append(_draw_package(random, f"member-{number}", "0.1.0", folder, [*crates, *members]))
    return BuildWorld(tuple(crates), tuple(members), _draw_head(random, members))


def _draw_head(random: Random, members: Sequence[Made]) -> str:
    folders = [member.folder for member in members]
    lines = ["[workspace]", f"members = {json.dumps([folder for folder in folders if folder != '.'])}"]
    resolver = random.choice(("1", "2", "2", "3", None))
    if resolver is not None:
        lines.append(f'resolver = "{resolver}"')
    if random.random() < 0.3:
        lines.append(f"default-members = {json.dumps(random.sample(folders, random.randint(1, len(folders))))}")
    return "\n".join(lines) + "\n\n"


def _draw_package(random: Random, name: str, version: str, folder: str | None, below: Sequence[Made]) -> Made:
    dependencies: list[Declared] = []
    for on in random.sample(below, min(len(below), random.randint(0, 4 if folder is None else 6))):
        taken = {declared.key for declared in dependencies}
        key = on.name if on.name not in taken and random.random() < 0.85 else f"{on.name}-again"
        if key not in taken:
            dependencies += [_draw_dependency(random, key, on, section) for section in _draw_sections(random)]
    return Made(
        name,
        version,
        folder,
        proc_macro=random.random() < 0.22,
        build_script=random.random() < 0.4,
        dependencies=tuple(dependencies),
        features=_draw_features(random, dependencies),
    )


def _draw_sections(random: Random) -> list[str]:
    section = random.choices(SECTIONS, (6, 3, 2))[0]
    return sorted({section, random.choice(SECTIONS)}) if random.random() < 0.12 else [section]


def _draw_dependency(random: Random, key: str, on: Made, section: str) -> Declared:
    offered = on.offered()
    return Declared(
        key,
        on,
        section,
        target=random.choice(CONDITIONS) if random.random() < 0.25 else None,
        optional=section != "dev-dependencies" and random.random() < 0.4,
        default_features=random.random() < 0.7,
        features=tuple(random.sample(offered, random.randint(0, min(2, len(offered))))),
    )


def _draw_features(random: Random, dependencies: Sequence[Declared]) -> dict[str, tuple[str, ...]]:
    """Draw features of all forms; each optional dependency is hidden behind `dep:` everywhere or nowhere."""
    optional = sorted({d.key for d in dependencies if d.optional})
    hidden = [key for key in optional if random.random() < 0.5]
    names = ["default", *[f"feature-{number}" for number in range(random.randint(0, 4))]]
    names += [key for key in hidden if random.random() < 0.3]
    values = [*names]
    values += [f"{HIDES}{key}" if key in hidden else key for key in optional]
    for declared in dependencies:
        if declared.section != "dev-dependencies":
            marks = ("/", "?/") if declared.key in optional else ("/",)
            values += [f"{declared.key}{mark}{feature}" for mark in marks for feature in declared.on.offered()]
    features = {}
    for name in names:
        chosen = random.sample(values, random.randint(0, min(3, len(values))))
        features[name] = tuple(value for value in chosen if value != name)
    used = {value for values in features.values() for value in values}
    # Cargo wants a feature for whatever a feature's name hides.
    features["all-the-rest"] = tuple(f"{HIDES}{key}" for key in hidden if f"{HIDES}{key}" not in used)
    return features


def _package_files(package: Made) -> Iterator[tuple[str, str]]:
    lines = [
        "[package]",
        f'name = "{package.name}"',
        f'version = "{package.version}"',
        f'edition = "{"2018" if package.folder else "2021"}"',
        "[lib]",
        f"proc-macro = {json.dumps(package.proc_macro)}",
        "[features]",
        *[f"{json.dumps(name)} = {json.dumps(values)}" for name, values in package.features.items()],
    ]
    tables: dict[str, list[Declared]] = {}
    for declared in package.dependencies:
        prefix = "" if declared.target is None else f"target.'{declared.target}'."
        tables.setdefault(prefix + declared.section, []).append(declared)
    for table, rows in tables.items():
        lines += [f"[{table}]", *[f"{row.key} = {{ {_spelled(row, package)} }}" for row in rows]]
    yield "Cargo.toml", "\n".join(lines) + "\n"
    yield "src/lib.rs", ""
    if package.build_script:
        yield "build.rs", "fn main() {}\n"
    if package.folder is not None:
        yield "tests/all.rs", ""


def _spelled(row: Declared, package: Made) -> str:
    place = f'version = "{row.on.version[0]}"'
    if row.on.folder is not None:
        place = f'path = "{"" if package.folder == "." else "../"}{row.on.folder}"'
    values = [f'package = "{row.on.name}"', place]
    if row.optional:
        values.append("optional = true")
    if not row.default_features:
        values.append("default-features = false")
    if row.features:
        values.append(f"features = {json.dumps(row.features)}")
    return ", ".join(values)
