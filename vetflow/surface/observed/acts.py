"""What a recorded call was for: reading, writing, running, talking, or none of these.

An act is what a call attempted, whether it succeeded or not; `allowed` says which of them every build has to do.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Final, NamedTuple

from vetflow.surface.observed.layout import Layout
from vetflow.surface.observed.processes import Process, program_of, resolved
from vetflow.surface.observed.sockets import contact
from vetflow.surface.observed.strace_line import Call, descriptor_path, strings

_OPENS: Final[Mapping[str, tuple[int | None, int]]] = {
    "open": (None, 0), "openat": (0, 1), "openat2": (0, 1), "creat": (None, 0),
}  # fmt: skip
"""Calls that open a file: the positions of the folder's descriptor and of the path."""
_CHANGES: Final[Mapping[str, tuple[tuple[int | None, int], ...]]] = {
    "rename": ((None, 0), (None, 1)), "renameat": ((0, 1), (2, 3)), "renameat2": ((0, 1), (2, 3)),
    "unlink": ((None, 0),), "unlinkat": ((0, 1),), "rmdir": ((None, 0),),
    "mkdir": ((None, 0),), "mkdirat": ((0, 1),), "mknod": ((None, 0),), "mknodat": ((0, 1),),
    "link": ((None, 1),), "linkat": ((2, 3),), "symlink": ((None, 1),), "symlinkat": ((1, 2),),
    "chmod": ((None, 0),), "fchmodat": ((0, 1),), "fchmodat2": ((0, 1),), "truncate": ((None, 0),),
    "chown": ((None, 0),), "lchown": ((None, 0),), "fchownat": ((0, 1),),
}  # fmt: skip
_RUNS: Final = frozenset({"execve", "execveat"})
_UNUSUAL: Final = frozenset({"memfd_create", "setns", "unshare", "io_uring_setup", "ptrace", "process_vm_readv"})
TRACED: Final = (
    *_OPENS, *_CHANGES, *sorted(_RUNS | _UNUSUAL), "chdir", "fchdir", "clone", "clone3", "fork", "vfork",
    "connect", "bind", "sendto", "sendmsg", "sendmmsg", "socket",
)  # fmt: skip
"""The calls to record."""
_WRITING: Final = re.compile(r"O_(?:WRONLY|RDWR|CREAT|TRUNC|APPEND|TMPFILE)")
_NOT_THERE: Final = "ENOENT"
_IS_THERE: Final = "EEXIST"
_LONGEST: Final = 300
_DELETED: Final = " (deleted)"


class Kind(Enum):
    """What an act is. The order is that of a report."""

    READ = "read"
    NETWORK = "network"
    WRITE = "write"
    PROGRAM = "program"
    KERNEL = "kernel"


class Act(NamedTuple):
    """What a call attempted.

    what: in words, for reads and writes the path. path: of the file or program, symbolic links resolved where the
    kernel did so. error: the name of the error, None when it succeeded. leaves: it reached something outside of the
    sandbox. carries: the canary was in what it passed on. is_minor: only worth telling where no other act says more,
    as a socket that is opened, a program that is looked for in one folder after another, a call that is refused.
    """

    kind: Kind
    what: str
    path: str = ""
    error: str | None = None
    leaves: bool = False
    carries: bool = False
    is_minor: bool = False


def acts_of(process: Process, call: Call, layout: Layout) -> Iterator[Act]:
    """Yield what a call was for; nothing for those that only tell about processes. Linear in the call's length."""
    if call.name in _OPENS:
        yield from _opened(process, call, layout)
    elif call.name in _CHANGES:
        if call.name.startswith("mkdir") and call.error == _IS_THERE:
            return
        for folder, path in _CHANGES[call.name]:
            where = resolved(process, None if folder is None else call.arguments[folder], call.arguments[path])
            if where is not None:
                yield Act(Kind.WRITE, where, where, call.error)
    elif call.name in _RUNS:
        yield _run(call, layout)
    elif call.name in _UNUSUAL:
        yield Act(Kind.KERNEL, f"{call.name}()", error=call.error, is_minor=True)
    elif (reached := contact(call, process.folder, layout)) is not None:
        carries = any(layout.canary in text for argument in call.arguments for text in strings(argument))
        yield Act(Kind.NETWORK, reached.what, reached.path, call.error, reached.leaves, carries, reached.is_minor)


def refusal(name: str) -> Act:
    """Return the act of a call that the sandbox's filter refused, with what it did not let be recorded."""
    return Act(Kind.KERNEL, f"{name}()", error="SIGSYS")


def _opened(process: Process, call: Call, layout: Layout) -> Iterator[Act]:
    folder, position = _OPENS[call.name]
    named = resolved(process, None if folder is None else call.arguments[folder], call.arguments[position])
    if named is None:
        return
    flags = "O_CREAT" if call.name == "creat" else "".join(call.arguments[position + 1 : position + 2])
    writes = _WRITING.search(flags) is not None
    path: str | None = named
    leaves = False
    if call.error is None and not call.result.startswith("?"):
        path = descriptor_path(call.result)
        if path is None:  # a pipe, say, behind /dev/fd
            return
        # Everything else is read-only, which keeps nobody from writing to a pipe that lies there.
        leaves = writes and not path.endswith(_DELETED) and not layout.is_of_the_sandbox(path)
        path = path.removesuffix(_DELETED)
    if path is not None:
        yield Act(Kind.WRITE if writes else Kind.READ, path, path, call.error, leaves)


def _run(call: Call, layout: Layout) -> Act:
    path = program_of(call, layout)
    words = strings(call.arguments[2 if call.name == "execveat" else 1])
    line = shlex.join(words[1:])
    shown = f"{path} {line}".strip()
    if len(shown) > _LONGEST:
        shown = f"{shown[:_LONGEST]}…"
    is_missing = call.error == _NOT_THERE
    if is_missing:
        path = shown = posixpath.basename(path)
    return Act(Kind.PROGRAM, shown, path, call.error, carries=layout.canary in line, is_minor=is_missing)
