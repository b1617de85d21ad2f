"""Whether a call of the compiler may go on: what it compiles, and all it links, is somebody's own or attested.

Attested is what an allow file lists, file by file with the sha-256 of each; names prove nothing. Which package is
compiled is told by the directory that cargo starts the compiler in: the package's own, or the workspace's for what lies
in that. Neither a crate nor its build script can choose it.

Beside the wrapper this is all there is on a machine: only the standard library is imported here.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple, Protocol

HEADING: Final = "vetflow guard 1"
RECORD: Final = ".guard"
"""How the names of the records end that the wrapper leaves beside libraries."""
ALLOW: Final = "allow"
"""The folder of allow files, beside the wrapper."""
_CHECKSUMS: Final = ".cargo-checksum.json"
_MARKS: Final = (".cargo-ok", _CHECKSUMS)
"""What cargo writes beside the files of a package."""
_SCRIPTS: Final = ("build_script_", "metabuild_")
"""How cargo's names for build scripts begin, those that a nightly one writes by itself included."""
_FLAGS: Final = frozenset(("-g", "-O", "-v", "-V", "-vV", "-h", "--help", "--version", "--verbose", "--test"))
_SHORT: Final = 2


class DamagedError(Exception):
    """An allow file is not what vetflow wrote."""


class Call(NamedTuple):
    """What a call of the compiler says. sources: the files named to be compiled. externs: the libraries it links."""

    crate: str = ""
    kinds: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    externs: tuple[str, ...] = ()
    as_json: bool = False

    @property
    def runs_as(self) -> str | None:
        """What is made that runs on the machine that builds, in words. Code from standard input is no package's."""
        if self.sources == ("-",):
            return None
        if "proc-macro" in self.kinds:
            return "proc macro"
        is_program = set(self.kinds) <= {"bin"}
        return "build script" if is_program and self.crate.startswith(_SCRIPTS) else None


class Package(NamedTuple):
    """A package as a call has it. folder: where cargo started the compiler. name, version: what it claims to be."""

    folder: str
    name: str
    version: str


class Attested(NamedTuple):
    """What the files of an attested package are: sha-256 by path. from_git: it lies in a checkout of a repository."""

    files: dict[str, str]
    from_git: bool


class AllowFile(NamedTuple):
    """What a project lets run. root: of its workspace. lock: the sha-256 of its Cargo.lock.

    own: the directories of its packages, as cargo starts the compiler in them. packages: what is attested, by name and
    version; several where sources differ.
    """

    root: str
    lock: str
    own: tuple[str, ...]
    packages: Mapping[tuple[str, str], tuple[Attested, ...]]


class Machine(Protocol):
    """What is asked of the machine; each may raise OSError."""

    def files(self, folder: str, *, from_git: bool) -> Iterator[str]:
        """Yield the path, relative to a folder, of everything below it that is no folder.

        from_git: but for other packages and repositories, and links, which a checkout may have.
        """
        ...

    def sha256(self, path: str) -> str:
        """Return the sha-256 of a file, unless it is a link."""
        ...

    def read(self, path: str) -> str:
        """Return the text of a file."""
        ...


def parse_call(words: Sequence[str], machine: Machine) -> Call:
    """Read the words of a call, the programs in front included. `@FILE` stands for the lines of a file.

    Raises OSError for a file that cannot be read.
    """
    first = next((number for number, word in enumerate(words) if word[:1] in {"-", "@"}), len(words))
    waiting = iter(
        [
            line
            for word in words[first:]
            for line in (machine.read(word[1:]).splitlines() if word[:1] == "@" else [word])
        ]
    )
    found: dict[str, list[str]] = {"": [], "--crate-name": [""], "--crate-type": [], "--extern": []}
    for word in waiting:
        name, equals, value = word.partition("=")
        if not word.startswith("-") or word == "-":
            found[""].append(word)
        elif word.startswith("--") and equals:
            found.setdefault(name, []).append(value)
        elif word.startswith("-") and not word.startswith("--") and len(word) > _SHORT:
            found.setdefault(word[:_SHORT], []).append(word[_SHORT:])
        elif word not in _FLAGS:
            found.setdefault(word, []).append(next(waiting, ""))
    return Call(
        crate=found["--crate-name"][-1],
        kinds=tuple(kind for each in found["--crate-type"] for kind in each.split(",")),
        sources=tuple(found[""]),
        externs=tuple(path for each in found["--extern"] if (path := each.partition("=")[2])),
        as_json="json" in found.get("--error-format", ()),
    )


