"""`vetflow merge-driver`: git merges branches that changed the same files of a store, and asks vetflow how."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.in_process import Run, RunVetflow
from tests.small_project import write_small_project
from tests.unit.project.repository import Repository

AUDIT = '\n[[audits.{}]]\nwho = "Ada"\ncriteria = "safe-to-deploy"\nversion = "1.0.0"\n'
HEADER = "\n# cargo-vet audits file\n"


class Project:
    """The small project in a repository; two branches that begin where it stands."""

    def __init__(self, folder: Path, run: RunVetflow) -> None:
        write_small_project(folder)
        self._run = run
        self.folder = folder
        self.audits = folder / "supply-chain" / "audits.toml"
        self.repository = Repository(folder)
        self.repository.commit({})

    def __call__(self, *words: str) -> Run:
        return self._run("merge-driver", *words)

    def install(self) -> None:
        """Install the driver, and let git find it though no vetflow is on its path."""
        assert self("install").exit == 0
        command = f"{sys.executable} -m vetflow merge-driver %O %A %B %P"
        self.repository.git("config", "merge.vetflow.driver", command)
        self.repository.commit({})

    def merge(self, ours: str, theirs: str) -> subprocess.CompletedProcess[str]:
        """Commit one text on each of two branches and merge them."""
        git = self.repository.git
        git("checkout", "--quiet", "-b", "theirs")
        self.audits.write_text(theirs)
        self.repository.commit({})
        git("checkout", "--quiet", "main")
        self.audits.write_text(ours)
        self.repository.commit({})
        identity = ("-c", "user.name=t", "-c", "user.email=t@example")
        return subprocess.run(
            ["git", *identity, "merge", "--quiet", "--no-edit", "theirs"],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def project(tmp_path: Path, run_vetflow: RunVetflow) -> Project:
    return Project(tmp_path, run_vetflow)


def test_two_branches_that_git_alone_cannot_merge(project: Project) -> None:
    project.install()
    ran = project.merge(HEADER + AUDIT.format("anvil"), HEADER + AUDIT.format("bellows"))
    assert ran.returncode == 0, ran.stderr
    assert project.audits.read_text() == HEADER + AUDIT.format("anvil") + AUDIT.format("bellows")


def test_without_the_driver_git_gives_up(project: Project) -> None:
    assert project.merge(HEADER + AUDIT.format("anvil"), HEADER + AUDIT.format("bellows")).returncode == 1


def test_what_somebody_must_decide_is_a_conflict_that_git_knows_of(project: Project) -> None:
    project.audits.write_text(HEADER + AUDIT.format("anvil"))
    project.install()
    narrowed = HEADER + AUDIT.format("anvil").replace("deploy", "run")
    ran = project.merge(narrowed, HEADER + AUDIT.format("anvil") + 'notes = "fine"\n')
    assert ran.returncode == 1
    assert "conflict in supply-chain/audits.toml: audits anvil 1.0.0: both sides changed it, and differently" in (
        ran.stderr + ran.stdout
    )
    assert "<<<<<<< ours\n" in project.audits.read_text()
    assert "UU supply-chain/audits.toml" in project.repository.git("status", "--short")


def test_installing_shows_and_writes_what_git_must_know(project: Project) -> None:
    attributes = project.folder / "supply-chain" / ".gitattributes"
    planned = project("install", "--dry-run")
    assert ".gitattributes: audits.toml merge=vetflow\n" in planned.stdout
    assert "git config merge.vetflow.driver 'vetflow merge-driver %O %A %B %P'\n" in planned.stdout
    assert not attributes.exists()
    attributes.write_text("*.toml text")
    assert project("install").stdout == planned.stdout
    assert attributes.read_text().startswith("*.toml text\nconfig.toml merge=vetflow\naudits.toml merge=vetflow\n")
    driver = project.repository.git("config", "merge.vetflow.driver")
    assert driver == "vetflow merge-driver %O %A %B %P"
    again = project("install")
    assert (again.stdout, again.stderr) == ("", "git merges the store's files with vetflow already\n")


def test_outside_a_repository_there_is_nothing_to_install(tmp_path: Path, run_vetflow: RunVetflow) -> None:
    write_small_project(tmp_path)
    run = run_vetflow("merge-driver", "install")
    assert run.exit == 2
    assert "is not in a git repository" in run.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("a", "b", "c"), "merge-driver takes four files"),
        (("a", "b", "c", "allowed_signers"), "vetflow does not merge allowed_signers"),
        (("a", "b", "c", "audits.toml"), "a cannot be read"),
    ],
)
def test_other_words_are_refused(project: Project, words: tuple[str, ...], said: str) -> None:
    run = project(*words)
    assert run.exit == 2
    assert said in run.stderr
