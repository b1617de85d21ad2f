"""How a crate runs during a build, in words."""

from __future__ import annotations

from typing import Final

from vetflow.app.wording import enumerate_words
from vetflow.graph.drift import Privileges

PRIVILEGES: Final = {
    "build_script": "has a build script",
    "proc_macro": "is a proc macro",
    "host": "is linked into code that runs when you build",
}
"""What each field of `Privileges` means, to be said of a crate."""


def privilege_words(privileges: Privileges) -> str:
    """Say how a crate runs, or that this is not known; nothing of one that does not run."""
    if privileges.has_any is None:
        return "whether it runs code when you build is not known"
    words = [words for field, words in PRIVILEGES.items() if getattr(privileges, field)]
    return f"it {enumerate_words(words)}" if words else ""
