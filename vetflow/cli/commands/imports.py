"""`vetflow imports ACTION`: what others' audits would settle, what they changed, and what of it was accepted."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, TypeAlias

from vetflow.cli.output import Output, Style, Styled
from vetflow.cli.progress import Progress, waiting_for_lock
from vetflow.cli.request import moment, request_of
from vetflow.cli.signing import add_signing
from vetflow.cli.updating import add_dry_run
from vetflow.cli.world import World
from vetflow.errors import UsageError

if TYPE_CHECKING:
    from vetflow.app.imports.coverage import CriteriaMapping

SUMMARY = "see what others' audits settle here, review what they changed, accept it, and check that nothing else is in"
_VERIFY_SCHEMA: Final = "vetflow/imports-verify/1"
_MAPPING: Final = re.compile(r"([^:=]+):([^=]+)=([^=]+)\Z")
_Action: TypeAlias = Callable[[argparse.Namespace, World, Output], int]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what to do, with which imports."""
    parser.add_argument(
        "action",
        choices=tuple(_ACTIONS),
        help="coverage: what each set settles, and what is left; review: what peers say now that nobody accepted; "
        "accept: take it over, with a receipt; verify: is anything in imports.lock that nobody accepted; "
        "pin: fix the address of NAME at COMMIT",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="imports or publishers (default: all that are known)")
    parser.add_argument(
        "--criteria-map",
        metavar="PEER:THEIRS=OURS",
        action="append",
        default=[],
        help="for coverage: try out what happens if a peer's criterion counts as one of yours (may be repeated)",
    )
    parser.add_argument(
        "--require",
        metavar="CRITERIA",
        action="append",
        default=[],
        help="for coverage: try out what happens if every member requires it, too (may be repeated)",
    )
    parser.add_argument("--accept-all", action="store_true", help="for accept: do not ask")
    parser.add_argument("--with-stops", action="store_true", help="for accept: also what the review stops at")
    add_signing(parser)
    add_dry_run(parser)


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Do it."""
    if options.action != "coverage" and (options.criteria_map or options.require):
        raise UsageError("--criteria-map and --require are for `imports coverage`")
    return _ACTIONS[options.action](options, world, out)


def _coverage(options: argparse.Namespace, world: World, out: Output) -> int:
    """Print what each set settles."""
    from vetflow.app.imports.coverage import WhatIf, import_coverage  # noqa: PLC0415  each action brings its own
    from vetflow.cli.render import import_coverage as render  # noqa: PLC0415

    what_if = WhatIf(tuple(map(_mapping, options.criteria_map)), tuple(options.require))
    with Progress(world) as progress:
        coverage = import_coverage(request_of(options, world), options.names, what_if, progress=progress)
    if options.output_format == "json":
        out.document(render.as_json(coverage) + "\n")
    else:
        for line in render.as_lines(coverage):
            out.line(*line)
    return 0


def _review(options: argparse.Namespace, world: World, out: Output) -> int:
    """Print what peers say now; the exit code is 0 whether there is anything to stop at or not."""
    from vetflow.app.imports.review import review_imports  # noqa: PLC0415  see above
    from vetflow.cli.render import import_review as render  # noqa: PLC0415

    with Progress(world) as progress:
        review = review_imports(request_of(options, world), options.names, moment(options, world), progress)
    if options.output_format == "json":
        out.document(render.review_json(review))
    else:
        out.lines(list(render.review_lines(review)))
    return 0


def _accept(options: argparse.Namespace, world: World, out: Output) -> int:
    """Show the review, ask, take over."""
    from vetflow.app.imports.accept import accept_imports  # noqa: PLC0415  see above
    from vetflow.app.imports.review import review_imports  # noqa: PLC0415
    from vetflow.app.updating import Run  # noqa: PLC0415
    from vetflow.cli.prompts import confirm  # noqa: PLC0415
    from vetflow.cli.render import import_review as render  # noqa: PLC0415
    from vetflow.cli.render.write_plan import tell_written  # noqa: PLC0415
    from vetflow.cli.signing import open_import_signing  # noqa: PLC0415

    with Progress(world) as progress:
        review = review_imports(request_of(options, world), options.names, moment(options, world), progress)
    if options.output_format == "human":
        out.lines(list(render.review_lines(review)))
    if review.stops and not options.with_stops:
        raise UsageError(
            f"nothing was accepted: the review stops {review.stops} times",
            help="look at each stop; then `vetflow imports accept --with-stops`",
        )
    if not options.dry_run and not options.accept_all and not confirm(world, out, "accept all of this?"):
        raise UsageError("nothing was accepted", help="confirm it at a terminal, or with --accept-all")
    by, signing = open_import_signing(review.project, options, world, out)
    with Progress(world) as progress:
        how = Run(options.dry_run, progress, waiting_for_lock(out))
        updated = accept_imports(review, by, moment(options, world), how, signing)
    notes, dry_run = updated.notes, options.dry_run
    tell_written(updated.written, out, output_format=options.output_format, dry_run=dry_run, notes=notes)
    return 0


def _verify(options: argparse.Namespace, world: World, out: Output) -> int:
    """Judge imports.lock by the receipts; the exit code is 1 when something was not accepted."""
    from vetflow.app.imports.receipts import verify_imports  # noqa: PLC0415  see above
    from vetflow.cli.render.findings import finding_lines, findings_json  # noqa: PLC0415

    findings = verify_imports(request_of(options, world), moment(options, world))
    if options.output_format == "json":
        out.document(findings_json(_VERIFY_SCHEMA, findings or (), receipts=findings is not None))
    elif findings is None:
        out.line("this project keeps no receipts of what it imports; `vetflow imports accept` begins")
    else:
        out.lines(list(finding_lines(findings)))
        verdict = f"{len(findings)} things were not accepted" if findings else "all that is imported was accepted"
        out.line(Styled(verdict, Style.BAD if findings else Style.GOOD))
    return 1 if findings else 0


def _pin(options: argparse.Namespace, world: World, out: Output) -> int:
    """Fix an import's address at a commit."""
    from vetflow.app.imports.accept import pin_import  # noqa: PLC0415  see above
    from vetflow.cli.render.write_plan import tell_written  # noqa: PLC0415

    if len(options.names) != 2:
        raise UsageError("say what to pin, and where: `vetflow imports pin NAME COMMIT`")
    name, commit = options.names
    dry_run = options.dry_run
    written = pin_import(request_of(options, world), name, commit, dry_run=dry_run, waiting=waiting_for_lock(out))
    tell_written(written, out, output_format=options.output_format, dry_run=dry_run)
    if written.changed:
        out.message(f"the address of {name} is another one now: `vetflow imports accept {name}`")
    return 0


def _mapping(text: str) -> CriteriaMapping:
    from vetflow.app.imports.coverage import CriteriaMapping  # noqa: PLC0415  see above

    match = _MAPPING.match(text)
    if match is None:
        raise UsageError(
            f"--criteria-map '{text}' is not PEER:THEIRS=OURS",
            help="for example google:ub-risk-2=memory-ok",
        )
    return CriteriaMapping(*match.groups())


_ACTIONS: Final[Mapping[str, _Action]] = {
    "coverage": _coverage,
    "review": _review,
    "accept": _accept,
    "verify": _verify,
    "pin": _pin,
}
