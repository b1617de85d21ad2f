"""The only door from untrusted text to a display.

Crate sources, names, notes, publisher names, paths and the sentences of other programs are written by other people.
What is shown to a person passes through `shown` (in a line of ours) or `show` (a line of theirs, with spans for what
was replaced), so that no control byte, bidirectional mark or invisible character reaches the terminal or is hidden.
"""

from __future__ import annotations

from vetflow.text.characters import Kind
from vetflow.text.shown import MOST_CELLS, Shown, Span, show, show_lines, shown

__all__ = ["MOST_CELLS", "Kind", "Shown", "Span", "show", "show_lines", "shown"]
