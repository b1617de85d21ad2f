"""Calls that a build under observation may not make, as a filter for bubblewrap.

What a trace would not see, or what would change what it sees, is refused with SIGSYS, which the trace does show:
io_uring, whose operations are no system calls; tracing and reading other processes; further filters and mounts, with
which a program could hide from the trace or lay one file over another; sockets of families that know no network
namespace (vsock reaches the machine's host); keys of the kernel. `clone3` is said not to exist, because a filter cannot
look into its arguments; every C library then takes `clone`. Other instruction sets than the machine's are refused.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Final, NamedTuple


class _Machine(NamedTuple):
    """audit: the kernel's number of the instruction set. calls: numbers of what is refused whatever its arguments."""

    audit: int
    calls: tuple[int, ...]
    clone: int
    prctl: int
    socket: int


_NEWER: Final = (425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 442)
"""io_uring_*, open_tree, move_mount, fsopen to fspick, pidfd_getfd, mount_setattr: the same number everywhere."""
_MACHINES: Final[Mapping[str, _Machine]] = {
    # ptrace, mount, umount2, pivot_root, chroot, add_key, request_key, keyctl, unshare, perf_event_open,
    # open_by_handle_at, setns, process_vm_readv, process_vm_writev, seccomp, bpf, userfaultfd
    "x86_64": _Machine(
        0xC000003E,
        (*(101, 165, 166, 155, 161, 248, 249, 250, 272, 298, 304, 308, 310, 311, 317, 321, 323), *_NEWER),
        clone=56,
        prctl=157,
        socket=41,
    ),
    "aarch64": _Machine(
        0xC00000B7,
        (*(117, 40, 39, 41, 51, 217, 218, 219, 97, 241, 265, 268, 270, 271, 277, 280, 282), *_NEWER),
        clone=220,
        prctl=167,
        socket=198,
    ),
}
_CLONE3: Final = 435
_X32: Final = 0x40000000
"""From here on x86_64 counts a second set of its calls."""
_NEW_USER_NAMESPACE: Final = 0x10000000
_SET_SECCOMP: Final = 22
_FAMILIES: Final = (1, 2, 10, 16)
"""AF_UNIX, AF_INET, AF_INET6, AF_NETLINK: what a network namespace holds in."""

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_ALLOW, _TRAP, _NO_SUCH_CALL = 0x7FFF0000, 0x00030000, 0x00050000 | 38


def syscall_filter(machine: str) -> bytes | None:
    """Return the filter, in the kernel's form; None for a machine whose calls are not known here.

    machine: as `os.uname().machine` has it.
    """
    known = _MACHINES.get(machine)
    if known is None:
        return None
    program = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, known.audit),
        (_RETURN, 0, 0, _TRAP),
        (_LOAD, 0, 0, _NUMBER),
        *_when((_AT_LEAST, _X32), _TRAP),
        *_when((_EQUAL, _CLONE3), _NO_SUCH_CALL),
    ]
    for number in known.calls:
        program += _when((_EQUAL, number), _TRAP)
    program += _when_argument(known.clone, [_when((_ANY_BIT, _NEW_USER_NAMESPACE), _TRAP)], _ALLOW)
    program += _when_argument(known.prctl, [_when((_EQUAL, _SET_SECCOMP), _TRAP)], _ALLOW)
    program += _when_argument(known.socket, [_when((_EQUAL, family), _ALLOW) for family in _FAMILIES], _TRAP)
    program.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("=HBBI", *step) for step in program)


def _when(test: tuple[int, int], answer: int) -> list[tuple[int, int, int, int]]:
    operation, operand = test
    return [(operation, 0, 1, operand), (_RETURN, 0, 0, answer)]


def _when_argument(
    number: int, tests: list[list[tuple[int, int, int, int]]], otherwise: int
) -> list[tuple[int, int, int, int]]:
    """Return the steps that decide about one call by its first argument."""
    steps = [(_LOAD, 0, 0, _FIRST_ARGUMENT), *(step for test in tests for step in test), (_RETURN, 0, 0, otherwise)]
    return [(_EQUAL, 0, len(steps), number), *steps]
