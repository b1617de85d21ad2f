"""What a record says that a build did, and whose doing it was."""

from __future__ import annotations

import pytest

from tests.unit.surface.observed.records import (
    AT,
    BEGINNING,
    BIN,
    CANARY,
    ENDING,
    LAYOUT,
    OUT,
    compiler_starts,
    read,
    read_lines,
    script_starts,
    told,
)
from vetflow.surface.observed.layout import TARGET, TEMPORARY
from vetflow.surface.observed.record import MOST_ROWS, Author
from vetflow.surface.observed.units import PackageId, Role

COILED = PackageId("coiled", "0.3.1")
DEPS = f"{TARGET}/debug/deps"


def script_does(*calls: str) -> list[str]:
    """Return the rows of a build whose one build script does this and nothing else."""
    return told(read(*script_starts(), *(f"20 {call}" for call in calls)))


def test_cargo_alone_is_no_news_and_bubblewrap_is_none_either() -> None:
    record = read(*script_starts())
    assert record.rows == ()
    assert record.is_whole


def test_what_a_build_script_does_is_told_with_its_package() -> None:
    (row,) = read(
        *script_starts(), f'20 openat({AT}, "/home/ada/.ssh/id_rsa", O_RDONLY) = 3</home/ada/.ssh/id_rsa>'
    ).rows
    assert row.author == Author(Role.BUILD_SCRIPT, COILED)
    assert told(read(*script_starts())) == []
    assert row.line == len(BEGINNING) + len(script_starts()) + 1
    assert row.evidence.startswith("openat(AT_FDCWD")


@pytest.mark.parametrize(
    "path",
    [
        "/home/ada/.ssh",
        "/home/ada/.aws/credentials",
        "/home/ada/.cargo/credentials.toml",
        "/home/ada/project/.env",
        "/home/eve/notes",
        "/etc/shadow",
        "/proc/1/environ",
        "/proc/self/task/3/mem",
    ],
)
def test_private_files_are_nobodys_business_even_where_they_are_not(path: str) -> None:
    assert script_does(f'openat({AT}, "{path}", O_RDONLY) = -1 ENOENT (No such file)') == [f"read {path}"]


@pytest.mark.parametrize(
    "path",
    [
        "/home/ada/project/src/lib.rs",
        "/home/ada/.cargo/registry/src/a-1.0.0/lib.rs",
        "/usr/include/stdio.h",
        f"{TEMPORARY}/x",
    ],
)
def test_what_the_build_was_given_may_be_read(path: str) -> None:
    assert script_does(f'openat({AT}, "{path}", O_RDONLY) = 3<{path}>') == []


def test_a_file_that_a_link_leads_to_counts_not_the_links_name() -> None:
    assert script_does(f'openat({AT}, "{OUT}/link", O_RDONLY) = 3</home/ada/.netrc>') == ["read /home/ada/.netrc"]
    refused = f'openat({AT}, "{OUT}/link", O_WRONLY|O_APPEND) = -1 EROFS (Read-only file system)'
    assert script_does(refused) == [f"write {OUT}/link"]


def test_relative_names_count_from_where_the_process_stands() -> None:
    assert script_does(f'openat({AT}, "../../.bashrc", O_WRONLY) = -1 EROFS (x)') == ["write /home/ada/.bashrc"]
    assert script_does('chdir("/home/ada") = 0', 'unlink("notes") = -1 EROFS (x)') == ["write /home/ada/notes"]
    assert script_does("fchdir(3</var>) = 0", 'mkdir("x", 0777) = -1 EROFS (x)') == ["write /var/x"]


def test_a_build_script_writes_to_its_own_folder_alone() -> None:
    assert script_does(
        f'mkdir("{OUT}/a", 0777) = 0',
        f'openat({AT}, "{OUT}/a/b.rs", O_WRONLY|O_CREAT, 0666) = 3<{OUT}/a/b.rs>',
        f'rename("{OUT}/a/b.rs", "{OUT}/c.rs") = 0',
        f'openat({AT}, "/dev/null", O_RDWR) = 3</dev/null>',
        f'openat({AT}, "/dev/fd/8", O_WRONLY) = 3<pipe:[99]>',
        f'openat({AT}, "/tmp/ccAbc.o", O_RDWR|O_CREAT, 0600) = 3</tmp/ccAbc.o>',
    ) == []  # fmt: skip
    assert script_does(
        f'openat({AT}, "{DEPS}/libother.rlib", O_WRONLY) = 3<{DEPS}/libother.rlib>',
        f'rename("{OUT}/a", "{TARGET}/debug/build/other-1/build-script-build") = 0',
        'openat(AT_FDCWD</>, "/tmp/update.bin", O_WRONLY|O_CREAT, 0777) = 3</tmp/update.bin>',
    ) == [
        f"write {DEPS}/libother.rlib",
        f"write {TARGET}/debug/build/other-1/build-script-build",
        "write /tmp/update.bin",
    ]


