"""The refusal of a crate whose content cannot be trusted to be what cargo would build."""

from __future__ import annotations

from typing import NoReturn

from vetflow.errors import Place, VetflowError


class RefusedArchiveError(VetflowError):
    """A crate is malformed, or has what no honest crate has. Nothing in it may be relied upon."""


def refuse(file: str, reason: str, *causes: str) -> NoReturn:
    """Raise the error for a crate that is not read any further. file: the archive, folder or repository it is in."""
    raise RefusedArchiveError(
        f"the crate is refused: {reason}",
        help="do not build this crate; report it to the registry it came from",
        place=Place(file),
        causes=causes,
    )
