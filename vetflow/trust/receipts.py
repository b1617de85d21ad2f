"""Whether what imports.lock holds was accepted by anybody: each of its rows must be among the rows of a receipt.

Rows are judged one by one, so that pruning, by vetflow or by cargo-vet, needs no new receipt; what is there and was not
accepted, says more than it did, or comes by another way than was agreed on is a finding of its own (shared spec trust
2.3 and 2.4).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from enum import Enum
from typing import Final, NamedTuple

from vetflow.formats.import_receipts import Acceptance, AcceptedPublishers, AcceptedRow, Receipt, Receipts
from vetflow.model.audits import Publisher
from vetflow.model.criteria import Criteria
from vetflow.model.names import CrateName, CriteriaName, ImportName
from vetflow.model.store import AuditsFile, Import, Store
from vetflow.trust import sshsig
from vetflow.trust.canonical_json import canonical, digest
from vetflow.trust.claims import TRUSTED, VIOLATION, Claim, Entry, claim_of, entries_of
from vetflow.trust.meaning import notes_digest
from vetflow.trust.moments import MomentError, parse_moment
from vetflow.trust.public_keys import SignatureError
from vetflow.trust.signatures import Judge, KeyUse, key_problem

TYPE: Final = "vetflow-import/1"


class ImportFlaw(Enum):
    """What is wrong with something imported; the value is the finding's name."""

    NO_RECEIPT = "no-receipt"
    BAD_RECEIPT = "bad-receipt"
    CHANGED_IMPORT = "import-changed"
    FORGED = "row-not-accepted"
    WIDENED = "row-widened"
    EDITED = "row-edited"
    VIOLATION_GONE = "violation-missing"
    REDEFINED = "criterion-redefined"
    PUBLISHER = "publisher-not-accepted"


class ImportProblem(NamedTuple):
    """A flaw, where it is, and a sentence about it. crate: None where it is about the whole import."""

    flaw: ImportFlaw
    peer: ImportName | None
    crate: CrateName | None
    reason: str


def accepted_rows(audits: AuditsFile, crates: Collection[CrateName]) -> Mapping[CrateName, tuple[AcceptedRow, ...]]:
    """Return the rows of an import, in the store's own criteria, about crates; trusted entries are never imported."""
    rows: dict[CrateName, list[AcceptedRow]] = {}
    for crate, entry in entries_of(audits):
        claim = claim_of(crate, entry)
        if crate in crates and claim.kind != TRUSTED:
            rows.setdefault(crate, []).append(row_of(claim, entry))
    return {crate: tuple(sorted(set(found))) for crate, found in rows.items()}


def row_of(claim: Claim, entry: Entry) -> AcceptedRow:
    """Return a row as a receipt names it."""
    said = {
        "claim": claim.as_json(),
        "who": list(getattr(entry, "who", ())),
        "notes": notes_digest(entry.notes) or "",
        "from": list(entry.aggregated_from),
    }
    return AcceptedRow(claim.words, tuple(sorted(entry.criteria)), digest(said))


def map_digest(source: Import) -> str:
    """Return the digest of how something is imported: addresses, what is left out, what criteria become."""
    mapped = [[name, sorted(names)] for name, names in sorted(source.criteria_map.items())]
    return digest({"url": list(source.url), "exclude": sorted(source.exclude), "map": mapped})


def publisher_words(row: Publisher) -> str:
    """Return a publisher row as a receipt names it."""
    return f"{row.version} on {row.when} by {row.source}"


def receipt_text(name: ImportName, receipt: Receipt) -> str:
    """Return what is signed for a receipt."""
    rows = [
        [crate, [[row.what, list(row.criteria), row.digest] for row in sorted(set(found))]]
        for crate, found in sorted(receipt.rows.items())
    ]
    return canonical(
        {
            "type": TYPE,
            "import": name,
            "url": list(receipt.url),
            "body": list(receipt.bodies),
            "map": receipt.map,
            "criteria": [list(each) for each in sorted(receipt.criteria.items())],
            "keys": receipt.keys or "",
            "rows": digest(rows),
            "accepted-by": receipt.acceptance.by,
            "accepted-at": receipt.acceptance.at,
        }
    )


def publishers_text(accepted: AcceptedPublishers) -> str:
    """Return what is signed for the publishers that were accepted."""
    rows = [[crate, sorted(found)] for crate, found in sorted(accepted.rows.items())]
    acceptance = accepted.acceptance
    said = {"accepted-by": acceptance.by, "accepted-at": acceptance.at, "rows": digest(rows)}
    return canonical({"type": TYPE, "publishers": True, **said})


