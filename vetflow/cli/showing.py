"""What `diff` and `inspect` have in common: where code is shown, and what comes after reading it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Final

from vetflow.app.crates import is_path
from vetflow.app.request import Request
from vetflow.cli.output import Output, Style, Styled
from vetflow.cli.progress import Progress
from vetflow.cli.values import version
from vetflow.cli.world import World
from vetflow.errors import UsageError
from vetflow.model.contents import CrateFiles
from vetflow.model.version import VetVersion
from vetflow.review.session import Pair

if TYPE_CHECKING:
    from vetflow.app.review_crates import InspectedCrate, ReviewedDelta, Wanted

_LOCAL: Final = "local"
_TEMPLATE: Final = "custom_url="
_PAGES: Final = {
    ("diff.rs", 2): "https://diff.rs/{package}/{version1}/{version2}/",
    ("diff.rs", 1): "https://diff.rs/browse/{package}/{version}/",
    ("crates.io", 1): "https://crates.io/crates/{package}/{version}/code",
}


def add_showing(parser: argparse.ArgumentParser, modes: str) -> None:
    """Take where and how much to show."""
    parser.add_argument(
        "--mode", metavar="MODE", default=_LOCAL, help=f"where to show it: {modes}; all but local print an address"
    )
    parser.add_argument("--all", action="store_true", help="also what does not run during a build")
    parser.add_argument(
        "--host-library", action="store_true", help="take the crate's library for code that runs during a build"
    )


def show_delta(request: Request, wanted: Wanted, world: World, out: Output, *, as_json: bool, everything: bool) -> None:
    """Show what changed between two versions, and remember it for `certify`; raises as `review_delta`."""
    from vetflow.app.review_crates import review_delta  # noqa: PLC0415  not for a mode that only has an address

    with Progress(world) as progress:
        delta = review_delta(request, wanted, progress)
    if as_json:
        from vetflow.cli.render.review_json import diff_json  # noqa: PLC0415  one format is needed per run

        out.document(diff_json(delta) + "\n")
        return
    from vetflow.cli.kept import kept  # noqa: PLC0415  see above
    from vetflow.cli.render.claims import claim_lines  # noqa: PLC0415  see above
    from vetflow.cli.render.delta import delta_lines  # noqa: PLC0415  one format is needed per run
    from vetflow.review.hunk_memory import HunkMemory  # noqa: PLC0415  see above

    with with_pager(world, out):
        past = kept(request, world)
        for line in delta_lines(delta, everything=everything, memory=HunkMemory(past.session(), _pair(delta))):
            out.line(*line)
        out.lines(list(claim_lines(past.claims(delta.new.content.name, _files(delta.new, delta.old)))))
        if not delta.diff.incomplete:
            _tell_to_certify(out, wanted, delta.new)


def show_version(
    request: Request, wanted: Wanted, world: World, out: Output, *, as_json: bool, everything: bool
) -> None:
    """Show a whole version, and remember it for `certify`; raises as `inspect_crate`."""
    from vetflow.app.review_crates import inspect_crate  # noqa: PLC0415  not for a mode that only has an address

    with Progress(world) as progress:
        inspected = inspect_crate(request, wanted, progress)
    if as_json:
        from vetflow.cli.render.review_json import inspect_json  # noqa: PLC0415  one format is needed per run

        out.document(inspect_json(inspected) + "\n")
        return
    from vetflow.cli.kept import kept  # noqa: PLC0415  see above
    from vetflow.cli.render.claims import claim_lines  # noqa: PLC0415  see above
    from vetflow.cli.render.inspected import inspected_lines  # noqa: PLC0415  one format is needed per run

    with with_pager(world, out):
        for line in inspected_lines(inspected, everything=everything):
            out.line(*line)
        out.lines(list(claim_lines(kept(request, world).claims(inspected.content.name, _files(inspected)))))
        _tell_to_certify(out, wanted, inspected)


def show_elsewhere(
    options: argparse.Namespace, request: Request, out: Output, crate: str | None, ends: Sequence[str]
) -> bool:
    """Print the address where a web page shows it, where such a mode was chosen; remember what for.

    False where it is to be shown here. What is no published version no page has, and git revisions are always shown
    here, as by cargo-vet. Raises UsageError for an unknown mode.
    """
    template = _template(options.mode, len(ends))
    if template is None or crate is None or any(is_path(end) or "@git:" in end for end in ends):
        return False
    from vetflow.app.last_review import remember_versions  # noqa: PLC0415  only where nothing is read

    versions = [_version(end) for end in ends]
    remember_versions(request, crate, versions)
    names = ("version",) if len(ends) == 1 else ("version1", "version2")
    address = template.replace("{package}", crate)
    for name, each in zip(names, versions, strict=True):
        address = address.replace(f"{{{name}}}", str(each))
    out.line(address)
    return True


def _version(text: str) -> VetVersion:
    try:
        return version(text)
    except argparse.ArgumentTypeError as error:
        raise UsageError(str(error)) from None


def _template(mode: str, ends: int) -> str | None:
    if mode == _LOCAL:
        return None
    if mode.startswith(_TEMPLATE):
        return mode.removeprefix(_TEMPLATE)
    page = _PAGES.get((mode, ends))
    if page is None:
        raise UsageError(f"there is no mode '{mode}' here", help="`--help` lists them")
    return page


def with_pager(world: World, out: Output) -> AbstractContextManager[None]:
    """Page what is written in a block, where somebody watches."""
    from vetflow.project.pager import pager  # noqa: PLC0415  only for what is shown

    return out.paged(lambda terminal: pager(world.environ, terminal))


def _pair(delta: ReviewedDelta) -> Pair:
    return Pair(delta.new.content.name, str(delta.old.content.version or ""), str(delta.new.content.version or ""))


def _files(*crates: InspectedCrate) -> list[tuple[str, CrateFiles]]:
    return [(str(crate.content.version or ""), crate.content.files) for crate in crates]


def _tell_to_certify(out: Output, wanted: Wanted, crate: InspectedCrate) -> None:
    """Say how an audit is recorded, of a crate of the project that was not taken from somebody's folder."""
    if crate.host is not None and not any(map(is_path, wanted.versions)):
        out.line()
        out.line("When you have read it: ", Styled("vetflow certify", Style.COMMAND), " records your audit")
