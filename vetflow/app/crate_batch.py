"""Something to compute about each of many locked packages: each is read, verified and worked on in another process.

What a crate holds never crosses the border between processes, only what was computed about it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

from vetflow.app.crates import CrateContent, crate_id, read_found, read_revision
from vetflow.app.network import Sources
from vetflow.app.request import Request
from vetflow.errors import UndecidedError, VetflowError
from vetflow.model.packages import Package
from vetflow.sources.downloads import Crates
from vetflow.sources.processes import in_processes, processors

_Result = TypeVar("_Result")


class Unread(NamedTuple):
    """A crate nothing could be computed about.

    reason: half a sentence. refused: its archive is there, and it must not be read or cannot be understood, so that
    nobody can say what building it would do; otherwise another run may well have it.
    """

    reason: str
    refused: bool = False


def why_unread(error: VetflowError) -> Unread:
    """Return what an error that was met while reading a crate says of it."""
    return Unread(error.message, refused=not isinstance(error, UndecidedError))


class _Job(NamedTuple, Generic[_Result]):
    """What a process needs: a package, where to find it, and what to do with it."""

    package: Package
    crates: Crates
    request: Request
    work: Callable[[CrateContent], _Result]


def work_on_crates(
    packages: Sequence[Package],
    work: Callable[[CrateContent], _Result],
    request: Request,
    sources: Sources,
    *,
    progress: Callable[[str, int, int], None],
) -> Mapping[Package, _Result | Unread]:
    """Return `work` of the content of each package, or why there is none; several processes share the packages.

    packages: of Cargo.lock, with a checksum or from git. work: a function of a module, or `functools.partial` of one,
    whose results can be pickled. What is not on this machine is downloaded where the run may, and worked on then.
    """
    found = _round(packages, work, request, sources.crates(), progress)
    missing = [package for package, result in found.items() if result is None]
    reasons = sources.download([crate_id(package) for package in missing]) if missing else {}
    got = [package for package in missing if crate_id(package) not in reasons]
    found |= _round(got, work, request, sources.crates(), progress)
    return {
        package: Unread(reasons.get(crate_id(package), "it is not on this machine")) if result is None else result
        for package, result in found.items()
    }


def _round(
    packages: Sequence[Package],
    work: Callable[[CrateContent], _Result],
    request: Request,
    crates: Crates,
    progress: Callable[[str, int, int], None],
) -> dict[Package, _Result | Unread | None]:
    """Work on what is on this machine; None for what is not."""
    # The longest first, so that no process is left with it when the others are done.
    ordered = sorted(packages, key=lambda package: crates.packed_size(crate_id(package)), reverse=True)
    jobs = [_Job(package, crates, request, work) for package in ordered]
    results = in_processes(_work, jobs, processors(), lambda done: progress("crates read", done, len(jobs)))
    by_package = dict(zip(ordered, results, strict=True))
    return {package: by_package[package] for package in packages}


def _work(job: _Job[_Result]) -> _Result | Unread | None:
    package = job.package
    try:
        if package.version.git:
            return job.work(read_revision(package.name, package.version, job.request))
        crate = crate_id(package)
        found = job.crates.find(crate).crate
        if found is None:
            return None
        return job.work(read_found(crate, package.version, found, "checksum from Cargo.lock"))
    except VetflowError as error:
        return why_unread(error)
    except OSError as error:
        return Unread(f"it cannot be read: {error.strerror or error}")
