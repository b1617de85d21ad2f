"""`diff` and `inspect` for programs (docs/schemas/diff.json and inspect.json)."""

from __future__ import annotations

from typing import Any, Final

from vetflow.app.review_crates import InspectedCrate, ReviewedDelta
from vetflow.cli.render.crate_surface import finding_object
from vetflow.cli.render.report_json import inert
from vetflow.model.decisions import Hold
from vetflow.review.packages import EnteringPackage
from vetflow.review.patches import FilePatch, Side
from vetflow.surface.blobs import Blob
from vetflow.surface.code_change import CodeChange

DIFF: Final = "vetflow/diff/1"
INSPECT: Final = "vetflow/inspect/1"


def diff_json(delta: ReviewedDelta) -> str:
    """Return a delta as a document with a schema. It has all that the view for people has, but the lines."""
    tiers = {file.path: group.tier.value for group in delta.plan.groups if group.tier for file in group.files}
    return inert(
        {
            "schema": DIFF,
            "name": delta.new.content.name,
            "old": _end(delta.old),
            "new": _end(delta.new),
            "grade": int(delta.grade),
            "surface": list(delta.new.analysis.surface.paths()),
            "findings": [finding_object(each) for each in delta.findings],
            "lost": [{"id": each.rule, "capability": each.capability, "detail": each.detail} for each in delta.lost],
            "incomplete": [{"path": each.path, "reason": each.reason} for each in delta.diff.incomplete],
            "packages": {
                "entering": [_package(each) for each in delta.packages.entering],
                "leaving": list(delta.packages.leaving),
            },
            **changes_object(delta),
            "lines": {group.tier.value if group.tier else "rest": group.lines for group in delta.plan.groups},
            "files": [{**file_object(file), "tier": tiers.get(file.path)} for file in delta.diff.files],
            "moved": [
                {"path": moved.path, "tier": group.tier.value if group.tier else None, "into": moved.into}
                for group in delta.plan.groups
                for moved in group.moved
            ],
            "not_followed": not_followed(delta.new),
            "undecided": [each.sentence for each in delta.new.analysis.undecided],
            "hold": _hold(delta.new.hold),
        }
    )


def inspect_json(crate: InspectedCrate) -> str:
    """Return a version as a document with a schema."""
    surface = crate.analysis.surface
    tiers = {file.path: file.tier.value for file in surface.files}
    return inert(
        {
            "schema": INSPECT,
            "name": crate.content.name,
            **_end(crate),
            "grade": int(crate.grade),
            "surface": list(surface.paths()),
            "findings": [finding_object(each) for each in crate.findings],
            "files": [
                {"path": path, "size": len(file.content), "tier": tiers.get(path)}
                for path, file in sorted(crate.content.files.items())
            ],
            "not_followed": not_followed(crate),
            "undecided": [each.sentence for each in crate.analysis.undecided],
            "hold": _hold(crate.hold),
        }
    )


def _end(crate: InspectedCrate) -> dict[str, Any]:
    content = crate.content
    return {
        "version": str(content.version) if content.version else None,
        "origin": content.origin,
        "left_out": list(content.left_out),
    }


def not_followed(crate: InspectedCrate) -> list[dict[str, Any]]:
    """Return the places at which following the code ended."""
    surface = crate.analysis.surface
    return [
        {"path": each.path, "line": each.line, "what": each.what} for each in (*surface.escaping, *surface.unresolved)
    ]


def _package(package: EnteringPackage) -> dict[str, Any]:
    facts = package.facts
    return {
        "name": package.name,
        "requirements": [str(each) for each in package.requirements],
        "build": package.build,
        "optional": package.optional,
        "conditions": list(package.conditions),
        "locked": [str(each) for each in package.locked],
        "looks_like": list(package.looks_like),
        "version": str(facts.version) if facts.version else None,
        "published": str(facts.published) if facts.published else None,
        "since": str(facts.since) if facts.since else None,
        "tiers": [tier.value for tier in facts.tiers],
        "grade": None if facts.grade is None else int(facts.grade),
        "lacking": facts.lacking,
    }


def _blob(blob: Blob | None) -> dict[str, Any] | None:
    if blob is None:
        return None
    return {"format": blob.format, "size": blob.size, "sha256": blob.digest, "executable": blob.executable}


def _code(change: CodeChange) -> dict[str, Any]:
    return {
        "changes": not change.is_none,
        "changed": list(change.changed),
        "compared": change.compared,
        "exceptions": [
            {"kind": each.kind.name.lower().replace("_", "-"), "path": each.path, "line": each.line}
            for each in change.exceptions
        ],
    }


def changes_object(delta: ReviewedDelta) -> dict[str, Any]:
    """Return what changed besides lines: the manifest's settings, binary files, whether code did at all."""
    return {
        "manifest": [{"setting": each.setting, "old": each.old, "new": each.new} for each in delta.manifest],
        "binaries": [{"path": each.path, "old": _blob(each.old), "new": _blob(each.new)} for each in delta.blobs],
        "code": _code(delta.code),
    }


def file_object(file: FilePatch) -> dict[str, Any]:
    """Return what happened to a file, without its lines."""
    return {
        "path": file.path,
        "change": file.change.value,
        "old": _side(file.old),
        "new": _side(file.new),
        "added": file.added,
        "removed": file.removed,
        "line_endings": file.endings.lines if file.endings else 0,
        "white_space_hunks": file.white_space_hunks,
    }


def _side(side: Side | None) -> dict[str, Any] | None:
    if side is None:
        return None
    return {
        "path": side.path,
        "sha256": side.sha256,
        "size": side.size,
        "executable": side.executable,
        "binary": side.binary is not None,
    }


def _hold(hold: Hold | None) -> dict[str, Any] | None:
    return hold and {"reason": hold.reason, "cleared_when": hold.cleared_when}
