"""The error tree: everything vetflow reports to a person instead of a result.

An error carries fields (what, where, the way out, what lies behind it); `cli.main` alone maps it to an exit code
and `cli.output` alone prints it. Several problems of one input are one error with `related` entries, so that a
person sees all of them at once. Nothing in here imports anything of vetflow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Place(NamedTuple):
    """Where in an input a problem is: file as the user would name it, line and column counted from 1."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        """Render as `file:line:column`, as far as known."""
        parts = [self.file, *(str(n) for n in (self.line, self.column) if n is not None)]
        return ":".join(parts)


class VetflowError(Exception):
    """Base of all errors: one sentence, and what a person needs to act on it.

    message: what is wrong, one or a few lines, no trailing full stop needed.
    help: the way out, an imperative sentence or a command.
    place: file, line and column where known.
    causes: what lies behind it, outermost first (for example the operating system's words).
    related: the single problems when this error gathers several.
    """

    def __init__(
        self,
        message: str,
        *,
        help: str | None = None,  # noqa: A002  the field's name in cargo-vet's JSON errors
        place: Place | None = None,
        causes: Sequence[str] = (),
        related: Sequence[VetflowError] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.place = place
        self.causes = tuple(causes)
        self.related = tuple(related)


class UsageError(VetflowError):
    """The command line cannot be understood or combines options that exclude each other."""


class TomlError(VetflowError):
    """A TOML file cannot be read as TOML at all; who asked for it says what that means."""


class StoreError(VetflowError):
    """The store (supply-chain/) is missing, unreadable, malformed or inconsistent."""


class NoStoreError(StoreError):
    """There is no store yet; `vetflow init` makes one."""


class UndefinedCriteriaError(StoreError):
    """Entries that the verdict uses name criteria nobody defined; cargo-vet crashes on them."""


class WorkspaceError(VetflowError):
    """Cargo.lock, a manifest or a metadata document is missing, malformed, or they contradict each other."""


class PolicyError(VetflowError):
    """The policy tables of config.toml do not fit the dependency graph."""


class NotFoundError(VetflowError):
    """The command names something (a crate, version, criterion, word) that is not there, or not unambiguous."""


class ViolationError(VetflowError):
    """A question cannot be answered because the crate has violation conflicts."""


class UndecidedError(VetflowError):
    """There is no answer without something that could not be had (cargo, the network, an archive, a git object)."""
