"""`vetflow lock drift REV` and `vetflow lock verify`: what happened to Cargo.lock, and whether it is what it seems."""

from __future__ import annotations

import argparse
from typing import Final

from vetflow.app.drift import lock_drift
from vetflow.app.lock_verify import LockRules, LockVerification, verify_lock
from vetflow.cli.output import Output
from vetflow.cli.progress import Progress
from vetflow.cli.render import drift as render
from vetflow.cli.render.findings import finding_lines, findings_json
from vetflow.cli.request import request_of
from vetflow.cli.world import World
from vetflow.errors import UsageError

SUMMARY = (
    "show what happened to Cargo.lock since a revision, or whether it is what index and archives say; writes nothing"
)
SCHEMA: Final = "vetflow/lock-verify/1"
_FAILED: Final = 1
_UNDECIDED: Final = 3
_MOST_NAMED: Final = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what to do, and the revision to compare with."""
    parser.add_argument(
        "action",
        choices=("drift", "verify"),
        help="what changed, the gravest first; or: is it complete, and are its checksums those of index and archives?",
    )
    parser.add_argument(
        "since",
        metavar="REV",
        nargs="?",
        help="drift: the commit, branch or tag to compare with; --rev names the other side",
    )
    parser.add_argument("--base", metavar="REV", help="verify: versions that REV has, too, must have its checksums")
    parser.add_argument(
        "--no-archives", action="store_true", help="verify: compare with the index alone, download no archive"
    )


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Do what was asked for; raises UsageError for options of the other action."""
    if options.action == "drift":
        if options.since is None or options.base or options.no_archives:
            raise UsageError("`lock drift` takes one revision and no options of `lock verify`", help="lock drift REV")
        return _drift(options, world, out)
    if options.since is not None:
        raise UsageError("`lock verify` takes its revision as an option", help=f"lock verify --base {options.since}")
    return _verify(options, world, out)


def _drift(options: argparse.Namespace, world: World, out: Output) -> int:
    """Print what happened; 1 when a version is not any more what it was, 3 when one is refused."""
    with Progress(world) as progress:
        drift = lock_drift(request_of(options, world), options.since, progress)
    if options.output_format == "json":
        out.document(render.as_json(drift) + "\n")
    else:
        for line in render.as_lines(drift):
            out.line(*line)
    if drift.is_tampered:
        return _FAILED
    return _UNDECIDED if any(why.refused for _, why in drift.lacking) else 0


def _verify(options: argparse.Namespace, world: World, out: Output) -> int:
    """Print what is wrong; 1 when something is, 3 when that could not be decided of every package."""
    with Progress(world) as progress:
        rules = LockRules(options.base, with_archives=not options.no_archives)
        result = verify_lock(request_of(options, world), progress, rules)
    if options.output_format == "json":
        out.document(_json(result))
    else:
        _tell(result, out, with_archives=not options.no_archives)
    if not result.succeeded:
        return _FAILED
    return _UNDECIDED if result.lacking else 0


def _tell(result: LockVerification, out: Output, *, with_archives: bool) -> None:
    out.lines(list(finding_lines(result.findings)))
    sides = "index and archive" if with_archives else "the index"
    out.line(f"checksums that are those of {sides}: {result.compared}")
    if not result.lacking:
        return
    out.line(f"could not be decided (packages: {len(result.lacking)}):")
    for package, reason in result.lacking[:_MOST_NAMED]:
        out.line(f"  {package.name} {package.version}: {reason}")
    if len(result.lacking) > _MOST_NAMED:
        out.line(f"  and {len(result.lacking) - _MOST_NAMED} more; --output-format json names all of them")


def _json(result: LockVerification) -> str:
    return findings_json(
        SCHEMA,
        result.findings,
        succeeded=result.succeeded,
        compared=result.compared,
        lacking=[
            {"name": package.name, "version": str(package.version), "reason": reason}
            for package, reason in result.lacking
        ],
    )
