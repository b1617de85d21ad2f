"""`vetflow regenerate exemptions|imports|audit-as-crates-io|unpublished`: make one kind of entries anew."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import Final

from vetflow.app.regenerate import (
    regenerate_audit_as,
    regenerate_exemptions,
    regenerate_imports,
    regenerate_unpublished,
)
from vetflow.app.request import Request
from vetflow.app.updating import Run, Updated
from vetflow.cli.output import Output, Style, Styled
from vetflow.cli.updating import add_dry_run, run_update
from vetflow.cli.world import World

SUMMARY = """\
make one kind of the store's entries anew

  exemptions          exempt what does not vet, with as little as will do, and remove what is not needed
  imports             take over what is needed of the imports, and accept changed descriptions of their criteria
  audit-as-crates-io  guess which packages of your own are crates of crates.io, where the policy does not say
  unpublished         drop rows of versions that have been published since, even if the check then fails"""

_KINDS: Final[Mapping[str, Callable[[Request, Run], Updated]]] = {
    "exemptions": regenerate_exemptions,
    "imports": regenerate_imports,
    "audit-as-crates-io": regenerate_audit_as,
    "unpublished": regenerate_unpublished,
}
_NEED_NEWS: Final = frozenset({"imports", "unpublished"})
"""Kinds that are made of what others say now; a locked run does not know."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the kind."""
    parser.add_argument("kind", choices=tuple(_KINDS), metavar="KIND", help=", ".join(_KINDS))
    add_dry_run(parser)


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Regenerate, and count what changed."""
    if options.locked and options.kind in _NEED_NEWS:
        out.message(
            Styled("warning", Style.WARN),
            f": `regenerate {options.kind}` with --locked does nothing: it is about what others have published",
        )
        return 0
    return run_update(_KINDS[options.kind], options, world, out)
