"""`imports accept` and `imports pin`: take over what was reviewed, and say so in a receipt; fix an import's address."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from vetflow.app.imports.add import with_import
from vetflow.app.imports.receipts import crates_in_use, import_judge, read_receipts
from vetflow.app.imports.review import ImportReview, PeerReview
from vetflow.app.recording import WritePlan, record
from vetflow.app.request import Request
from vetflow.app.signing import Signing
from vetflow.app.updating import Run, Task, Updated, open_for_writing, update_project
from vetflow.errors import NotFoundError, StoreError, UsageError
from vetflow.formats.consistency import build_store
from vetflow.formats.import_receipts import (
    RECEIPTS,
    Acceptance,
    AcceptedPublishers,
    Receipt,
    Receipts,
    write_receipts,
)
from vetflow.formats.store_files import StoreFiles
from vetflow.model.names import CrateName, ImportName
from vetflow.model.store import ImportsFile, Store
from vetflow.resolve.update_plan import CHECK
from vetflow.store.open import OpenedStore
from vetflow.trust.moments import write_moment
from vetflow.trust.receipts import (
    ImportFlaw,
    accepted_rows,
    judge_imports,
    map_digest,
    publisher_words,
    publishers_text,
    receipt_text,
)
from vetflow.trust.sshsig import IMPORT_NAMESPACE

_RAW: Final = re.compile(r"(https://raw\.githubusercontent\.com/[^/]+/[^/]+/)((?:refs/heads/)?[^/]+)(/.+)\Z")
_GITHUB: Final = re.compile(r"(https://github\.com/[^/]+/[^/]+/raw/)((?:refs/heads/)?[^/]+)(/.+)\Z")
_COMMIT: Final = re.compile(r"[0-9a-f]{40}\Z")


def accept_imports(review: ImportReview, by: str, now: int, run: Run, signing: Signing | None) -> Updated:
    """Bring imports.lock up to date, as an unlocked check would, and write receipts for the reviewed imports.

    by: who accepts, an e-mail address where it is signed. now: seconds since 1970. Raises StoreError when a peer
    published something else since the review, and what `updating.update_project` raises.
    """
    project = review.project

    def own_files(_: StoreFiles, after: StoreFiles) -> Mapping[str, str]:
        crates = crates_in_use(project.graph(after.config.policy))
        receipts = read_receipts(project) or Receipts()
        accepted = {each.peer.name: _receipt(each, crates, Acceptance(by, write_moment(now))) for each in review.peers}
        publishers = _publishers(after.imports, Acceptance(by, write_moment(now)))
        if signing is not None:
            accepted = {name: _signed(name, receipt, signing) for name, receipt in accepted.items()}
            signature = signing.sign_text(publishers_text(publishers), IMPORT_NAMESPACE)
            publishers = publishers._replace(acceptance=publishers.acceptance._replace(signature=signature))
        kept = {name: each for name, each in receipts.receipts.items() if name in after.config.imports}
        receipts = Receipts({**kept, **accepted}, publishers)
        store = build_store(after, today=project.request.today, locked=False)
        judge = None if signing is None else import_judge(project, now)
        for problem in judge_imports(store, receipts, crates, judge):
            if problem.peer in accepted and problem.flaw is not ImportFlaw.NO_RECEIPT:
                raise StoreError(f"nothing was accepted: {problem.reason}", help="review it again")
        return {RECEIPTS: write_receipts(receipts)}

    task = Task(CHECK, accept_changed_criteria=True)
    return update_project(project, task, run._replace(own_files=own_files))


def pin_import(
    request: Request, name: ImportName, commit: str, *, dry_run: bool, waiting: Callable[[], None]
) -> WritePlan:
    """Let an import be what stood at its address at one commit of the peer's repository.

    Raises NotFoundError for a name that is no import, UsageError for what is no commit or an address whose commits
    vetflow does not know how to name.
    """
    if not _COMMIT.match(commit):
        raise UsageError(f"'{commit}' is no commit", help="give all 40 hex digits, for example from `git ls-remote`")

    def change(opened: OpenedStore) -> Store:
        source = opened.store.config.imports.get(name)
        if source is None:
            known = ", ".join(sorted(opened.store.config.imports)) or "none"
            raise NotFoundError(f"'{name}' is not imported", help=f"imports are {known}")
        return with_import(opened.store, name, tuple(_pinned(url, commit) for url in source.url))

    return record(open_for_writing(request), change, dry_run=dry_run, waiting=waiting)


def _pinned(url: str, commit: str) -> str:
    for form in (_RAW, _GITHUB):
        match = form.match(url)
        if match:
            return f"{match[1]}{commit}{match[3]}"
    raise UsageError(
        f"it is not known how {url} names a commit",
        help="put the address of the file at that commit into `url` of the import in config.toml",
    )


def _receipt(review: PeerReview, crates: frozenset[CrateName], acceptance: Acceptance) -> Receipt:
    peer = review.peer
    return Receipt(
        url=peer.source.url,
        bodies=review.bodies,
        map=map_digest(peer.source),
        criteria=peer.meanings(),
        rows=accepted_rows(peer.mapped, crates),
        acceptance=acceptance,
        keys=review.keys,
    )


def _signed(name: ImportName, receipt: Receipt, signing: Signing) -> Receipt:
    signature = signing.sign_text(receipt_text(name, receipt), IMPORT_NAMESPACE)
    return receipt._replace(acceptance=receipt.acceptance._replace(signature=signature))


def _publishers(imports: ImportsFile, acceptance: Acceptance) -> AcceptedPublishers:
    rows = {crate: tuple(map(publisher_words, found)) for crate, found in imports.publisher.items()}
    return AcceptedPublishers(rows, acceptance)
