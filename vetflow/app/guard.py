"""`guard install`, `status` and `uninstall`: the guard on this machine, and whether cargo would start it here."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import NamedTuple

from vetflow.app.crates import project_if_any
from vetflow.app.project import Project
from vetflow.app.request import Request
from vetflow.errors import UsageError
from vetflow.guard import installation, precedence
from vetflow.guard.decision import AllowFile, DamagedError, Disk, digest_of, parse_allow_file
from vetflow.guard.installation import Installed, guard_folder
from vetflow.guard.precedence import Setting
from vetflow.project.disk import DiskTree
from vetflow.sources.cargo_config import read_cargo_config


class AllowedHere(NamedTuple):
    """The allow file of the workspace a run was started in. path: where it is, or would be.

    allow: what it says; None where there is none, or a damaged one. is_damaged: see there. is_current: whether it was
    made for Cargo.lock as it is.
    """

    root: str
    path: str
    allow: AllowFile | None
    is_damaged: bool
    is_current: bool


class GuardStatus(NamedTuple):
    """Whether the guard works here. chosen: the wrapper that cargo starts; is_chosen: whether that is the guard.

    others: what else is started for a call of the compiler. here: None outside of any workspace.
    """

    installed: Installed
    chosen: Setting | None
    is_chosen: bool
    others: tuple[Setting, ...]
    here: AllowedHere | None

    @property
    def is_configured_only(self) -> bool:
        """Whether the guard is only named in configuration files: any other setting then takes its place."""
        return self.is_chosen and self.chosen is not None and self.chosen.said_by != "RUSTC_WRAPPER"

    @property
    def is_active(self) -> bool:
        """Whether nothing unattested would be compiled here: also without an allow file, which lets nothing pass."""
        return self.is_chosen and self.installed.is_there and not self.installed.changed

    @property
    def is_in_order(self) -> bool:
        """Whether there is nothing to do."""
        return self.is_active and (self.here is None or self.here.is_current)


class Uninstalled(NamedTuple):
    """removed: the paths that were there. is_set: the environment still tells cargo to start the guard."""

    removed: tuple[str, ...]
    is_set: bool


def install_guard(environ: Mapping[str, str], following: str | None) -> Installed:
    """Write the guard. following: a wrapper it hands calls on to; None is the one that is set now, if another is.

    Raises UsageError where it cannot be written, and on systems where it cannot work.
    """
    if sys.platform == "win32":
        raise UsageError("the guard works on Linux and macOS alone")
    folder = guard_folder(environ)
    there = installation.look_at(folder)
    if following is None:
        current = environ.get("RUSTC_WRAPPER", "")
        is_other = current and os.path.realpath(current) != os.path.realpath(there.wrapper)
        following = current if is_other else there.following
    return installation.install(folder, following or None)


def uninstall_guard(environ: Mapping[str, str]) -> Uninstalled:
    """Remove everything that `install` and `sync` wrote. Raises UsageError."""
    folder = guard_folder(environ)
    chosen = precedence.chosen_wrapper({}, environ)
    is_set = precedence.is_program(chosen, installation.look_at(folder).wrapper)
    return Uninstalled(installation.uninstall(folder), is_set=is_set)


def guard_status(request: Request) -> GuardStatus:
    """Look at what is installed, at cargo's settings where the run was started, and at its workspace's allow file."""
    environ = request.environ
    installed = installation.look_at(guard_folder(environ))
    config = read_cargo_config(DiskTree(), request.cwd, request.cargo_home)
    chosen = precedence.chosen_wrapper(config, environ)
    project = project_if_any(request)
    return GuardStatus(
        installed=installed,
        chosen=chosen,
        is_chosen=precedence.is_program(chosen, installed.wrapper),
        others=precedence.other_programs(config, environ),
        here=None if project is None else allowed_here(project),
    )


def allowed_here(project: Project) -> AllowedHere:
    """Read the allow file of a project's workspace."""
    root = os.path.realpath(project.workspace.root)
    path = installation.allow_path(guard_folder(project.request.environ), root)
    allow, is_damaged = None, False
    try:
        allow = parse_allow_file(Disk().read(path))
    except FileNotFoundError:
        pass
    except (OSError, ValueError, DamagedError):
        is_damaged = True
    is_current = allow is not None and allow.lock == lock_digest(project)
    return AllowedHere(root, path, allow, is_damaged, is_current)


def lock_digest(project: Project) -> str:
    """Return the sha-256 of a project's Cargo.lock; "" where the graph does not come from it."""
    lock = project.lock_file()
    return "" if lock is None else digest_of(project.tree.read(lock))