def parse_allow_file(text: str) -> AllowFile:
    """Read an allow file; raises DamagedError for what vetflow did not write, or not to the end."""
    body, mark, digest = text.rpartition("end ")
    if (
        not text.startswith(f"{HEADING}\n")
        or not mark
        or digest.rstrip("\n") != digest_of(body.encode(errors="surrogateescape"))
    ):
        raise DamagedError
    named: dict[str, list[str]] = {"workspace": [], "lock": [], "own": []}
    packages: dict[tuple[str, str], tuple[Attested, ...]] = {}
    files: dict[str, str] = {}
    for line in body.split("\n")[1:-1]:
        word, _, rest = line.partition(" ")
        if word in named:
            named[word].append(rest)
        elif word in {"package", "git-package"}:
            name, _, version = rest.partition(" ")
            files = {}
            row = Attested(files, from_git=word == "git-package")
            packages[name, version] = (*packages.get((name, version), ()), row)
        else:
            files[rest] = word
    return AllowFile("".join(named["workspace"]), "".join(named["lock"]), tuple(named["own"]), packages)


def digest_of(content: bytes) -> str:
    """Return the sha-256 of some bytes in lower-case hex."""
    import hashlib  # noqa: PLC0415  loads OpenSSL

    return hashlib.sha256(content).hexdigest()


class Judge:
    """Judges a call by what the projects of a machine let run."""

    def __init__(self, allowed: Sequence[AllowFile], machine: Machine) -> None:
        self._allowed = allowed
        self._machine = machine

    def why_not(self, call: Call, package: Package) -> str | None:
        """Say why a call must not go on, and what to do; None where it may. Reads all files of what is linked."""
        return self._compiled(package, call.sources) or self._linked(call.externs)

    def _compiled(self, package: Package, sources: Sequence[str]) -> str | None:
        folder = os.path.realpath(package.folder)
        if any(folder in each.own for each in self._allowed):
            return None
        paths = [os.path.realpath(os.path.join(folder, source)) for source in sources]
        if not paths or not all(path.startswith(f"{folder}/") for path in paths):
            return f"{package.name} would have code compiled that is not its own: do not build this crate"
        tables = [row for each in self._allowed for row in each.packages.get((package.name, package.version), ())]
        if not tables:
            return self._unknown(package)
        reasons = [self._difference(folder, each) for each in tables]
        if None in reasons:
            return None
        if tables[0].from_git:  # more likely another commit
            return f"{reasons[0]}, and {self._unknown(package)}"
        return f"{reasons[0]}: find out who changed {folder}, delete it, and let cargo fetch the crate again"

    def _difference(self, folder: str, attested: Attested) -> str | None:
        """Say what of a folder is not as attested. Of a checkout not all is compared: nothing of it may be missing."""
        compared = set(_MARKS)
        try:
            for path in self._machine.files(folder, from_git=attested.from_git):
                if path in _MARKS:
                    continue
                if path not in attested.files:
                    return f"{path} is no file of the crate that was attested"
                if self._machine.sha256(f"{folder}/{path}") != attested.files[path]:
                    return f"{path} is not what was attested"
                compared.add(path)
        except OSError as error:
            return f"{folder} cannot be read ({error.strerror})"
        lost = attested.files.keys() - compared if attested.from_git else ()
        return f"{min(lost)} is no file of it any more" if lost else None

    def _unknown(self, package: Package) -> str:
        folder = package.folder
        while not self._is_fetched(folder):
            if folder == (folder := os.path.dirname(folder)):
                return f"the guard does not know the project in {package.folder}: run `vetflow guard sync` there"
        name = f"{package.name} {package.version}"
        return f"nobody attested {name}: read it (`vetflow inspect {name}`), certify it, then run `vetflow guard sync`"

    def _is_fetched(self, folder: str) -> bool:
        """Whether cargo has put a folder where it is."""
        for mark in _MARKS:
            try:
                self._machine.read(os.path.join(folder, mark))
            except OSError:
                continue
            return True
        return False

    def _linked(self, externs: Sequence[str]) -> str | None:
        """Say why a library must not be linked, or one that is linked into that."""
        waiting, seen = list(externs), set[str]()
        while waiting:
            library = waiting.pop()
            if library in seen:
                continue
            seen.add(library)
            stem = os.path.basename(library).rpartition(".")[0].removeprefix("lib")
            try:
                record = self._machine.read(f"{os.path.dirname(library)}/{stem}{RECORD}")
                folder, checksums, name, version, *words = record.split("\0")
                linked = parse_call(words, self._machine)
            except (OSError, ValueError):
                return f"it links {stem}, which was compiled without the guard: run `cargo clean` once"
            if checksums != self._checksums(folder):
                return f"it links {stem}, which was compiled when {folder} had other content: run `cargo clean` once"
            why = self._compiled(Package(folder, name, version), linked.sources)
            if why is not None:
                return f"it links {name} {version}, and {why}"
            waiting += linked.externs
        return None

    def _checksums(self, folder: str) -> str:
        """Return the list by which cargo has checked the files of a vendored package, as the wrapper notes it."""
        try:
            return self._machine.read(os.path.join(folder, _CHECKSUMS)).replace("\0", "")
        except OSError:
            return ""


