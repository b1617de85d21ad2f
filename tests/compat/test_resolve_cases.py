"""cargo-vet's own resolver cases as data: verdict and suggestions, locked and live, with the sizes invented for them.

A version's size is the square of its major number, a delta's the difference.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from tests.suggesting import Published
from vetflow.cli.render.report_json import report_json
from vetflow.formats.cargo_metadata import parse_metadata
from vetflow.formats.consistency import build_store
from vetflow.formats.imports_lock import parse_imports_lock
from vetflow.formats.store_files import parse_store
from vetflow.graph.package_graph import build_graph
from vetflow.model.dates import Date
from vetflow.model.store import STORE_FILES
from vetflow.model.suggestions import CrateDelta, DiffStat, Size
from vetflow.resolve.conclude import conclude
from vetflow.resolve.suggest import suggest

TODAY = Date(2023, 1, 1)
LIVE = "live_imports.lock"


class Squares:
    """A `DiffSizes` by cargo-vet's invention."""

    def sizes(self, deltas: Collection[CrateDelta]) -> Mapping[CrateDelta, Size]:
        return {delta: self._size(delta) for delta in deltas}

    def _size(self, delta: CrateDelta) -> DiffStat:
        grown = delta.version.major**2 - (delta.base.major**2 if delta.base else 0)
        return DiffStat(max(grown, 0), max(-grown, 0), 1)


def our_report(case: Path) -> Any:
    files = parse_store(str(case), {name: (case / name).read_text() for name in STORE_FILES}, locked=False)
    store = build_store(files, today=TODAY, locked=False)
    if (case / LIVE).exists():
        # Which of it is new in this run matters for updates, not for what fails.
        store = store._replace(imports=parse_imports_lock((case / LIVE).read_text(), LIVE))
    workspace = parse_metadata((case / "metadata.json").read_text(), "metadata.json")
    resolution = conclude(build_graph(workspace, store.config.policy), store)
    found = suggest(resolution, Squares(), Published({}))
    return json.loads(report_json(resolution.conclusion, resolution.graph, store.criteria, found))


def test_every_recorded_case_has_the_recorded_report(shared: Path) -> None:
    cases = sorted(path.parent for path in (shared / "cargo-vet-cases" / "resolve").glob("*/report.json"))
    recorded = {case: json.loads((case / "report.json").read_text()) for case in cases}
    assert len(recorded) >= 128
    assert sum(bool(report.get("suggest")) for report in recorded.values()) >= 50
    assert [case.name for case, report in recorded.items() if our_report(case) != report] == []
