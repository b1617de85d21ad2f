"""`vetflow keys init|add|rotate|revoke|check`: whose signatures count in this project."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, TypeAlias

from vetflow.cli.auditor import own_name
from vetflow.cli.output import Output, Style, Styled
from vetflow.cli.progress import waiting_for_lock
from vetflow.cli.request import moment, request_of
from vetflow.cli.signing import add_key_option, key_source
from vetflow.cli.values import date
from vetflow.cli.world import World
from vetflow.errors import UsageError

if TYPE_CHECKING:
    from vetflow.app.project import Project
    from vetflow.trust.public_keys import PublicKey

SUMMARY = "say whose signatures count: begin, add a key, replace one, take one back, look at them"
_ACTIONS: Final = ("init", "add", "rotate", "revoke", "check")
_Action: TypeAlias = "Callable[[Project, argparse.Namespace, World, Output], None]"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what to do, and with whose key."""
    parser.add_argument(
        "action",
        choices=_ACTIONS,
        help="init: begin to sign, with your key; add: let another key count; rotate: the same, instead of older ones; "
        "revoke: a key was lost; check: which lines of allowed_signers count",
    )
    parser.add_argument(
        "whose",
        nargs="?",
        metavar="WHO",
        help="an e-mail address (default: git's); for revoke also a key or SHA256:...",
    )
    add_key_option(parser)
    parser.add_argument("--since", type=date, metavar="DATE", help="for revoke: signatures seen before still count")
    parser.add_argument("--reason", metavar="TEXT", help="for revoke: what happened")


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Do it."""
    from vetflow.app.project import open_project  # noqa: PLC0415  together with what signs

    if options.action != "revoke" and (options.since or options.reason):
        raise UsageError("--since and --reason are for `keys revoke`")
    _RUN[options.action](open_project(request_of(options, world)), options, world, out)
    return 0


def _init(project: Project, options: argparse.Namespace, world: World, out: Output) -> None:
    from vetflow.app.keys import init_keys  # noqa: PLC0415  brings cryptography

    email, key = _email(options, world), _key(options, world, out)
    written = init_keys(project, email, key, moment(options, world), waiting_for_lock(out))
    out.message(f"{email} signs with {key.fingerprint} from now on; wrote {', '.join(written)}")
    out.message("commit these files; what was in audits.toml before needs no signature")


def _add(project: Project, options: argparse.Namespace, world: World, out: Output) -> None:
    from vetflow.app.keys import add_key  # noqa: PLC0415  brings cryptography

    email, key = _email(options, world), _key(options, world, out)
    add_key(project, email, key, moment(options, world), waiting_for_lock(out))
    out.message(f"{key.fingerprint} counts for {email}, once this is merged")


def _rotate(project: Project, options: argparse.Namespace, world: World, out: Output) -> None:
    from vetflow.app.keys import rotate_key  # noqa: PLC0415  brings cryptography

    email, key = _email(options, world), _key(options, world, out)
    rotate_key(project, email, key, moment(options, world), waiting_for_lock(out))
    out.message(f"{key.fingerprint} counts for {email} now; older keys count for what is merged by then")


def _revoke(project: Project, options: argparse.Namespace, world: World, out: Output) -> None:
    from vetflow.app.keys import find_fingerprint, revoke_key  # noqa: PLC0415  brings cryptography
    from vetflow.trust.moments import parse_moment  # noqa: PLC0415

    if options.whose and options.key:
        raise UsageError("name the key either way, not both")
    if options.whose and "@" in options.whose and " " not in options.whose:
        fingerprint = find_fingerprint(project, options.whose)
    elif options.whose and options.whose.startswith("SHA256:"):
        fingerprint = options.whose
    elif options.whose or options.key:
        options.key = options.whose or options.key
        fingerprint = _key(options, world, out).fingerprint
    else:
        raise UsageError("say which key: an e-mail address, a public key or its SHA256:...")
    since = None if options.since is None else parse_moment(f"{options.since}T00:00:00Z")
    revoke_key(project, fingerprint, since, options.reason, waiting_for_lock(out))
    seen = f"unless they were merged before {options.since}" if options.since else "whenever they were made"
    out.message(f"signatures by {fingerprint} no longer count, {seen}; `vetflow verify` names them")


def _check(project: Project, options: argparse.Namespace, world: World, out: Output) -> None:
    from vetflow.app.keys import check_keys  # noqa: PLC0415  brings cryptography

    states = check_keys(project, moment(options, world))
    if options.output_format == "json":
        from vetflow.cli.render.report_json import inert  # noqa: PLC0415  most people read the lines

        lines = [
            {
                "line": state.signer.line,
                "principals": state.signer.principals,
                "key": state.signer.key.fingerprint,
                "counts": state.why_not is None,
                "why-not": state.why_not,
            }
            for state in states
        ]
        out.document(inert({"schema": "vetflow/keys/1", "keys": lines}) + "\n")
        return
    for state in states:
        verdict = Styled("counts", Style.GOOD) if state.why_not is None else Styled("does not count", Style.WARN)
        reason = f": {state.why_not}" if state.why_not else ""
        signer = state.signer
        whose = f"line {signer.line}  {signer.principals}  {signer.key.kind} {signer.key.fingerprint}  "
        out.line(whose, verdict, reason)


def _email(options: argparse.Namespace, world: World) -> str:
    from vetflow.trust.signatures import addresses  # noqa: PLC0415  brings cryptography

    found = addresses((options.whose,) if options.whose else own_name(world))
    if len(found) != 1:
        raise UsageError(
            "it is not known whose key it is", help="name the e-mail address, or set it: `git config user.email ...`"
        )
    return found[0]


def _key(options: argparse.Namespace, world: World, out: Output) -> PublicKey:
    from vetflow.keys.choice import own_key  # noqa: PLC0415  brings cryptography

    return own_key(key_source(options, world, out))


_RUN: Final[Mapping[str, _Action]] = {
    "init": _init,
    "add": _add,
    "rotate": _rotate,
    "revoke": _revoke,
    "check": _check,
}
