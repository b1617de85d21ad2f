"""One case: a folder with a dependency graph, a store and what the verdict must be.

graph.toml holds packages as `tests.builders` takes them. The store's files are as cargo-vet writes them; one that is
absent is empty. expected.toml says with `about` what the case shows, then one of

* `[vetted]`: the lists `fully`, `partially` and `exempted`; optionally `[tally]`, our own honest counts;
* `[missing]`: the criteria each crate lacks; optionally `[nearest]`, our own nearest miss, as its cause and the
  version that the nearest entry leads to;
* `[conflicts]`: a line for each conflict of a crate;
* `refused`: the problems of a PolicyError.
"""

from __future__ import annotations

import json
import os
import subprocess
import tomllib
from pathlib import Path
from typing import Any

from tests.builders import make_workspace
from tests.cases.metadata import metadata_document
from tests.fakes import FIXED_DAY
from vetflow.errors import PolicyError
from vetflow.formats.consistency import build_store
from vetflow.formats.store_files import parse_store
from vetflow.graph.package_graph import build_graph
from vetflow.model.audits import Audit
from vetflow.model.report import (
    AuditConflict,
    Conflict,
    Success,
    Vetting,
    VettingFailure,
    tally,
)
from vetflow.resolve.conclude import Resolution, conclude
from vetflow.resolve.nearest_miss import nearest_miss
from vetflow.resolve.policy_check import check_policies

CASES = Path(__file__).parent
EMPTY_STORE = {
    "config.toml": '\n# cargo-vet config file\n\n[cargo-vet]\nversion = "0.10"\n',
    "audits.toml": "\n# cargo-vet audits file\n\n[audits]\n",
    "imports.lock": "\n# cargo-vet imports lock\n",
}


class Case:
    """The content of a case folder."""

    def __init__(self, folder: Path) -> None:
        self.name = folder.name
        self.workspace = make_workspace(tomllib.loads((folder / "graph.toml").read_text()))
        self.texts = {
            name: (folder / name).read_text() if (folder / name).exists() else empty
            for name, empty in EMPTY_STORE.items()
        }
        self.expected = tomllib.loads((folder / "expected.toml").read_text())

    def verdict(self) -> dict[str, Any]:
        """Return vetflow's answer in the form of expected.toml, with as many of our own tables as it has."""
        files = parse_store("supply-chain", self.texts, locked=True)
        store = build_store(files, today=FIXED_DAY, locked=True)
        graph = build_graph(self.workspace, store.config.policy)
        try:
            check_policies(graph, store.config.policy)
        except PolicyError as error:
            return {"refused": [problem.message for problem in error.related]}
        verdict = _describe(conclude(graph, store))
        return {key: value for key, value in verdict.items() if key in self.expected}

    def real_verdict(self, cargo_vet: Path, scratch: Path) -> dict[str, Any]:
        """Return the answer of the real cargo-vet in the form of expected.toml."""
        store = scratch / "supply-chain"
        store.mkdir()
        for name, text in self.texts.items():
            (store / name).write_text(text)
        (scratch / "metadata.json").write_text(json.dumps(metadata_document(self.workspace)))
        (scratch / "cargo").write_text(f"#!/bin/sh\nexec cat '{scratch}/metadata.json'\n")
        (scratch / "cargo").chmod(0o755)
        words = [
            "check",
            "--locked",
            "--frozen",
            "--output-format=json",
            f"--current-time={FIXED_DAY}T12:00:00Z",
        ]
        ran = subprocess.run(
            [cargo_vet, "vet", *words, f"--store-path={store}"],
            env={"PATH": os.environ["PATH"], "HOME": str(scratch), "CARGO": str(scratch / "cargo")},
            cwd=scratch,
            capture_output=True,
            check=False,
        )
        return _describe_json(json.loads(ran.stdout))


def _describe(resolution: Resolution) -> dict[str, Any]:
    def name(node: int) -> str:
        found = resolution.graph.nodes[node]
        return f"{found.name} {found.version}"

    match resolution.conclusion:
        case Success(crates):
            lists = {each.value: [name(c.node) for c in crates if c.vetting is each] for each in Vetting}
            return {
                "vetted": {key: found for key, found in lists.items() if found},
                "tally": {key: count for key, count in tally(crates)._asdict().items() if count},
            }
        case VettingFailure(failures, _):
            names = resolution.store.criteria.minimal_names
            misses = {name(each.node): nearest_miss(resolution, each.node) for each in failures}
            return {
                "missing": {name(each.node): list(names(each.missing)) for each in failures},
                "nearest": {
                    crate: f"{miss.cause.value} {miss.step.version if miss.step else ''}".rstrip()
                    for crate, miss in misses.items()
                },
            }
        case failure:
            return {"conflicts": {name(node): [_line(each) for each in some] for node, some in failure.conflicts}}


def _line(conflict: Conflict) -> str:
    violation = conflict.violation
    source = conflict.violation_source or "own"
    if isinstance(conflict, AuditConflict):
        against = f"{conflict.audit_source or 'own'} {_versions(conflict.audit)}"
    else:
        against = f"exemption {conflict.exemption.version}"
    return f"{source} violation {violation.violation}: {against}"


def _versions(audit: Audit) -> str:
    return f"{audit.base} -> {audit.version}" if audit.base else str(audit.version)


def _describe_json(report: dict[str, Any]) -> dict[str, Any]:
    """Do the same to cargo-vet's JSON report."""
    if "error" in report:
        return {"refused": [problem["message"] for problem in report["error"]["related"]]}
    if report["conclusion"] == "fail (vetting)":
        return {"missing": {_crate(each): each["missing_criteria"] for each in report["failures"]}}
    if report["conclusion"] == "success":
        keys = {
            "fully": "vetted_fully",
            "partially": "vetted_partially",
            "exempted": "vetted_with_exemptions",
        }
        lists = {key: [_crate(each) for each in report[theirs]] for key, theirs in keys.items()}
        return {"vetted": {key: found for key, found in lists.items() if found}}
    return {
        "conflicts": {
            crate.replace(":", " ", 1): [_json_line(conflict) for conflict in conflicts]
            for crate, conflicts in report["violations"].items()
        }
    }


def _crate(package: dict[str, str]) -> str:
    return f"{package['name']} {package['version']}"


def _json_line(conflict: dict[str, Any]) -> str:
    ((kind, content),) = conflict.items()
    if kind == "AuditConflict":
        audit = content["audit"]
        against = f"{content['audit_source'] or 'own'} {audit['delta'] or audit['version']}"
    else:
        against = f"exemption {content['exemptions']['version']}"
    source = content["violation_source"] or "own"
    return f"{source} violation {content['violation']['violation']}: {against}"
