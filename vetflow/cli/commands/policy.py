"""`vetflow policy`: what is required here, by cargo-vet's tables (`require`) and by the project's own rules."""

from __future__ import annotations

import argparse
from typing import Final

from vetflow.app.policy import allow_crate, explain_policy, init_policy, set_level
from vetflow.app.policy_mirror import mirror_gate
from vetflow.app.policy_require import require_criteria
from vetflow.app.project import open_project
from vetflow.app.updating import Run
from vetflow.app.wording import count_of
from vetflow.cli.auditor import add_who, auditor
from vetflow.cli.output import Output
from vetflow.cli.progress import Progress, waiting_for_lock
from vetflow.cli.render import policy as rules_render
from vetflow.cli.render import policy_require as render
from vetflow.cli.render.write_plan import NOTHING, diff_lines
from vetflow.cli.request import moment, request_of
from vetflow.cli.signing import add_signing, signed
from vetflow.cli.updating import add_dry_run
from vetflow.cli.world import World
from vetflow.errors import UsageError
from vetflow.model.dates import Date, DateSyntaxError, parse_date
from vetflow.model.requirement import RequirementSyntaxError, VersionReq, parse_requirement
from vetflow.model.rules import BUILD_TIME_REVIEWED, RULES_FILE, AllowedCrate
from vetflow.resolve.required_policy import Scope

SUMMARY = "rules of your own for what you depend on: see what they would do, adopt them, or require more criteria"
_SCOPES: Final = {None: Scope.SHIPPED, "dev": Scope.DEV, "build": Scope.BUILD}
_TAKES: Final = {
    "require": "CRITERIA...",
    "init": "",
    "explain": "",
    "set": "RULE allow|warn|fail",
    "allow": "CRATE VERSIONS",
    "mirror": "",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what to do, and what with."""
    parser.add_argument(
        "action",
        choices=tuple(_TAKES),
        help="init: write vetflow.toml, which only warns, and list what breaks its rules today; "
        "explain: what each rule does today; set: how much a breach weighs; "
        "allow: a crate may run during the build until a day; "
        "mirror: let plain cargo-vet ask for the gate, too, with two criteria; "
        "require: ask for more criteria in cargo-vet's policy tables, never for less",
    )
    parser.add_argument("words", nargs="*", metavar="WORD", help="criteria; a rule and its level; a crate and versions")
    parser.add_argument(
        "--for",
        dest="scope",
        metavar="dev|build|MEMBER",
        help="require: only of dev dependencies, only of members' build dependencies, or only of what one member "
        "depends on (default: of everything that members depend on outside development)",
    )
    parser.add_argument("--profile", metavar="NAME", help="explain: what a stricter set of rules does")
    parser.add_argument("--reason", metavar="TEXT", help="allow: why, for whoever comes after you")
    parser.add_argument("--until", metavar="DAY", help="allow: the last day on which it may, such as 2026-12-31")
    add_who(parser)
    add_signing(parser)
    add_dry_run(parser)


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Do what was asked for; the exit code is 0 whether anything breaks a rule or not."""
    match options.action, options.words:
        case "require", [_, *_]:
            return _require(options, world, out)
        case "init", []:
            return _init(options, world, out)
        case "explain", []:
            return _explain(options, world, out)
        case "mirror", []:
            return _mirror(options, world, out)
        case "set", [rule, level]:
            with Progress(world) as progress:
                changed = set_level(request_of(options, world), rule, level, _run(options, progress, out))
        case "allow", [crate, versions]:
            allowed = AllowedCrate(crate, _versions(versions), options.reason or "", _until(options))
            with Progress(world) as progress:
                changed = allow_crate(request_of(options, world), allowed, _run(options, progress, out))
        case action, _:
            raise UsageError(f"`policy {action}` takes {_TAKES[action] or 'nothing more'}")
    if options.dry_run:
        out.document(changed[1])
        out.message("nothing was written (--dry-run)")
    else:
        out.message(NOTHING if changed[0] == changed[1] else f"wrote {RULES_FILE}")
    return 0


def _run(options: argparse.Namespace, progress: Progress, out: Output) -> Run:
    return Run(options.dry_run, progress, waiting_for_lock(out))


def _init(options: argparse.Namespace, world: World, out: Output) -> int:
    with Progress(world) as progress:
        written = init_policy(request_of(options, world), moment(options, world), _run(options, progress, out))
    if options.output_format == "json":
        out.document(rules_render.as_json(written.today, written=not options.dry_run, until=str(written.until)) + "\n")
        return 0
    out.lines(list(rules_render.red_lines(written.today)))
    if options.dry_run:
        out.message("nothing was written (--dry-run)")
    else:
        out.message(f"wrote {', '.join(sorted(written.texts))}: all rules warn, and what breaks them today does until")
        out.message(f"{written.until} even where you let them fail; `vetflow policy set gate fail` is a good next step")
    return 0


def _explain(options: argparse.Namespace, world: World, out: Output) -> int:
    with Progress(world) as progress:
        today = explain_policy(request_of(options, world), options.profile, moment(options, world), progress)
    if options.output_format == "json":
        out.document(rules_render.as_json(today) + "\n")
    else:
        out.lines(list(rules_render.as_lines(today)))
    return 0


def _mirror(options: argparse.Namespace, world: World, out: Output) -> int:
    who = auditor(options, world).who
    request = request_of(options, world)
    with Progress(world) as progress:
        run = _run(options, progress, out)
        run = signed(run, open_project(request), who, options=options, world=world, out=out)
        done = mirror_gate(request, who, run)
    if options.dry_run:
        out.lines(list(diff_lines(done.written)))
    out.line(f"{count_of(done.quiet, 'crate')} with no code that runs during a build: a machine says so for cargo-vet")
    if done.to_review:
        out.line(
            f"{count_of(len(done.to_review), 'crate')} with such code that nobody certified for {BUILD_TIME_REVIEWED}:"
        )
        out.lines([(f"  {package.name} {package.version}",) for package in done.to_review])
    if not done.written.changed:
        out.message(NOTHING)
    else:
        out.message(
            "nothing was written (--dry-run)" if options.dry_run else f"wrote {', '.join(done.written.changed)}"
        )
    return 0


def _require(options: argparse.Namespace, world: World, out: Output) -> int:
    scope = _SCOPES.get(options.scope, Scope.SHIPPED)
    required = require_criteria(
        request_of(options, world),
        tuple(options.words),
        scope,
        member=None if options.scope in _SCOPES else options.scope,
        dry_run=options.dry_run,
        waiting=waiting_for_lock(out),
    )
    if options.output_format == "json":
        out.document(render.as_json(required, dry_run=options.dry_run) + "\n")
        return 0
    out.lines(list(diff_lines(required.written) if options.dry_run else render.table_lines(required)))
    out.lines(list(render.consequence_lines(required, scope)))
    if not required.written.changed:
        out.message(NOTHING)
    else:
        out.message("nothing was written (--dry-run)" if options.dry_run else "wrote config.toml")
    return 0


def _versions(text: str) -> VersionReq:
    try:
        return parse_requirement(text)
    except RequirementSyntaxError as error:
        raise UsageError(f"'{text}' is no version requirement: {error}", help='for example "^1.2"') from error


def _until(options: argparse.Namespace) -> Date:
    if not options.until or not options.reason:
        raise UsageError(
            "an allow entry needs --reason and --until", help="nothing is allowed for good, or for no reason"
        )
    try:
        return parse_date(options.until)
    except DateSyntaxError as error:
        raise UsageError(f"'{options.until}' is no day: {error}", help="for example 2026-12-31") from error
