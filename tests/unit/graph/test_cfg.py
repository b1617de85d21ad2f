from __future__ import annotations

import pytest

from vetflow.graph.cfg import holds
from vetflow.graph.platforms import platform_of

LINUX = platform_of("x86_64-unknown-linux-gnu")
WINDOWS = platform_of("x86_64-pc-windows-msvc")
STRANGE = platform_of("xtensa-esp32-none-elf")


@pytest.mark.parametrize(
    ("condition", "linux", "windows"),
    [
        ("cfg(unix)", True, False),
        ("cfg(windows)", False, True),
        ('cfg(target_os = "linux")', True, False),
        ('cfg(target_family="windows")', False, True),
        ('cfg(target_env = "msvc")', False, True),
        ('cfg(target_abi = "")', True, True),
        ('cfg(target_has_atomic = "64")', True, True),
        ('cfg(target_has_atomic = "128")', False, True),
        ("cfg(not(windows))", True, False),
        ("cfg(all())", True, True),
        ("cfg(any())", False, False),
        ("cfg(true)", True, True),
        ("cfg(false)", False, False),
        ('cfg(all(unix, target_pointer_width = "64"))', True, False),
        ('cfg( any( windows , target_arch="x86_64", ) )', True, True),
        ('cfg(not(any(target_os = "macos", all(windows, target_vendor = "pc"))))', True, False),
        ("x86_64-unknown-linux-gnu", True, False),
        ("i686-pc-windows-gnu", False, False),
        ("cfg(r#unix)", True, False),
    ],
)
def test_a_condition_holds_where_cargo_says_so(condition: str, linux: bool, windows: bool) -> None:
    assert (holds(condition, LINUX), holds(condition, WINDOWS)) == (linux, windows)


@pytest.mark.parametrize("condition", ["cfg(tokio_unstable)", 'cfg(feature = "std")', "cfg(test)", 'cfg(unix = "x")'])
def test_names_that_the_compiler_does_not_set_are_off(condition: str) -> None:
    assert holds(condition, LINUX) is False


def test_the_users_own_flags_switch_names_on() -> None:
    flags = frozenset([("tokio_unstable", None), ("backend", "simple")])
    platform = platform_of("x86_64-unknown-linux-gnu", flags)
    assert holds("cfg(tokio_unstable)", platform) is True
    assert holds('cfg(backend = "simple")', platform) is True
    assert holds('cfg(backend = "other")', platform) is False


@pytest.mark.parametrize("condition", ['cfg(target_feature = "sse2")', "cfg(debug_assertions)", 'cfg(panic = "abort")'])
def test_what_depends_on_the_compiler_cannot_be_decided(condition: str) -> None:
    assert holds(condition, LINUX) is None


@pytest.mark.parametrize(
    ("condition", "answer"),
    [
        ("cfg(unix)", None),
        ("cfg(not(unix))", None),
        ("cfg(any(unix, windows))", None),
        ("cfg(any(unix, all()))", True),
        ("cfg(all(unix, any()))", False),
        ("xtensa-esp32-none-elf", True),
        ("x86_64-unknown-linux-gnu", False),
    ],
)
def test_of_an_unknown_platform_only_its_name_is_known(condition: str, answer: bool | None) -> None:
    assert holds(condition, STRANGE) is answer


@pytest.mark.parametrize(
    "condition",
    [
        "cfg()",
        "cfg(unix",
        "cfg(unix windows)",
        "cfg(not(unix, windows))",
        "cfg(not())",
        "cfg(target_os = linux)",
        "cfg(all(unix)",
        "cfg(target_os = )",
        'cfg("unix")',
        "cfg(a-b)",
        f"cfg({'not(' * 100}unix{')' * 100})",
    ],
)
def test_what_is_malformed_cannot_be_decided(condition: str) -> None:
    assert holds(condition, LINUX) is (False if not condition.endswith(")") else None)
