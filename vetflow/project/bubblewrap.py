"""bubblewrap: a machine for one build, without a network, with the user's files out of reach.

The command line is made here and nothing is run but a probe. What the build sees is a `Layout`; everything it sees of
the machine is read-only, but for one folder. Nothing is done where bubblewrap cannot do all of it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from vetflow.errors import UndecidedError
from vetflow.surface.observed.layout import TARGET, TEMPORARY, Layout

_ISOLATION: Final = ("--unshare-all", "--clearenv", "--new-session", "--die-with-parent", "--cap-drop", "ALL")
BARE: Final[Mapping[str, str]] = {"PATH": "/usr/bin:/bin"}
"""The environment of bubblewrap itself, which whoever is inside can read."""
_LINKED: Final = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_STORES: Final = ("/nix/store", "/gnu/store")
_SETTINGS: Final = (
    "alternatives", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "passwd", "group", "nsswitch.conf", "os-release",
    "localtime",
)  # fmt: skip
"""What programs of a build read in `/etc`, none of it secret."""
_CRATES: Final = ("registry", "git")
_INSTALL: Final = "install it: `apt install bubblewrap`, `dnf install bubblewrap` or `pacman -S bubblewrap`"
_ALLOW: Final = (
    "allow user namespaces: `sysctl -w kernel.apparmor_restrict_unprivileged_userns=0` (Ubuntu), "
    "`sysctl -w kernel.unprivileged_userns_clone=1` (older Debian), `sysctl -w user.max_user_namespaces=15000` "
    "elsewhere; in a container it is its host that allows them"
)


class Planted(NamedTuple):
    """Files made for one build that lie in the place of others.

    home: files of the made-up home, by their path in it. replaced: files by the absolute path at which they are seen.
    """

    home: Mapping[str, str]
    replaced: Mapping[str, str]


def find_bubblewrap(environ: Mapping[str, str], platform: str) -> str:
    """Return the program, tried; raises UndecidedError with the way out where no sandbox can be made.

    platform: as `sys.platform` has it.
    """
    if not platform.startswith("linux"):
        raise UndecidedError(
            "a build can be observed on Linux only: bubblewrap and strace are programs for its kernel",
            help="run it in a Linux container or virtual machine; `vetflow surface` reads the same code anywhere",
        )
    program = shutil.which("bwrap", path=environ.get("PATH", os.defpath))
    if program is None:
        raise UndecidedError("there is no bubblewrap, and nothing is built without a sandbox", help=_INSTALL)
    import subprocess  # noqa: PLC0415  few commands start a program

    probe = [program, *_ISOLATION, "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "true"]
    tried = subprocess.run(probe, env=BARE, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if tried.returncode:
        raise UndecidedError(
            "bubblewrap cannot make a sandbox on this machine, and nothing is built without one",
            help=_ALLOW,
            causes=tried.stderr.decode(errors="replace").strip().splitlines()[:2],
        )
    return program


def sandbox_words(
    program: str,
    layout: Layout,
    *,
    planted: Planted,
    target: str,
    environment: Mapping[str, str],
    filter_file: int | None,
) -> list[str]:
    """Return the command that runs what follows it in the sandbox.

    target: the folder the build writes to. environment: all that the build sees. filter_file: an open file with the
    filter of system calls.
    """
    return [
        program,
        *_ISOLATION,
        *("--hostname", "localhost"),
        *_system(),
        *_private_folders(layout, planted),
        *("--bind", target, TARGET),
        *(word for folder in (layout.home, layout.cargo_home, "/") for word in ("--remount-ro", folder)),
        *(word for name, value in environment.items() for word in ("--setenv", name, value)),
        *(("--seccomp", str(filter_file)) if filter_file is not None else ()),
    ]


def _system() -> Iterator[str]:
    yield from ("--ro-bind", "/usr", "/usr")
    for folder in _LINKED:
        if os.path.islink(folder):
            yield from ("--symlink", os.readlink(folder), folder)
        elif os.path.isdir(folder):
            yield from ("--ro-bind", folder, folder)
    yield from _shown(folder for folder in _STORES if os.path.isdir(folder))
    yield from _shown(path for name in _SETTINGS if os.path.exists(path := f"/etc/{name}"))
    yield from ("--proc", "/proc", "--dev", "/dev", "--tmpfs", TEMPORARY)


def _private_folders(layout: Layout, planted: Planted) -> Iterator[str]:
    """Yield what is seen of home, cargo's home and the sources; what lies inside another folder comes after it."""
    yield from ("--tmpfs", layout.home)
    for name, file in planted.home.items():
        yield from ("--ro-bind", file, os.path.join(layout.home, name))
    folders = {*layout.sources, *layout.readable, layout.toolchain}
    yield from _shown(sorted(folder for folder in folders if not folder.startswith("/usr/") and folder != "/usr"))
    yield from ("--tmpfs", layout.cargo_home)
    crates = (os.path.join(layout.cargo_home, name) for name in _CRATES)
    yield from _shown(folder for folder in crates if os.path.isdir(folder))
    for path, file in planted.replaced.items():
        yield from ("--ro-bind", file, path)


def _shown(paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        yield from ("--ro-bind", path, path)
