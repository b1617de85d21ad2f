"""Names and paths against the patterns of a table: `*` stands for any letters, `!` in front excludes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, Generic, TypeVar

_T = TypeVar("_T")


def _expression(pattern: str) -> str:
    return re.escape(pattern).replace(r"\*", ".*")


class NamePatterns(Generic[_T]):
    """Single names, such as of a variable or a function. The first pattern that fits decides, in the table's order.

    A pattern with `!` in front keeps a name from the other patterns of the same value.
    """

    def __init__(self, patterns: Iterable[tuple[str, _T]]) -> None:
        by_value: dict[int, tuple[_T, list[str], list[str]]] = {}
        for pattern, value in patterns:
            _, wanted, excluded = by_value.setdefault(id(value), (value, [], []))
            (excluded if pattern.startswith("!") else wanted).append(_expression(pattern.removeprefix("!")))
        self._values = [
            (value, re.compile("|".join(wanted)), re.compile("|".join(excluded or ["(?!)"])))
            for value, wanted, excluded in by_value.values()
        ]

    def find(self, name: str) -> _T | None:
        """Return the value of the first pattern that fits a name."""
        for value, wanted, excluded in self._values:
            if wanted.fullmatch(name) and not excluded.fullmatch(name):
                return value
        return None


class PathPatterns(Generic[_T]):
    """Paths of names joined by `::`; a pattern covers the paths below it, too."""

    def __init__(self, patterns: Sequence[tuple[str, _T]]) -> None:
        self._exact: dict[tuple[str, ...], list[_T]] = {}
        for pattern, value in patterns:
            if "*" not in pattern:
                self._exact.setdefault(tuple(pattern.split("::")), []).append(value)
        wild = [(pattern, value) for pattern, value in patterns if "*" in pattern]
        self._wild = [(re.compile(_expression(pattern)), value) for pattern, value in wild]
        self._above = {path[:length] for path in self._exact for length in range(1, len(path))}

    def find(self, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], _T]]:
        """Return what fits a path, each with the part of it that the pattern names; the longest part first."""
        found = [
            (path[:length], value) for length in range(len(path), 0, -1) for value in self._exact.get(path[:length], ())
        ]
        return found + [(path[:1], value) for expression, value in self._wild if expression.fullmatch(path[0])]

    def is_above(self, path: tuple[str, ...]) -> bool:
        """Whether a pattern lies below a path: a module whose names matter."""
        return path in self._above


_BEFORE: Final = r"(?:^|(?<=[\s\"'=<>(:@,|;]))"
_AFTER: Final = r"(?=[\s/\\\"'<>):,|;\0]|$)"


class FilePatterns:
    """Names of files and folders, looked for as whole segments of the paths in a string.

    What begins with a point or at the root is found in the middle of a command or a sentence, too.
    """

    def __init__(self, segments: Iterable[str], path_segments: Iterable[str]) -> None:
        """path_segments: looked for only where the string is more than this one word."""
        anywhere, within = tuple(segments), tuple(path_segments)
        patterns = [_anywhere(segment) for segment in anywhere] + [_within(segment) for segment in within]
        self._pattern = re.compile("|".join(patterns))
        # Most strings hold none of the words: asking for them alone is much faster.
        self._words = re.compile("|".join({re.escape(_longest_word(segment)) for segment in (*anywhere, *within)}))

    def find(self, text: str) -> str | None:
        """Return the first of them that a string names."""
        found = self._pattern.search(text) if self._words.search(text) else None
        return found[0].rstrip("/\\ ") if found is not None else None


def _longest_word(segment: str) -> str:
    return max(re.split(r"[/*]", segment), key=len)


def _body(segment: str) -> str:
    return re.escape(segment).replace("/", r"[/\\]+").replace(r"\*", r"[^/\\\s]+")


def _anywhere(segment: str) -> str:
    if segment.startswith("/"):
        return f"{_BEFORE}(?://)?{_body(segment)}{_AFTER}"
    if segment.startswith((".", "_")):
        return rf"(?:{_BEFORE}|(?<=[/\\])){_body(segment)}{_AFTER}"
    return rf"(?:^|(?<=[/\\])){_body(segment)}(?=[/\\\s\"']|$)"


def _within(segment: str) -> str:
    return rf"(?<=[/\\]){_body(segment)}(?=[/\\]|$)|^{_body(segment)}(?=[/\\])"
