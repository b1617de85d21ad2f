"""What every build has to do, and what therefore is no news (shared spec behaviour E).

Programs: the toolchain's, those of a C compiler, the build script itself. Writes: what a compiler calls its outputs,
a build script's OUT_DIR, the temporary files of compilers. Reads: everything that the build was given to read; what
is left are private files, and those are decoys. The network, and what a filter refused, is always news.
"""

from __future__ import annotations

import posixpath
import re
from typing import Final

from vetflow.surface.observed.acts import Act, Kind
from vetflow.surface.observed.layout import TARGET, TEMPORARY, Layout, is_below
from vetflow.surface.observed.units import Role, Unit

_TOOLS: Final = frozenset({"cargo", "rustc", "rustdoc", "clippy-driver", "cargo-clippy"})
_C_TOOL: Final = re.compile(
    r"(?:[\w.]+-)*(?:cc|c\+\+|gcc|g\+\+|clang|clang\+\+|cpp|cc1|cc1plus|collect2|lto1|lto-wrapper|as|ar|ranlib"
    r"|nm|strip|objcopy|ld|ld\.(?:bfd|gold|lld|mold)|lld|mold|llvm-\w+)(?:-[\d.]+)?"
)
_SYSTEM: Final = ("/usr/bin", "/usr/lib", "/usr/libexec", "/usr/local/bin", "/bin", "/lib", "/nix/store", "/gnu/store")
_DEVICES: Final = frozenset({"/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/dev/stdout", "/dev/stderr"})
_TEMPORARY_NAME: Final = re.compile(rf"{TEMPORARY}/(?:cc|rustc|rmeta)\w")
_SCRATCH_NAME: Final = re.compile(r"(?:rustc|rmeta|\.tmp)\w{6}")
_PRIVATE: Final = (
    "/root", "/home", "/etc/shadow", "/etc/gshadow", "/etc/sudoers", "/etc/ssh", "/etc/kubernetes", "/run/secrets",
    "/var/run/secrets", "/run/user", "/var/lib/docker", "/var/run/docker.sock", "/run/docker.sock",
)  # fmt: skip
"""Where secrets are on many machines. None of it is there in the sandbox; who looks for it wants it."""
_OF_A_PROCESS: Final = re.compile(r"/proc/[^/]+/(?:task/[^/]+/)?(?:environ|mem)")
_REFUSED: Final = frozenset({"EROFS", "EACCES", "EPERM"})


def is_ordinary(act: Act, unit: Unit | None, program: str, layout: Layout) -> bool:
    """Whether every build does such a thing.

    unit: None when it is not known whose process it is. program: what the process runs.
    """
    if act.kind is Kind.READ:
        return (unit is not None and unit.role is Role.CARGO) or not is_private(act.path, layout)
    if act.kind is Kind.WRITE:
        return _writes_as_usual(act, unit, program, layout)
    if act.kind is Kind.PROGRAM:
        return not act.carries and _is_expected(act, layout)
    return False


def is_tool(program: str, layout: Layout) -> bool:
    """Whether a program is of the toolchain or of a C compiler, at a place where a build cannot have put it."""
    folder, file = posixpath.split(program)
    if is_below(program, posixpath.join(layout.toolchain, "lib", "rustlib")):
        return True
    if file in _TOOLS and folder == posixpath.join(layout.toolchain, "bin"):
        return True
    return _C_TOOL.fullmatch(file) is not None and any(is_below(program, place) for place in _SYSTEM)


def is_private(path: str, layout: Layout) -> bool:
    """Whether a file is one of those that are nobody's business in a build."""
    if path in layout.decoys or _OF_A_PROCESS.fullmatch(path):
        return True
    if path == posixpath.join(layout.cargo_home, "credentials.toml"):
        return True
    places = [place for place in (layout.home, *_PRIVATE) if is_below(path, place)]
    return bool(places) and not layout.is_shown(path, within=max(places, key=len))


def _is_expected(act: Act, layout: Layout) -> bool:
    if act.error == "ENOENT":  # a compiler looks for its own tools in several places
        file = posixpath.basename(act.path)
        return file in _TOOLS or _C_TOOL.fullmatch(file) is not None
    return is_tool(act.path, layout)


def _writes_as_usual(act: Act, unit: Unit | None, program: str, layout: Layout) -> bool:
    path = act.path
    if path in _DEVICES:
        return True
    if unit is not None and unit.role is Role.CARGO:
        return is_below(path, TARGET) or is_below(path, layout.cargo_home)
    if act.error in _REFUSED:
        return False
    if is_below(path, TEMPORARY):
        return _TEMPORARY_NAME.match(path) is not None or is_tool(program, layout)
    if unit is None:
        return False
    return any(is_below(path, folder) for folder in unit.folders) or _is_output(path, unit)


def _is_output(path: str, unit: Unit) -> bool:
    """Whether a file has the name of what this compiler was asked to make, or of its scratch folders."""
    if unit.outputs is None:
        return False
    folder, stem = unit.outputs
    if path == folder:
        return True
    if not is_below(path, folder):
        return False
    first = path[len(folder) + 1 :].partition("/")[0]
    names = (first, first.removeprefix("lib"))
    return any(name == stem or name.startswith(f"{stem}.") for name in names) or _SCRATCH_NAME.match(first) is not None
