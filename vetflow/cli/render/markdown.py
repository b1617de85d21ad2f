"""Text that others wrote, in Markdown: markup of theirs is no markup."""

from __future__ import annotations

import re
from typing import Final

_MARKUP: Final = re.compile(r"([\\`*_\[\]<|~&@#]|:(?=//)|(?<=www)\.)", re.IGNORECASE)
"""What would format, link or mention; addresses and names are linked by themselves."""


def escaped(text: str) -> str:
    """Return text as it is read, whatever characters are in it."""
    return _MARKUP.sub(r"\\\1", text)


def code(text: str) -> str:
    """Return text that can stand between backquotes."""
    return text.replace("`", "'")
