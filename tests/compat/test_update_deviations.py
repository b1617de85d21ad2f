"""Updates that cargo-vet makes and that one would not expect: what it really does, and what vetflow does then."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.builders import Packages, make_workspace
from tests.cases.metadata import metadata_document
from tests.fakes import FIXED_DAY
from tests.stores import texts
from vetflow.formats.consistency import build_store
from vetflow.formats.store_files import canonical_texts, parse_store
from vetflow.graph.package_graph import build_graph
from vetflow.resolve.conclude import conclude
from vetflow.resolve.update import update_store
from vetflow.resolve.update_plan import PRUNE, REGENERATE_EXEMPTIONS, UpdatePlan

PACKAGES: Packages = {"members": {"root 0.1.0": ["anvil"]}, "crates-io": {"anvil 2.0.0": []}}
LOCKED = ("--locked", "--frozen")
EMPTY_CONFIG = '\n# cargo-vet config file\n\n[cargo-vet]\nversion = "0.10"\n'
EXEMPTED = '\n[[exemptions.anvil]]\nversion = "2.0.0"\ncriteria = "safe-to-deploy"\n'
AUDITED = '\n[[audits.anvil]]\ncriteria = "safe-to-deploy"\nversion = "2.0.0"\n'
IMPORTS_ANT = '\n[imports.ant]\nurl = "https://ant.example/audits.toml"\n'
TRUSTED = """
[[audits.ant.trusted.anvil]]
criteria = "safe-to-deploy"
user-id = 1
start = "2020-01-01"
end = "2025-01-01"
"""


def audits(entries: str) -> str:
    return f"\n# cargo-vet audits file\n{entries}"


def violation(versions: str, *, importable: bool = True) -> str:
    entry = f'\n[[audits.anvil]]\ncriteria = "safe-to-deploy"\nviolation = "{versions}"\n'
    return entry if importable else f"{entry}importable = false\n"


def after_cargo_vet(cargo_vet: Path, scratch: Path, store: Mapping[str, str], *words: str) -> dict[str, str]:
    """Return the store as a successful command of the real cargo-vet leaves it."""
    folder = scratch / "supply-chain"
    folder.mkdir()
    for name, text in store.items():
        (folder / name).write_text(text)
    (scratch / "metadata.json").write_text(json.dumps(metadata_document(make_workspace(PACKAGES))))
    (scratch / "cargo").write_text(f"#!/bin/sh\nexec cat '{scratch}/metadata.json'\n")
    (scratch / "cargo").chmod(0o755)
    subprocess.run(
        [cargo_vet, "vet", *words, *LOCKED, f"--store-path={folder}", f"--current-time={FIXED_DAY}T12:00:00Z"],
        env={"PATH": os.environ["PATH"], "HOME": str(scratch), "CARGO": str(scratch / "cargo")},
        cwd=scratch,
        capture_output=True,
        check=True,
    )
    return {name: (folder / name).read_text() for name in store}


def after_vetflow(store: Mapping[str, str], plan: UpdatePlan) -> dict[str, str]:
    files = parse_store("supply-chain", store, locked=True)
    before = build_store(files, today=FIXED_DAY, locked=True)
    graph = build_graph(make_workspace(PACKAGES), before.config.policy)
    after = update_store(conclude(graph, before), plan)
    return canonical_texts(files._replace(config=after.config, audits=after.audits, imports=after.imports))


@pytest.mark.cargo_vet
def test_pruning_loses_a_violation_that_is_not_importable_in_cargo_vet_alone(cargo_vet: Path, tmp_path: Path) -> None:
    store = texts(config=EMPTY_CONFIG, audits=audits(AUDITED + violation("<1", importable=False)))
    assert after_cargo_vet(cargo_vet, tmp_path, store, "prune") == {**store, "audits.toml": audits(AUDITED)}
    assert after_vetflow(store, PRUNE) == store


@pytest.mark.cargo_vet
def test_regenerating_exempts_a_version_that_a_violation_speaks_of_in_both(cargo_vet: Path, tmp_path: Path) -> None:
    store = texts(config=EMPTY_CONFIG, audits=audits(violation("*")))
    expected = {**store, "config.toml": EMPTY_CONFIG + EXEMPTED}
    assert after_cargo_vet(cargo_vet, tmp_path, store, "regenerate", "exemptions") == expected
    assert after_vetflow(store, REGENERATE_EXEMPTIONS) == expected


@pytest.mark.cargo_vet
def test_an_update_drops_trusted_entries_from_imports_lock_in_both(cargo_vet: Path, tmp_path: Path) -> None:
    lock = "\n# cargo-vet imports lock\n\n[audits.ant.audits]\n"
    store = texts(config=EMPTY_CONFIG + IMPORTS_ANT + EXEMPTED, imports=lock + TRUSTED)
    expected = {**store, "imports.lock": lock}
    assert after_cargo_vet(cargo_vet, tmp_path, store, "prune") == expected
    assert after_vetflow(store, PRUNE) == expected


@pytest.mark.cargo_vet
def test_formatting_keeps_them_in_both(cargo_vet: Path, tmp_path: Path) -> None:
    lock = "\n# cargo-vet imports lock\n\n[audits.ant.audits]\n"
    store = texts(config=EMPTY_CONFIG + IMPORTS_ANT + EXEMPTED, imports=lock + TRUSTED)
    assert after_cargo_vet(cargo_vet, tmp_path, store, "fmt") == store
    assert canonical_texts(parse_store("supply-chain", store, locked=True)) == store
