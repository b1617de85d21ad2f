"""`revoked_signers`: keys that fell into other hands. A line is a public key or its `SHA256:` fingerprint.

With `since="20260131Z"` in front, signatures that were seen before that moment still count; without it none does.
Comments start with `#`; what follows a key is a comment, too. Fails closed like `trust.allowed_signers`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, TypeAlias

from vetflow.errors import Place, StoreError
from vetflow.trust.key_lines import LineError, Options, take_options
from vetflow.trust.moments import MomentError, write_key_time
from vetflow.trust.public_keys import KeyFormatError, read_public_key

RevokedSigners: TypeAlias = Mapping[str, int | None]
"""By fingerprint: since when the key is in other hands, None for "nobody knows"."""

_FINGERPRINT: Final = re.compile(r"SHA256:[0-9A-Za-z+/]{43}(?=[ \t]|\Z)")
_HELP: Final = 'write a public key or `SHA256:...`, with `since="20260131Z"` in front where that is known'


def parse_revoked_signers(text: str, file: str) -> RevokedSigners:
    """Read the file; raises StoreError with every line that is wrong. Of two times for a key the earlier counts."""
    revoked: dict[str, int | None] = {}
    problems = []
    for number, line in enumerate(text.split("\n"), 1):
        words = line.strip(" \t\r")
        if not words or words.startswith("#"):
            continue
        try:
            fingerprint, since = _revoked(words)
        except (LineError, KeyFormatError, MomentError) as error:
            problems.append(StoreError(f"this line revokes nothing: {error}", place=Place(file, number), help=_HELP))
            continue
        known = revoked.get(fingerprint, since)
        revoked[fingerprint] = None if known is None or since is None else min(known, since)
    if problems:
        raise problems[0] if len(problems) == 1 else StoreError(f"{file} cannot be used", related=problems)
    return revoked


def write_revoked(fingerprint: str, since: int | None, reason: str | None) -> str:
    """Return a line that revokes a key, without a line end."""
    start = "" if since is None else f'since="{write_key_time(since)}" '
    return f"{start}{fingerprint}{f' {reason}' if reason else ''}"


def _revoked(line: str) -> tuple[str, int | None]:
    options = Options()
    if not _FINGERPRINT.match(line):
        options, line = take_options(line, (), ("since",))
    match = _FINGERPRINT.match(line)
    return match[0] if match else read_public_key(line).fingerprint, options.moment("since")
