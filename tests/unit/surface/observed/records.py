"""Made-up records: a build that begins as strace writes it, with what a test adds to it."""

from __future__ import annotations

from vetflow.surface.observed.births import Births
from vetflow.surface.observed.layout import TARGET, Layout
from vetflow.surface.observed.record import Record, RecordReader

CANARY = "feedc0de"
LAYOUT = Layout(
    home="/home/ada",
    sources=("/home/ada/project",),
    cargo_home="/home/ada/.cargo",
    toolchain="/home/ada/.rustup/toolchains/stable",
    canary=CANARY,
    decoys=("/home/ada/project/.env",),
)
BIN = f"{LAYOUT.toolchain}/bin"
OUT = f"{TARGET}/debug/build/coiled-0a/out"
SCRIPT = f"{TARGET}/debug/build/coiled-0b/build-script-build"
AT = "AT_FDCWD</home/ada/project/coiled>"

BEGINNING = [
    '10 execve("/usr/bin/bwrap", ["bwrap", "--unshare-all"], ["PATH=/usr/bin"]) = 0',
    "10 clone(child_stack=NULL, flags=CLONE_NEWPID|SIGCHLD) = 11",
    '11 openat(AT_FDCWD</>, "/home/ada/.ssh/id_rsa", O_RDONLY) = 3</home/ada/.ssh/id_rsa>',  # bwrap itself
    "11 clone(child_stack=NULL, flags=SIGCHLD) = 2 /* 12 in strace's PID NS */",
    f'12 execve("{BIN}/cargo", ["cargo", "build"], ["HOME=/home/ada"]) = 0',
    '12 openat(AT_FDCWD</x>, "/home/ada/.cargo/credentials.toml", O_RDONLY) = 3</home/ada/.cargo/credentials.toml>',
    '12 openat(AT_FDCWD</x>, "/home/ada/.cargo/.package-cache", O_RDWR|O_CREAT, 0666) = -1 EROFS (Read-only)',
]
ENDING = ["12 +++ exited with 0 +++", "11 +++ exited with 0 +++", "10 +++ exited with 0 +++"]


def script_starts(pid: int = 20, name: str = "coiled", version: str = "0.3.1") -> list[str]:
    """Return the lines with which cargo starts a build script."""
    environment = f'"CARGO_PKG_NAME={name}", "CARGO_PKG_VERSION={version}", "OUT_DIR={OUT}"'
    return [
        "12 vfork( <unfinished ...>",
        f'{pid} chdir("/home/ada/project/coiled") = 0',
        f'{pid} execve("{SCRIPT}", ["{SCRIPT}"], [{environment}] <unfinished ...>',
        f"12 <... vfork resumed>) = 5 /* {pid} in strace's PID NS */",
        f"{pid} <... execve resumed>) = 0",
    ]


def compiler_starts(pid: int, name: str, *words: str, version: str = "1.2.0") -> list[str]:
    """Return the lines with which cargo starts rustc on a package."""
    crate = name.replace("-", "_")
    options = ["rustc", "--crate-name", crate, *words, "-C", "extra-filename=-77", "--out-dir", f"{TARGET}/debug/deps"]
    argv = ", ".join(f'"{word}"' for word in options)
    return [
        f"12 clone(child_stack=NULL, flags=SIGCHLD) = 6 /* {pid} in strace's PID NS */",
        f'{pid} execve("{BIN}/rustc", [{argv}], ["CARGO_PKG_NAME={name}", "CARGO_PKG_VERSION={version}"]) = 0',
    ]


def read(*lines: str) -> Record:
    """Return what a record of a whole build says that has these lines in its middle."""
    return read_lines([*BEGINNING, *lines, *ENDING])


def read_lines(lines: list[str], layout: Layout = LAYOUT) -> Record:
    """Return what a record says."""
    return RecordReader(Births(lines), layout).read(lines)


def told(record: Record) -> list[str]:
    """Return the rows of a record, short."""
    return [f"{row.act.kind.value} {row.act.what}" for row in record.rows]
