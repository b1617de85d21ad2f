"""One line of strace's record; the lines are made up in the form of strace 6.1."""

from __future__ import annotations

import pytest

from vetflow.surface.observed.strace_line import (
    Begun,
    Call,
    Ended,
    Refused,
    Resumed,
    descriptor_path,
    parse_line,
    string,
    strings,
)


def call(line: str) -> Call:
    entry = parse_line(line)
    assert isinstance(entry, Call)
    return entry


def test_a_call_has_arguments_a_result_and_perhaps_an_error() -> None:
    found = call('7  openat(AT_FDCWD</work>, "a.rs", O_RDONLY|O_CLOEXEC) = -1 ENOENT (No such file or directory)')
    assert (found.pid, found.name, found.error) == (7, "openat", "ENOENT")
    assert found.arguments == ("AT_FDCWD</work>", '"a.rs"', "O_RDONLY|O_CLOEXEC")
    assert call('7 openat(3</x>, "a", O_WRONLY|O_CREAT, 0666) = 4</x/a>').arguments[3] == "0666"


def test_commas_and_brackets_inside_of_an_argument_do_not_divide_it() -> None:
    found = call('7 execve("/bin/x", ["x", "a, b", "c)d", "e]f"], ["A=1, 2", "B=}"]) = 0')
    assert len(found.arguments) == 3
    assert strings(found.arguments[1]) == ["x", "a, b", "c)d", "e]f"]


@pytest.mark.parametrize(
    "name",
    [
        'x\\") = 0',
        "x) = 3</tmp/fine>",
        "x <unfinished ...>",
        "\\n9 +++ exited with 0 +++",
        "<... openat resumed>",
        "/* 12 in strace's PID NS */",
        "x\\\\",
    ],
)
def test_no_name_can_end_its_call_or_look_like_another_line(name: str) -> None:
    for line in (f'7 openat(AT_FDCWD</work>, "{name}", O_RDONLY) = 3</a>', f'7 unlink("{name}") = 0'):
        found = call(line)
        assert found.result in {"3</a>", "0"}
        assert string(found.arguments[-2 if found.name == "openat" else 0]) == name.replace("\\\\", "\\").replace(
            '\\"', '"'
        ).replace("\\n", "\n")


def test_a_folder_name_cannot_either() -> None:
    found = call('7 openat(AT_FDCWD</work/x) = 0, \\74b\\76>, "y", O_RDONLY) = 3</work/x) = -1 EPERM, \\74b\\76/y>')
    assert descriptor_path(found.arguments[0]) == "/work/x) = 0, <b>"
    assert found.error is None
    assert descriptor_path(found.result) == "/work/x) = -1 EPERM, <b>/y"


def test_escapes_are_bytes() -> None:
    assert string('"a\\n\\t\\303\\251\\\\\\x41"') == "a\n\té\\A"
    assert string('"\\377"') == "\udcff"
    assert string("NULL") is None


def test_pipes_and_sockets_have_no_path() -> None:
    assert descriptor_path("3<pipe:[77]>") is None
    assert descriptor_path("3<socket:[77]>") is None
    assert descriptor_path("5</memfd:x>(deleted)") == "/memfd:x"


def test_a_call_in_two_pieces() -> None:
    assert parse_line('7 openat(3</x>, "a" <unfinished ...>') == Begun(7, '7 openat(3</x>, "a"')
    assert parse_line("7 <... openat resumed>, O_RDONLY) = 4</x/a>") == Resumed(7, ", O_RDONLY) = 4</x/a>")


def test_ends_and_signals() -> None:
    assert parse_line("7 +++ exited with 0 +++") == Ended(7)
    assert parse_line("7 +++ killed by SIGKILL +++") == Ended(7)
    assert parse_line("7 +++ superseded by execve in pid 9 +++") == Ended(7, 9)
    line = (
        "7 --- SIGSYS {si_signo=SIGSYS, si_code=SYS_SECCOMP, si_call_addr=0x7f, si_syscall=__NR_ptrace, si_arch=A} ---"
    )
    assert parse_line(line) == Refused(7, "ptrace")
    assert parse_line("7 --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=5} ---") is None


@pytest.mark.parametrize("line", ["", "what is this", '7 unlink("/x', '7 unlink("/x") ', "strace: Process 7 attached"])
def test_anything_else_is_told_as_broken(line: str) -> None:
    with pytest.raises(ValueError, match=r"record|end"):
        parse_line(line)
