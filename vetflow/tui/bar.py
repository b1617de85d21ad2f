"""The bar in the first column that says where the cursor is, also without colours."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip

BAR = "|"


def with_bar(strip: Strip) -> Strip:
    """Return a line of a screen with the bar in the place of its first cell."""
    style = next((segment.style for segment in strip), None)
    return Strip.join([Strip([Segment(BAR, style)]), strip.crop(1)])
