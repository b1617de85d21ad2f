"""The keys of a review, each with an id by which it can be bound anew."""

from __future__ import annotations

from typing import Final

from textual.binding import Binding, BindingType

KEYS: Final[list[BindingType]] = [
    Binding("v", "viewed", "Viewed", id="review.viewed"),
    Binding("n", "unviewed(1)", "Next", id="review.next"),
    Binding("p", "unviewed(-1)", "Previous file that was not viewed", show=False, id="review.previous"),
    Binding("J", "file(1)", "Next file", show=False, id="review.next-file"),
    Binding("K", "file(-1)", "Previous file", show=False, id="review.previous-file"),
    Binding("right_square_bracket", "hunk(1)", "Hunk", key_display="]", id="review.next-hunk"),
    Binding("left_square_bracket", "hunk(-1)", "Previous hunk", show=False, key_display="[", id="review.prev-hunk"),
    Binding("f", "finding", "Finding", id="review.finding"),
    Binding("F", "filter_findings", "Which findings are shown", show=False, id="review.filter"),
    Binding("c", "certify", "Certify", id="review.certify"),
    Binding("N", "note", "Note on this line", show=False, id="review.note"),
    Binding("slash", "search", "Search", show=False, key_display="/", id="review.search"),
    Binding("greater_than_sign", "match(1)", "Next match", show=False, key_display=">", id="review.next-match"),
    Binding("less_than_sign", "match(-1)", "Previous match", show=False, key_display="<", id="review.prev-match"),
    Binding("plus", "context(1)", "More context", show=False, key_display="+", id="review.more"),
    Binding("minus", "context(-1)", "Less context", show=False, key_display="-", id="review.less"),
    Binding("W", "white_space", "Fold white space", show=False, id="review.white-space"),
    Binding("E", "endings", "Show changed line endings", show=False, id="review.endings"),
    Binding("m", "moved", "Mark moved lines", show=False, id="review.moved"),
    Binding("s", "split", "Side by side", show=False, id="review.split"),
    Binding("t", "tree", "File tree", show=False, id="review.tree"),
    Binding("V", "viewed_folder", "Viewed: the folder of this file", show=False, id="review.viewed-folder"),
    Binding("d", "base", "Another base", show=False, id="review.base"),
    Binding("y", "copy", "Copy the line without its sign", show=False, id="review.copy"),
    Binding("o", "outside", "Open a defused copy in a tool", show=False, id="review.outside"),
    Binding("i", "detail", "Detail", show=False, id="review.detail"),
    Binding("w", "why", "Why", show=False, id="review.why"),
    Binding("H", "hold", "Hold, with a reason", show=False, id="review.hold"),
    Binding("X", "violation", "Record a violation", show=False, id="review.violation"),
    Binding("S", "summary", "What changed beside the code", show=False, id="review.summary"),
    Binding("tab", "app.focus_next", "Other pane", show=False, id="review.pane"),
]
