"""`vetflow checklist CRATE [OLD] [NEW]`: what a reviewer should ask of a version or delta, and where in the code."""

from __future__ import annotations

import argparse

from vetflow.app.crates import is_path
from vetflow.cli.output import Output
from vetflow.cli.progress import Progress
from vetflow.cli.request import request_of
from vetflow.cli.showing import with_pager
from vetflow.cli.world import World
from vetflow.errors import UsageError
from vetflow.model.names import SAFE_TO_DEPLOY

SUMMARY = "what a reviewer should ask of a version or delta, with every place that bears on it"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the crate, its versions, and what somebody would vouch for."""
    parser.add_argument("crate", help="the crate's name, or the path of an unpacked crate or of a `.crate` file")
    parser.add_argument(
        "versions",
        nargs="*",
        metavar="VERSION",
        help="one for all of it, two for a delta; else what the queue suggests",
    )
    parser.add_argument(
        "--criteria",
        action="append",
        metavar="NAME",
        help=f"what it is to be certified for (default: {SAFE_TO_DEPLOY})",
    )
    parser.add_argument("--all", action="store_true", help="also the places that are not asked about")
    parser.add_argument(
        "--host-library", action="store_true", help="take the crate's library for code that runs during a build"
    )


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Show the checklist, with what was answered in reviews of this project. Answers nothing."""
    from vetflow.app.checklist import checklist_of, subject_of  # noqa: PLC0415  what `--help` does without
    from vetflow.app.crates import project_if_any  # noqa: PLC0415  see above
    from vetflow.app.review_crates import Wanted, inspect_crate, review_delta  # noqa: PLC0415  see above
    from vetflow.app.rules import read_rules  # noqa: PLC0415  see above
    from vetflow.cli.kept import kept  # noqa: PLC0415  see above
    from vetflow.cli.render.checklist import checklist_json, checklist_lines  # noqa: PLC0415  see above
    from vetflow.model.rules import ProjectRules  # noqa: PLC0415  see above
    from vetflow.review.answers import Answers  # noqa: PLC0415  see above

    request = request_of(options, world)
    crate, versions = _wanted(options, world)
    wanted = Wanted(crate, versions, options.host_library)
    with Progress(world) as progress:
        read = inspect_crate if len(versions) == 1 else review_delta
        subject = subject_of(read(request, wanted, progress))
    project = project_if_any(request)
    asked = checklist_of(subject, project).for_criteria(options.criteria or [SAFE_TO_DEPLOY])
    rules = ProjectRules() if project is None else read_rules(project)
    answers = Answers(asked, kept(request, world).session().ticks, rules.checklist)
    if options.output_format == "json":
        out.document(checklist_json(answers, subject) + "\n")
        return 0
    with with_pager(world, out):
        for line in checklist_lines(answers, subject, everything=options.all):
            out.line(*line)
    return 0


def _wanted(options: argparse.Namespace, world: World) -> tuple[str | None, tuple[str, ...]]:
    """Return the crate, None where paths say it, and its versions, the old one first."""
    versions = tuple(options.versions)
    if is_path(options.crate):
        crate, versions = None, (options.crate, *versions)
    else:
        crate = options.crate
    if len(versions) > 2:
        raise UsageError(
            "checklist takes one version, two, or none",
            help="`vetflow checklist CRATE OLD NEW`, or paths alone; a path has a `/` or ends in `.crate`",
        )
    if versions or crate is None:
        return crate, versions
    from vetflow.cli.pair import suggested_pair, waiting_pairs  # noqa: PLC0415  only where no version is named

    pair = suggested_pair(waiting_pairs(request_of(options, world), world), crate, None)
    return crate, tuple(version for version in (pair.base, pair.version) if version)
