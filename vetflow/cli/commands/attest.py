"""`vetflow attest FILE`: a signed statement that a release was vetted, and with `--verify` its check."""

from __future__ import annotations

import argparse
import os.path
from typing import TYPE_CHECKING, Final

from vetflow.cli.auditor import own_name
from vetflow.cli.output import Output, Style, Styled
from vetflow.cli.progress import Progress
from vetflow.cli.render.findings import finding_lines, findings_json
from vetflow.cli.request import moment, request_of
from vetflow.cli.signing import add_signing, key_source
from vetflow.cli.world import World
from vetflow.errors import UsageError
from vetflow.model.findings import Finding, Level

if TYPE_CHECKING:  # brings cryptography
    from vetflow.app.attest import Checked
    from vetflow.app.project import Project
    from vetflow.app.signing import Signing
    from vetflow.trust.verdict_statement import VerdictStatement

SUMMARY = "state for a release what `ci` found, signed, as an in-toto statement; or check such a statement"
SCHEMA: Final = "vetflow/attest/1"
SIGNATURE: Final = ".sig"
"""What is added to the name of a statement for its signature's, as `ssh-keygen -Y sign` does it."""
_FAILED: Final = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take where the statement is, or goes, and what it is about."""
    parser.add_argument("file", metavar="FILE", help=f"the statement; its signature is beside it, FILE{SIGNATURE}")
    parser.add_argument(
        "--format", choices=("svr",), default="svr", help="the predicate: in-toto's Simple Verification Result"
    )
    parser.add_argument(
        "--profile",
        metavar="NAME",
        help="judge by a stricter set of rules of vetflow.toml; with --verify, take no statement made by others",
    )
    parser.add_argument(
        "--verify", action="store_true", help="check FILE against this workspace, or the one that --rev names"
    )
    add_signing(parser)


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Write the statement and its signature; or check them, with exit code 1 where they do not hold here."""
    if not options.verify:
        return _attest(options, world, out)
    if options.key or options.no_sign:
        raise UsageError("--verify takes no --key or --no-sign", help="the statement says who signed it")
    return _verify(options, world, out)


def _attest(options: argparse.Namespace, world: World, out: Output) -> int:
    from vetflow.app.attest import statement_of_answer  # noqa: PLC0415  brings cryptography
    from vetflow.app.ci.answer import Wanted, answer  # noqa: PLC0415
    from vetflow.app.project import open_project  # noqa: PLC0415
    from vetflow.trust.sshsig import ATTEST_NAMESPACE  # noqa: PLC0415

    request, now = request_of(options, world), moment(options, world)
    # Before anything is judged: a passphrase is not asked for at the end of a long wait.
    signing = _signing(open_project(request), options, world, out)
    with Progress(world) as progress:
        found = answer(request, Wanted(profile=options.profile), now, progress)
    if found.failed:
        return _refuse([each.finding for each in found.judged if each.finding.level is Level.FAIL], options, out)
    statement = statement_of_answer(found, None if signing is None else signing.email, now)
    text = statement.text()
    if signing is not None:
        _write(world, options.file + SIGNATURE, signing.sign_text(text, ATTEST_NAMESPACE))
    _write(world, options.file, text)
    if options.output_format == "json":
        out.document(findings_json(SCHEMA, (), succeeded=True, statement=statement.as_json()))
    else:
        _tell(statement, out)
        out.message(f"wrote {options.file}" + ("" if signing is None else f" and {options.file}{SIGNATURE}"))
    return 0


def _refuse(failing: list[Finding], options: argparse.Namespace, out: Output) -> int:
    if options.output_format == "json":
        out.document(findings_json(SCHEMA, failing, succeeded=False, statement=None))
    else:
        out.lines(list(finding_lines(failing)))
        out.message("nothing is attested, and nothing was written")
    return _FAILED


def _signing(project: Project, options: argparse.Namespace, world: World, out: Output) -> Signing | None:
    """Return who signs; None where nobody is to. Raises UsageError where nobody can."""
    from vetflow.app.signing import Signing, open_signing  # noqa: PLC0415  brings cryptography
    from vetflow.trust.sshsig import ATTEST_NAMESPACE  # noqa: PLC0415

    if options.no_sign:
        if options.key:
            raise UsageError("--no-sign and --key exclude each other")
        return None
    source, now = key_source(options, world, out), moment(options, world)
    signing = open_signing(project, own_name(world), source, now, namespace=ATTEST_NAMESPACE)
    if isinstance(signing, Signing):
        out.message(f"signing as {signing.email} with {signing.fingerprint}")
        return signing
    raise UsageError(
        f"the statement cannot be signed: {signing.reason or 'nothing is signed in this project'}",
        help=f"`vetflow keys init` or `keys add`; an older line of theirs in allowed_signers needs {ATTEST_NAMESPACE} "
        "among its namespaces; or leave the statement unsigned with --no-sign",
    )


def _verify(options: argparse.Namespace, world: World, out: Output) -> int:
    from vetflow.app.attest import check_attestation  # noqa: PLC0415  brings cryptography

    text = _read(world, options.file)
    signature = options.file + SIGNATURE
    armour = _read(world, signature) if os.path.exists(os.path.join(world.cwd, signature)) else None
    checked = check_attestation(request_of(options, world), text, armour, options.profile, moment(options, world))
    if options.output_format == "json":
        out.document(_json(checked))
    else:
        out.lines(list(finding_lines(checked.findings)))
        # What it says is worth reading only when somebody did say it.
        if checked.statement is not None and not checked.findings:
            _tell(checked.statement, out)
            out.line(Styled("holds", Style.GOOD), " for the Cargo.lock and the rules that are here")
    return _FAILED if checked.findings else 0


def _tell(statement: VerdictStatement, out: Output) -> None:
    from vetflow.trust.moments import write_moment  # noqa: PLC0415  see above

    who = f" by {statement.signer}" if statement.signer else ""
    rules = f", with the rules of profile {statement.profile}" if statement.profile else ""
    out.line(f"stated{who} on {write_moment(statement.created_at)} with vetflow {statement.tool}{rules}:")
    out.line(f"  Cargo.lock sha256:{statement.lock}")
    if statement.commit:
        out.line(f"  commit {statement.commit}")
    out.line(f"  decision: {statement.decision}")
    for each in statement.properties:
        out.line(f"  {each}")


def _json(checked: Checked) -> str:
    statement = None if checked.statement is None else checked.statement.as_json()
    return findings_json(SCHEMA, checked.findings, succeeded=not checked.findings, statement=statement)


def _read(world: World, name: str) -> str:
    try:
        with open(os.path.join(world.cwd, name), encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read '{name}'", causes=(str(error),)) from error


def _write(world: World, name: str, text: str) -> None:
    try:
        with open(os.path.join(world.cwd, name), "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise UsageError(f"cannot write to '{name}'", causes=(error.strerror or str(error),)) from error
