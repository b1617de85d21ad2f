"""cargo-vet's way of writing a list of names that may be too long (shared spec resolver 15.4)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

LIMIT: Final = 40


def short_list(items: Iterable[str], limit: int = LIMIT) -> str:
    """Return the items, shortest first: `a and b`, `a, b, and c`, or `a, b, and 3 others` when over `limit`.

    Room for the words that would close the list is counted in at each item, so the result fits when it can.
    """
    words = sorted(items, key=lambda item: (len(item), item))
    if len(words) < 3:
        return " and ".join(words)
    keep = max(_first_over(words, limit) - 1, 0)
    rest = len(words) - keep - 1
    if keep == 0:
        return f"{words[0]} and {rest} others"
    if rest == 0:
        return f"{', '.join(words[:-1])}, and {words[-1]}"
    return f"{', '.join(words[: keep + 1])}, and {rest} other{'s' if rest > 1 else ''}"


def _first_over(words: list[str], limit: int) -> int:
    """Return the first position at which the list, closed there, is longer than `limit`; all of it else."""
    total = 0
    for position, word in enumerate(words):
        rest = len(words) - position - 1
        if rest:
            total += len(word) + 1
            closing = (rest // 10 + 1) + 6 + (1 if rest > 1 else 0)
            length = total - (1 if position == 0 else 0) + 5 + closing
        else:
            length = total + 5 + len(word)
        if length > limit:
            return position
    return len(words)
