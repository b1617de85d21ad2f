from __future__ import annotations

import os
import sys

import pytest

from vetflow.app.this_machine import host_triple
from vetflow.graph.platforms import platform_of

UNIX_NAMES = [
    ("linux", "x86_64", "x86_64-unknown-linux-gnu"),
    ("darwin", "arm64", "aarch64-apple-darwin"),
    ("freebsd14", "amd64", "x86_64-unknown-freebsd"),
]


@pytest.mark.parametrize(("system", "machine", "triple"), UNIX_NAMES)
def test_a_platform_has_the_name_that_rustc_gives_it(
    monkeypatch: pytest.MonkeyPatch, system: str, machine: str, triple: str
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(os, "uname", lambda: os.uname_result(("", "", "", "", machine)))
    assert host_triple() == triple
    assert platform_of(triple).values is not None
