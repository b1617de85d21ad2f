"""OpenSSH's pattern lists: `*.example.org,!bad.example.org`, as they name principals and namespaces."""

from __future__ import annotations

import re
from functools import cache

_WILD = frozenset("*?!")


def matches(text: str, patterns: str) -> bool:
    """Whether a list matches: one of its patterns does and none of those with `!` in front."""
    found = False
    for pattern in patterns.split(","):
        negated = pattern.startswith("!")
        if _expression(pattern.removeprefix("!")).match(text):
            if negated:
                return False
            found = True
    return found


def lists_literally(text: str, patterns: str) -> bool:
    """Whether one of the patterns is `text` itself, not something that could stand for others, and the list matches."""
    return not _WILD & set(text) and text in patterns.split(",") and matches(text, patterns)


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    translated = {"*": ".*", "?": "."}
    return re.compile("".join(translated.get(char) or re.escape(char) for char in pattern) + r"\Z", re.DOTALL)