class Disk:
    """The machine itself, a `Machine`."""

    def files(self, folder: str, *, from_git: bool) -> Iterator[str]:
        """Walk through a folder; links are not followed."""
        waiting = [""]
        while waiting:
            below = waiting.pop()
            with os.scandir(os.path.join(folder, below)) as entries:
                found = {entry.name: entry for entry in entries}
            if from_git and below and not found.keys().isdisjoint({".git", "Cargo.toml"}):
                continue
            for name, entry in found.items():
                if not entry.is_dir(follow_symlinks=False):
                    if not (from_git and entry.is_symlink()):
                        yield f"{below}{name}"
                elif not (from_git and name == ".git"):
                    waiting.append(f"{below}{name}/")

    def sha256(self, path: str) -> str:
        """Read a regular file whole."""
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(file, "rb") as stream:
            return digest_of(stream.read())

    def read(self, path: str) -> str:
        """Read a file."""
        with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
            return file.read()


def read_allow_files(folder: str) -> tuple[tuple[AllowFile, ...], tuple[str, ...]]:
    """Return the allow files below the wrapper's folder, and the paths of those that are damaged."""
    allowed, damaged = [], []
    try:
        paths = sorted(os.path.join(folder, ALLOW, name) for name in os.listdir(os.path.join(folder, ALLOW)))
    except OSError:  # nothing is allowed yet
        return (), ()
    for path in paths:
        try:
            allowed.append(parse_allow_file(Disk().read(path)))
        except (OSError, ValueError, DamagedError):
            damaged.append(path)
    return tuple(allowed), tuple(damaged)


def refuse(words: Sequence[str], folder: str) -> bool:
    """Whether a call must not go on; then says so on stderr, as a diagnostic of the compiler where cargo wants that.

    folder: the wrapper's.
    """
    machine = Disk()
    name, version = (os.environ.get(f"CARGO_PKG_{part}", "?") for part in ("NAME", "VERSION"))
    try:
        call = parse_call(words, machine)
    except (OSError, ValueError) as error:
        _say(f"vetflow guard: the arguments of a call for {name} cannot be read ({error})", as_json=False)
        return True
    if call.runs_as is None:
        return False
    allowed, damaged = read_allow_files(folder)
    why = Judge(allowed, machine).why_not(call, Package(os.getcwd(), name, version))
    if why is None:
        return False
    if damaged:
        why = f"{damaged[0]} is damaged, run `vetflow guard sync` in each project; {why}"
    _say(f"vetflow guard: the {call.runs_as} of {name} {version} was not compiled: {why}", as_json=call.as_json)
    return True


def _say(sentence: str, *, as_json: bool) -> None:
    """Write a sentence; what a crate has put into it gives the terminal no orders."""
    sentence = "".join(each if each.isprintable() else f"\\u{{{ord(each):x}}}" for each in sentence)
    rendered = f"error: {sentence}\n\n"
    if as_json:
        import json  # noqa: PLC0415  only to refuse

        diagnostic: dict[str, object] = {
            "$message_type": "diagnostic",
            "message": sentence,
            "code": None,
            "level": "error",
            "spans": [],
            "children": [],
            "rendered": rendered,
        }
        rendered = json.dumps(diagnostic) + "\n"
    sys.stderr.write(rendered)
