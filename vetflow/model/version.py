"""Versions as cargo-vet compares them: a semantic version, and for git sources the revision.

`VetVersion` is a tuple whose natural order *is* cargo-vet's total order (shared spec resolver 1.1): numbers,
then pre-release (none last), then build metadata (none first), then git hash (none first). Equality includes
all parts. Ordering and hashing therefore run at the speed of tuples, which the search relies on.

The scanning functions are shared with `model.requirement`, which reads the same numbers and identifiers.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple, TypeAlias

WHITE_SPACE: Final = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""What Rust's `trim` removes; `str.strip()` alone would also take U+001C to U+001F."""

U64_MAX: Final = 2**64 - 1
_PLAIN = re.compile(r"(0|[1-9][0-9]{0,18})\.(0|[1-9][0-9]{0,18})\.(0|[1-9][0-9]{0,18})\Z")
_DIGITS = re.compile(r"[0-9]*")
_IDENTIFIERS = re.compile(r"[0-9A-Za-z.-]*")
_GIT_HASH = re.compile(r"[0-9a-fA-F]{40}\Z")

MAJOR: Final = "major version number"
MINOR: Final = "minor version number"
PATCH: Final = "patch version number"
PRE_RELEASE: Final = "pre-release identifier"
BUILD: Final = "build metadata"

Identifier: TypeAlias = tuple[int, int, str, int]
"""One dot-separated part as a sort key: (0, digits, number, written length) or (1, 0, text, 0)."""

PreRelease: TypeAlias = tuple[int, tuple[Identifier, ...]]
"""A pre-release as a sort key: (0, identifiers), or `NO_PRE_RELEASE`, which sorts after all of them."""

NO_PRE_RELEASE: Final[PreRelease] = (1, ())


class VetVersion(NamedTuple):
    """A parsed version. Make one with `parse_version`; `text` is its canonical spelling.

    build: the build metadata as a sort key; git: the 40 hex digits of a revision as written, or "".
    """

    major: int
    minor: int
    patch: int
    pre: PreRelease
    build: tuple[Identifier, ...]
    git: str
    text: str

    def __str__(self) -> str:
        """Return the canonical spelling, `1.2.3-rc.1+b@git:HASH`."""
        return self.text

    @property
    def is_pre_release(self) -> bool:
        """Whether the semantic version has a pre-release part."""
        return self.pre[0] == 0

    @property
    def semver(self) -> VetVersion:
        """The version without its git revision."""
        return parse_version(self.text.partition("@")[0]) if self.git else self


class VersionSyntaxError(ValueError):
    """The text is no version; the message says why, in cargo-vet's words."""


@cache
def parse_version(text: str) -> VetVersion:
    """Read `SEMVER` or `SEMVER @git:HASH` (shared spec format 2.2).

    Results are shared: a store names the same versions again and again. Raises VersionSyntaxError.
    """
    plain = _PLAIN.match(text)
    if plain is not None:
        return VetVersion(int(plain[1]), int(plain[2]), int(plain[3]), NO_PRE_RELEASE, (), "", text)
    semver, at, revision = text.partition("@")
    if not at:
        return _scan_semver(text, "")
    revision = revision.lstrip(WHITE_SPACE)
    if not revision.startswith("git:"):
        raise VersionSyntaxError("unrecognized revision type, expected 'git:' prefix")
    git = revision[4:]
    if not _GIT_HASH.match(git):
        raise VersionSyntaxError("unrecognized git hash, expected 40 hex digits")
    return _scan_semver(semver.rstrip(WHITE_SPACE), git)


def _scan_semver(text: str, git: str) -> VetVersion:
    if not text:
        raise VersionSyntaxError("empty string, expected a semver version")
    major, at = scan_number(text, 0, MAJOR)
    minor, at = scan_number(text, _scan_dot(text, at, MAJOR), MINOR)
    patch, at = scan_number(text, _scan_dot(text, at, MINOR), PATCH)
    part = PATCH
    pre: PreRelease = NO_PRE_RELEASE
    build: tuple[Identifier, ...] = ()
    if text.startswith("-", at):
        part = PRE_RELEASE
        identifiers, at = scan_identifiers(text, at + 1, PRE_RELEASE)
        pre = pre_release_key(identifiers)
    if text.startswith("+", at):
        part = BUILD
        identifiers, at = scan_identifiers(text, at + 1, BUILD)
        build = tuple(map(_build_key, identifiers.split(".")))
    if at < len(text):
        raise VersionSyntaxError(f"unexpected character {quote_character(text[at])} after {part}")
    return VetVersion(major, minor, patch, pre, build, git, f"{text}@git:{git}" if git else text)


def scan_number(text: str, at: int, part: str) -> tuple[int, int]:
    """Read the number at `at`; return it and where it ends. Raises VersionSyntaxError naming `part`."""
    match = _DIGITS.match(text, at)
    digits = match[0] if match else ""
    if not digits:
        if at == len(text):
            raise VersionSyntaxError(f"unexpected end of input while parsing {part}")
        raise VersionSyntaxError(f"unexpected character {quote_character(text[at])} while parsing {part}")
    if digits[0] == "0" and len(digits) > 1:
        raise VersionSyntaxError(f"invalid leading zero in {part}")
    # The length first: Python refuses to convert thousands of digits.
    if len(digits) > 20 or int(digits) > U64_MAX:
        raise VersionSyntaxError(f"value of {part} exceeds u64::MAX")
    return int(digits), at + len(digits)


def scan_identifiers(text: str, at: int, part: str) -> tuple[str, int]:
    """Read dot-separated identifiers at `at`; return them as written and where they end.

    Raises VersionSyntaxError for an empty identifier or a pre-release number with a leading zero.
    """
    match = _IDENTIFIERS.match(text, at)
    identifiers = match[0] if match else ""
    for identifier in identifiers.split("."):
        if not identifier:
            raise VersionSyntaxError(f"empty identifier segment in {part}")
        if part == PRE_RELEASE and identifier[0] == "0" and len(identifier) > 1 and identifier.isdigit():
            raise VersionSyntaxError(f"invalid leading zero in {part}")
    return identifiers, at + len(identifiers)


def pre_release_key(identifiers: str) -> PreRelease:
    """Return the sort key of a valid pre-release text such as `rc.1`."""
    return 0, tuple((0, len(i), i, 0) if i.isdigit() else (1, 0, i, 0) for i in identifiers.split("."))


def quote_character(character: str) -> str:
    """Return a character in quotes as Rust shows it, so that nothing invisible gets into a message."""
    if character in "\0\t\n\r'\\":
        return "'\\" + {"\0": "0", "\t": "t", "\n": "n", "\r": "r"}.get(character, character) + "'"
    return f"'{character}'" if character.isprintable() else f"'\\u{{{ord(character):x}}}'"


def _scan_dot(text: str, at: int, after: str) -> int:
    if text.startswith(".", at):
        return at + 1
    if at == len(text):
        raise VersionSyntaxError(f"unexpected end of input while parsing {after}")
    raise VersionSyntaxError(f"unexpected character {quote_character(text[at])} after {after}")


def _build_key(identifier: str) -> Identifier:
    if not identifier.isdigit():
        return 1, 0, identifier, 0
    digits = identifier.lstrip("0")
    return 0, len(digits), digits, len(identifier)
