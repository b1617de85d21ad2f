"""Where the guard lies on a machine, and what is there: a folder of the user's, apart from any project.

It holds the wrapper and the module beside it, as vetflow ships them but for the first line; `next`, the path of a
wrapper that was there before; and `allow/`, one file for each project. Nothing else on the machine is written to.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Final, NamedTuple

from vetflow.errors import UsageError
from vetflow.guard.decision import ALLOW

WRAPPER: Final = "vetflow-guard"
_SHIPPED: Final = {WRAPPER: "wrapper.py", "vetflow_guard_decision.py": "decision.py"}
"""The programs, with the modules they are copies of."""
_NEXT: Final = "next"
_COMPILED: Final = "__pycache__"
_OPTIONS: Final = "-IS"
"""Python's: take nothing from the environment, the current directory or installed packages."""
_LONGEST_FIRST_LINE: Final = 127
"""What every system reads of the line that names an interpreter."""


class Installed(NamedTuple):
    """What is there. wrapper: its path, whether or not it is there. following: the wrapper it hands calls on to.

    lacking: what of the programs is not there; changed: those that are not as this vetflow ships them.
    """

    wrapper: str
    lacking: tuple[str, ...]
    changed: tuple[str, ...]
    following: str | None

    @property
    def is_there(self) -> bool:
        """Whether cargo could start it."""
        return not self.lacking


def guard_folder(environ: Mapping[str, str]) -> str:
    """Return where the guard lies, by the XDG rules."""
    given = environ.get("XDG_DATA_HOME", "")
    base = given if os.path.isabs(given) else os.path.join(environ.get("HOME") or "/", ".local", "share")
    return os.path.join(base, "vetflow", "guard")


def look_at(folder: str) -> Installed:
    """Say what of the guard is in its folder."""
    shipped = dict(_programs())
    there = {name: _read(os.path.join(folder, name)) for name in shipped}
    interpreter = _interpreter(there[WRAPPER] or "")
    lacking = [os.path.join(folder, name) for name, text in there.items() if text is None]
    if interpreter and not os.access(interpreter, os.X_OK):
        lacking.append(interpreter)
    return Installed(
        wrapper=os.path.join(folder, WRAPPER),
        lacking=tuple(lacking),
        changed=tuple(
            os.path.join(folder, name)
            for name, text in there.items()
            if text is not None and not text.endswith(shipped[name])
        ),
        following=(_read(os.path.join(folder, _NEXT)) or "").rstrip("\n") or None,
    )


def install(folder: str, following: str | None) -> Installed:
    """Write the programs, in the place of older ones. following: the wrapper to hand calls on to, absolute or on PATH.

    Raises UsageError where they cannot be written, or where they would hand calls on to themselves.
    """
    if following is not None and os.path.realpath(following) == os.path.realpath(os.path.join(folder, WRAPPER)):
        raise UsageError(f"{following} is the guard itself", help="name the wrapper that comes after it, or none")
    try:
        os.makedirs(os.path.join(folder, ALLOW), 0o700, exist_ok=True)
        for name, text in _programs():
            heading = _first_lines(_base_interpreter()) if name == WRAPPER else ""
            _write(os.path.join(folder, name), heading + text, 0o755 if name == WRAPPER else 0o644)
        if following is None:
            with suppress(FileNotFoundError):
                os.remove(os.path.join(folder, _NEXT))
        else:
            _write(os.path.join(folder, _NEXT), f"{following}\n", 0o644)
    except OSError as error:
        raise UsageError(f"the guard cannot be written to {folder}", causes=(str(error),)) from error
    return look_at(folder)


def uninstall(folder: str) -> tuple[str, ...]:
    """Remove what `install` wrote, and all allow files; return the paths that were there. Raises UsageError."""
    names = (*_SHIPPED, _NEXT, _COMPILED, ALLOW)
    paths = tuple(path for name in names if os.path.exists(path := os.path.join(folder, name)))
    try:
        for path in paths:
            if os.path.isdir(path):
                shutil.rmtree(path)
            else:
                os.remove(path)
        with suppress(FileNotFoundError, OSError):  # somebody else's files stay
            os.rmdir(folder)
    except OSError as error:
        raise UsageError(f"the guard cannot be removed from {folder}", causes=(str(error),)) from error
    return paths


def allow_path(folder: str, root: str) -> str:
    """Return where the allow file of the workspace at `root` is."""
    return os.path.join(folder, ALLOW, hashlib.sha256(os.fsencode(root)).hexdigest()[:32])


def write_allowed(folder: str, root: str, text: str) -> str:
    """Write the allow file of a workspace at once or not at all, and return its path. Raises UsageError."""
    path = allow_path(folder, root)
    try:
        os.makedirs(os.path.dirname(path), 0o700, exist_ok=True)
        _write(path, text, 0o600)
    except OSError as error:
        raise UsageError(f"{path} cannot be written", causes=(str(error),)) from error
    return path


def _programs() -> Iterator[tuple[str, str]]:
    for name, module in _SHIPPED.items():
        with open(os.path.join(os.path.dirname(__file__), module), encoding="utf-8") as file:
            yield name, file.read()


def _base_interpreter() -> str:
    """Return a Python that outlives a virtual environment."""
    found = os.path.join(sys.base_prefix, "bin", f"python{sys.version_info[0]}.{sys.version_info[1]}")
    return found if os.access(found, os.X_OK) else sys.executable


def _first_lines(interpreter: str) -> str:
    line = f"#!{interpreter} {_OPTIONS}\n"
    if len(line) <= _LONGEST_FIRST_LINE and " " not in interpreter:
        return line
    # A shell can start what the system cannot; Python takes its line for a text.
    return f"#!/bin/sh\n'''exec' \"{interpreter}\" {_OPTIONS} \"$0\" \"$@\"\n'''\n"


def _interpreter(text: str) -> str | None:
    """Return the Python that a wrapper names."""
    first, _, rest = text.partition("\n")
    if first == "#!/bin/sh":
        return rest.partition('"')[2].partition('"')[0]
    return first.removeprefix("#!").removesuffix(f" {_OPTIONS}") if first.startswith("#!") else None


def _write(path: str, text: str, mode: int) -> None:
    unfinished = f"{path}.new"
    file = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
    with open(file, "w", encoding="utf-8", errors="surrogateescape", newline="") as stream:
        stream.write(text)
    os.chmod(unfinished, mode)
    os.replace(unfinished, path)


def _read(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.read()
    except FileNotFoundError:
        return None
