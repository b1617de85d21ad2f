"""Signatures and the real cargo-vet: it accepts every store vetflow signs, and what it rewrites still verifies."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.compat.real import NOW, RealTools
from tests.in_process import Run, RunVetflow
from tests.signers import ADA
from tests.signers import NOW as SIGNED_AT
from tests.ssh_programs import SshKeygen
from tests.stand_in import StandIn
from vetflow.app.demo import lay_out_demo
from vetflow.errors import StoreError
from vetflow.formats.audits_toml import parse_audits
from vetflow.formats.foreign_audits import parse_foreign_audits
from vetflow.model.store import AuditsFile
from vetflow.trust.canonical_json import text_digest
from vetflow.trust.claims import claim_of, entries_of
from vetflow.trust.meaning import meanings
from vetflow.trust.statement import Author, Seen, StatementError, statement_of

AUTHOR = Author(ADA, SIGNED_AT, "host/forge/app")
_NO_DEPENDENCIES = '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n'


def digests(audits: AuditsFile) -> Counter[str]:
    """Return the digest of every entry's statement, and how often each occurs."""
    meaning = meanings(audits.criteria)
    found: Counter[str] = Counter()
    for crate, entry in entries_of(audits):
        seen = Seen(artifacts={str(version): f"sha256:{'ab' * 32}" for version in claim_of(crate, entry).versions})
        found[text_digest(statement_of(crate, entry, meaning, AUTHOR, seen).text())] += 1
    return found


def stores(shared: Path) -> dict[str, Path]:
    """Return the stores of the corpus, each content once."""
    found: dict[bytes, Path] = {}
    for path in sorted(shared.glob("corpus/*/ws/**/supply-chain/audits.toml")):
        found.setdefault(path.read_bytes(), path.parent)
    return {str(path.relative_to(shared)): path for path in found.values()}


def readable(folder: Path) -> AuditsFile | None:
    """Return a store's audits; None for one that cargo-vet refuses."""
    try:
        audits = parse_audits((folder / "audits.toml").read_text(), "audits.toml")
        digests(audits)
    except (StoreError, StatementError):  # broken on purpose
        return None
    return audits


def respelled(text: str) -> str:
    """Return the same audits in a spelling that `cargo vet fmt` changes."""
    text = re.sub(r'^delta = "(\S+) -> (\S+)"$', r'delta = "\1->\2"', text, flags=re.MULTILINE)
    text = re.sub(r'^(criteria|who) = (".*")$', r"\1 = [\2]", text, flags=re.MULTILINE)
    return "# a comment\n" + text.replace("\n", "\r\n")


@pytest.mark.cargo_vet
@pytest.mark.shared
def test_statements_are_the_same_after_cargo_vet_has_formatted(shared: Path, cargo_vet: Path, tmp_path: Path) -> None:
    (tmp_path / "ws/src").mkdir(parents=True)
    (tmp_path / "ws/src/lib.rs").touch()
    (tmp_path / "ws/Cargo.toml").write_text(_NO_DEPENDENCIES)
    (tmp_path / "cargo-home").mkdir()
    tools = RealTools(cargo_vet, tmp_path, tmp_path / "cargo-home")
    assert tools.lock().exit == 0
    entries = formatted = 0
    for name, folder in stores(shared).items():
        before = readable(folder)
        if before is None:
            continue
        store = tmp_path / "ws/supply-chain"
        store.mkdir(exist_ok=True)
        for file in ("config.toml", "audits.toml", "imports.lock"):
            (store / file).write_bytes((folder / file).read_bytes())
        (store / "audits.toml").write_bytes(respelled((folder / "audits.toml").read_text()).encode())
        if tools.vet(("fmt",), tmp_path / "ws").exit != 0:
            continue  # refused for what its other files say
        after = digests(parse_audits((store / "audits.toml").read_text(), name))
        assert after == digests(before), name
        formatted += 1
        entries += after.total()
    assert formatted > 40
    assert entries > 5_000