def test_a_compiler_writes_what_it_was_asked_for() -> None:
    def writes(name: str) -> list[str]:
        line = f'30 openat(AT_FDCWD</x>, "{DEPS}/{name}", O_RDWR|O_CREAT, 0666) = 3<{DEPS}/{name}>'
        return told(read(*compiler_starts(30, "lattice"), line))

    for name in ("liblattice-77.rmeta", "lattice-77.d", "lattice-77.cgu.0.rcgu.o", "rustcAbc123/list", "rmeta12Ab34/x"):
        assert writes(name) == []
    assert writes("libother-12.so") == [f"write {DEPS}/libother-12.so"]


def test_programs_of_toolchain_and_c_compilers_are_expected_where_no_build_can_put_them() -> None:
    assert script_does(
        f'execve("{BIN}/cc", ["cc"], ["A=1"]) = -1 ENOENT (No such file)',
        'execve("/usr/bin/cc", ["cc"], ["A=1"]) = 0',
        'execve("/usr/lib/gcc/x86_64-linux-gnu/12/collect2", ["collect2"], []) = 0',
        'execve("/usr/bin/x86_64-linux-gnu-gcc-12", ["gcc"], []) = 0',
        f'execve("{LAYOUT.toolchain}/lib/rustlib/x86_64-unknown-linux-gnu/bin/rust-lld", ["lld"], []) = 0',
        f'execve("{BIN}/rustc", ["rustc", "-V"], []) = 0',
    ) == []  # fmt: skip
    assert script_does(
        f'execve("{OUT}/cc", ["cc"], []) = 0',
        'execve("/usr/bin/sh", ["sh", "-c", "id; exit"], ["A=1"]) = 0',
        'execveat(5</memfd:x>(deleted), "", ["a"], ["B=1"], AT_EMPTY_PATH) = 0',
    ) == [f"program {OUT}/cc", "program /usr/bin/sh -c 'id; exit'", "program /memfd:x"]


def test_a_relative_name_is_no_program_of_a_place() -> None:
    """Another thread may have moved the folder from which it counts."""
    assert script_does('chdir("/usr/bin") = 0', 'execve("gcc", ["gcc", "-c"], []) = 0') == ["program gcc -c"]


def test_a_name_that_climbs_out_of_a_link_is_no_program_of_a_place_either() -> None:
    for start in ("", "/usr/..", "/usr/bin/../.."):
        climbs = f"{OUT}/link{'/..' * 6}/usr/bin/gcc"
        assert script_does(f'execve("{start}{climbs}", ["gcc"], []) = 0') == [f"program {climbs}"]
    at = f'execveat(5<{OUT}/link>, "../../../../../../usr/bin/gcc", ["gcc"], [], 0) = 0'
    assert script_does(at) == [f"program {OUT}/link/../../../../../../usr/bin/gcc"]
    assert script_does('execve("/usr/bin/../lib/gcc/x86_64-linux-gnu/12/cc1", ["cc1"], []) = 0') == []


@pytest.mark.parametrize(
    ("path", "leaves"),
    [("/home/ada/project/pipe", True), ("/tmp/work/pipe", True), ("/tmp/x", False), ("/memfd:x (deleted)", False)],  # noqa: S108  made up
)
def test_a_pipe_of_the_machine_leads_out_of_the_sandbox(path: str, leaves: bool) -> None:
    """Nothing else can be opened for writing where all is read-only."""
    layout = LAYOUT._replace(sources=(*LAYOUT.sources, "/tmp/work"))  # noqa: S108
    lines = [*BEGINNING, *script_starts(), f'20 openat({AT}, "{path}", O_WRONLY) = 3<{path}>', *ENDING]
    assert [row.act.leaves for row in read_lines(lines, layout).rows] == [leaves]


