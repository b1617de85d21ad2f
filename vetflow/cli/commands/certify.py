"""`vetflow certify CRATE [BASE] VERSION`: record an audit of a version, of a delta, or of what somebody publishes."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Sequence

from vetflow.app.certify import (
    NewEntry,
    Proposal,
    Signature,
    Target,
    WildcardEntry,
    certify,
    certify_wildcard,
    lost_on_base,
    open_certify,
    open_certify_wildcard,
    proposal,
    staged,
    wildcard_period,
    with_assistants,
)
from vetflow.app.claims import assistants_of
from vetflow.app.last_review import last_review
from vetflow.app.live_store import Recorded
from vetflow.app.updating import Run
from vetflow.cli.auditor import Auditor, add_who, auditor
from vetflow.cli.certification import Certification
from vetflow.cli.kept import kept_folder
from vetflow.cli.output import Output, Style, Styled
from vetflow.cli.progress import Progress, waiting_for_lock
from vetflow.cli.render.delta_base import base_lines
from vetflow.cli.render.recorded import tell_recorded
from vetflow.cli.request import request_of
from vetflow.cli.signing import add_signing, signed
from vetflow.cli.statements import Claim, audit_sentence, wildcard_sentence
from vetflow.cli.updating import add_dry_run
from vetflow.cli.values import date, target, version
from vetflow.cli.world import World
from vetflow.errors import UsageError
from vetflow.model.criteria import Criteria
from vetflow.model.names import SAFE_TO_DEPLOY

SUMMARY = "record an audit: of a version, of what changed between two, or of whatever somebody publishes"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what is certified, for what, by whom."""
    parser.add_argument("crate", nargs="?", help="the crate's name")
    parser.add_argument("version1", nargs="?", type=version, metavar="VERSION", help="the version that was audited")
    parser.add_argument(
        "version2", nargs="?", type=version, metavar="VERSION2", help="with it: the changes from VERSION to VERSION2"
    )
    parser.add_argument(
        "--also",
        action="append",
        default=[],
        type=target,
        metavar="CRATE@VERSION",
        help="one more, with the same notes; CRATE@BASE..VERSION for a delta; again for several",
    )
    parser.add_argument(
        "--from-suggest", action="store_true", help="what `suggest` lists, of CRATE alone where one is given"
    )
    parser.add_argument(
        "--wildcard", metavar="ID", help="whatever this user or trusted publisher (github:OWNER/REPO) publishes"
    )
    parser.add_argument("--start-date", type=date, metavar="DATE", help="with --wildcard: from when")
    parser.add_argument(
        "--end-date", type=date, metavar="DATE", help="with --wildcard: until before when; not renewed then"
    )
    parser.add_argument("--criteria", action="append", default=[], metavar="NAME", help="what is certified")
    add_who(parser)
    parser.add_argument("--notes", metavar="TEXT", help="what else there is to say")
    parser.add_argument(
        "--assisted-by", action="append", default=[], metavar="NAME", help="add `Assisted-by: NAME` to the notes"
    )
    parser.add_argument("--accept-all", action="store_true", help="state it without an editor")
    parser.add_argument("--force", action="store_true", help="also a crate not in use, also what is recorded already")
    parser.add_argument(
        "--no-collapse", action="store_true", help="do not merge a delta from a git revision with what leads there"
    )
    add_signing(parser)
    add_dry_run(parser)


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Certify what the arguments name."""
    _check_arguments(options, out)
    signer = auditor(options, world)
    record = _audits if options.wildcard is None else _wildcard
    tell_recorded(record(options, world, out, signer), options, out)
    return 0


def _check_arguments(options: argparse.Namespace, out: Output) -> None:
    if options.wildcard is not None and (options.version1 or options.also or options.from_suggest):
        raise UsageError("--wildcard is about whatever somebody publishes, and takes no versions")
    if options.from_suggest and (options.version1 or options.also):
        raise UsageError("--from-suggest takes the versions from the suggestions, and no others")
    if options.no_collapse and options.version2 is None:
        raise UsageError("--no-collapse is about a delta", help="name both versions")
    if options.crate is None and options.wildcard is not None:
        raise UsageError("--wildcard is about one crate", help="name it: `vetflow certify CRATE --wildcard ID`")
    if options.wildcard is None and (options.start_date or options.end_date):
        out.message(Styled("warning", Style.WARN), ": --start-date and --end-date mean nothing without --wildcard")


def _targets(options: argparse.Namespace, world: World, out: Output, how: Run) -> tuple[Target, ...]:
    """Return what is to be certified, each once; raises UsageError when the arguments do not say it."""
    if options.from_suggest:
        return _suggested(options, world, how)
    if options.crate is None and options.also:
        return tuple(dict.fromkeys(options.also))
    if options.version1 is None:
        last = _last_looked_at(options, world)
        out.message(f"what you looked at last: {last}")
        return tuple(dict.fromkeys((last, *options.also)))
    if options.version2 is None:
        first = Target(options.crate, options.version1)
    else:
        first = Target(options.crate, options.version2, options.version1)
    return tuple(dict.fromkeys((first, *options.also)))


def _last_looked_at(options: argparse.Namespace, world: World) -> Target:
    """Return what `diff` or `inspect` showed last, of the crate that was named if one was."""
    last = last_review(request_of(options, world))
    if last is not None and options.crate in (None, last.crate):
        return last
    what = "package to certify" if options.crate is None else f"version of {options.crate} to certify"
    command = f"vetflow certify {options.crate or 'CRATE'}"
    raise UsageError(
        f"couldn't guess what {what}, please specify",
        help=f"`{command} VERSION`, or `{command} BASE VERSION` for what changed in between",
    )


def _suggested(options: argparse.Namespace, world: World, how: Run) -> tuple[Target, ...]:
    from vetflow.app.suggest import suggest_backlog  # noqa: PLC0415  brings diffing, which nothing else here needs

    suggest = suggest_backlog(request_of(options, world), progress=how.progress).suggest
    deltas = [suggestion.delta for suggestion in suggest.suggestions] if suggest else []
    found = [Target(delta.name, delta.version, delta.base) for delta in deltas if options.crate in (None, delta.name)]
    if not found:
        whom = f" of {options.crate}" if options.crate else ""
        raise UsageError(
            f"`suggest` lists nothing{whom}", help="name what you audited: `vetflow certify CRATE VERSION`"
        )
    return tuple(dict.fromkeys(found))


def _audits(options: argparse.Namespace, world: World, out: Output, signer: Auditor) -> Recorded:
    with Progress(world) as progress:
        how = Run(options.dry_run, progress, waiting_for_lock(out))
        targets = _targets(options, world, out, how)
        live = open_certify(request_of(options, world), targets, how, force=options.force)
    versions = [(each.crate, version) for each in targets for version in (each.base, each.version) if version]
    assistants = options.assisted_by
    _offer_assistants(targets, kept_folder(live.project, world), assistants, out)
    how = signed(
        how,
        live.project,
        signer.who,
        options=options,
        world=world,
        out=out,
        versions=versions,
        assisted_by=assistants,
    )
    form = Certification(options, world, out, [str(each) for each in targets])
    entries: list[NewEntry] = []
    before = live
    for each in targets:
        entries.append(_entry(proposal(before, each), live.store.criteria, form, out))
        before = staged(before, entries[-1])
    claims = [Claim(audit_sentence(signer.names, entry.target), entry.criteria) for entry in entries]
    with form.kept(claims, live.store.audits.criteria) as (stated, notes):
        certified = [entry for entry, claim in zip(entries, claims, strict=True) if claim in stated]
        signature = Signature(signer.who, with_assistants(notes, assistants))
        done = certify(live, certified, signature, how, collapse=not options.no_collapse, force=options.force)
    for each in done.repeated:
        out.message(f"{each} was recorded before in the same words and is not added again (--force would)")
    return done.recorded


def _offer_assistants(targets: Sequence[Target], folder: str, named: Collection[str], out: Output) -> None:
    """Name assistants whose claims about a target are kept in `folder` and who were not named."""
    for each in targets:
        versions = [str(version) for version in (each.base, each.version) if version]
        for name in assistants_of(folder, each.crate, versions):
            if name not in named:
                out.message(f"there are claims of {name} about {each}; if they helped, say so: --assisted-by '{name}'")


def _entry(proposed: Proposal, criteria: Criteria, form: Certification, out: Output) -> NewEntry:
    """Settle the criteria of one audit, after showing what a delta starts from."""
    target = proposed.target
    for line in base_lines(proposed, criteria):
        out.message(*line)
    # Where nobody is asked, an audit that would help nowhere is not recorded, as with cargo-vet.
    fitting = proposed.criteria if proposed.helps or form.asks else ()
    chosen = form.choose(f"what to certify {target} for", criteria, fitting)
    lost = lost_on_base(criteria, proposed, chosen)
    if lost:
        out.message(
            Styled("warning", Style.WARN),
            f": {target.base} does not hold {', '.join(lost)}, and a delta cannot raise it: "
            f"{target.version} will not hold it either until {target.base} does",
        )
    return NewEntry(target, chosen)


def _wildcard(options: argparse.Namespace, world: World, out: Output, signer: Auditor) -> Recorded:
    crate, publisher = options.crate, options.wildcard
    with Progress(world) as progress:
        how = Run(options.dry_run, progress, waiting_for_lock(out))
        live = open_certify_wildcard(request_of(options, world), crate, how, force=options.force)
    how = signed(how, live.project, signer.who, options=options, world=world, out=out, assisted_by=options.assisted_by)
    period = wildcard_period(live, crate, publisher, start=options.start_date, end=options.end_date)
    form = Certification(options, world, out, [f"{crate}@wildcard-{publisher}"])
    chosen = form.choose(f"what to certify {crate}:* for", live.store.criteria, (SAFE_TO_DEPLOY,))
    claim = Claim(wildcard_sentence(signer.names, crate, publisher, period), chosen)
    with form.kept([claim], live.store.audits.criteria) as (_, notes):
        signature = Signature(signer.who, with_assistants(notes, options.assisted_by))
        new = WildcardEntry(crate, period, chosen, end_was_chosen=options.end_date is not None)
        return certify_wildcard(live, new, signature, how)
