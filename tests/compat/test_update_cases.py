"""Updates of stores that cargo-vet made in its own tests, and that were recorded from it: the same bytes.

The recorded random stores come with all that crates.io and the peers would have said; here it is given as values, as
the commands give it after fetching.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from vetflow.formats.cargo_metadata import parse_metadata
from vetflow.formats.consistency import build_store
from vetflow.formats.foreign_audits import parse_foreign_audits
from vetflow.formats.imports_lock import parse_imports_lock
from vetflow.formats.store_files import StoreFiles, canonical_texts, parse_store
from vetflow.graph.package_graph import build_graph
from vetflow.model.audits import Publisher
from vetflow.model.dates import Date, parse_date
from vetflow.model.packages import PackageGraph
from vetflow.model.report import Success
from vetflow.model.store import STORE_FILES, AuditsFile, ImportsFile, Store
from vetflow.model.upstream import Upstream
from vetflow.model.version import parse_version
from vetflow.resolve.conclude import conclude
from vetflow.resolve.live import live_imports, map_to_local_criteria
from vetflow.resolve.search import SearchMode
from vetflow.resolve.update import update_store
from vetflow.resolve.update_plan import (
    CHECK,
    MINIMAL,
    PRUNE,
    REGENERATE_EXEMPTIONS,
    UpdateMode,
    UpdatePlan,
    prune_plan,
)

CASES = 62
UPDATES = 341
"""49 stores with seven commands that may write, less two checks that come to nothing."""
SEARCHES = {
    "prefer-exemptions": SearchMode.PREFER_EXEMPTIONS,
    "prefer-fresh-imports": SearchMode.PREFER_FRESH_IMPORTS,
    "regenerate-exemptions": SearchMode.REGENERATE_EXEMPTIONS,
}
PLANS = {
    "check": CHECK,
    "prune": PRUNE,
    "regenerate exemptions": REGENERATE_EXEMPTIONS,
    "regenerate imports": PRUNE,
    "prune --no-imports": prune_plan(imports=False),
    "prune --no-exemptions": prune_plan(exemptions=False),
    "prune --no-audits --no-imports": prune_plan(non_importable=False, imports=False),
}
NO_MATTER = {"--output-format", "json", "--no-registry-suggestions"}


class World(NamedTuple):
    """A store with the graph it vets: its files, its value, the packages."""

    files: StoreFiles
    store: Store
    graph: PackageGraph

    def written(self, store: Store) -> dict[str, str]:
        """Return the texts with which `store` takes this one's place."""
        return canonical_texts(self.files._replace(config=store.config, audits=store.audits, imports=store.imports))


def world(texts: Mapping[str, str], metadata: str, today: Date) -> World:
    files = parse_store("supply-chain", texts, locked=False)
    store = build_store(files, today=today, locked=False)
    return World(files, store, build_graph(parse_metadata(metadata, "metadata.json"), store.config.policy))


@pytest.mark.shared
def test_stores_are_updated_as_in_the_tests_of_cargo_vet(shared: Path) -> None:
    folders = sorted((shared / "cargo-vet-cases" / "update").iterdir())
    assert len(folders) == CASES
    assert [folder.name for folder in folders if updated_case(folder) != texts_of(folder / "after")] == []


def texts_of(folder: Path) -> dict[str, str]:
    """Return a store's texts; cargo-vet's tests pretend to be version 1.0."""
    return {name: (folder / name).read_text().replace('version = "1.0"', 'version = "0.10"') for name in STORE_FILES}


def updated_case(folder: Path) -> dict[str, str]:
    case = world(texts_of(folder / "before"), (folder / "metadata.json").read_text(), Date(2023, 1, 1))
    fetched = folder / "before" / "live_imports.lock"
    store = case.store
    if fetched.exists():
        store = store._replace(imports=live(case, parse_imports_lock(fetched.read_text(), fetched.name)))
    modes = json.loads((folder / "mode.json").read_text())
    plan = UpdatePlan(
        MINIMAL if "per-crate" in modes else mode(modes),
        {crate: mode(entry) for crate, entry in modes.get("per-crate", {}).items()},
    )
    return case.written(update_store(conclude(case.graph, store), plan))


