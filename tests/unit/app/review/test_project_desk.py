"""One review from the queue to a committed audit, on the bundled workspace, through the use cases alone."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.tui.demo_desk import git, lay_out, open_desk
from vetflow.app.review.values import Certification, seen_file
from vetflow.errors import StoreError, UsageError
from vetflow.review.session import Pair, Viewed

COPPERWREN = Pair("copperwren-sys", "0.6.1", "0.6.2")


def quiet(what: str, done: int, total: int) -> None:
    """Hear of no progress."""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = lay_out(tmp_path / "demo")
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=begin")
    return folder


def certification(*pairs: Pair, notes: str = "read it", unviewed: tuple[str, ...] = ()) -> Certification:
    return Certification(pairs, ("safe-to-deploy",), notes, unviewed)


def store_texts(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "supply-chain").iterdir()}


def test_the_queue_is_what_is_to_be_read(workspace: Path, tmp_path: Path) -> None:
    with open_desk(workspace, tmp_path) as desk:
        queue = desk.queue(quiet, live=False)
        assert (queue.project, queue.total, queue.offline) == ("demo", 13, True)
        assert queue.entries[0].pair == COPPERWREN
        assert queue.entries[0].row.build.letters == "BL"
        assert desk.disk_news() is None


def test_a_delta_has_its_build_time_code_first_and_every_file_once(workspace: Path, tmp_path: Path) -> None:
    with open_desk(workspace, tmp_path) as desk:
        desk.queue(quiet, live=False)
        delta = desk.delta(COPPERWREN, quiet)
        assert delta.build_time == ("build.rs",)
        assert delta.order[0] == "build.rs"
        assert sorted(delta.order) == sorted(file.path for file in delta.diff.files)
        assert any("curl" in finding.detail for finding in delta.findings)
        entry = desk.entry(COPPERWREN)
        assert entry is not None
        assert (len(entry.files), entry.build_files) == (len(delta.order), 1)


def test_a_whole_version_is_all_new(workspace: Path, tmp_path: Path) -> None:
    with open_desk(workspace, tmp_path) as desk:
        delta = desk.delta(Pair("plovercast", None, "0.1.0"), quiet)
        assert {file.old for file in delta.diff.files} == {None}
        assert set(delta.order) == set(delta.new)


def test_certifying_writes_one_entry_and_is_taken_back_to_the_byte(workspace: Path, tmp_path: Path) -> None:
    before = store_texts(workspace)
    with open_desk(workspace, tmp_path) as desk:
        desk.queue(quiet, live=False)
        form = desk.certify_form([COPPERWREN])
        assert form.proposed == ("safe-to-deploy",)
        assert form.who == "Ada Example <ada@example.org>"
        assert any("0.6.1" in line for line in form.baseline)
        preview = desk.preview(certification(COPPERWREN))
        assert store_texts(workspace) == before
        assert desk.certify(certification(COPPERWREN)).difference == preview.difference
        assert '+delta = "0.6.1 -> 0.6.2"' in preview.difference
        changed = {name for name, text in store_texts(workspace).items() if before.get(name) != text}
        assert changed == {"audits.toml"}
        assert desk.disk_news() is None
        assert COPPERWREN not in [entry.pair for entry in desk.queue(quiet, live=False).entries]
        assert desk.undo() == "taken back: copperwren-sys@0.6.1..0.6.2"
        assert store_texts(workspace) == before
        with pytest.raises(UsageError, match="nothing was recorded"):
            desk.undo()


def test_what_somebody_else_wrote_meanwhile_is_not_taken_back(workspace: Path, tmp_path: Path) -> None:
    with open_desk(workspace, tmp_path) as desk:
        desk.certify(certification(COPPERWREN))
        audits = workspace / "supply-chain" / "audits.toml"
        audits.write_text(audits.read_text(encoding="utf-8").replace("read it", "read it twice"), encoding="utf-8")
        assert desk.disk_news() == "the store or Cargo.lock changed on disk"
        with pytest.raises(StoreError, match="changed since"):
            desk.undo()
        assert "read it twice" in audits.read_text(encoding="utf-8")


def test_the_session_is_there_in_the_next_run(workspace: Path, tmp_path: Path) -> None:
    with open_desk(workspace, tmp_path) as desk:
        delta = desk.delta(COPPERWREN, quiet)
        patch = delta.diff.file("build.rs")
        assert patch is not None
        mark = seen_file("copperwren-sys", patch)
        desk.keep(Viewed(mark, viewed=True, at="2026-01-02T03:04:05Z"))
        with open_desk(workspace, tmp_path) as other:
            assert other.read_only
            assert mark in other.session().viewed
    with open_desk(workspace, tmp_path) as again:
        assert mark in again.session().viewed
    assert git(workspace, "status", "--porcelain") == ""


def test_only_the_store_is_committed(workspace: Path, tmp_path: Path) -> None:
    with open_desk(workspace, tmp_path) as desk:
        (workspace / "Cargo.toml").write_bytes((workspace / "Cargo.toml").read_bytes() + b"\n")
        desk.certify(certification(COPPERWREN))
        assert "+delta" in desk.store_changes()
        assert desk.commit_message().startswith("Audit copperwren-sys\n")
        desk.commit(desk.commit_message())
        assert git(workspace, "show", "--name-only", "--format=").splitlines() == ["supply-chain/audits.toml"]
        assert git(workspace, "status", "--porcelain") == "M Cargo.toml"


def test_a_branch_is_reviewed_without_checking_it_out(workspace: Path, tmp_path: Path) -> None:
    git(workspace, "branch", "bot")
    head = git(workspace, "rev-parse", "HEAD")
    with open_desk(workspace, tmp_path, rev="bot") as desk:
        queue = desk.queue(quiet, live=False)
        assert queue.commit == head
        desk.certify(certification(COPPERWREN))
        assert git(workspace, "status", "--porcelain") == "M supply-chain/audits.toml"
        assert git(workspace, "rev-parse", "HEAD") == head
        assert desk.disk_news() is None
        other = git(workspace, "commit-tree", "-m", "x", "HEAD^{tree}")
        git(workspace, "update-ref", "refs/heads/bot", other)
        assert desk.disk_news() == "bot leads to another commit than the one under review"


def test_a_hold_is_shown_and_never_vets(workspace: Path, tmp_path: Path) -> None:
    with open_desk(workspace, tmp_path) as desk:
        desk.hold(COPPERWREN, "starts curl", "a release without it")
        rows = {entry.pair: entry.row for entry in desk.queue(quiet, live=False).entries}
        hold = rows[COPPERWREN].hold
        assert hold is not None
        assert hold.reason == "starts curl"


def test_the_ways_to_read_a_version(workspace: Path, tmp_path: Path) -> None:
    with open_desk(workspace, tmp_path) as desk:
        desk.queue(quiet, live=False)
        bases = desk.bases(COPPERWREN)
        assert bases[0] == (COPPERWREN, "0.6.1, audited in this store: 41 lines (suggested)")
        assert bases[-1][0] == COPPERWREN._replace(base=None)
        assert bases[-1][1].startswith("all of it: ")


def test_an_import_that_nobody_asked_is_told_as_the_store_has_it(workspace: Path, tmp_path: Path) -> None:
    with open_desk(workspace, tmp_path) as desk:
        (lighthouse,) = desk.publishers(quiet)
        assert (lighthouse.name, lighthouse.imported, lighthouse.settles) == ("lighthouse", True, None)
        assert desk.lost_without("lighthouse") == ("ferrousgull 2.1.0",)
        assert desk.lost_without("lighthouse", "ferrousgull") == ("ferrousgull 2.1.0",)
        assert desk.lost_without("lighthouse", "glyphderive") == ()


def test_pages_of_a_crate_are_told_in_words(workspace: Path, tmp_path: Path) -> None:
    with open_desk(workspace, tmp_path) as desk:
        desk.queue(quiet, live=False)
        ways = desk.why("copperwren-sys").ways
        assert [line.about for line in ways if "└─ copperwren-sys 0.6.2" in line.text] == [COPPERWREN]
        page = desk.page(COPPERWREN, quiet).lines
        assert "Who audited it:" in page
        assert "published: 0.6.1 by ? > 0.6.2 by ?" in page
        assert "yanked: no" in page
        assert any(line.startswith("advisories: not known: there is no advisory database") for line in page)
        assert [line.about for line in desk.why("copperwren-sys").dependents] == [COPPERWREN, None, None]
        assert "[cargo-vet]" in desk.policy()


@pytest.mark.cargo_vet
def test_the_real_cargo_vet_accepts_what_a_review_recorded(workspace: Path, tmp_path: Path, cargo_vet: Path) -> None:
    with open_desk(workspace, tmp_path) as desk:
        queue = desk.queue(quiet, live=False)
        failing = [entry.pair for entry in queue.entries if entry.row.is_failing]
        written = desk.certify(certification(*failing))
        assert written.left == 0
    environ = {**os.environ, "CARGO": "cargo"}
    done = subprocess.run(
        [cargo_vet, "vet", "check", "--locked"], cwd=workspace, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
