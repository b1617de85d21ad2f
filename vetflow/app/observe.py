"""`observe`: the user's own build without a network, without their secrets, with a record of what it tries.

Two steps. What the lock names is fetched by `cargo fetch`, which compiles nothing, in the workspace's own root: a
configuration that a crate ships lies elsewhere and does not act (shared spec behaviour 0.5). Then cargo builds offline
in a sandbox. There is no build without the sandbox; without a recorder it is said that nothing was recorded.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections import deque
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple, TypeAlias

from vetflow.app.build_command import BuildCommand
from vetflow.app.project import Project, open_project
from vetflow.app.request import Request
from vetflow.errors import UndecidedError, UsageError
from vetflow.project.bubblewrap import BARE, find_bubblewrap, sandbox_words
from vetflow.project.observed_build import open_content, record_lines, run_build, run_folder
from vetflow.project.planting import plant
from vetflow.project.seccomp_filter import syscall_filter
from vetflow.project.strace import find_recorder, recording_words
from vetflow.project.toolchain import find_toolchain
from vetflow.sources.cache import cache_folder
from vetflow.sources.cargo_config import crates_io_folder
from vetflow.surface.observed.births import Births
from vetflow.surface.observed.decoys import HIDDEN_IN_SOURCES, environment
from vetflow.surface.observed.layout import TARGET, Layout, is_below
from vetflow.surface.observed.record import Record, RecordReader

Tell: TypeAlias = Callable[[bytes], None]

_UNPACKED: Final = ".cargo-checksum.json"
_LAST_WORDS: Final = 3
_HOME: Final = "/home"
"""The made-up home of who has none."""


class Wishes(NamedTuple):
    """What the user adds to a build.

    fetch: get what the lock names first. readable: further folders that the build may read. variables: `NAME=VALUE`
    that it sees. record_file: where the record is to stay; all absolute.
    """

    fetch: bool = True
    readable: tuple[str, ...] = ()
    variables: tuple[tuple[str, str], ...] = ()
    record_file: str | None = None


class Observation(NamedTuple):
    """What came of a build.

    exit: cargo's exit status. record: what was recorded, None where nothing could be, for the reason in `unrecorded`.
    filtered: calls that a record would not show were refused.
    """

    exit: int
    record: Record | None
    unrecorded: str
    filtered: bool

    @property
    def is_complete(self) -> bool:
        """Whether all that this build did is known: silence then means that it did nothing else."""
        record = self.record
        return record is not None and record.is_whole and not record.left_out and not self.exit and self.filtered


def observe(request: Request, command: BuildCommand, wishes: Wishes, tell: Tell) -> Observation:
    """Fetch, build and read the record. tell: gets each line that cargo and the build say, as it comes.

    Raises UndecidedError where there is no sandbox, no toolchain or no network to fetch with; WorkspaceError and
    UsageError for a project that cannot be shown to a build.
    """
    sandbox = find_bubblewrap(request.environ, sys.platform)
    if command.manifest is not None:
        request = request._replace(manifest_path=command.manifest)
    project = open_project(request)
    toolchain = find_toolchain(request.cwd, request.environ, command.toolchain)
    layout = _layout(project, toolchain, wishes)
    if wishes.fetch and not (request.offline or request.frozen):
        _fetch(project, layout, tell)
    parent = os.path.join(cache_folder(request.environ, sys.platform, request.cache_dir), "observe")
    try:
        with run_folder(parent) as folder:
            return _build(_Plan(sandbox, layout, command, wishes, folder), request, tell)
    except OSError as error:
        raise UndecidedError(
            f"the build needs a folder in {parent}",
            help="name another cache folder with --cache-dir",
            causes=(str(error),),
        ) from error


def _layout(project: Project, toolchain: str, wishes: Wishes) -> Layout:
    request = project.request
    home = os.path.realpath(request.environ.get("HOME") or _HOME)
    home = _HOME if home == "/" else home
    cargo_home = os.path.realpath(request.cargo_home)
    root = os.path.realpath(project.workspace.root)
    if is_below(root, cargo_home) or os.path.exists(os.path.join(root, _UNPACKED)):
        raise UsageError(
            f"{root} is an unpacked crate, and cargo there would run what its configuration names",
            help="run this in your own workspace, which depends on the crate",
        )
    local = (os.path.dirname(each.manifest) for each in project.workspace.packages if each.manifest)
    sources = [root]
    for folder in sorted({os.path.realpath(folder) for folder in local}):
        if not any(is_below(folder, shown) for shown in sources):
            sources.append(folder)
    for folder in (*sources, *wishes.readable):
        if is_below(home, folder):
            raise UndecidedError(
                f"{folder} holds your home directory, and a build that sees it sees your secrets",
                help="move the workspace into a folder of its own",
            )
    vendored = crates_io_folder(project.tree, request.cwd, request.cargo_home)
    readable = (*wishes.readable, *((os.path.realpath(vendored),) if vendored and os.path.isdir(vendored) else ()))
    return Layout(home, tuple(sources), cargo_home, toolchain, secrets.token_hex(12), readable, tuple(_decoys(sources)))


def _decoys(sources: list[str]) -> Iterator[str]:
    """Yield the files of the sources that hold secrets; one that a link leads to elsewhere is not seen anyway."""
    for folder in sources:
        for name in HIDDEN_IN_SOURCES:
            path = os.path.realpath(os.path.join(folder, name))
            if os.path.isfile(path) and any(is_below(path, shown) for shown in sources):
                yield path


def _fetch(project: Project, layout: Layout, tell: Tell) -> None:
    """Get what the lock names, with the user's network settings; no setting of the workspace names a compiler here."""
    bin_folder = os.path.join(layout.toolchain, "bin")
    environ = {
        **project.request.environ,
        "RUSTC": os.path.join(bin_folder, "rustc"),
        "RUSTC_WRAPPER": "",
        "RUSTC_WORKSPACE_WRAPPER": "",
    }
    said: deque[bytes] = deque(maxlen=_LAST_WORDS)

    def listen(line: bytes) -> None:
        said.append(line)
        tell(line)

    root = project.workspace.root
    words = [
        os.path.join(bin_folder, "cargo"),
        "fetch",
        "--locked",
        "--manifest-path",
        os.path.join(root, "Cargo.toml"),
    ]
    if run_build(words, environ, listen, cwd=root):
        raise UndecidedError(
            "`cargo fetch --locked` failed, so there is nothing to build offline",
            help="run it yourself; --no-fetch takes what is on this machine",
            causes=[line.decode(errors="replace") for line in said],
        )


