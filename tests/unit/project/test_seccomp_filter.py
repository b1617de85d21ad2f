"""The filter of system calls, decided as the kernel would: step by step."""

from __future__ import annotations

import struct

import pytest

from vetflow.project.seccomp_filter import syscall_filter

ALLOW, TRAP, NO_SUCH_CALL = 0x7FFF0000, 0x00030000, 0x00050026
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}


def decide(machine: str, number: int, argument: int = 0, architecture: int | None = None) -> int:
    """Run the filter on a call, as the kernel does."""
    content = syscall_filter(machine)
    assert content is not None
    steps = list(struct.iter_unpack("=HBBI", content))
    data = struct.pack("=IIQQ", number, architecture or ARCHITECTURES[machine], 0, argument)
    value = at = 0
    while True:
        code, jump, otherwise, operand = steps[at]
        at += 1
        if code == 0x20:
            (value,) = struct.unpack_from("=I", data, operand)
        elif code == 0x06:
            return int(operand)
        else:
            holds = {0x15: value == operand, 0x35: value >= operand, 0x45: bool(value & operand)}[code]
            at += jump if holds else otherwise


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_what_a_build_calls_is_allowed(machine: str) -> None:
    read, execve, clone, prctl, socket = {
        "x86_64": (0, 59, 56, 157, 41),
        "aarch64": (63, 221, 220, 167, 198),
    }[machine]
    assert decide(machine, read) == decide(machine, execve) == decide(machine, prctl, 15) == ALLOW
    assert decide(machine, clone, 0x01200011) == ALLOW
    assert [decide(machine, socket, family) for family in (1, 2, 10, 16)] == [ALLOW] * 4


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_what_a_record_would_not_show_is_refused(machine: str) -> None:
    numbers = {"x86_64": (101, 310, 317, 272, 165, 250), "aarch64": (117, 270, 277, 97, 40, 219)}[machine]
    assert {decide(machine, number) for number in (*numbers, 425, 426, 427, 428, 442)} == {TRAP}


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_some_calls_are_refused_by_what_they_are_given(machine: str) -> None:
    clone, prctl, socket = {"x86_64": (56, 157, 41), "aarch64": (220, 167, 198)}[machine]
    assert decide(machine, clone, 0x10000011) == TRAP  # a user namespace
    assert decide(machine, prctl, 22) == TRAP  # a filter of its own
    assert {decide(machine, socket, family) for family in (17, 40, 0)} == {TRAP}  # packets, vsock
    assert decide(machine, 435) == NO_SUCH_CALL  # clone3


def test_other_instruction_sets_are_refused() -> None:
    assert decide("x86_64", 0, architecture=0x40000003) == TRAP
    assert decide("x86_64", 0x40000000 + 2) == TRAP


def test_a_machine_that_is_not_known_has_no_filter() -> None:
    assert syscall_filter("riscv64") is None
