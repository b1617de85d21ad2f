"""What cargo starts in the place of rustc: `vetflow-guard RUSTC ARGUMENTS`.

Every call of the compiler comes through here, so all but a few are handed on at once, with nothing imported that the
interpreter has not loaded already. A build script or proc macro is handed on when `decision`, which lies beside this
program, finds nothing against it. Of every library a record is left beside it that says what it was made of: whatever
it is linked into later asks for that.

Nothing is decided by environment variables: a project's configuration, and the build script of a package, can set them
for the compiler. What they say of a package is a hint at what it must prove to be.
"""

import posix
import sys

_LINKED = ("lib", "rlib", "dylib", "proc-macro")
_SCRIPTS = ("build_script_", "metabuild_")
_HINTS = (b"CARGO_PKG_NAME", b"CARGO_PKG_VERSION")


def main(words: list[str], folder: str) -> int:
    """Hand the call on, which does not return, or refuse it. words: the compiler and its arguments."""
    if not words:
        sys.stderr.write("vetflow-guard: this stands between cargo and rustc; set RUSTC_WRAPPER to its path\n")
        return 2
    crate = extra = out = previous = ""
    guarded = linked = False
    for word in words:
        if previous == "--crate-name":
            crate = word
        elif previous == "--crate-type":
            guarded = guarded or "proc-macro" in word
            linked = linked or word in _LINKED
        elif previous == "--out-dir":
            out = word
        elif word.startswith("extra-filename="):
            extra = word[15:]
        if word[:1] == "@" or word.startswith(("--crate-type=", "--crate-name=")):
            guarded = True  # not how cargo usually puts it: to be read with care
        previous = word
    if guarded or crate.startswith(_SCRIPTS):
        sys.path.append(folder)
        try:
            decision = __import__("vetflow_guard_decision")
        except ImportError:
            sys.stderr.write("vetflow-guard: a part of it is not there; put it back with `vetflow guard install`\n")
            return 1
        if decision.refuse(words, folder):
            return 1
    if linked and out:
        _record(f"{out}/{crate}{extra}.guard", words)
    _hand_on(words, folder)
    return 127


def _record(path: str, words: list[str]) -> None:
    """Write down a call that makes a library. Where that fails, what links the library is refused."""
    hints = [posix.environ.get(name, b"").decode(errors="surrogateescape") for name in _HINTS]
    try:
        with open(path, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
            file.write("\0".join((posix.getcwd(), _checksums(), *hints, *words)))
    except OSError:
        pass


def _checksums() -> str:
    """Return what tells the contents of a vendored package apart, which change under one name when branches do.

    cargo itself holds the files against this list before it has them compiled.
    """
    try:
        with open(".cargo-checksum.json", encoding="utf-8", errors="surrogateescape", newline="") as file:
            return file.read().replace("\0", "")
    except FileNotFoundError:
        return ""


def _hand_on(words: list[str], folder: str) -> None:
    """Become the compiler, or the wrapper that was there before."""
    try:
        file = posix.open(f"{folder}/next", posix.O_RDONLY | posix.O_CLOEXEC)
        words = [posix.read(file, 4096).decode(errors="surrogateescape").rstrip("\n"), *words]
    except FileNotFoundError:
        pass
    program = words[0]
    path = posix.environ.get(b"PATH", b"/usr/bin:/bin").decode(errors="surrogateescape")
    error = None
    for place in [""] if "/" in program else path.split(":"):
        try:
            posix.execv(f"{place}/{program}" if place else program, words)
        except OSError as problem:
            error = problem
    sentence = f"vetflow-guard: {program} cannot be started: {error}"
    sys.stderr.write(f"{ascii(sentence)[1:-1]}\n")  # a project's configuration may have named the program


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], __file__.rpartition("/")[0]))