class _Plan(NamedTuple):
    """A build, ready to be run. folder: what it may write and what is planted for it lies there."""

    sandbox: str
    layout: Layout
    command: BuildCommand
    wishes: Wishes
    folder: str

    def words(self, start: str, filter_file: int | None) -> list[str]:
        """Return the command that builds in the sandbox; makes the folder's content. Raises OSError."""
        target = os.path.join(self.folder, "target")
        os.mkdir(target)
        layout = self.layout
        sandbox = sandbox_words(
            self.sandbox,
            layout,
            planted=plant(os.path.join(self.folder, "planted"), layout),
            target=target,
            environment={**environment(layout.canary), **_variables(layout), **dict(self.wishes.variables)},
            filter_file=filter_file,
        )
        cargo = os.path.join(layout.toolchain, "bin", "cargo")
        return [*sandbox, "--chdir", start, "--", cargo, *self.command.offline()]


def _build(plan: _Plan, request: Request, tell: Tell) -> Observation:
    recorder = find_recorder(request.environ)
    record_file = plan.wishes.record_file or os.path.join(plan.folder, "record")
    content = syscall_filter(os.uname().machine)
    cwd = os.path.realpath(request.cwd)
    start = cwd if any(is_below(cwd, shown) for shown in plan.layout.sources) else plan.layout.sources[0]
    with open_content(content) as filter_file:
        words = plan.words(start, filter_file)
        if recorder.program:
            words = [*recording_words(recorder.program, record_file, fast=content is not None), *words]
        status = run_build(words, BARE, tell, files=() if filter_file is None else (filter_file,))
    record = _read(record_file, plan.layout) if recorder.program else None
    return Observation(status, record, recorder.missing, content is not None)


def _variables(layout: Layout) -> dict[str, str]:
    """Return the environment of the build: nothing of the user's."""
    return {
        "PATH": os.pathsep.join((os.path.join(layout.toolchain, "bin"), "/usr/local/bin", "/usr/bin", "/bin")),
        "HOME": layout.home,
        "USER": "ci",
        "LANG": "C.UTF-8",
        "CARGO_HOME": layout.cargo_home,
        "CARGO_TARGET_DIR": TARGET,
        "CARGO_BUILD_BUILD_DIR": TARGET,
        "CARGO_NET_OFFLINE": "true",
        "CARGO_TERM_COLOR": "never",
        "RUSTC_WRAPPER": "",
        "RUSTC_WORKSPACE_WRAPPER": "",
    }


def _read(path: str, layout: Layout) -> Record:
    if not os.path.exists(path):
        raise UndecidedError("strace ended without a record")
    record = RecordReader(Births(record_lines(path)), layout).read(record_lines(path))
    if not record.calls:
        raise UndecidedError(
            "the sandbox could not be set up, and nothing was built",
            help="the lines above say why; a folder the build needs is shown with --readable",
        )
    return record
