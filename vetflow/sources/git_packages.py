"""Packages from git, read from the repositories that cargo keeps in its home: objects, no checkout.

git is asked for objects by name and does nothing else: no filter, attribute, hook, replacement or text conversion takes
part, nothing is fetched, no configuration but the repository's own is read, and that is written by cargo. A commit is
identified by its hash, so it does not matter which repository has it.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from vetflow.errors import UndecidedError, VetflowError
from vetflow.formats.cargo_toml import Manifest, parse_manifest
from vetflow.formats.toml import decode_utf8
from vetflow.model.contents import CrateFile
from vetflow.model.names import CrateName
from vetflow.sources.crate_paths import check_distinct, check_path
from vetflow.sources.folders import FolderContent
from vetflow.sources.inflate import MOST_UNPACKED
from vetflow.sources.refusal import refuse
from vetflow.sources.tarball import MOST_MEMBERS

_COMMIT: Final = re.compile(r"[0-9a-f]{40}\Z")
_ENTRY: Final = re.compile(rb"([0-7]{6}) [a-z]+ ([0-9a-f]+) +([0-9]+|-)\t(.*)", re.DOTALL)
_HEADING: Final = re.compile(rb"[0-9a-f]+ blob ([0-9]+)\n")
_MANIFEST: Final = "Cargo.toml"
_LINK: Final = "120000"
_EXECUTABLE: Final = "100755"
_SUBMODULE: Final = "160000"
_SECONDS: Final = 120
_ENVIRONMENT: Final = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C",
}


class GitPackage(NamedTuple):
    """A package as a commit has it. folder: below the root of the repository, "" for the root itself."""

    content: FolderContent
    folder: str
    repository: str


class _Entry(NamedTuple):
    """A file, link or submodule of a commit."""

    mode: str
    object: bytes
    size: int
    path: str


def read_git_package(name: CrateName, commit: str, cargo_home: str, environ: Mapping[str, str]) -> GitPackage:
    """Return the package `name` of a commit that cargo has fetched.

    What lies in folders with a manifest of their own belongs to other packages and is named as left out, as are links
    and submodules. environ: where to look for git. Raises UndecidedError when no repository of cargo's has the commit
    or git fails, RefusedArchiveError for names and sizes no crate may have, or when no package there has that name.
    """
    for repository in _repositories(cargo_home):
        git = _Git(repository, environ.get("PATH", os.defpath))
        if _COMMIT.match(commit) and git.has_commit(commit):
            entries = list(_entries(git.run("ls-tree", "-r", "-z", "-l", "--full-tree", commit), repository))
            manifests = _manifests(git, entries)
            folder = _folder_of(name, manifests, f"{repository}@{commit}")
            return GitPackage(_content(git, entries, folder, manifests), folder, repository)
    raise UndecidedError(
        f"commit {commit}, from which {name} comes, is in no repository that cargo has fetched",
        help="run `cargo fetch` in the workspace, which fetches git dependencies and builds nothing",
    )


def _repositories(cargo_home: str) -> Iterator[str]:
    for kind, below in (("db", ""), ("checkouts", ".git")):
        folder = os.path.join(cargo_home, "git", kind)
        for path in sorted(_folders(folder)):
            yield from (path,) if kind == "db" else (os.path.join(each, below) for each in sorted(_folders(path)))


def _folders(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
    except OSError:  # cargo has fetched nothing of that kind
        return []


class _Git:
    """git, told to hand out objects of one repository."""

    def __init__(self, repository: str, path: str) -> None:
        self._command = ("git", f"--git-dir={repository}")
        self._repository = repository
        self._environ = {**_ENVIRONMENT, "PATH": path}

    def has_commit(self, commit: str) -> bool:
        return self._call(("cat-file", "-e", f"{commit}^{{commit}}"), b"").returncode == 0

    def run(self, *arguments: str, given: bytes = b"") -> bytes:
        done = self._call(arguments, given)
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip()
            raise UndecidedError(f"git cannot read {self._repository}", causes=said.splitlines()[:1])
        return done.stdout

    def blobs(self, entries: Iterable[_Entry]) -> Iterator[bytes]:
        """Yield the contents of entries, in their order."""
        wanted = list(entries)
        printed = self.run("cat-file", "--batch", given=b"".join(entry.object + b"\n" for entry in wanted))
        at = 0
        for entry in wanted:
            heading = _HEADING.match(printed, at)
            if heading is None or int(heading[1]) != entry.size:
                raise UndecidedError(
                    f"git does not have {entry.path} in {self._repository}", help="run `cargo fetch` to complete it"
                )
            at = heading.end() + entry.size
            yield printed[heading.end() : at]
            at += 1

    def _call(self, arguments: Iterable[str], given: bytes) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(
                [*self._command, *arguments],
                input=given,
                capture_output=True,
                env=self._environ,
                timeout=_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise UndecidedError("git cannot be run", help="install git", causes=(str(error),)) from None


def _entries(listing: bytes, repository: str) -> Iterator[_Entry]:
    size = 0
    for count, line in enumerate(filter(None, listing.split(b"\0"))):
        match = _ENTRY.fullmatch(line)
        if match is None or count >= MOST_MEMBERS:
            refuse(repository, f"it has more than {MOST_MEMBERS} files" if match else "git lists it in an unknown way")
        length = int(match[3]) if match[3] != b"-" else 0
        size += length
        if size > MOST_UNPACKED:
            refuse(repository, "it is larger than any honest crate")
        try:
            yield _Entry(match[1].decode(), match[2], length, match[4].decode())
        except UnicodeDecodeError:
            refuse(repository, f"the name {match[4]!r} is not UTF-8")


def _manifests(git: _Git, entries: Iterable[_Entry]) -> dict[str, Manifest | None]:
    """Return what manifests say, by folder; None for what cannot be read: some packages bring broken ones for tests."""
    found = [entry for entry in entries if _is_file(entry) and os.path.basename(entry.path) == _MANIFEST]
    manifests: dict[str, Manifest | None] = {}
    for entry, content in zip(found, git.blobs(found), strict=True):
        path = f"/{entry.path}"
        try:
            manifests[os.path.dirname(entry.path)] = parse_manifest(decode_utf8(content, path), path)
        except VetflowError:
            manifests[os.path.dirname(entry.path)] = None
    return manifests


def _folder_of(name: CrateName, manifests: Mapping[str, Manifest | None], file: str) -> str:
    found = [
        folder
        for folder, manifest in manifests.items()
        if manifest is not None and manifest.package is not None and manifest.package.name == name
    ]
    if not found:
        refuse(file, f"no package in it is called {name}")
    # cargo warns of several and takes the first it meets, from the root downwards.
    return min(found, key=lambda folder: (folder.count("/") + bool(folder), folder))


def _content(git: _Git, entries: Iterable[_Entry], folder: str, manifests: Mapping[str, object]) -> FolderContent:
    prefix = f"{folder}/" if folder else ""
    nested = tuple(f"{other}/" for other in manifests if other != folder and other.startswith(prefix))
    left_out = [f"another package, {other.removeprefix(prefix).rstrip('/')}" for other in nested]
    taken: list[_Entry] = []
    for entry in entries:
        if not entry.path.startswith(prefix) or entry.path.startswith(nested):
            continue
        path = entry.path.removeprefix(prefix)
        if entry.mode in {_LINK, _SUBMODULE}:
            left_out.append(f"{'a symbolic link' if entry.mode == _LINK else 'a submodule'}, {path}")
        else:
            check_path(path, folder)
            taken.append(entry._replace(path=path))
    check_distinct([entry.path for entry in taken], (), folder)
    files = {
        entry.path: CrateFile(entry.path, entry.mode == _EXECUTABLE, content)
        for entry, content in zip(taken, git.blobs(taken), strict=True)
    }
    return FolderContent(files, tuple(sorted(left_out)))


def _is_file(entry: _Entry) -> bool:
    return entry.mode not in {_LINK, _SUBMODULE}
