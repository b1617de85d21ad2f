"""The only door from untrusted text to a display.

Crate names, notes, publisher names, paths and the sentences of other programs are written by other people. What is
shown to a person passes through `shown`, so that no control byte, bidirectional mark or invisible character of theirs
reaches the terminal.
"""

from __future__ import annotations

from vetflow.text.shown import shown

__all__ = ["shown"]
