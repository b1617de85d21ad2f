"""signatures-baseline.txt: the entries that were there before a project began to sign, one digest a line, sorted.

What stands in it needs no signature as long as it stays word for word what it was. The list only ever shrinks. Behind
the digest a few words say which entry it was; nothing reads them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from vetflow.errors import Place, StoreError

BASELINE: Final = "signatures-baseline.txt"
_HEADER: Final = "# entries of audits.toml from before signing began; this list only shrinks\n"
_LINE: Final = re.compile(r"(sha256:[0-9a-f]{64})(?: (.*))?\Z")


def parse_baseline(text: str, file: str) -> Mapping[str, str]:
    """Return the digests, each with the words behind it; raises StoreError with every line that is none."""
    found: dict[str, str] = {}
    problems = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.match(line.rstrip("\r"))
        if match is None:
            problems.append(StoreError("this line is no digest", place=Place(file, number), help=f"restore {BASELINE}"))
        else:
            found[match[1]] = match[2] or ""
    if problems:
        raise problems[0] if len(problems) == 1 else StoreError(f"{file} cannot be read", related=problems)
    return found


def write_baseline(digests: Mapping[str, str]) -> str:
    """Return the text that lists digests, each with a few words on what it was."""
    return _HEADER + "".join(f"{line}\n" for line in _lines(digests.items()))


def _lines(digests: Iterable[tuple[str, str]]) -> list[str]:
    return sorted(f"{digest} {' '.join(words.split())}".rstrip() for digest, words in digests)
