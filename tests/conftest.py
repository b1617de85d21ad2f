"""What tests of several folders use: the recorded cases, the real cargo-vet, vetflow in process.

Nothing may go unchecked in silence: a test that cannot run says what is missing, and where `CI` is set it
fails. Property tests repeat themselves exactly; `--hypothesis-profile=explore` lets them look elsewhere.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.in_process import RunVetflow
from tests.oracle import find_cargo_vet
from tests.ssh_programs import SshKeygen, find_ssh_keygen

REPOSITORY = Path(__file__).resolve().parent.parent

settings.register_profile("fixed", derandomize=True, deadline=None, database=None)
settings.register_profile("explore", derandomize=False, deadline=None, max_examples=2000)
settings.load_profile("fixed")


def in_ci() -> bool:
    """Whether the run must be complete: `CI` is set to anything but nothing, `0` and `false`."""
    return os.environ.get("CI", "").lower() not in {"", "0", "false"}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn every skipped test into a failure in CI."""
    report = yield
    if report.skipped and in_ci() and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and CI skips nothing: {report.longreprtext}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Do the same for modules that skip themselves while they are collected."""
    report = yield
    if report.outcome == "skipped" and in_ci():
        report.outcome = "failed"
        report.longrepr = f"skipped, and CI skips nothing: {report.longreprtext}"
    return report


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of recorded cases beside the checkout."""
    folder = REPOSITORY.parent / "shared"
    if not (folder / "fixtures").is_dir():
        pytest.skip(f"the recorded cases are not at {folder}: agreement with them was NOT tested")
    return folder


@pytest.fixture(scope="session")
def cargo_vet() -> Path:
    """The real cargo-vet, of the version whose behaviour vetflow promises; there is a cargo on PATH, too."""
    found = find_cargo_vet()
    if isinstance(found, str):
        pytest.skip(f"{found}: agreement with the real cargo-vet was NOT tested")
    return found


@pytest.fixture
def ssh_keygen(tmp_path_factory: pytest.TempPathFactory) -> SshKeygen:
    """OpenSSH's key program, with a folder for the keys it makes."""
    program = find_ssh_keygen()
    if program is None:
        pytest.skip("there is no ssh-keygen on PATH: agreement with OpenSSH was NOT tested")
    return SshKeygen(program, tmp_path_factory.mktemp("keys"))


@pytest.fixture
def run_vetflow(tmp_path: Path) -> RunVetflow:
    """The command line as a function; its home and default working directory is the test's own folder."""
    return RunVetflow(tmp_path)