def mode(entry: Mapping[str, Any]) -> UpdateMode:
    return UpdateMode(
        SEARCHES[entry["search"]],
        entry["prune_exemptions"],
        entry["prune_non_importable_audits"],
        entry["prune_imports"],
    )


def live(case: World, fetched: ImportsFile) -> ImportsFile:
    """Return the live state of which the recorded file holds everything; unpublished rows it adds are fresh."""
    lock = case.store.imports
    upstream = Upstream({name: all_fresh(file) for name, file in fetched.audits.items()}, {}, fetched.publisher)
    state = live_imports(case.store, case.graph.packages, upstream, also=fetched.publisher)
    unpublished = {
        name: tuple(row._replace(fresh=row not in lock.unpublished.get(name, ())) for row in rows)
        for name, rows in fetched.unpublished.items()
    }
    return state._replace(unpublished=unpublished)


def all_fresh(file: AuditsFile) -> AuditsFile:
    return file._replace(
        audits={name: tuple(each._replace(fresh=True) for each in found) for name, found in file.audits.items()},
        wildcard_audits={
            name: tuple(each._replace(fresh=True) for each in found) for name, found in file.wildcard_audits.items()
        },
    )


@pytest.mark.shared
def test_random_stores_are_updated_as_recorded_from_cargo_vet(shared: Path) -> None:
    with gzip.open(shared / "fixtures" / "resolver" / "golden-unlocked.jsonl.gz", "rt") as lines:
        recordings = [json.loads(line) for line in lines]
    updates = [(recording, *update) for recording in recordings for update in commands(recording)]
    assert len(updates) == UPDATES
    assert [
        f"{recording['id']} {command}"
        for recording, command, expected in updates
        if run(recording, command) != expected
    ] == []


def commands(recording: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each command that may write, with the store it left behind."""
    for step in recording["steps"]:
        command = " ".join(word for word in step["args"] if word not in NO_MATTER)
        # A check that fails on audit-as-crates-io never comes to resolving; others report what they found.
        if command != "suggest" and not step["stdout"].startswith('{"error"'):
            yield command, {**recording["store"], **(step.get("store_after") or {})}


def run(recording: Mapping[str, Any], command: str) -> dict[str, str]:
    texts: dict[str, str] = recording["store"]
    case = world(texts, json.dumps(recording["metadata"]), parse_date(recording["now"][:10]))
    imports = case.store.config.imports
    files = recording["upstream"]
    peers = {
        name: [(url, parse_foreign_audits(files[url], url).audits) for url in source.url]
        for name, source in imports.items()
    }
    crates = recording["crates"]
    upstream = Upstream(
        map_to_local_criteria(imports, peers, case.store.criteria),
        {name: tuple(map(parse_version, crate["versions"])) for name, crate in crates.items()},
        {name: publishers(crate["versions"], recording["users"]) for name, crate in crates.items()},
    )
    accepts_changes = command == "regenerate imports"
    state = live_imports(case.store, case.graph.packages, upstream, accept_changed_criteria=accepts_changes)
    resolution = conclude(case.graph, case.store._replace(imports=state))
    if command == "check" and not isinstance(resolution.conclusion, Success):
        return texts
    return case.written(update_store(resolution, PLANS[command]))


def publishers(
    versions: Mapping[str, Sequence[Any]], users: Mapping[str, tuple[str, str | None]]
) -> tuple[Publisher, ...]:
    """Return the rows of the versions whose publisher is known; who is not among `users` is called N."""
    rows = []
    for version, (day, source, _) in versions.items():
        if isinstance(source, int):
            login, name = users.get(str(source), (f"user{source}", f"User {source}"))
            rows.append(Publisher(parse_version(version), parse_date(day), source, login, name))
        elif source:
            rows.append(Publisher(parse_version(version), parse_date(day), source))
    return tuple(sorted(rows, key=lambda row: row.version))