def test_a_program_that_is_looked_for_in_several_folders_is_told_once() -> None:
    missing = [f'execve("{folder}/curl", ["curl", "x"], []) = -1 ENOENT (x)' for folder in (BIN, "/usr/local/bin")]
    assert script_does(*missing) == ["program curl"]
    assert script_does(*missing, 'execve("/usr/bin/curl", ["curl", "x"], []) = 0') == ["program /usr/bin/curl x"]


def test_a_planted_secret_is_recognised_where_it_goes() -> None:
    address = '{sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("192.0.2.1")}'
    lines = [
        f'20 sendto(3<socket:[1]>, "key {CANARY}", 12, 0, {address}, 16) = 12',
        f'20 execve("/usr/bin/cc", ["cc", "-D{CANARY}"], ["T={CANARY}"]) = 0',
        f'20 execve("/usr/bin/cc", ["cc"], ["T={CANARY}"]) = 0',
    ]
    rows = read(*script_starts(), *lines).rows
    assert [(row.act.kind.value, row.act.carries) for row in rows] == [("network", True), ("program", True)]


def test_everything_that_comes_of_a_build_script_is_its_own_doing() -> None:
    """A daemon, a thread, and a program that says it is another package."""
    record = read(
        *script_starts(),
        "20 clone(child_stack=NULL, flags=SIGCHLD <unfinished ...>",
        "21 clone(child_stack=NULL, flags=SIGCHLD) = 9 /* 22 in strace's PID NS */",
        "20 <... clone resumed>) = 8 /* 21 in strace's PID NS */",
        "21 +++ exited with 0 +++",
        "20 +++ exited with 0 +++",
        f'22 execve("{BIN}/rustc", ["rustc", "--crate-name", "serde"], ["CARGO_PKG_NAME=serde"]) = 0',
        "22 connect(3<socket:[5]>, {sa_family=AF_INET6, sin6_port=htons(443), sin6_flowinfo=htonl(0), "
        'inet_pton(AF_INET6, "2001:db8::1", &sin6_addr), sin6_scope_id=0}, 28) = -1 ENETUNREACH (x)',
    )
    (row,) = record.rows
    assert row.author == Author(Role.BUILD_SCRIPT, COILED)
    assert row.act.what == "connects to [2001:db8::1]:443"


def test_a_child_that_is_gone_before_its_number_can_be_told_is_still_its_parents() -> None:
    """Two at once: the record has the numbers they had in the sandbox, 8 and 9, which were given in order."""
    record = read(
        *script_starts(20),
        *compiler_starts(30, "lattice"),
        "30 clone(child_stack=NULL, flags=SIGCHLD <unfinished ...>",
        "20 clone(child_stack=NULL, flags=SIGCHLD <unfinished ...>",
        '31 openat(AT_FDCWD</x>, "/home/ada/.netrc", O_RDONLY) = -1 ENOENT (x)',
        '32 openat(AT_FDCWD</x>, "/etc/shadow", O_RDONLY) = -1 ENOENT (x)',
        "32 +++ exited with 0 +++",
        "31 +++ killed by SIGKILL +++",
        "20 <... clone resumed>) = 9",
        "30 <... clone resumed>, parent_tid=[0]) = 8",
    )
    assert [(row.act.path, row.author.package) for row in record.rows] == [
        ("/home/ada/.netrc", PackageId("lattice", "1.2.0")),
        ("/etc/shadow", COILED),
    ]


def test_a_number_that_is_used_again_is_another_process() -> None:
    record = read(
        *script_starts(20),
        "20 +++ exited with 0 +++",
        *compiler_starts(20, "lattice"),
        '20 openat(AT_FDCWD</x>, "/etc/shadow", O_RDONLY) = -1 ENOENT (x)',
    )
    assert [row.author.package for row in record.rows] == [PackageId("lattice", "1.2.0")]


def test_a_thread_that_runs_a_program_takes_the_place_of_its_process() -> None:
    record = read(
        *script_starts(),
        "20 clone3({flags=CLONE_VM|CLONE_FS|CLONE_THREAD}, 88) = 9 /* 25 in strace's PID NS */",
        '25 execve("/usr/bin/id", ["id"], [] <unfinished ...>',
        "20 +++ superseded by execve in pid 25 +++",
        "20 <... execve resumed>) = 0",
        '20 openat(AT_FDCWD</x>, "/etc/shadow", O_RDONLY) = -1 ENOENT (x)',
    )
    assert told(record) == ["read /etc/shadow", "program /usr/bin/id"]
    assert {row.author.package for row in record.rows} == {COILED}
    assert record.is_whole


