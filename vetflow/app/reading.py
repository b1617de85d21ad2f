"""What one crate tells, read once: its facts, its build-time surface, and what that can do."""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

from vetflow.app.crates import CrateContent
from vetflow.app.shipped import shipped_path
from vetflow.graph.crate_facts import CrateFacts, published_facts
from vetflow.model.pins import ShippedBinary
from vetflow.sources.archives import sha256
from vetflow.surface.analysis import analyse
from vetflow.surface.blobs import Blob, BlobKind
from vetflow.surface.evidence import Evidence
from vetflow.surface.rules import Rules, parse_rules
from vetflow.surface.tiers import CrateSurface, Tier

ANALYSIS: Final = 3
"""Counted up when the code that follows files and names finds something else than before, by the same rules."""

_RULES: Final = "capabilities.toml"


class Reading(NamedTuple):
    """A crate as its files show it.

    surface: its own build-time files, with those of its library where that was asked for. evidence: the highest grade
    first, expected things included. digest: of what runs by itself, build script and proc macro; None where nothing
    does. binaries: machine code in the package, looked for where there is a digest or the crate is under review.
    undecided: what reading the code cannot tell, one sentence each.
    """

    facts: CrateFacts
    surface: CrateSurface
    evidence: tuple[Evidence, ...]
    digest: str | None
    binaries: tuple[ShippedBinary, ...]
    undecided: tuple[str, ...] = ()

    def tiers(self) -> tuple[Tier, ...]:
        """Return how its own code runs during the build, whoever uses it."""
        targets = self.facts.targets
        own = ((Tier.BUILD_SCRIPT, targets.build_script), (Tier.PROC_MACRO, targets.proc_macro))
        return tuple(tier for tier, runs in own if runs)


def read_content(content: CrateContent, *, host_library: bool = False, under_review: bool = False) -> Reading:
    """Read a crate. host_library, under_review: see `surface.analysis.analyse`.

    Raises WorkspaceError or TomlError for a manifest that cannot be understood.
    """
    analysis = analyse(content.files, load_rules(), host_library=host_library, under_review=under_review)
    binaries = sorted(blob for blob in analysis.blobs.values() if _is_code(blob))
    return Reading(
        facts=published_facts(analysis.manifest, content.files),
        surface=analysis.surface,
        evidence=analysis.evidence,
        digest=analysis.digest,
        binaries=tuple(ShippedBinary(blob.path, blob.digest) for blob in binaries),
        undecided=tuple(each.sentence for each in analysis.undecided),
    )


def _is_code(blob: Blob) -> bool:
    """Whether a file holds machine code; an import library only names what a Windows library has."""
    return blob.kind.is_machine_code and blob.kind is not BlobKind.IMPORT_LIBRARY


@cache
def load_rules() -> Rules:
    """Read the rules that vetflow ships."""
    path = shipped_path(_RULES)
    with open(path, encoding="utf-8") as file:
        return parse_rules(file.read(), path)


@cache
def rules_version() -> str:
    """Return what today's readings are made with: another version may see other things in the same crate."""
    with open(shipped_path(_RULES), "rb") as file:
        return f"{ANALYSIS}-{sha256(file.read())[:16]}"
