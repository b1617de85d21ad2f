r"""The parts of a line in OpenSSH's key files: a first word that may be quoted, options, a key.

The grammar is that of OpenSSH's `auth-options` and `sshsig`: option names without regard to case, values in double
quotes with `\"` for a quote, each option at most once, commas between them and blanks only inside quotes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

from vetflow.trust.moments import parse_key_time

_BLANKS: Final = " \t"
_OPTION: Final = re.compile(r'([A-Za-z-]+)(?:="((?:\\"|[^"])*+)")?')
_KEY_TYPE: Final = re.compile(r"(?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[0-9A-Za-z@.-]+[ \t]")


class LineError(ValueError):
    """A line is not as it must be; the message says why."""


class Options(NamedTuple):
    """The options of a line: those without a value, and the others."""

    flags: frozenset[str] = frozenset()
    values: Mapping[str, str] = {}

    def moment(self, name: str) -> int | None:
        """Return an option that is a time, None where it is not given; raises MomentError."""
        return parse_key_time(self.values[name]) if name in self.values else None


def take_word(line: str) -> tuple[str, str]:
    """Return the first word, without quotes around it, and the rest; raises LineError when one of them is missing."""
    line = line.lstrip(_BLANKS)
    if line.startswith('"'):
        word, quote, rest = line[1:].partition('"')
        if not quote:
            raise LineError("a quote is not closed")
    else:
        word = re.split(r"[ \t]", line, maxsplit=1)[0]
        rest = line[len(word) :]
    if not word or not rest.strip(_BLANKS):
        raise LineError("a line names somebody and their key")
    return word, rest.lstrip(_BLANKS)


def take_options(line: str, flags: Collection[str], values: Collection[str]) -> tuple[Options, str]:
    """Return the options, none where the line starts with a key, and the rest; raises LineError for unknown ones."""
    if _KEY_TYPE.match(line):
        return Options(), line
    found: dict[str, str | None] = {}
    at = 0
    while True:
        match = _OPTION.match(line, at)
        if match is None:
            raise LineError("the options before the key are malformed")
        name, value = match[1].lower(), match[2]
        if name not in (flags if value is None else values):
            raise LineError(f"'{name}' is no option of such a line, or lacks its value in double quotes")
        if name in found and value is not None:
            raise LineError(f"{name} is given twice")
        found[name] = None if value is None else value.replace('\\"', '"')
        at = match.end()
        if line[at : at + 1] != ",":
            break
        at += 1
    rest = line[at:]
    if not rest.startswith((" ", "\t")) or not rest.strip(_BLANKS):
        raise LineError("the options before the key are malformed, or the key is missing")
    options = Options(
        frozenset(name for name, value in found.items() if value is None),
        {name: value for name, value in found.items() if value is not None},
    )
    return options, rest.lstrip(_BLANKS)
