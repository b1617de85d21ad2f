"""The cargo command of a build to observe: which ones there are, and what is added to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from vetflow.errors import UsageError

_BUILDING: Final = frozenset({"build", "b", "check", "c", "rustc", "clippy", "doc", "d", "rustdoc"})
_BUILDING_WITH: Final = {"test": "--no-run", "t": "--no-run", "bench": "--no-run"}
_FROZEN: Final = ("--locked", "--offline")
_OURS: Final = ("--target-dir", "--artifact-dir", "--out-dir")
_MANIFEST: Final = "--manifest-path"


class BuildCommand(NamedTuple):
    """A command that only builds. toolchain: what stands behind `+`. manifest: what it names, None for none."""

    toolchain: str | None
    words: tuple[str, ...]
    manifest: str | None

    def shown(self) -> str:
        """Return the command as it was meant."""
        return " ".join(("cargo", *((f"+{self.toolchain}",) if self.toolchain else ()), *self.words))

    def offline(self) -> tuple[str, ...]:
        """Return the words for cargo with all that keeps it from changing the lock and from asking the network."""
        added = (word for word in _FROZEN if word not in self.words)
        return (self.words[0], *added, *self.words[1:])


def build_command(words: Sequence[str]) -> BuildCommand:
    """Read what stands behind `--`; raises UsageError for what is no command that only builds."""
    if not words or words[0] != "cargo":
        raise UsageError("name the build to observe", help="vetflow observe -- cargo build")
    rest = tuple(words[1:])
    toolchain = rest[0][1:] if rest and rest[0].startswith("+") else None
    rest = rest[1:] if toolchain is not None else rest
    name = rest[0] if rest else ""
    needed = _BUILDING_WITH.get(name)
    if name not in _BUILDING and (needed is None or needed not in rest):
        raise UsageError(
            f"`cargo {name}` is no command that only builds"
            if needed is None
            else f"`cargo {name}` runs what it built",
            help=f"observe -- cargo {name} {needed}" if needed else "build, check, clippy, doc, rustc or test --no-run",
        )
    taken = [word for word in rest if word.partition("=")[0] in _OURS]
    if taken:
        raise UsageError(f"{taken[0]} cannot be given: an observed build writes to a folder that is thrown away")
    return BuildCommand(toolchain, rest, _manifest(rest))


def _manifest(words: tuple[str, ...]) -> str | None:
    for word, value in zip(words, (*words[1:], ""), strict=True):
        if word == _MANIFEST:
            return value
        if word.startswith(f"{_MANIFEST}="):
            return word.partition("=")[2]
    return None