def judge_imports(
    store: Store, receipts: Receipts, crates: Collection[CrateName], judge: Judge | None
) -> tuple[ImportProblem, ...]:
    """Judge what imports.lock holds. crates: those in use.

    judge: what signatures are judged by; None in a project that does not sign, where receipts need no signature.
    """
    problems: list[ImportProblem] = []
    for peer, file in sorted(store.imports.audits.items()):
        receipt, source = receipts.receipts.get(peer), store.config.imports.get(peer)
        if receipt is None or source is None:
            count = sum(1 for _ in entries_of(file))
            if count:
                reason = f"nobody accepted what is imported from {peer}, {count} rows"
                problems.append(ImportProblem(ImportFlaw.NO_RECEIPT, peer, None, reason))
            continue
        why = None if judge is None else _signature_problem(receipt_text(peer, receipt), receipt.acceptance, judge)
        if why:
            problems.append(ImportProblem(ImportFlaw.BAD_RECEIPT, peer, None, f"the receipt of {peer}: {why}"))
        problems += _import_problems(peer, source, receipt)
        problems += _row_problems(peer, file, receipt, store.criteria)
        problems += _gone_violations(peer, file, receipt, crates)
    return (*problems, *_publisher_problems(store.imports.publisher, receipts.publishers, judge))


def _import_problems(peer: ImportName, source: Import, receipt: Receipt) -> Iterator[ImportProblem]:
    if source.url != receipt.url:
        now, then = ", ".join(source.url), ", ".join(receipt.url)
        yield ImportProblem(
            ImportFlaw.CHANGED_IMPORT, peer, None, f"{peer} is imported from {now}, and was accepted from {then}"
        )
    elif map_digest(source) != receipt.map:
        reason = f"exclude or criteria-map of {peer} is not what it was when it was accepted"
        yield ImportProblem(ImportFlaw.CHANGED_IMPORT, peer, None, reason)


def _row_problems(peer: ImportName, file: AuditsFile, receipt: Receipt, criteria: Criteria) -> Iterator[ImportProblem]:
    for crate, entry in entries_of(file):
        row = row_of(claim_of(crate, entry), entry)
        known = receipt.rows.get(crate, ())
        same = [each for each in known if each.what == row.what]
        alike = [each for each in same if each.digest == row.digest]
        if any(_covers(criteria, each.criteria, row.criteria) for each in alike):
            continue
        what = f"{crate}: {row.what} from {peer}"
        if alike:
            accepted = ", ".join(sorted({name for each in alike for name in each.criteria}))
            reason = f"{what} is for {', '.join(row.criteria)}, and was accepted for {accepted}"
            yield ImportProblem(ImportFlaw.WIDENED, peer, crate, reason)
        elif same:
            yield ImportProblem(
                ImportFlaw.EDITED, peer, crate, f"{what} has other authors, notes or sources than were accepted"
            )
        else:
            yield ImportProblem(ImportFlaw.FORGED, peer, crate, f"{what} was not accepted by anybody")


def _covers(criteria: Criteria, accepted: tuple[CriteriaName, ...], claimed: tuple[CriteriaName, ...]) -> bool:
    """Whether accepted criteria include those claimed; names that nobody defines only cover themselves."""
    known = criteria.set(tuple(name for name in accepted if name in criteria))
    return all(name in accepted or (name in criteria and not criteria.closure(name) & ~known) for name in claimed)


def _gone_violations(
    peer: ImportName, file: AuditsFile, receipt: Receipt, crates: Collection[CrateName]
) -> Iterator[ImportProblem]:
    """Name accepted violations that imports.lock lacks although their crate is in use: nothing prunes those."""
    for crate, rows in sorted(receipt.rows.items()):
        if crate not in crates:
            continue
        there = {row_of(claim_of(crate, entry), entry).what for entry in file.audits.get(crate, ())}
        for row in rows:
            if row.what.startswith(f"{VIOLATION} ") and row.what not in there:
                reason = f"the {row.what} by {peer} is no longer in imports.lock"
                yield ImportProblem(ImportFlaw.VIOLATION_GONE, peer, crate, reason)


def _publisher_problems(
    rows: Mapping[CrateName, tuple[Publisher, ...]], accepted: AcceptedPublishers | None, judge: Judge | None
) -> Iterator[ImportProblem]:
    known = accepted.rows if accepted else {}
    if accepted is not None and judge is not None:
        why = _signature_problem(publishers_text(accepted), accepted.acceptance, judge)
        if why:
            yield ImportProblem(ImportFlaw.BAD_RECEIPT, None, None, f"the receipt of publishers: {why}")
    for crate, found in sorted(rows.items()):
        for row in found:
            words = publisher_words(row)
            if words not in known.get(crate, ()):
                reason = f"{crate} {words}: nobody accepted that it was published so"
                yield ImportProblem(ImportFlaw.PUBLISHER, None, crate, reason)


def _signature_problem(text: str, acceptance: Acceptance, judge: Judge) -> str | None:
    """Say why nobody who counts signed a receipt."""
    if acceptance.signature is None:
        return "nobody signed it"
    try:
        signature = sshsig.parse_signature(acceptance.signature)
        touch = judge.rules.require_touch
        sshsig.verify(signature, text.encode(), sshsig.IMPORT_NAMESPACE, require_touch=touch)
        moment = parse_moment(acceptance.at)
    except SignatureError as error:
        return f"the signature of {acceptance.by} {error}"
    except (MomentError, UnicodeEncodeError) as error:
        return str(error)
    use = KeyUse(acceptance.by, signature.key, sshsig.IMPORT_NAMESPACE, moment, acceptance.signature)
    problem = key_problem(use, judge)
    return problem.reason if problem else None