@pytest.mark.cargo_vet
@pytest.mark.shared
def test_statements_are_the_same_after_cargo_vet_has_aggregated(shared: Path, cargo_vet: Path, tmp_path: Path) -> None:
    texts = {
        f"https://peer.example/{number}/audits.toml": (folder / "audits.toml").read_text()
        for number, folder in enumerate(stores(shared).values())
        if readable(folder) is not None
    }
    entries = 0
    with StandIn(shared, {"files": texts}, {"peer.example"}) as server:
        for url, text in texts.items():
            (tmp_path / "sources.list").write_text(f"{url}\n")
            ran = subprocess.run(
                [str(cargo_vet), "vet", "aggregate", "sources.list", "--cache-dir", str(tmp_path / "vet-cache")],
                cwd=tmp_path,
                env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), **server.environ},
                capture_output=True,
                text=True,
                check=False,
            )
            assert ran.returncode == 0, ran.stderr
            # What a peer does not want to be imported does not travel; everything else does, and unchanged.
            sent = digests(parse_foreign_audits(text, url).audits)
            assert digests(parse_audits(ran.stdout, "aggregated")) == sent, url
            entries += sent.total()
    assert entries > 5_000


class Demo:
    """The bundled workspace, signed by a key of the test's own; both programs in it."""

    def __init__(self, folder: Path, run: RunVetflow, tools: RealTools, key: Path) -> None:
        self.folder = folder
        self.store = folder / "supply-chain"
        self._run = run
        self.tools = tools
        self._key = key
        email = key.with_suffix(".pub").read_text().split()[:2]
        line = f'ada@example.org namespaces="audit-v1@vetflow" {" ".join(email)}\n'
        (self.store / "allowed_signers").write_text(line)
        self.vetflow("keys", "check")

    def vetflow(self, *words: str) -> Run:
        environ = {"PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1"}
        run = self._run(*words, "--current-time", NOW, cwd=self.folder, environ=environ)
        assert run.exit == 0, run.stderr
        return run

    def certify(self, *words: str) -> None:
        options = ("--locked", "--frozen", "--accept-all", "--who", ADA, "--key", str(self._key))
        self.vetflow("certify", *words, *options, "--criteria", "safe-to-deploy", "--force")

    def unsigned(self) -> list[str]:
        environ = {"PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1"}
        words = ("verify", "--output-format", "json", "--current-time", NOW)
        document = json.loads(self._run(*words, cwd=self.folder, environ=environ).stdout)
        return [finding["reason"] for finding in document["findings"] if finding["level"] == "error"]


@pytest.fixture
def demo(cargo_vet: Path, tmp_path: Path, run_vetflow: RunVetflow, ssh_keygen: SshKeygen) -> Demo:
    folder = Path(lay_out_demo(str(tmp_path / "ws")).folder)
    return Demo(folder, run_vetflow, RealTools(cargo_vet, tmp_path, tmp_path / "cargo-home"), ssh_keygen.make())


@pytest.mark.cargo_vet
def test_cargo_vet_accepts_a_signed_store_and_leaves_its_signatures_alone(demo: Demo) -> None:
    unvetted = json.loads(demo.tools.vet(("check", "--locked", "--output-format", "json"), demo.folder).stdout)
    for failure in unvetted["failures"]:
        demo.certify(failure["name"], failure["version"])
    demo.vetflow("record-violation", "brinetables", "<0.0.1", "--who", ADA, "--key", str(demo._key))
    before = {path.name: path.read_bytes() for path in demo.store.iterdir()}
    for words in (("check", "--locked"), ("fmt",), ("check", "--locked")):
        answer = demo.tools.vet(words, demo.folder)
        assert answer.exit == 0, answer.stderr
        assert {path.name: path.read_bytes() for path in demo.store.iterdir()} == before
    assert demo.tools.vet(("prune", "--locked"), demo.folder).exit == 0
    assert (demo.store / "signatures.toml").read_bytes() == before["signatures.toml"]
    mine = [reason for reason in demo.unsigned() if "nobody signed it" not in reason]
    assert mine == []


@pytest.mark.cargo_vet
def test_what_cargo_vet_certifies_beside_is_named_and_nothing_else(demo: Demo) -> None:
    demo.certify("brinetables", "1.0.0")
    before = demo.unsigned()
    words = ("certify", "plovercast", "1.0.0", "--accept-all", "--force", "--locked", "--who", ADA)
    answer = demo.tools.vet((*words, "--criteria", "safe-to-deploy"), demo.folder)
    assert answer.exit == 0, answer.stderr
    assert set(demo.unsigned()) - set(before) == {"plovercast 1.0.0: nobody signed it"}
