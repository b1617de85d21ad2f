"""What a value may be made of: alternatives, each of which is put together from parts, first to last.

Both are bounded. What does not fit becomes an unknown part, so that a bound never makes a value look better known.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Final, NamedTuple, TypeAlias

_ALTERNATIVES: Final = 32
_PARTS: Final = 12


class Kind(Enum):
    """What a part is."""

    LITERAL = "literal"
    VARIABLE = "variable"
    PLACE = "place"
    PACKAGE = "package"
    UNKNOWN = "unknown"


class Part(NamedTuple):
    """A part of a value. text: the literal, the variable's name, what place, which package, or why it is unknown."""

    kind: Kind
    text: str


Alternative: TypeAlias = tuple[Part, ...]
Value: TypeAlias = tuple[Alternative, ...]
"""No alternative at all: nothing that is not said elsewhere, such as a variable that is made of itself."""

EXHAUSTED: Final = Part(Kind.UNKNOWN, "there is too much to follow")
_MORE: Final = Part(Kind.UNKNOWN, "there are more values than are followed")
ABOVE: Final = Part(Kind.LITERAL, "/..")
SEPARATOR: Final = Part(Kind.LITERAL, "/")


_ITSELF: Final[Value] = ((Part(Kind.UNKNOWN, "made of itself"),),)


def literal(text: str) -> Value:
    """Return a value that is known."""
    return ((Part(Kind.LITERAL, text),),)


def unknown(why: str) -> Value:
    """Return a value of which nothing is known."""
    return ((Part(Kind.UNKNOWN, why),),)


def single(kind: Kind, text: str) -> Value:
    """Return a value of one part."""
    return ((Part(kind, text),),)


def union(*values: Value) -> Value:
    """Return a value that may be any of the given ones."""
    found = dict.fromkeys(alternative for value in values for alternative in value)
    if len(found) > _ALTERNATIVES:
        return (*list(found)[: _ALTERNATIVES - 1], (_MORE,))
    return tuple(found)


def concatenation(values: Iterable[Value]) -> Value:
    """Return a value put together from others. One that says nothing is unknown: it is made of the whole itself."""
    result: Value = ((),)
    for value in values:
        parts = value or _ITSELF
        result = union(tuple(_put_together(left + right) for left in result for right in parts))
    return result


def path_join(left: Value, right: Value) -> Value:
    """Return a path below another; an absolute one replaces it."""
    right = right or _ITSELF
    absolute = tuple(each for each in right if each and _is_absolute(each[0]))
    relative = tuple(each for each in right if each not in absolute)
    below = concatenation((left, ((SEPARATOR,),), relative)) if relative or not absolute else ()
    return union(below, absolute)


def altered(value: Value) -> Value:
    """Return a value of which some function made another: literals in it are known no more."""
    return union(
        tuple(
            tuple(Part(Kind.UNKNOWN, "computed") if part.kind is Kind.LITERAL else part for part in alternative)
            for alternative in value
        )
    )


def _is_absolute(part: Part) -> bool:
    if part.kind is Kind.LITERAL:
        return part.text.startswith(("/", "\\", "~")) or part.text[1:2] == ":"
    return part.kind is Kind.PLACE or (part.kind is Kind.VARIABLE and part.text.endswith(("_DIR", "HOME", "PROFILE")))


def _put_together(parts: Alternative) -> Alternative:
    """Join literals that follow each other, and keep to the bound."""
    merged: list[Part] = []
    for part in parts:
        if merged and part.kind is Kind.LITERAL and merged[-1].kind is Kind.LITERAL:
            merged[-1] = Part(Kind.LITERAL, merged[-1].text + part.text)
        elif not (part.kind is Kind.LITERAL and not part.text and merged):
            merged.append(part)
    if len(merged) > 1 and merged[0] == Part(Kind.LITERAL, ""):
        merged.pop(0)
    return tuple(merged) if len(merged) <= _PARTS else (*merged[: _PARTS - 1], _MORE)


def known_text(alternative: Alternative) -> str | None:
    """Return the text of an alternative that is known as a whole."""
    return (
        "".join(part.text for part in alternative) if all(each.kind is Kind.LITERAL for each in alternative) else None
    )


def pattern_text(alternative: Alternative, gap: str = "*") -> str:
    """Return an alternative with a mark for what is not known, for names that are known in part."""
    return "".join(part.text if part.kind is Kind.LITERAL else gap for part in alternative)


def described(alternative: Alternative) -> str:
    """Return an alternative as one would write it in a shell, `…` for what is not known; short enough for a line."""
    shown = ""
    for part in alternative:
        piece = _SHOWN[part.kind].format(part.text)
        shown += "" if piece == _UNKNOWN and shown.endswith(_UNKNOWN) else piece
    return shown if len(shown) <= _LINE else shown[: _LINE - 1] + _UNKNOWN


def explained(alternative: Alternative) -> str:
    """Return an alternative with the reasons why parts of it are not known."""
    reasons = dict.fromkeys(part.text for part in alternative if part.kind is Kind.UNKNOWN)
    return f"`{described(alternative)}`" + (f" ({', '.join(reasons)})" if reasons else "")


_UNKNOWN: Final = "…"
_LINE: Final = 100
_SHOWN: Final = {
    Kind.LITERAL: "{}",
    Kind.VARIABLE: "${}",
    Kind.PLACE: "<{}>",
    Kind.PACKAGE: "<a value of the package {}>",
    Kind.UNKNOWN: _UNKNOWN,
}
