"""The ids by which keys can be bound anew, and a word on those that somebody misspelt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from textual.binding import Binding
from textual.dom import DOMNode

from vetflow.errors import Place

_OURS = __name__.rpartition(".")[0]


def bound_ids() -> frozenset[str]:
    """Return the ids of the bindings of all widgets of the review that are imported; the application imports all."""
    return frozenset(
        binding.id
        for widget in _below(DOMNode)
        if widget.__module__.startswith(f"{_OURS}.")
        for binding in Binding.make_bindings(widget.__dict__.get("BINDINGS", ()))
        if binding.id
    )


def unknown_ids(keymap: Mapping[str, str], places: Mapping[str, Place]) -> Iterator[str]:
    """Yield for each id that no binding has where it stands, and the one it looks like most."""
    known = sorted(bound_ids())
    for each in keymap:
        if each not in known:
            from difflib import get_close_matches  # noqa: PLC0415  for misspelt ids alone

            nearest = get_close_matches(each, known, n=1, cutoff=0)
            where = f"{places[each]}: " if each in places else ""
            yield f"{where}there is no key {each} to bind anew; the nearest is {', '.join(nearest)}"


def _below(widget: type[DOMNode]) -> Iterator[type[DOMNode]]:
    for each in widget.__subclasses__():
        yield each
        yield from _below(each)
