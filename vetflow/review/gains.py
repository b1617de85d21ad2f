"""What a new version can do that the old one could not, and what nobody can read of it that is new.

Evidence is compared by what it says, never by where it stands: code that moves gains nothing. A program that is new or
not the same is an alert, and so is compiled code that changed while no source did (shared spec behaviour A5).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from vetflow.surface.blobs import Blob, BlobKind
from vetflow.surface.evidence import Evidence
from vetflow.surface.tiers import CrateSurface, Grade, Tier
from vetflow.surface.vcs_info import VCS_INFO, VcsClaim


class BlobChange(NamedTuple):
    """A file that is no text, new or with another content. old: None for a new one, new: None for one that is gone."""

    old: Blob | None
    new: Blob | None

    @property
    def path(self) -> str:
        """Where it is, or was."""
        return "".join(blob.path for blob in (self.new or self.old,) if blob)


_UNFOLLOWED: Final = "…"
"""Stands in a detail for what is known only when the code runs."""
_SENTENCES: Final = {True: "new, and nobody can read it", False: "changed, and nobody can read what"}


def gained(old: Iterable[Evidence], new: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return the new evidence that says something the old does not, or says it more gravely, graded as something new.

    What is harmless where it stands, such as a hidden character in a file for tests, hides no graver one elsewhere.
    """
    known: dict[tuple[str, str, Tier | None], Grade] = {}
    for each in old:
        known[_says(each)] = max(each.grade_when_new, known.get(_says(each), each.grade_when_new))
    return tuple(
        each._replace(grade=each.grade_when_new)
        for each in new
        if _says(each) not in known or each.grade_when_new > known[_says(each)]
    )


def _says(evidence: Evidence) -> tuple[str, str, Tier | None]:
    """Return what of evidence is compared: one value that could not be followed says as little as another."""
    if _UNFOLLOWED in evidence.detail:
        return evidence.rule, _UNFOLLOWED, evidence.tier
    return evidence.capability, evidence.detail, evidence.tier


def blob_changes(old: Mapping[str, Blob], new: Mapping[str, Blob]) -> tuple[BlobChange, ...]:
    """Compare files that are no text, by path."""
    return tuple(
        BlobChange(old.get(path), new.get(path))
        for path in sorted(old.keys() | new.keys())
        if (old[path].digest if path in old else None) != (new[path].digest if path in new else None)
    )


def blob_evidence(
    changes: Iterable[BlobChange], surface: CrateSurface, *, source_changed: bool
) -> tuple[Evidence, ...]:
    """Return what is new or changed and nobody can read as evidence; what is gone is none.

    source_changed: whether any source text of the package did, which compiled code could be made of.
    """
    tiers = {file.path: file.tier for file in surface.files}
    return tuple(
        Evidence(
            rule="blob/new" if change.old is None else "blob/changed",
            capability="blob",
            detail=f"{change.new.format} {change.path}, sha256 {change.new.digest}",
            grade=_grade(change.new, read=change.path in tiers, unexplained=bool(change.old) and not source_changed),
            tier=tiers.get(change.path),
            path=change.path,
            line=None,
            text="",
            sentence=_SENTENCES[change.old is None],
        )
        for change in changes
        if change.new is not None
    )


def vanished_claim(old: VcsClaim | None, new: VcsClaim | None) -> tuple[Evidence, ...]:
    """Return as evidence that a package no longer says which revision it was made of (shared spec behaviour A6)."""
    if old is None or new is not None:
        return ()
    return (
        Evidence(
            rule="vcs/vanished",
            capability="vcs",
            detail="vanished",
            grade=Grade.REVIEW,
            tier=None,
            path=VCS_INFO,
            line=None,
            text="",
            sentence="the old version says which git revision it was made of, and this one does not",
        ),
    )


def _grade(blob: Blob, *, read: bool, unexplained: bool) -> Grade:
    """Grade a new or changed blob. read: by build-time code. unexplained: it changed, and no source did."""
    if blob.kind is BlobKind.EXECUTABLE:
        return Grade.ALERT
    if blob.kind is BlobKind.IMPORT_LIBRARY:
        return Grade.NOTE
    if blob.kind.is_machine_code:
        return Grade.ALERT if unexplained else Grade.REVIEW
    return Grade.REVIEW if read else Grade.NOTE
