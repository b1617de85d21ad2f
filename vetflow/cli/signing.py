"""What commands that sign share: `--key` and `--no-sign`, the passphrase, and how a run comes to sign its entries."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from vetflow.app.project import Project
from vetflow.app.recording import own_text
from vetflow.app.updating import Run
from vetflow.cli.auditor import own_name
from vetflow.cli.output import Output, Style, Styled
from vetflow.cli.progress import Progress
from vetflow.cli.request import moment
from vetflow.cli.world import World
from vetflow.errors import UsageError
from vetflow.model.names import CrateName
from vetflow.model.version import VetVersion

if TYPE_CHECKING:  # brings cryptography, which only a project that signs needs
    from vetflow.app.signing import Signing
    from vetflow.keys.choice import KeySource


def add_signing(parser: argparse.ArgumentParser) -> None:
    """Declare `--key` and `--no-sign`."""
    add_key_option(parser)
    parser.add_argument("--no-sign", action="store_true", help="do not sign, also where entries are signed")


def add_key_option(parser: argparse.ArgumentParser) -> None:
    """Declare `--key`."""
    whose = "(default: the one git signs with, else an agent's)"
    parser.add_argument("--key", metavar="KEY", help=f"the key to use: a file, a public key or SHA256:... {whose}")


def key_source(options: argparse.Namespace, world: World, out: Output) -> KeySource:
    """Return where keys are looked for, as the options say."""
    from vetflow.keys.choice import KeySource  # noqa: PLC0415  see above

    return KeySource(options.key, world.cwd, world.environ, _passphrase(world, out))


def signed(
    run: Run,
    project: Project,
    who: Sequence[str],
    *,
    options: argparse.Namespace,
    world: World,
    out: Output,
    versions: Sequence[tuple[CrateName, VetVersion]] = (),
    assisted_by: Sequence[str] = (),
) -> Run:
    """Return the run as it signs what it records, or unchanged where nothing is signed; says which, where it matters.

    versions: those that entries will be about. Raises what `app.signing.open_signing` raises.
    """
    if options.no_sign and options.key:
        raise UsageError("--no-sign and --key exclude each other")
    if own_text(project, "allowed_signers") is None:
        if options.key:
            raise UsageError("nothing is signed in this project", help="begin with `vetflow keys init`")
        return run
    if options.no_sign or run.dry_run:
        if options.no_sign:
            out.message(Styled("not signed", Style.WARN), " (--no-sign): `vetflow verify` will name it")
        return run
    from vetflow.app.signing import Unsigned, open_signing  # noqa: PLC0415  see above
    from vetflow.trust.statement import Seen  # noqa: PLC0415

    seen = Seen(assisted_by=tuple(assisted_by))
    signing = open_signing(project, who, key_source(options, world, out), moment(options, world), seen=seen)
    if isinstance(signing, Unsigned):
        if signing.reason:
            out.message(Styled("not signed", Style.WARN), f": {signing.reason}")
        return run
    with Progress(world) as progress:
        signing.look_up(versions, progress)
    out.message(f"signing as {signing.email} with {signing.fingerprint}")
    return run._replace(own_files=signing.own_files)


def open_import_signing(
    project: Project, options: argparse.Namespace, world: World, out: Output
) -> tuple[str, Signing | None]:
    """Return who accepts imports, and what signs the receipt where the project signs and git's user has a key."""
    name = next(iter(own_name(world)), "somebody")
    if own_text(project, "allowed_signers") is None or options.no_sign or options.dry_run:
        return name, None
    from vetflow.app.signing import Signing, open_signing  # noqa: PLC0415  see above
    from vetflow.trust.sshsig import IMPORT_NAMESPACE  # noqa: PLC0415

    source, now = key_source(options, world, out), moment(options, world)
    signing = open_signing(project, own_name(world), source, now, namespace=IMPORT_NAMESPACE)
    if not isinstance(signing, Signing):
        raise UsageError(f"the receipt cannot be signed: {signing.reason}", help="or accept it with --no-sign")
    out.message(f"signing as {signing.email} with {signing.fingerprint}")
    return signing.email, signing


def _passphrase(world: World, out: Output) -> Callable[[str], str | None]:
    def ask(path: str) -> str | None:
        if not world.stdin.isatty():
            return None
        from getpass import getpass  # noqa: PLC0415  only for an encrypted key

        out.flush()
        try:
            return getpass(f"passphrase of {path}: ")
        except EOFError:
            return None

    return ask
