"""Receipts for what a store imports, as `imports accept` would write them, signed by a made-up key."""

from __future__ import annotations

from pathlib import Path

from tests.fakes import FIXED_DAY
from tests.signers import ADDRESS, NOW, key_of
from vetflow.app.imports.receipts import crates_in_use
from vetflow.app.project import open_project
from vetflow.app.request import Request
from vetflow.formats.import_receipts import Acceptance, AcceptedPublishers, Receipt, Receipts, write_receipts
from vetflow.model.dates import Date
from vetflow.trust.moments import write_moment
from vetflow.trust.receipts import accepted_rows, map_digest, publisher_words, publishers_text, receipt_text
from vetflow.trust.sshsig import IMPORT_NAMESPACE


def accept_everything(root: Path, cargo_home: Path, *, number: int = 1, at: int = NOW, today: Date = FIXED_DAY) -> None:
    """Write receipts for all that imports.lock of a project holds, by Ada."""
    project = open_project(Request(str(root), str(cargo_home), today))
    opened = project.open_store(locked=False)
    imports = opened.store.imports
    crates = crates_in_use(project.graph(opened.store.config.policy))
    acceptance = Acceptance(ADDRESS, write_moment(at))
    key = key_of(number)
    receipts: dict[str, Receipt] = {}
    for name, source in opened.store.config.imports.items():
        rows = accepted_rows(imports.audits[name], crates) if name in imports.audits else {}
        receipt = Receipt(source.url, ("0" * 64,), map_digest(source), {}, rows, acceptance)
        signature = key.sign(receipt_text(name, receipt).encode(), IMPORT_NAMESPACE)
        receipts[name] = receipt._replace(acceptance=acceptance._replace(signature=signature))
    words = {crate: tuple(map(publisher_words, found)) for crate, found in imports.publisher.items()}
    publishers = AcceptedPublishers(words, acceptance)
    signature = key.sign(publishers_text(publishers).encode(), IMPORT_NAMESPACE)
    publishers = publishers._replace(acceptance=acceptance._replace(signature=signature))
    text = write_receipts(Receipts(receipts, publishers))
    Path(project.store.folder, "import-receipts.toml").write_text(text)
