"""The bundled workspace, copied to where a person can try vetflow on it.

The copy is complete: manifests, store and the archives of its made-up crates, which its `.cargo/config.toml`
puts in the place of crates.io. Checking and reviewing it needs no network, and nothing outside the folder is
written.
"""

from __future__ import annotations

import os
from typing import Final, NamedTuple

from vetflow.app.shipped import shipped_path
from vetflow.errors import UsageError

_ARCHIVES: Final = "crates"


class Demo(NamedTuple):
    """A copy of the bundled workspace.

    folder: its root, absolute. archives: `NAME-VERSION` of every crate in it, both sides of each delta.
    """

    folder: str
    archives: tuple[str, ...]


def lay_out_demo(folder: str | None = None) -> Demo:
    """Copy the bundled workspace to `folder`, or to a new temporary one that stays until somebody removes it.

    folder: absolute; created where it is missing. Raises UsageError when it is not empty or cannot be
    written.
    """
    source = shipped_path("demo")
    try:
        target = _new_folder() if folder is None else _empty_folder(folder)
        _copy(source, target)
    except OSError as error:
        raise UsageError(
            f"the demo cannot be copied to '{folder or 'a temporary folder'}'",
            help="name another folder: `vetflow demo FOLDER`",
            causes=(error.strerror or str(error),),
        ) from error
    names = sorted(os.listdir(os.path.join(target, _ARCHIVES)))
    return Demo(target, tuple(name.removesuffix(".crate") for name in names if name.endswith(".crate")))


def _new_folder() -> str:
    from tempfile import mkdtemp  # noqa: PLC0415  costs more than most commands may

    return os.path.realpath(mkdtemp(prefix="vetflow-demo-"))


def _empty_folder(folder: str) -> str:
    os.makedirs(folder, exist_ok=True)
    if os.listdir(folder):
        raise UsageError(
            f"the folder '{folder}' is not empty",
            help="name a new folder, or none for a temporary one",
        )
    return folder


def _copy(source: str, target: str) -> None:
    """Copy contents, not modes: an installation may be read-only, the copy is to be worked in."""
    for folder, folders, files in os.walk(source):
        copied = os.path.normpath(os.path.join(target, os.path.relpath(folder, source)))
        for name in folders:
            os.mkdir(os.path.join(copied, name))
        for name in files:
            with (
                open(os.path.join(folder, name), "rb") as original,
                open(os.path.join(copied, name), "xb") as copy,
            ):
                copy.write(original.read())
