"""Importing what an assistant claims about crates, and finding it again when one of them is under review.

Nothing is fetched: a document cannot make this machine ask anybody for anything. What is not here is dropped, and what
is kept is checked again each time it is shown, against the files that are shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Final

from vetflow.app.crates import CrateReader
from vetflow.app.network import open_sources
from vetflow.app.project import Project
from vetflow.app.updating import silent
from vetflow.errors import UsageError, VetflowError
from vetflow.model.contents import CrateFiles
from vetflow.model.version import VersionSyntaxError, parse_version
from vetflow.project.claims_folder import keep_claims, kept_claims
from vetflow.review.claims import (
    Assisted,
    Checked,
    Claim,
    Claims,
    ClaimsError,
    check_claims,
    parse_claims,
    versions_of,
    write_claims,
)

_MOST_VERSIONS: Final = 50
"""Versions that one document may be about; each is read."""


def import_claims(project: Project, text: str, folder: str) -> tuple[Claims, Checked]:
    """Check a document and keep what quotes lines that exist. folder: where the state of the project's reviews is.

    project: opened for an offline run, so that a document cannot make this machine ask for anything.
    Raises UsageError for what is no such document, or where nothing can be kept.
    """
    try:
        claims = parse_claims(text)
    except ClaimsError as error:
        way_out = "docs/schemas/claims.json has the form"
        raise UsageError(f"there are no claims to import: {error}", help=way_out) from None
    checked = check_claims(claims, _contents(project, claims))
    try:
        for crate, version in versions_of(checked.kept):
            of_this = tuple(each for each in checked.kept if (each.crate, each.version) == (crate, version))
            document = write_claims(Claims(claims.assistant, of_this))
            keep_claims(folder, crate, version, claims.assistant, document)
    except OSError as error:
        raise UsageError(
            "the claims cannot be kept", help=f"make room in {folder}", causes=(error.strerror or str(error),)
        ) from error
    return claims, checked


def assistants_of(folder: str, crate: str, versions: Iterable[str]) -> tuple[str, ...]:
    """Return whose claims about some versions are kept, whatever became of them since."""
    found: dict[str, None] = {}
    for version in versions:
        for text in kept_claims(folder, crate, version):
            with suppress(ClaimsError):
                found[parse_claims(text).assistant] = None
    return tuple(found)


def claims_about(folder: str, crate: str, versions: Iterable[tuple[str, CrateFiles]]) -> Assisted:
    """Return what assistants claim about versions of a crate, as far as it quotes these files."""
    kept: dict[Claim, None] = {}
    assistants: dict[str, None] = {}
    for version, files in versions:
        for text in kept_claims(folder, crate, version):
            try:
                claims = parse_claims(text)
            except ClaimsError:
                continue
            if found := check_claims(claims, {(crate, version): files}).kept:
                kept |= dict.fromkeys(found)
                assistants[claims.assistant] = None
    return Assisted(tuple(kept), tuple(assistants))


def _contents(project: Project, claims: Claims) -> Mapping[tuple[str, str], CrateFiles | str]:
    """Read the versions that claims are about, from where the project's run may get them."""
    found: dict[tuple[str, str], CrateFiles | str] = {}
    with open_sources(project, silent) as sources:
        reader = CrateReader(project.request, sources, project)
        for crate, version in versions_of(claims.claims)[:_MOST_VERSIONS]:
            try:
                found[crate, version] = reader.version(crate, parse_version(version)).files
            except VersionSyntaxError:
                found[crate, version] = "that is no version"
            except VetflowError as error:
                found[crate, version] = error.message
    return found
