"""The platforms that compilers run on and compile for, as the values that `cfg(...)` in manifests can ask for.

Only what no version, option or profile of the compiler changes is listed. Checked against `rustc --print cfg`
(tests/compat/test_build_scope.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple, TypeAlias

Flag: TypeAlias = tuple[str, str | None]
"""A `--cfg NAME` or `--cfg NAME="VALUE"` that somebody gives the compiler."""


class Platform(NamedTuple):
    """What a `cfg(...)` is decided by.

    triple: the name by which rustc knows the platform. values: of each `target_...` key, None where the platform is
    not in the table. flags: what the user's own compiler flags set.
    """

    triple: str
    values: Mapping[str, frozenset[str]] | None = None
    flags: frozenset[Flag] = frozenset()


class _Target(NamedTuple):
    """One row: what the parts of a triple do not say is in here. widest: bits of the widest atomic operation."""

    arch: str
    vendor: str
    os: str
    env: str
    family: str
    width: int
    widest: int
    abi: str = ""


_LINUX_64: Final = _Target("x86_64", "unknown", "linux", "gnu", "unix", 64, 64)
_WINDOWS_64: Final = _Target("x86_64", "pc", "windows", "msvc", "windows", 64, 128)
_TARGETS: Final = {
    "x86_64-unknown-linux-gnu": _LINUX_64,
    "x86_64-unknown-linux-musl": _LINUX_64._replace(env="musl"),
    "aarch64-unknown-linux-gnu": _LINUX_64._replace(arch="aarch64", widest=128),
    "aarch64-unknown-linux-musl": _LINUX_64._replace(arch="aarch64", env="musl", widest=128),
    "i686-unknown-linux-gnu": _LINUX_64._replace(arch="x86", width=32),
    "armv7-unknown-linux-gnueabihf": _LINUX_64._replace(arch="arm", width=32, abi="eabihf"),
    "riscv64gc-unknown-linux-gnu": _LINUX_64._replace(arch="riscv64"),
    "aarch64-apple-darwin": _Target("aarch64", "apple", "macos", "", "unix", 64, 128),
    "x86_64-apple-darwin": _Target("x86_64", "apple", "macos", "", "unix", 64, 128),
    "aarch64-linux-android": _Target("aarch64", "unknown", "android", "", "unix", 64, 128),
    "x86_64-unknown-freebsd": _Target("x86_64", "unknown", "freebsd", "", "unix", 64, 64),
    "x86_64-pc-windows-msvc": _WINDOWS_64,
    "x86_64-pc-windows-gnu": _WINDOWS_64._replace(env="gnu"),
    "aarch64-pc-windows-msvc": _WINDOWS_64._replace(arch="aarch64"),
    "i686-pc-windows-msvc": _WINDOWS_64._replace(arch="x86", width=32, widest=64),
    "wasm32-unknown-unknown": _Target("wasm32", "unknown", "unknown", "", "wasm", 32, 64),
    "wasm32-wasip1": _Target("wasm32", "unknown", "wasi", "p1", "wasm", 32, 64),
}
PLATFORM_KEYS: Final = frozenset(
    ("unix", "windows", "target_arch", "target_vendor", "target_os", "target_env", "target_family")
) | {"target_abi", "target_endian", "target_pointer_width", "target_has_atomic"}
"""The keys that the table decides."""


def platform_of(triple: str, flags: frozenset[Flag] = frozenset()) -> Platform:
    """Return a platform by its triple; one that is not in the table has no values."""
    target = _TARGETS.get(triple)
    if target is None:
        return Platform(triple, None, flags)
    atomics = [str(bits) for bits in (8, 16, 32, 64, 128) if bits <= target.widest]
    values = {
        "target_arch": frozenset((target.arch,)),
        "target_vendor": frozenset((target.vendor,)),
        "target_os": frozenset((target.os,)),
        "target_env": frozenset((target.env,)),
        "target_family": frozenset((target.family,)),
        "target_abi": frozenset((target.abi,)),
        "target_endian": frozenset(("little",)),
        "target_pointer_width": frozenset((str(target.width),)),
        "target_has_atomic": frozenset((*atomics, "ptr")),
    }
    return Platform(triple, values, flags)


def known_triples() -> tuple[str, ...]:
    """Return the triples of the table."""
    return tuple(_TARGETS)
