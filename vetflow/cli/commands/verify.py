"""`vetflow verify`: whether every entry of audits.toml is signed by somebody whose key counts, for all it claims."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from vetflow.cli.output import Line, Output
from vetflow.cli.render.findings import finding_lines, finding_rows
from vetflow.cli.request import moment, request_of
from vetflow.cli.world import World

if TYPE_CHECKING:
    from vetflow.app.verify import Verify

SUMMARY = "check the signatures of audits.toml: who made each entry, and about which bytes"
SCHEMA: Final = "vetflow/verify/1"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take the revision to compare with."""
    parser.add_argument(
        "--since", metavar="REV", help="only what differs from REV, by the keys that REV allows (a pull request's base)"
    )


def run(options: argparse.Namespace, world: World, out: Output) -> int:
    """Verify; the exit code is 1 when an entry is not what somebody signed."""
    from vetflow.app.verify import verify  # noqa: PLC0415  brings cryptography

    result = verify(request_of(options, world), moment(options, world), since=options.since)
    if options.output_format == "json":
        out.document(_json(result))
    else:
        _tell(result, out)
    return 0 if result.succeeded else 1


def _tell(result: Verify, out: Output) -> None:
    out.lines(list(finding_lines(result.findings)))
    if not result.signs:
        out.line("nothing is signed in this project; `vetflow keys init` begins")
        return
    counts = _counts(result)
    out.line(
        f"{counts['signed']} of {counts['entries']} entries are signed, "
        f"{counts['older']} are from before signing began, {counts['unsigned']} are not signed as they stand"
    )
    out.lines(list(_checklist_lines(result)))


def _checklist_lines(result: Verify) -> Iterator[Line]:
    """Yield what signers say of checklists, the items by name that they did not consider, or that concern them."""
    from vetflow.trust.claims import claim_of  # noqa: PLC0415  brings cryptography

    for verdict in result.verification.entries:
        for sound in verdict.statements:
            for items in sound.statement.seen.checklists.values():
                done = len(items.considered) + len(items.concerns)
                of = done + len(items.not_considered)
                what = claim_of(verdict.crate, verdict.entry)
                yield (f"{what}: {sound.row.signer} considered {done} of {of} items of the checklist",)
                if items.concerns:
                    yield (f"  concerns: {', '.join(items.concerns)}",)
                if items.not_considered:
                    yield (f"  not considered: {', '.join(items.not_considered)}",)


def _counts(result: Verify) -> Counter[str]:
    counts = Counter(entries=len(result.verification.entries))
    for verdict in result.verification.entries:
        counts["signed" if verdict.problem is None else "older" if verdict.is_old else "unsigned"] += 1
    return counts


def _json(result: Verify) -> str:
    from vetflow.cli.render.report_json import inert  # noqa: PLC0415  most people read the sentences
    from vetflow.trust.claims import claim_of  # noqa: PLC0415  brings cryptography

    counts = _counts(result)
    document = {
        "schema": SCHEMA,
        "signs": result.signs,
        "base": result.base,
        "succeeded": result.succeeded,
        "counts": {key: counts[key] for key in ("entries", "signed", "older", "unsigned")},
        "entries": [
            {
                "claim": claim_of(verdict.crate, verdict.entry).as_json(),
                "criteria": list(verdict.entry.criteria),
                "signers": sorted({sound.row.signer for sound in verdict.statements}),
                "older": verdict.is_old,
                "problem": verdict.problem and verdict.problem.flaw.value,
                "checklists": [
                    {"signer": sound.row.signer, **items.as_json()}
                    for sound in verdict.statements
                    for items in sound.statement.seen.checklists.values()
                ],
            }
            for verdict in result.verification.entries
        ],
        "findings": finding_rows(result.findings),
    }
    return inert(document) + "\n"
