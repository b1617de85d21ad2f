"""A made-up project with a history, whose next commit is a pull request that `vetflow ci` has to answer."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import jsonschema

from tests.conftest import REPOSITORY
from tests.crate_workspace import CrateWorkspace
from tests.in_process import Run, RunVetflow
from tests.index_cache import IndexRow, write_index_cache
from tests.signers import ADA, NOW, key_of, line_of, signed
from tests.unit.project.repository import Repository
from vetflow.formats.signatures_toml import SignatureRow, SignaturesFile, write_signatures
from vetflow.formats.store_files import AUDITS
from vetflow.model.audits import Audit, AuditKind
from vetflow.model.names import CrateName
from vetflow.model.version import parse_version

SCHEMA: Final = REPOSITORY / "docs/schemas/ci.json"
LONG_AGO: Final = "2025-06-01T00:00:00Z"
ALL_NAMESPACES: Final = 'namespaces="audit-v1@vetflow,import-v1@vetflow,git"'
STRICT: Final = """version = 1
[signatures]
level = "fail"
policy-changed = "fail"
[gate]
level = "fail"
growth = "fail"
[drift]
new-edge = "warn"
[cool-down]
level = "fail"
min-age = "3 days"
privileged-min-age = "14 days"
[imports]
level = "fail"
"""


class Proposal:
    """`vet` records audits, `publish` crates, `lock` what is needed; `base()` commits, `answer()` judges the rest."""

    def __init__(self, folder: Path, run_vetflow: RunVetflow, *, signs: bool = False, rules: str | None = None) -> None:
        self.workspace = CrateWorkspace(folder)
        self.root = self.workspace.root
        self.store = self.workspace.store()
        self.repository = Repository(self.root)
        self._run_vetflow = run_vetflow
        self._signs = signs
        self._audits: dict[CrateName, list[Audit]] = {}
        self._rows: list[SignatureRow] = []
        self._index: dict[str, list[IndexRow]] = {}
        self._checksums: dict[str, str] = {}
        if signs:
            self.write("allowed_signers", line_of(options=ALL_NAMESPACES))
        if rules is not None:
            self.write("vetflow.toml", rules)

    def write(self, name: str, text: str) -> None:
        (self.store / name).write_text(text)

    def publish(
        self,
        name: str,
        version: str = "1.0.0",
        files: Mapping[str, str | bytes] | None = None,
        *,
        at: str = LONG_AGO,
        manifest: str = "",
        needs: Sequence[str] = (),
    ) -> str:
        """Publish a crate, in the index too, at a moment."""
        crate = self.workspace.crate(name, version, files, manifest=manifest, needs=needs)
        self._checksums[crate] = self.workspace.checksum(crate)
        self._index.setdefault(name, []).append(IndexRow(version, self._checksums[crate], at))
        write_index_cache(self.workspace.home, name, self._index[name])
        return crate

    def vet(
        self,
        *crates: str,
        base: str | None = None,
        sign: bool = True,
        criteria: str = "safe-to-deploy",
        assisted_by: Sequence[str] = (),
    ) -> None:
        """Record audits by Ada of whole versions, or of what changed since `base`; signed where the project signs."""
        for crate in crates:
            name, version = crate.split()
            kind = AuditKind.DELTA if base else AuditKind.FULL
            audit = Audit(kind, (criteria,), parse_version(version), parse_version(base) if base else None, who=(ADA,))
            self._audits.setdefault(name, []).append(audit)
            if self._signs and sign:
                artifacts = {each: f"sha256:{self._checksums[f'{name} {each}']}" for each in (version, base) if each}
                self._rows.append(signed(name, audit, artifacts=artifacts, assisted_by=tuple(assisted_by)))
        self.write_audits()

    def exempt(self, crate: str) -> None:
        """Exempt a version from being read."""
        name, version = crate.split()
        row = f'[[exemptions.{name}]]\nversion = "{version}"\ncriteria = "safe-to-deploy"\n'
        self.write("config.toml", f"{(self.store / 'config.toml').read_text()}\n{row}")

    def write_audits(self, criteria: str | None = None) -> None:
        """Write what was recorded; criteria: claimed in the place of what was signed."""
        lines = ["\n# cargo-vet audits file\n"]
        for name, audits in sorted(self._audits.items()):
            for audit in sorted(audits):
                subject = (
                    f'version = "{audit.version}"'
                    if audit.base is None
                    else f'delta = "{audit.base} -> {audit.version}"'
                )
                claimed = criteria or f'"{audit.criteria[0]}"'
                lines.append(f'\n[[audits.{name}]]\nwho = "{ADA}"\ncriteria = {claimed}\n{subject}\n')
        self.write(AUDITS, "".join(lines) if self._audits else "\n# cargo-vet audits file\n\n[audits]\n")
        if self._signs:
            self.write("signatures.toml", write_signatures(SignaturesFile(rows=tuple(self._rows))))

    def lock(self, *crates: str) -> None:
        self.workspace.lock(*crates)

    def base(self, *, baseline: bool = True) -> str:
        """Commit what the pull request is to go into, with what runs in its builds pinned."""
        if baseline:
            run = self.run("baseline")
            assert run.exit == 0, run.stderr
        return self.repository.commit({})

    def commit(self, *, signed_by: int | None = None) -> str:
        """Commit what the pull request brings; signed_by: the number of a key that signs the commit, by Ada."""
        name = self.repository.commit({})
        if signed_by is None:
            return name
        content = self.repository.git("cat-file", "commit", name) + "\n"
        header, message = content.split("\n\n", 1)
        header = "\n".join(
            f"committer {ADA} {NOW} +0000" if line.startswith("committer ") else line for line in header.split("\n")
        )
        payload = f"{header}\n\n{message}"
        armour = key_of(signed_by).sign(payload.encode(), "git").rstrip("\n").replace("\n", "\n ")
        written = f"{header}\ngpgsig {armour}\n\n{message}"
        name = subprocess.run(
            ["git", "hash-object", "-t", "commit", "-w", "--stdin"],
            cwd=self.root,
            input=written.encode(),
            capture_output=True,
            check=True,
        ).stdout.decode()
        self.repository.git("reset", "--quiet", "--soft", name.strip())
        return name.strip()

    def run(self, *argv: str, environ: Mapping[str, str] | None = None) -> Run:
        return self.workspace.run(self._run_vetflow, *argv, environ=environ)

    def answer(self, *argv: str) -> dict[str, Any]:
        """Return the document about the last commit, against the one before; it must fit its schema."""
        words = argv or ("--base", "HEAD~1", "--rev", "HEAD")
        run = self.run("ci", *words, "--output-format", "json")
        assert run.stdout, run.stderr
        document: dict[str, Any] = json.loads(run.stdout)
        assert "error" not in document, document
        if SCHEMA.is_file():
            jsonschema.validate(document, json.loads(SCHEMA.read_text()))
        fails = any(each["level"] == "error" for each in document["findings"])
        assert run.exit == (1 if fails else 3 if document["undecided"] else 0)
        return document


def ids(document: Mapping[str, Any], *, deciding: bool = True) -> set[str]:
    """Return the ids of the findings that decide, but for what only informs."""
    return {
        each["id"] for each in document["findings"] if each["level"] != "note" and (each["decides"] or not deciding)
    }
