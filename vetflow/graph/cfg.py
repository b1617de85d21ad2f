"""Whether a table `[target.'cfg(...)'.dependencies]` holds on a platform, by cargo's rules.

A condition is the name of one platform, or an expression of `all`, `any`, `not`, `true`, `false`, `NAME` and
`NAME = "VALUE"`. Some cannot be decided from here; then the answer is None, which counts as neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final, TypeAlias

from vetflow.graph.platforms import PLATFORM_KEYS, Platform

Answer: TypeAlias = bool | None

_TOKEN: Final = re.compile(r'\s*(?:(r#)?([A-Za-z_][A-Za-z0-9_]*)|"([^"]*)"|([(),=]))')
_OPEN: Final = "cfg("
_DEEPEST: Final = 64
_BY_COMPILER: Final = frozenset(
    ("debug_assertions", "panic", "target_feature", "overflow_checks", "relocation_model", "target_thread_local")
)
"""What depends on the compiler's version or options. All other names are set by nobody but the user's own flags."""


class _MalformedError(ValueError):
    """The text is no condition; cargo refuses such a manifest."""


def holds(condition: str, platform: Platform) -> Answer:
    """Return whether the table for `condition` (as it stands in the manifest) counts on a platform.

    None where that cannot be told: an unknown platform, something that depends on the compiler, a malformed text.
    Linear in the text.
    """
    if not (condition.startswith(_OPEN) and condition.endswith(")")):
        return condition == platform.triple
    try:
        return _Parser(_tokens(condition[len(_OPEN) : -1]), platform).whole()
    except _MalformedError:
        return None


@cache
def _tokens(text: str) -> tuple[str, ...]:
    """Split a condition; names are told from strings by the quote that strings keep in front."""
    tokens = []
    at = 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _MalformedError(text)
        raw, name, string, mark = match.groups()
        tokens.append(f'"{string}' if string is not None else mark or f"{raw or ''}{name}")
        at = match.end()
    return tuple(tokens)


class _Parser:
    """Recursive descent that decides as it reads."""

    def __init__(self, tokens: tuple[str, ...], platform: Platform) -> None:
        self._tokens = tokens
        self._platform = platform
        self._at = 0

    def whole(self) -> Answer:
        answer = self._expression(0)
        if self._peek():
            raise _MalformedError
        return answer

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self, expected: str = "") -> str:
        token = self._peek()
        if not token or (expected and token != expected):
            raise _MalformedError
        self._at += 1
        return token

    def _expression(self, depth: int) -> Answer:
        word = self._take()
        if depth > _DEEPEST or word[0] in '"(),=':
            raise _MalformedError
        if word in {"all", "any", "not"} and self._peek() == "(":
            return _join(word, self._operands(depth))
        if word in {"true", "false"} and self._peek() != "=":
            return word == "true"
        value = None
        if self._peek() == "=":
            self._take("=")
            value = self._take()
            if not value.startswith('"'):
                raise _MalformedError
            value = value[1:]
        return _is_set(word.removeprefix("r#"), value, self._platform)

    def _operands(self, depth: int) -> list[Answer]:
        operands = []
        self._take("(")
        while self._peek() != ")":
            operands.append(self._expression(depth + 1))
            if self._peek() != ")":
                self._take(",")
        self._take(")")
        return operands


def _join(word: str, operands: Iterable[Answer]) -> Answer:
    answers = list(operands)
    if word == "not":
        if len(answers) != 1:
            raise _MalformedError
        return None if answers[0] is None else not answers[0]
    decisive = word == "any"
    if decisive in answers:
        return decisive
    return None if None in answers else not decisive


def _is_set(name: str, value: str | None, platform: Platform) -> Answer:
    if (name, value) in platform.flags:
        return True
    if name in _BY_COMPILER:
        return None
    if name not in PLATFORM_KEYS:
        return False
    if platform.values is None:
        return None
    if name in {"unix", "windows"}:
        return value is None and name in platform.values["target_family"]
    return value is not None and value in platform.values[name]
