"""`vetflow advisories`: what is publicly known to be wrong with the locked versions, who vetted them, what fixes it."""

from __future__ import annotations

import argparse
from typing import Any, Final

from vetflow.app.advisories import Advisories, AdvisoryAnswer, find_advisories
from vetflow.cli.output import Output, Style, Styled
from vetflow.cli.progress import Progress
from vetflow.cli.render.findings import finding_lines, findings_json
from vetflow.cli.request import request_of
from vetflow.cli.world import World

SUMMARY = "match the locked versions with known advisories; fetches no database and writes nothing"
SCHEMA: Final = "vetflow/advisories/1"
_FAILED: Final = 1
_UNDECIDED: Final = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the databases."""
    parser.add_argument(
        "--db",
        metavar="PATH",
        action="append",
        default=[],
        help="a checkout of RustSec's advisory-db, or an archive of OSV records; several may be given "
        "(default: those vetflow.toml names, else the one `cargo audit` keeps)",
    )
    parser.add_argument("--stale", action="store_true", help="do not ask how old the database is")


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Print what is known; 1 for what fails, 3 when the question stays open."""
    with Progress(world) as progress:
        found = find_advisories(request_of(options, world), options.db, progress, stale=options.stale)
    if options.output_format == "json":
        out.document(_json(found))
    else:
        _tell(found, out)
    if not found.succeeded:
        return _FAILED
    return _UNDECIDED if found.lacking else 0


def _tell(found: Advisories, out: Output) -> None:
    answers = {id(answer.finding): answer for answer in found.answers}
    for finding in found.findings:
        out.lines(list(finding_lines([finding])))
        if answer := answers.get(id(finding)):
            _tell_answer(answer, out)
    if not found.answers:
        out.line("no advisory found for the locked versions")
    for reason in found.lacking:
        out.line(Styled("not decided", Style.WARN), f": {reason}")


def _tell_answer(answer: AdvisoryAnswer, out: Output) -> None:
    match = answer.match
    if match.is_ignored:
        return
    if match.fix is None:
        out.line("  no version is known that fixes it")
    elif answer.fix_vetted:
        out.line(f"  {match.fix} fixes it, and is vetted already")
    for command in answer.violations:
        out.line("  if nobody may use these versions: ", Styled(command, Style.COMMAND))


def _json(found: Advisories) -> str:
    return findings_json(
        SCHEMA,
        found.findings,
        succeeded=found.succeeded,
        databases=[
            {"path": each.path, "updated": None if each.updated is None else str(each.updated)}
            for each in found.databases
        ],
        advisories=[_row(answer) for answer in found.answers],
        yanked=[{"name": package.name, "version": str(package.version)} for package in found.yanked],
        undecided=list(found.lacking),
    )


def _row(answer: AdvisoryAnswer) -> dict[str, Any]:
    match, advisory = answer.match, answer.match.advisory
    return {
        "id": advisory.id,
        "kind": advisory.kind.value,
        "malicious": advisory.malicious,
        "name": match.package.name,
        "version": str(match.package.version),
        "title": advisory.title,
        "aliases": list(advisory.aliases),
        "published": None if advisory.published is None else str(advisory.published),
        "url": advisory.url,
        "functions": list(advisory.functions),
        "fix": None if match.fix is None else str(match.fix),
        "fix_vetted": answer.fix_vetted,
        "vetted_by": list(answer.vetted_by),
        "ignored": None
        if match.ignored is None
        else {"reason": match.ignored.reason, "until": str(match.ignored.until), "holds": match.is_ignored},
        "violations": list(answer.violations),
    }
