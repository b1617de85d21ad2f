"""`vetflow check` works with tomli alone beside it, and says the same as a full installation does.

Installs for real, into a virtual environment of its own: needs a package index.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.conftest import REPOSITORY
from vetflow.app.demo import lay_out_demo

REQUIREMENTS = REPOSITORY / "tests" / "data" / "check-only-requirements.txt"
PLATFORM = {"pip", "setuptools", "wheel"}
"""What `venv` itself may put into an environment."""

MANIFEST = """\
[package]
name = "teal-ferry"
version = "0.1.0"
edition = "2021"

[dependencies]
oddlamp = "1"
"""
LOCK = """\
version = 4

[[package]]
name = "oddlamp"
version = "1.2.3"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "0000000000000000000000000000000000000000000000000000000000000000"

[[package]]
name = "teal-ferry"
version = "0.1.0"
dependencies = [
 "oddlamp",
]
"""
CONFIG = """
# cargo-vet config file

[cargo-vet]
version = "0.10"

[[exemptions.oddlamp]]
version = "1.2.3"
criteria = "safe-to-deploy"
"""
NO_AUDITS = "\n# cargo-vet audits file\n\n[audits]\n"
VIOLATION = """
# cargo-vet audits file

[[audits.oddlamp]]
who = "Reviewer One <one@ferry.invalid>"
criteria = "safe-to-run"
violation = "<1.3.0"
"""


def made_up_workspace(folder: Path, audits: str) -> Path:
    files = {
        "Cargo.toml": MANIFEST,
        "Cargo.lock": LOCK,
        "src/lib.rs": "",
        "supply-chain/config.toml": CONFIG,
        "supply-chain/audits.toml": audits,
        "supply-chain/imports.lock": "\n# cargo-vet imports lock\n",
    }
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


class Installation(NamedTuple):
    """A virtual environment with vetflow and what a check needs, nothing else."""

    python: Path

    def packages(self) -> set[str]:
        listed = run([str(self.python), "-m", "pip", "list", "--format=json"]).stdout
        return {package["name"].lower() for package in json.loads(listed)} - PLATFORM


class Verdict(NamedTuple):
    """How a check ended and what it wrote."""

    exit: int
    report: bytes
    messages: bytes


def run(command: list[str], cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    environ = {key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "PYTHONHOME"}}
    return subprocess.run(command, cwd=cwd, env=environ, capture_output=True, check=False)


def check(python: str, workspace: Path) -> Verdict:
    command = [python, "-P", "-m", "vetflow", "check", "--locked", "--output-format", "json"]
    ran = run(command, workspace)
    return Verdict(ran.returncode, ran.stdout, ran.stderr)


@pytest.fixture(scope="module")
def check_only(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    folder = tmp_path_factory.mktemp("check-only")
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    for words in (
        ["--require-hashes", "--only-binary=:all:", "--requirement", str(REQUIREMENTS)],
        [str(REPOSITORY)],
    ):
        installed = run([*pip, *words])
        assert installed.returncode == 0, installed.stderr.decode()
    return Installation(python)


@pytest.fixture(params=["demo", "exempted", "violation"])
def workspace(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param == "demo":
        return Path(lay_out_demo(str(tmp_path)).folder)
    return made_up_workspace(tmp_path, VIOLATION if request.param == "violation" else NO_AUDITS)


def test_nothing_but_tomli_is_installed_beside_vetflow(check_only: Installation) -> None:
    assert check_only.packages() == {"tomli", "vetflow"}


def test_the_verdict_is_that_of_the_full_installation(check_only: Installation, workspace: Path) -> None:
    verdict = check(str(check_only.python), workspace)
    assert "conclusion" in json.loads(verdict.report)
    assert verdict == check(sys.executable, workspace)


def test_the_three_workspaces_have_three_conclusions(check_only: Installation, tmp_path: Path) -> None:
    workspaces = (
        Path(lay_out_demo(str(tmp_path / "demo")).folder),
        made_up_workspace(tmp_path / "exempted", NO_AUDITS),
        made_up_workspace(tmp_path / "violation", VIOLATION),
    )
    reports = [json.loads(check(str(check_only.python), workspace).report) for workspace in workspaces]
    assert [report["conclusion"] for report in reports] == ["fail (vetting)", "success", "fail (violation)"]


def test_the_demo_is_shipped_in_the_wheel(check_only: Installation, tmp_path: Path) -> None:
    script = "import sys; from vetflow.app.demo import lay_out_demo; lay_out_demo(sys.argv[1])"
    laid_out = run([str(check_only.python), "-P", "-c", script, str(tmp_path / "demo")])
    assert laid_out.returncode == 0, laid_out.stderr.decode()
    shipped = REPOSITORY / "audits" / "demo"
    files = {path.relative_to(shipped) for path in shipped.rglob("*") if path.is_file()}
    copied = {path.relative_to(tmp_path / "demo") for path in (tmp_path / "demo").rglob("*") if path.is_file()}
    assert copied == files
