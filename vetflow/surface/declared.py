"""What a manifest declares, as evidence: what the crate says it is, its dependencies, features that switch them on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from vetflow.formats.cargo_toml import Manifest
from vetflow.formats.positions import KeyPath, locate
from vetflow.formats.toml import decode_utf8, parse_toml
from vetflow.model.contents import CrateFile
from vetflow.model.packages import DependencyKind
from vetflow.surface.evidence import Evidence
from vetflow.surface.findings import finding
from vetflow.surface.tiers import Grade, Tier

DESCRIPTION: Final = "description"
DEPENDENCY: Final = "dependency"
FEATURE: Final = "feature"


def declared(manifest: Manifest, file: CrateFile) -> Iterator[Evidence]:
    """Yield what a manifest declares, tests aside. manifest: what `file` says."""
    text = decode_utf8(file.content, file.path)
    yield from _description(text, file)
    seen = set()
    for each in manifest.dependencies:
        if each.kind is not DependencyKind.DEV and each.package not in seen:
            seen.add(each.package)
            how = f"a package it depends on, {each.requirement or '*'}"
            how += ", if a feature wants it" if each.optional else ""
            yield _evidence("dependency/declared", each.package, (text, file), (*each.table, each.key), how)
    optional = {each.key for each in manifest.dependencies if each.optional}
    for name, enabled in manifest.features.items():
        switched = sorted({_package(word) for word in enabled} & optional)
        if switched:
            path, detail = ("features", name), f"{name}: {', '.join(switched)}"
            yield _evidence("feature/enables", detail, (text, file), path, "a feature that brings packages in")


def _description(text: str, file: CrateFile) -> Iterator[Evidence]:
    package = parse_toml(text, file.path).get("package")
    description = package.get(DESCRIPTION) if isinstance(package, dict) else None
    if isinstance(description, str):
        words = " ".join(description.split())
        path = ("package", DESCRIPTION)
        yield _evidence("description/stated", words, (text, file), path, "what the crate says it is")


def _package(word: str) -> str:
    return word.removeprefix("dep:").partition("/")[0].removesuffix("?")


def _evidence(rule: str, detail: str, manifest: tuple[str, CrateFile], path: KeyPath, sentence: str) -> Evidence:
    text, file = manifest
    place = locate(text, path, key=True)
    line = place[0] if place else None
    return finding(rule, detail, Grade.NOTE, file, line=line, sentence=sentence, tier=Tier.MANIFEST)
