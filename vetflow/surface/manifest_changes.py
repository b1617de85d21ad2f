"""What two published manifests make of a build differently: their effect, not their text.

cargo writes published manifests anew, and newer versions of it write down what older ones left to defaults; so a text
comparison is mostly noise (shared spec behaviour 0.7).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from vetflow.formats.cargo_dependencies import ManifestDependency
from vetflow.formats.cargo_toml import Manifest
from vetflow.model.packages import DependencyKind
from vetflow.surface.tiers import Roots


class ManifestChange(NamedTuple):
    """One setting and its values; None where it is not set."""

    setting: str
    old: str | None
    new: str | None


_TABLES = {DependencyKind.NORMAL: "dependency", DependencyKind.BUILD: "build dependency"}


def manifest_changes(old: Manifest, old_roots: Roots, new: Manifest, new_roots: Roots) -> tuple[ManifestChange, ...]:
    """Compare what two manifests of a package mean, their versions and what only tests need aside."""
    before, after = dict(_settings(old, old_roots)), dict(_settings(new, new_roots))
    return tuple(
        ManifestChange(setting, before.get(setting), after.get(setting))
        for setting in dict.fromkeys((*after, *before))
        if before.get(setting) != after.get(setting)
    )


def _settings(manifest: Manifest, roots: Roots) -> Iterator[tuple[str, str]]:
    if roots.build_scripts:
        yield "build script", ", ".join(roots.build_scripts)
    if roots.library is not None:
        yield "library", f"{'proc macro ' if roots.proc_macro else ''}{roots.library}"
    if roots.links is not None:
        yield "links", roots.links
    if manifest.package is not None and manifest.package.edition is not None:
        yield "edition", manifest.package.edition
    yield from _dependencies(manifest)
    for name, enabled in sorted(manifest.features.items()):
        yield f"feature {name}", ", ".join(sorted(enabled)) or "nothing"


def _dependencies(manifest: Manifest) -> Iterator[tuple[str, str]]:
    found: dict[str, list[str]] = {}
    for each in manifest.dependencies:
        table = _TABLES.get(each.kind)
        if table is not None:
            condition = f" for {each.table[1]}" if each.table[0] == "target" else ""
            found.setdefault(f"{table} {each.key}{condition}", []).append(_described(each))
    for setting, descriptions in sorted(found.items()):
        yield setting, " and ".join(descriptions)


def _described(dependency: ManifestDependency) -> str:
    parts: Mapping[str, str | None] = {
        "package": dependency.package if dependency.package != dependency.key else None,
        "registry": dependency.registry,
        "git": None if dependency.git is None else " ".join(filter(None, dependency.git)),
        "path": dependency.directory,
        "features": ", ".join(sorted(dependency.features)) or None,
    }
    words = [str(dependency.requirement or "*")]
    words += [f"{name} {value}" for name, value in parts.items() if value is not None]
    words += ["optional"] if dependency.optional else []
    words += ["without default features"] if dependency.default_features is False else []
    return "; ".join(words)
