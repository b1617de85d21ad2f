"""The command line of a sandbox, and what happens where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from vetflow.errors import UndecidedError
from vetflow.project.bubblewrap import Planted, find_bubblewrap, sandbox_words
from vetflow.project.strace import find_recorder, recording_words
from vetflow.surface.observed.layout import TARGET, Layout

LAYOUT = Layout(
    home="/home/ada",
    sources=("/home/ada/work",),
    cargo_home="/home/ada/.cargo",
    toolchain="/home/ada/.rustup/toolchains/stable",
    canary="c",
    readable=("/opt/headers",),
)
PLANTED = Planted({".ssh/id_rsa": "/run/planted/key"}, {"/home/ada/work/.env": "/run/planted/env"})


def words(filter_file: int | None = None) -> list[str]:
    return sandbox_words(
        "/usr/bin/bwrap",
        LAYOUT,
        planted=PLANTED,
        target="/cache/target",
        environment={"CI": "true"},
        filter_file=filter_file,
    )


def mounts() -> list[tuple[str, str]]:
    """Return how each place in the sandbox is made, in order."""
    found, given = [], words()
    for at, word in enumerate(given):
        if word in {"--ro-bind", "--bind"}:
            found.append((word, given[at + 2]))
        elif word in {"--tmpfs", "--remount-ro"}:
            found.append((word, given[at + 1]))
    return found


def test_nothing_of_the_machine_can_be_written_but_one_folder() -> None:
    assert [place for how, place in mounts() if how == "--bind"] == [TARGET]
    closed = [place for how, place in mounts() if how == "--remount-ro"]
    assert closed == ["/home/ada", "/home/ada/.cargo", "/"]
    assert mounts()[-3:] == [("--remount-ro", place) for place in closed]


def test_a_home_is_emptied_before_anything_is_shown_in_it() -> None:
    order = [place for _, place in mounts()]
    for place in ("/home/ada/.ssh/id_rsa", "/home/ada/work", "/home/ada/.cargo", LAYOUT.toolchain):
        assert order.index("/home/ada") < order.index(place)
    assert order.index("/home/ada/work") < order.index("/home/ada/work/.env")
    assert "/opt/headers" in order


def test_the_environment_is_the_one_that_was_made() -> None:
    given = words()
    assert "--clearenv" in given
    assert [given[at + 1 : at + 3] for at, word in enumerate(given) if word == "--setenv"] == [["CI", "true"]]
    assert "--seccomp" not in given
    assert words(7)[-2:] == ["--seccomp", "7"]


def test_isolation_is_complete() -> None:
    assert {"--unshare-all", "--new-session", "--die-with-parent", "--cap-drop"} <= set(words())
    assert "--share-net" not in words()


def program(folder: Path, name: str, script: str) -> dict[str, str]:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return {"PATH": str(folder)}


def test_elsewhere_than_on_linux_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(UndecidedError, match="on Linux only"):
        find_bubblewrap(program(tmp_path, "bwrap", "exit 0"), "darwin")


def test_without_bubblewrap_the_way_out_is_the_package(tmp_path: Path) -> None:
    with pytest.raises(UndecidedError, match="no bubblewrap") as caught:
        find_bubblewrap({"PATH": str(tmp_path)}, "linux")
    assert "apt install bubblewrap" in str(caught.value.help)


def test_where_user_namespaces_are_forbidden_the_way_out_is_the_setting(tmp_path: Path) -> None:
    environ = program(tmp_path, "bwrap", "echo 'bwrap: setting up uid map: Permission denied' >&2; exit 1")
    with pytest.raises(UndecidedError, match="cannot make a sandbox") as caught:
        find_bubblewrap(environ, "linux")
    assert caught.value.causes == ("bwrap: setting up uid map: Permission denied",)
    assert "userns" in str(caught.value.help)


def test_a_recorder_that_cannot_record_is_told_and_not_used(tmp_path: Path) -> None:
    assert "apt install strace" in find_recorder({"PATH": str(tmp_path)}).missing
    environ = program(tmp_path, "strace", "echo 'strace: unrecognized option' >&2; exit 1")
    found = find_recorder(environ)
    assert (found.program, "unrecognized option" in found.missing) == ("", True)


def test_the_recorder_is_fast_only_beside_a_filter() -> None:
    assert "--seccomp-bpf" in recording_words("strace", "/r", fast=True)
    assert "--seccomp-bpf" not in recording_words("strace", "/r", fast=False)
