"""`vetflow bundle CRATE [A B]` gives an assistant something to read; `vetflow bundle import FILE` takes its claims."""

from __future__ import annotations

import argparse
import os
from typing import Final

from vetflow.cli.output import Output, Style, Styled
from vetflow.cli.progress import Progress
from vetflow.cli.request import request_of
from vetflow.cli.world import World
from vetflow.errors import UsageError

SUMMARY = "a crate for an assistant to read, and what it claims of it, to be checked"
FORMATS: Final = ("human", "markdown", "json")
_IMPORT: Final = "import"
_MOST: Final = 400_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the crate and its versions, or a document of claims."""
    parser.add_argument("crate", help="the crate's name; or `import FILE`: take an assistant's claims (- for stdin)")
    parser.add_argument(
        "versions", nargs="*", metavar="VERSION", help="one to be read whole, or two; else what the queue suggests"
    )
    parser.add_argument("--criteria", action="append", default=[], metavar="NAME", help="what is asked of the crate")
    parser.add_argument("--all", action="store_true", help="also what does not run during a build")
    parser.add_argument(
        "--most", type=int, default=_MOST, metavar="BYTES", help=f"of code at most (default: {_MOST:,})"
    )


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Print a bundle, or import claims. Nothing is sent anywhere."""
    if options.crate == _IMPORT:
        return _import(options, world, out)
    from vetflow.app.bundle import Extent, make_bundle  # noqa: PLC0415  not for an import
    from vetflow.cli.pair import suggested_pair, waiting_pairs  # noqa: PLC0415  see above
    from vetflow.cli.render.bundle import bundle_json, bundle_markdown  # noqa: PLC0415  see above

    versions = options.versions
    if len(versions) > 2:
        raise UsageError("bundle takes one version or two", help="`vetflow bundle CRATE OLD NEW`")
    request = request_of(options, world)
    if not versions:
        pair = suggested_pair(waiting_pairs(request, world), options.crate, None)
        versions = [version for version in (pair.base, pair.version) if version]
    extent = Extent(tuple(options.criteria), options.all, options.most)
    with Progress(world) as progress:
        bundle = make_bundle(request, options.crate, versions, extent, progress)
    out.document(bundle_json(bundle) + "\n" if options.output_format == "json" else bundle_markdown(bundle))
    if left := len(bundle.selection.left_out):
        out.message(Styled("note", Style.WARN), f": {left} files are left out or cut; the bundle names them")
    return 0


def _import(options: argparse.Namespace, world: World, out: Output) -> int:
    """Keep the claims that quote what exists."""
    if len(options.versions) != 1:
        raise UsageError("import takes one file", help="`vetflow bundle import FILE`, or `-` for standard input")
    from vetflow.app.claims import import_claims  # noqa: PLC0415  not for a bundle
    from vetflow.app.project import open_project  # noqa: PLC0415  see above
    from vetflow.cli.kept import kept_folder  # noqa: PLC0415  see above
    from vetflow.cli.render.claims import import_json, import_lines  # noqa: PLC0415  see above

    project = open_project(request_of(options, world)._replace(offline=True))
    claims, checked = import_claims(project, _text(options.versions[0], world), kept_folder(project, world))
    if options.output_format == "json":
        out.document(import_json(claims, checked) + "\n")
    else:
        out.lines(list(import_lines(claims, checked)))
    return 0 if checked.kept or not checked.dropped else 1


def _text(name: str, world: World) -> str:
    """Return what somebody wants to import; raises UsageError for what is too large or cannot be read."""
    from vetflow.review.claims import LARGEST  # noqa: PLC0415  see above

    try:
        if name == "-":
            text = world.stdin.read(LARGEST + 1)
        else:
            with open(os.path.join(world.cwd, name), encoding="utf-8") as file:
                text = file.read(LARGEST + 1)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read '{name}'", causes=(str(error),)) from error
    if len(text) > LARGEST:
        raise UsageError(f"'{name}' is larger than {LARGEST:,} bytes", help="split it")
    return text
