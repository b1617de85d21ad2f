"""`vetflow observe`: what it tells and with which exit code, with stand-ins for bubblewrap, strace and cargo; and once
with all of them real, on a workspace that tries what malware tries.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.in_process import Run, RunVetflow
from tests.observed_workspace import write_observed_workspace
from tests.oracle import find_cargo
from tests.unit.surface.observed.records import AT, BEGINNING, ENDING, LAYOUT, script_starts

SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "schemas" / "observe.json"
PEER = '{sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("192.0.2.1")}'
TRIED = [
    f'20 openat({AT}, "/home/ada/.ssh/id_rsa", O_RDONLY) = 3</home/ada/.ssh/id_rsa>',
    f"20 connect(3<socket:[5]>, {PEER}, 16) = -1 ENETUNREACH (Network is unreachable)",
    '20 execve("/usr/bin/sh", ["sh", "-c", "\\33[31mecho"], []) = 0',
]


class Machine:
    """A project, a home, and a folder of programs that stand in for real ones."""

    def __init__(self, folder: Path, run: RunVetflow) -> None:
        self._run = run
        self.home = folder / "home"
        self.project = self.home / "project"
        self.project.mkdir(parents=True)
        (self.project / "Cargo.toml").write_text('[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n')
        (self.project / "Cargo.lock").write_text('version = 4\n\n[[package]]\nname = "app"\nversion = "0.1.0"\n')
        (self.project / "src").mkdir()
        (self.project / "src" / "lib.rs").touch()
        self.toolchain = folder / "toolchain"
        self.programs = self.toolchain / "bin"
        self.programs.mkdir(parents=True)
        (self.toolchain / "lib" / "rustlib").mkdir(parents=True)
        self.program("bwrap", "exit 0")
        self.program("cargo", f'echo "$@" >>{folder}/fetched')
        self.fetched = folder / "fetched"
        self.records()

    def program(self, name: str, script: str) -> None:
        path = self.programs / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def records(self, *lines: str, status: int = 0, says: str = "   Compiling app") -> None:
        """Let strace write this record of a build, which says one line and ends with a status."""
        text = "\n".join([*BEGINNING, *lines, *ENDING]) + "\n"
        for old, new in ((LAYOUT.toolchain, self.toolchain), (LAYOUT.home, self.home)):
            text = text.replace(str(old), str(new))
        record = self.toolchain / "record"
        record.write_text(text)
        self.program(
            "strace",
            'while [ "$1" != -o ]; do shift; done\n'
            f'[ "$2" = /dev/null ] && exit 0\necho "$@" >{self.toolchain}/command\ncat {record} >"$2"\n'
            f"printf '%s\\n' '{says}'\nexit {status}",
        )

    def command(self) -> str:
        """Return the command line that strace was given."""
        return (self.toolchain / "command").read_text()

    def observe(self, *words: str, build: str = "cargo build") -> Run:
        environ = {"HOME": str(self.home), "PATH": str(self.programs), "SECRET": "hush", "XDG_CACHE_HOME": ""}
        return self._run("observe", *words, "--", *build.split(), cwd=self.project, environ=environ)


@pytest.fixture
def machine(tmp_path: Path, run_vetflow: RunVetflow) -> Machine:
    return Machine(tmp_path, run_vetflow)


def document(run: Run) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run.stdout)
    jsonschema.validate(found, json.loads(SCHEMA.read_text()))
    return found


def test_a_build_that_only_compiles_is_good(machine: Machine) -> None:
    machine.records(*script_starts())
    run = machine.observe()
    assert run.exit == 0
    assert run.stdout.startswith("`cargo build`: nothing but compiling was seen.\n")
    assert "This is what it did this time" in run.stdout
    assert "|    Compiling app\n" in run.stderr


def test_what_a_package_tried_is_told_and_the_exit_code_says_so(machine: Machine) -> None:
    machine.records(*script_starts(), *TRIED, status=101)
    run = machine.observe()
    assert run.exit == 1
    lines = run.stdout.splitlines()
    assert "coiled 0.3.1 (build script)" in lines
    assert f"  read    {machine.home}/.ssh/id_rsa: opened: nothing of yours lies there" in lines
    assert "  network connects to 192.0.2.1:9: blocked (ENETUNREACH)" in lines
    assert "\x1b" not in run.stdout
    assert "The build failed (exit status 101), which may be because of what was blocked" in run.stdout


def test_the_document_says_the_same(machine: Machine) -> None:
    machine.records(*script_starts(), *TRIED)
    found = document(machine.observe("--output-format", "json"))
    assert [(row["kind"], row["outcome"], row["error"]) for row in found["rows"]] == [
        ("read", "contained", None),
        ("network", "blocked", "ENETUNREACH"),
        ("program", "contained", None),
    ]
    assert {(row["role"], row["package"]["name"]) for row in found["rows"]} == {("build script", "coiled")}
    assert (found["recorded"], found["complete"], found["exit"]) == (True, True, 0)


def test_a_build_that_failed_before_it_did_anything_decides_nothing(machine: Machine) -> None:
    machine.records(*script_starts(), status=101)
    run = machine.observe()
    assert run.exit == 3
    assert "The build failed (exit status 101): what it would have done afterwards was not seen." in run.stdout


def test_a_record_with_a_gap_decides_nothing(machine: Machine) -> None:
    machine.records('12 openat(AT_FDCWD</x>, "/etc')
    run = machine.observe()
    assert (run.exit, "could not be understood: 1" in run.stdout) == (3, True)


def test_without_a_recorder_it_is_blocked_and_not_recorded(machine: Machine) -> None:
    (machine.programs / "strace").unlink()
    machine.program("bwrap", "exit 0")
    run = machine.observe()
    assert run.exit == 3
    assert run.stdout.startswith("blocked, not recorded: `cargo build` had no network and no secrets.\n")
    assert "apt install strace" in run.stdout
    found = document(machine.observe("--output-format", "json"))
    assert (found["recorded"], found["complete"]) == (False, False)


def test_without_a_sandbox_nothing_is_fetched_or_built(machine: Machine) -> None:
    machine.program("bwrap", "exit 1")
    run = machine.observe()
    assert (run.exit, run.stdout) == (3, "")
    assert "cannot make a sandbox" in run.stderr
    assert not machine.fetched.exists()
    assert not (machine.toolchain / "command").exists()


def test_a_sandbox_that_does_not_come_up_is_told(machine: Machine) -> None:
    (machine.toolchain / "record").write_text(BEGINNING[0] + "\n" + ENDING[-1] + "\n")
    run = machine.observe()
    assert run.exit == 3
    assert "the sandbox could not be set up" in run.stderr


def test_crates_are_fetched_first_unless_the_network_is_not_to_be_used(machine: Machine) -> None:
    machine.observe()
    assert machine.fetched.read_text() == f"fetch --locked --manifest-path {machine.project}/Cargo.toml\n"
    for option in ("--no-fetch", "--offline"):
        machine.observe(option)
    assert len(machine.fetched.read_text().splitlines()) == 1
    machine.program("cargo", "echo 'error: no network' >&2; exit 101")
    run = machine.observe()
    assert run.exit == 3
    assert "error: no network" in run.stderr


def test_nothing_of_the_users_environment_reaches_the_build_but_what_is_named(machine: Machine) -> None:
    machine.observe()
    assert "hush" not in machine.command()
    machine.observe("--env", "SECRET", "--env", "CC=clang")
    assert "--setenv SECRET hush --setenv CC clang" in machine.command()
    assert machine.observe("--env", "NOTHING").exit == 2


def test_files_with_secrets_in_the_workspace_are_hidden(machine: Machine) -> None:
    (machine.project / ".env").write_text("TOKEN=real\n")
    machine.observe()
    assert f"--ro-bind {machine.project} {machine.project}" in machine.command()
    assert f"/planted/secret {machine.project}/.env" in machine.command()


def test_a_workspace_that_is_or_holds_the_home_is_not_shown(machine: Machine) -> None:
    for name in ("Cargo.toml", "Cargo.lock", "src"):
        shutil.move(machine.project / name, machine.home / name)
    run = machine.observe()
    assert (run.exit, "holds your home directory" in run.stderr) == (3, True)


def test_cargo_does_not_run_in_an_unpacked_crate(machine: Machine) -> None:
    (machine.project / ".cargo-checksum.json").write_text("{}")
    run = machine.observe()
    assert (run.exit, "is an unpacked crate" in run.stderr) == (2, True)
    assert not machine.fetched.exists()


def test_what_is_no_build_is_refused(machine: Machine) -> None:
    assert machine.observe(build="cargo run").exit == 2
    assert machine.observe("--readable", "nowhere").exit == 2


def test_nothing_stays_but_the_record_that_was_asked_for(machine: Machine) -> None:
    machine.observe("--record", "kept")
    assert (machine.project / "kept").read_text().startswith("10 execve")
    assert list((machine.home / ".cache" / "vetflow" / "observe").iterdir()) == []


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, list[bytes]]:
    """One real build of the workspace that tries everything, and what a listener of this machine heard meanwhile."""
    for name in ("bwrap", "strace"):
        if shutil.which(name) is None:
            pytest.skip(f"there is no {name} on PATH: a real build was NOT observed")
    tried = subprocess.run(["bwrap", "--unshare-all", "--ro-bind", "/", "/", "true"], check=False, capture_output=True)
    if tried.returncode:
        pytest.skip(f"bubblewrap makes no sandbox here, a real build was NOT observed: {tried.stderr.decode()}")
    home = tmp_path_factory.mktemp("home")
    (home / ".ssh").mkdir()
    (home / ".ssh" / "id_ed25519").write_text("REAL KEY\n")
    (home / ".bashrc").write_text("# mine\n")
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        write_observed_workspace(home / "work", os.uname().machine, listener.getsockname()[1])
        environ = {
            "HOME": str(home),
            "PATH": os.pathsep.join((str(find_cargo().parent), "/usr/bin", "/bin")),
            "REAL_TOKEN": "hush",
        }
        run = RunVetflow(home)(
            *("observe", "--no-fetch", "--output-format", "json", "--", "cargo", "build"),
            cwd=home / "work",
            environ=environ,
        )
        heard.extend(connections(listener))
    return run, heard


def connections(listener: socket.socket) -> Iterator[bytes]:
    while True:
        try:
            yield listener.accept()[0].recv(99)
        except BlockingIOError:
            return


def test_a_real_build_has_no_network_no_secrets_and_nothing_to_write_to(observed: tuple[Run, list[bytes]]) -> None:
    run, heard = observed
    assert heard == []
    assert "user's token: false" in run.stderr
    assert "user's key: false" in run.stderr
    assert "tokens seen: " in run.stderr
    assert run.exit == 1, run.stderr


def test_each_attempt_is_in_the_report_of_a_real_build(observed: tuple[Run, list[bytes]]) -> None:
    found = document(observed[0])
    script = {(row["kind"], row["what"].rpartition("/")[2]) for row in found["rows"] if row["role"] == "build script"}
    names = {("read", name) for name in ("id_ed25519", "credentials.toml", ".env", "environ")}
    names |= {("write", name) for name in (".bashrc", "lib.rs", "git-updater.bin", "libother.rlib", "link")}
    names |= {
        ("kernel", f"{name}()") for name in ("io_uring_setup", "ptrace", "seccomp", "unshare", "keyctl", "socket")
    }
    names |= {("program", "sh -c 'true; exit 0'"), ("network", "looks up exfil.attacker.invalid")}
    names |= {("network", "sends to 127.0.0.1:45998"), ("network", "connects to 127.0.0.1:45997")}
    assert names <= script
    assert {row["package"]["name"] for row in found["rows"]} == {"coiled", "lattice"}
    assert found["recorded"] is True


def test_what_a_real_macro_did_names_the_crate_that_used_it_and_the_macro(observed: tuple[Run, list[bytes]]) -> None:
    rows = [row for row in document(observed[0])["rows"] if row["role"] == "compiler"]
    assert [(row["kind"], row["what"].rpartition("/")[2]) for row in rows] == [
        ("read", "id_rsa"),
        ("network", "connects to 127.0.0.1:45996"),
    ]
    assert {row["package"]["name"] for row in rows} == {"lattice"}
    assert {suspect["name"] for row in rows for suspect in row["suspects"]} == {"lacquer"}


def test_what_was_blocked_did_not_happen(observed: tuple[Run, list[bytes]]) -> None:
    blocked = [row for row in document(observed[0])["rows"] if row["outcome"] != "contained"]
    assert {row["outcome"] for row in blocked} == {"blocked"}
    sent = [row["what"] for row in document(observed[0])["rows"] if row["carries_planted_secret"]]
    assert sent == ["sends to 127.0.0.1:45998"]
