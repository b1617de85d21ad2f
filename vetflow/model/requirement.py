"""Version requirements with Cargo's semantics: what a violation speaks of, and what a manifest asks for.

Shared spec format 2.4 and resolver 1.2. Only the semantic version counts: build metadata and a git hash are
ignored. A pre-release satisfies a requirement only if, besides matching, some comparator names a pre-release
of the same three numbers.
"""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

from vetflow.model.version import (
    BUILD,
    MAJOR,
    MINOR,
    NO_PRE_RELEASE,
    PATCH,
    PRE_RELEASE,
    PreRelease,
    VersionSyntaxError,
    VetVersion,
    pre_release_key,
    quote_character,
    scan_identifiers,
    scan_number,
)

_OPERATORS: Final = (">=", "<=", "=", ">", "<", "~", "^")
_CARET: Final = "^"
_WILDCARD: Final = "*"
_WILDCARDS: Final = ("*", "x", "X")
_MAX_COMPARATORS: Final = 32


class RequirementSyntaxError(ValueError):
    """The text is no version requirement; the message says why, in cargo-vet's words."""


class Comparator(NamedTuple):
    """One condition of a requirement.

    operator: one of `=`, `>`, `>=`, `<`, `<=`, `~`, `^`, or `*` for `1.*` and `1.2.*`.
    numbers: the one to three numbers that were given; pre: only after three of them.
    """

    operator: str
    numbers: tuple[int, ...]
    pre: PreRelease = NO_PRE_RELEASE

    def matches(self, version: VetVersion) -> bool:
        """Whether `version` fulfils this condition, leaving the rule for pre-releases to the requirement."""
        match self.operator:
            case "=" | "*":
                return self._is_same(version)
            case ">":
                return self._is_beyond(version, 1)
            case ">=":
                return self._is_same(version) or self._is_beyond(version, 1)
            case "<":
                return self._is_beyond(version, -1)
            case "<=":
                return self._is_same(version) or self._is_beyond(version, -1)
            case "~":
                return self._is_from_here_on(version, fixed=min(2, len(self.numbers)))
            case _:
                return self._is_compatible(version)

    def _is_same(self, version: VetVersion) -> bool:
        return version[: len(self.numbers)] == self.numbers and version.pre == self.pre

    def _is_beyond(self, version: VetVersion, direction: int) -> bool:
        """Whether the version lies outside all that the given numbers cover, above (1) or below (-1)."""
        given = len(self.numbers)
        theirs, ours = version[:given], self.numbers
        if theirs == ours and given == 3:
            return version.pre > self.pre if direction > 0 else version.pre < self.pre
        return theirs > ours if direction > 0 else theirs < ours

    def _is_from_here_on(self, version: VetVersion, fixed: int) -> bool:
        """Whether the first `fixed` numbers are equal and the version is not below the comparator."""
        given = len(self.numbers)
        if version[:fixed] != self.numbers[:fixed]:
            return False
        return (version[:given], version.pre) >= (self.numbers, self.pre)

    def _is_compatible(self, version: VetVersion) -> bool:
        """Caret: nothing changes up to the first number that is not zero (or the last one given)."""
        given = len(self.numbers)
        leading = next((at for at, number in enumerate(self.numbers, 1) if number), given)
        if given == 3:
            return self._is_from_here_on(version, fixed=leading)
        return version[:leading] == self.numbers[:leading] and version[:given] >= self.numbers


class VersionReq(NamedTuple):
    """A requirement: all comparators at once, none for `*`. `text` is its canonical spelling."""

    comparators: tuple[Comparator, ...]
    text: str

    def __str__(self) -> str:
        """Return the canonical spelling, for example `>=1.0, <2`."""
        return self.text

    def matches(self, version: VetVersion) -> bool:
        """Whether `version` satisfies the requirement as Cargo understands it."""
        for comparator in self.comparators:
            if not comparator.matches(version):
                return False
        if not version.is_pre_release:
            return True
        return any(c.numbers == version[:3] and c.pre != NO_PRE_RELEASE for c in self.comparators)


@cache
def parse_requirement(text: str) -> VersionReq:
    """Read a requirement such as `^1.2, <1.8`; raises RequirementSyntaxError."""
    try:
        return _scan_requirement(text)
    except VersionSyntaxError as error:
        raise RequirementSyntaxError(str(error)) from None


def _scan_requirement(text: str) -> VersionReq:
    at = _skip_blanks(text, 0)
    if text.startswith(_WILDCARDS, at):
        rest = text[at + 1 :].lstrip(" ")
        if not rest:
            return VersionReq((), "*")
        if rest[0] == ",":
            raise _lonely_wildcard(text[at])
        raise RequirementSyntaxError("unexpected character after wildcard in version req")
    comparators: list[Comparator] = []
    spellings: list[str] = []
    while True:
        if len(comparators) == _MAX_COMPARATORS:
            raise RequirementSyntaxError("excessive number of version comparators")
        if text.startswith(_WILDCARDS, at) and text[at + 1 :].lstrip(" ")[:1] in ("", ","):
            raise _lonely_wildcard(text[at])
        comparator, spelling, part, at = _scan_comparator(text, at)
        comparators.append(comparator)
        spellings.append(spelling)
        at = _skip_blanks(text, at)
        if at == len(text):
            return VersionReq(tuple(comparators), ", ".join(spellings))
        if text[at] != ",":
            raise RequirementSyntaxError(f"expected comma after {part}, found {quote_character(text[at])}")
        at = _skip_blanks(text, at + 1)


def _scan_comparator(text: str, at: int) -> tuple[Comparator, str, str, int]:
    """Read one comparator; return it, its canonical spelling, the part it ends with and where it ends."""
    operator = next((operator for operator in _OPERATORS if text.startswith(operator, at)), "")
    number, at = scan_number(text, _skip_blanks(text, at + len(operator)), MAJOR)
    numbers = [number]
    part = MAJOR
    wildcard = False
    for part_after_dot in (MINOR, PATCH):
        if not text.startswith(".", at):
            break
        part = part_after_dot
        if text.startswith(_WILDCARDS, at + 1):
            wildcard = True
            at += 2
        elif wildcard:
            raise RequirementSyntaxError("unexpected character after wildcard in version req")
        else:
            number, at = scan_number(text, at + 1, part)
            numbers.append(number)
    pre, pre_text = NO_PRE_RELEASE, ""
    if len(numbers) == 3 and text.startswith("-", at):
        part = PRE_RELEASE
        pre_text, at = scan_identifiers(text, at + 1, PRE_RELEASE)
        pre = pre_release_key(pre_text)
    if len(numbers) == 3 and text.startswith("+", at):
        part = BUILD
        _, at = scan_identifiers(text, at + 1, BUILD)
    spelled = ".".join(map(str, numbers))
    if wildcard and not operator:
        return Comparator(_WILDCARD, tuple(numbers)), f"{spelled}.*", part, at
    operator = operator or _CARET
    spelling = f"{operator}{spelled}-{pre_text}" if pre_text else f"{operator}{spelled}"
    return Comparator(operator, tuple(numbers), pre), spelling, part, at


def _lonely_wildcard(character: str) -> RequirementSyntaxError:
    return RequirementSyntaxError(f"wildcard req ({character}) must be the only comparator in the version req")


def _skip_blanks(text: str, at: int) -> int:
    while text.startswith(" ", at):
        at += 1
    return at