def test_of_what_a_compiler_does_the_loaded_macros_are_suspects() -> None:
    library = f"{DEPS}/liblacquer-77.so"
    record = read(
        *compiler_starts(30, "lacquer", "--crate-type", "proc-macro"),
        *compiler_starts(31, "lattice"),
        '31 openat(AT_FDCWD</x>, "/home/ada/.netrc", O_RDONLY) = 3</home/ada/.netrc>',
        "31 clone3({flags=CLONE_VM|CLONE_FS|CLONE_THREAD}, 88) = 9 /* 32 in strace's PID NS */",
        f'32 openat(AT_FDCWD</x>, "{library}", O_RDONLY|O_CLOEXEC) = 3<{library}>',
        '31 openat(AT_FDCWD</x>, "/home/ada/.ssh/id_rsa", O_RDONLY) = 3</home/ada/.ssh/id_rsa>',
    )
    lattice = PackageId("lattice", "1.2.0")
    assert [(row.act.path, row.author) for row in record.rows] == [
        ("/home/ada/.netrc", Author(Role.COMPILER, lattice)),
        ("/home/ada/.ssh/id_rsa", Author(Role.COMPILER, lattice, (PackageId("lacquer", "1.2.0"),))),
    ]


def test_what_cargo_starts_that_is_neither_compiler_nor_build_script_is_told() -> None:
    lines = [
        "12 clone(child_stack=NULL, flags=SIGCHLD) = 6 /* 40 in strace's PID NS */",
        '40 execve("/home/ada/project/wrapper.sh", ["wrapper.sh", "rustc"], ["CARGO_PKG_NAME=coiled"]) = 0',
    ]
    (row,) = read(*lines).rows
    assert row.author.role is Role.PROGRAM
    assert row.act.what == "/home/ada/project/wrapper.sh rustc"


def test_subcommands_that_come_with_cargo_start_it_again() -> None:
    lines = [
        f'12 execve("{BIN}/cargo-clippy", ["cargo-clippy", "clippy"], []) = 0',
        f'12 execve("{BIN}/cargo", ["cargo", "check"], []) = 0',
        *compiler_starts(30, "lattice"),
    ]
    assert read(*lines).rows == ()


def test_a_refused_call_is_told_once() -> None:
    signal = "20 --- SIGSYS {si_signo=SIGSYS, si_code=SYS_SECCOMP, si_syscall=__NR_io_uring_setup, si_arch=A} ---"
    record = read(*script_starts(), "20 io_uring_setup(8, {flags=0}) = 425", signal)
    assert [(row.act.what, row.act.error) for row in record.rows] == [("io_uring_setup()", "SIGSYS")]


def test_a_process_of_unknown_origin_is_not_overlooked() -> None:
    (row,) = read('99 openat(AT_FDCWD</x>, "/etc/shadow", O_RDONLY) = -1 ENOENT (x)').rows
    assert row.author == Author(None, None)


def test_the_same_act_is_counted_and_a_flood_hides_nobody() -> None:
    same = read(*script_starts(), *['20 unlink("/home/ada/x") = -1 EROFS (x)'] * 3)
    assert [row.times for row in same.rows] == [3]
    flood = [f'20 unlink("/home/ada/{number}") = -1 EROFS (x)' for number in range(MOST_ROWS + 7)]
    record = read(
        *script_starts(),
        *flood,
        '20 execve("/usr/bin/id", ["id"], []) = 0',
        *compiler_starts(30, "lattice"),
        '30 unlink("/home/ada/x") = -1 EROFS (x)',
    )
    assert record.left_out == 7
    assert told(record)[MOST_ROWS:] == ["program /usr/bin/id", "write /home/ada/x"]


def test_a_record_that_ends_early_or_cannot_be_understood_is_not_whole() -> None:
    assert not read_lines([*BEGINNING, *script_starts()]).is_whole
    assert not read_lines([*BEGINNING[:4], *ENDING]).is_whole  # cargo never ran
    broken = read('20 openat(AT_FDCWD</x>, "/etc')
    assert (broken.unread, broken.is_whole) == (1, False)
    assert not read("20 <... openat resumed>) = 3").is_whole
