"""The keys of a review, each with an id by which it can be bound anew; those of its file are in `tui.file_reader`."""

from __future__ import annotations

from typing import Final

from textual.binding import Binding, BindingType

KEYS: Final[list[BindingType]] = [
    Binding("v", "viewed", "Viewed", id="review.viewed"),
    Binding("n", "unviewed(1)", "Next", id="review.next"),
    Binding("p", "unviewed(-1)", "Previous file that was not viewed", show=False, id="review.previous"),
    Binding("J", "file(1)", "Next file", show=False, id="review.next-file"),
    Binding("K", "file(-1)", "Previous file", show=False, id="review.previous-file"),
    Binding("f", "finding", "Finding", id="review.finding"),
    Binding("F", "filter_findings", "Which findings are shown", show=False, id="review.filter"),
    Binding("e", "checklist", "Checklist", id="review.checklist"),
    Binding("a", "all_findings", "All findings and notes", show=False, id="review.findings"),
    Binding("c", "certify", "Certify", id="review.certify"),
    Binding("N", "note", "Note on this line", show=False, id="review.note"),
    Binding("t", "tree", "File tree", show=False, id="review.tree"),
    Binding("V", "viewed_folder", "Viewed: the folder of this file", show=False, id="review.viewed-folder"),
    Binding("M", "family", "Its family, read as one", show=False, id="review.family"),
    Binding("d", "base", "Another base", show=False, id="review.base"),
    Binding("o", "outside", "Open a defused copy in a tool", show=False, id="review.outside"),
    Binding("i", "detail", "Detail", show=False, id="review.detail"),
    Binding("w", "why", "Why", show=False, id="review.why"),
    Binding("r", "risk", "Explain the risk", show=False, id="review.risk"),
    Binding("H", "hold", "Hold, with a reason", show=False, id="review.hold"),
    Binding("X", "violation", "Record a violation", show=False, id="review.violation"),
    Binding("S", "summary", "What changed beside the code", show=False, id="review.summary"),
    Binding("U", "app.reload", "Read everything anew", show=False, id="review.reload"),
    Binding("tab", "app.focus_next", "Other pane", show=False, id="review.pane"),
]
