"""`vetflow sign [CRATE]`: sign entries of audits.toml that name you and are not signed."""

from __future__ import annotations

import argparse

from vetflow.cli.auditor import add_who, auditor
from vetflow.cli.output import Output, Style, Styled
from vetflow.cli.progress import Progress, waiting_for_lock
from vetflow.cli.prompts import confirm
from vetflow.cli.request import moment, request_of
from vetflow.cli.signing import add_key_option, key_source
from vetflow.cli.world import World
from vetflow.errors import UsageError

SUMMARY = "sign entries of audits.toml that name you, or nobody, and are not signed"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the crate, and how far to go."""
    parser.add_argument("crate", nargs="?", help="only entries of this crate, those from before signing began, too")
    parser.add_argument("--resign", action="store_true", help="also entries that changed since you signed them")
    parser.add_argument("--accept-all", action="store_true", help="sign without being asked")
    add_who(parser)
    add_key_option(parser)


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Show what is to be signed, ask, sign."""
    from vetflow.app.project import open_project  # noqa: PLC0415  brings cryptography, like all that signs
    from vetflow.app.sign import sign_entries, unsigned_entries, versions_of  # noqa: PLC0415
    from vetflow.app.signing import Unsigned, open_signing  # noqa: PLC0415
    from vetflow.trust.claims import claim_of  # noqa: PLC0415

    project, now = open_project(request_of(options, world)), moment(options, world)
    opened = project.open_store(locked=False)
    signing = open_signing(project, auditor(options, world).who, key_source(options, world, out), now)
    if isinstance(signing, Unsigned):
        raise UsageError(
            signing.reason or "nothing is signed in this project", help="`vetflow keys init` or `vetflow keys add`"
        )
    found = unsigned_entries(project, opened, signing, options.crate, now)
    for verdict in () if options.resign else found.changed:
        reason = verdict.problem.reason if verdict.problem else ""
        out.message(Styled("left out", Style.WARN), f": {claim_of(verdict.crate, verdict.entry)}: {reason}; --resign")
    chosen = [(verdict.crate, verdict.entry) for verdict in found.chosen(resign=options.resign)]
    if not chosen:
        out.message("nothing to sign")
        return 0
    out.message(f"to be signed as {signing.email} with {signing.fingerprint}:")
    for crate, entry in chosen:
        out.message(f"  {claim_of(crate, entry)} for {', '.join(entry.criteria)}")
    if not options.accept_all and not confirm(world, out, "you have made each of these statements?"):
        raise UsageError("nothing was signed", help="confirm it at a terminal, or with --accept-all")
    with Progress(world) as progress:
        signing.look_up(versions_of(chosen), progress)
    sign_entries(project, signing, chosen, now, waiting_for_lock(out))
    out.message(f"signed {len(chosen)} {'entry' if len(chosen) == 1 else 'entries'}")
    return 0
