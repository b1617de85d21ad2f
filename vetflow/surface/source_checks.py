"""What makes source text read differently from how it compiles: invisible characters, lines out of sight, its size.

Within build-time code this deserves attention; elsewhere it is common in tests and tables of characters. A change that
brings it to code of the product deserves as much: hardly any real one does (shared spec ux 1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias
from unicodedata import category

from vetflow.model.contents import CrateFile
from vetflow.surface.evidence import Evidence
from vetflow.surface.findings import finding
from vetflow.surface.tiers import Grade, Tier
from vetflow.text.characters import Kind, kind_of

Tests: TypeAlias = tuple[tuple[int, int], ...]

SCRIPT_MARK: Final = b"#!"

_LONG_LINE: Final = 1_000
_VERY_LONG_LINE: Final = 5_000
_BIG_FILE: Final = 200_000
_OUT_OF_SIGHT: Final = re.compile(r"\S[ \t]{160,}(?!//)\S")
"""Blanks that push what follows beyond the edge of any window."""
_GENERATED: Final = re.compile(
    rb"\s*(?://|/\*|\*|#)\W*(?:[\w-]+ ){0,5}(?:@generated|(?:automatically|auto)[ -]?generated|do not edit"
    rb"|generated (?:by|from|with|using)\b)",
    re.IGNORECASE,
)
_HEAD_LINES: Final = 20
_BYTE_ORDER_MARK: Final = "\ufeff"
_EMOJI_PARTS: Final[Mapping[str, frozenset[str]]] = {
    "\ufe0e": frozenset({"So", "Sk", "Sm", "Po", "Nd"}),
    "\ufe0f": frozenset({"So", "Sk", "Sm", "Po", "Nd"}),
    "\u200d": frozenset({"So", "Sk", "Mn"}),
}
"""Selectors and joiners that pictures in comments are made of, with the categories of what they follow then."""
_NUL: Final = "\0"
_ORDINARY_CONTROLS: Final = frozenset("\t\n\f\r")
_LONE_RETURN: Final = re.compile(r"\r(?!\n)")


def check_source(file: CrateFile, tier: Tier | None, tests: Tests = (), *, is_built: bool = True) -> Iterator[Evidence]:
    """Yield what stands out in the text of a file of Rust code; linear in its size.

    tier: why it runs during the build; None for code that does not. tests: the byte ranges of code for tests only.
    is_built: whether it is known to be part of the library or of what builds it.
    """
    if file.content.isascii():
        text = file.content.decode("ascii")
    else:
        try:
            text = file.content.decode("utf-8")
        except UnicodeDecodeError as error:
            line = file.content.count(b"\n", 0, error.start) + 1
            sentence = "source text that is no UTF-8: the compiler refuses it as code"
            rule, detail = "hidden-text/encoding", "not UTF-8"
            yield finding(rule, detail, Grade.ALERT, file, line=line, sentence=sentence, tier=tier)
            text = file.content.decode("utf-8", "replace")
    yield from _check_characters(file, text, tier, tests, is_built=is_built)
    if tier is not None:
        yield from _check_lines(file, text, tier)
        yield from _check_origin(file, tier)


def _check_characters(
    file: CrateFile, text: str, tier: Tier | None, tests: Tests, *, is_built: bool
) -> Iterator[Evidence]:
    found: dict[str, list[str]] = {}
    for character in sorted(set(text)):
        kind = kind_of(character)
        if kind in _CLASSES and character not in _ORDINARY_CONTROLS and not _is_ordinary(character, text):
            found.setdefault(_CLASSES[kind], []).append(character)
    for name, characters in found.items():
        is_live = is_built and (name == "bidi" or _is_live(file, characters, tests))
        yield _character_finding(file, text, name, characters, tier, is_live=is_live)
    lone = _LONE_RETURN.search(text)
    if lone is not None:
        sentence = "a carriage return within a line: on some displays what follows covers what stands before"
        grade = Grade.NOTE if tier is None else Grade.ALERT
        when_new = Grade.ALERT if is_built else grade
        line = text.count("\n", 0, lone.start()) + 1
        rule, detail = "hidden-text/carriage-return", "U+000D"
        yield finding(rule, detail, grade, file, line=line, sentence=sentence, tier=tier, when_new=when_new)


def _is_live(file: CrateFile, characters: list[str], tests: Tests) -> bool:
    """Whether one of the characters stands in code that is not for tests only: there, they are what is tested."""
    start = 0
    for begin, end in (*tests, (len(file.content), len(file.content))):
        part = file.content[start:begin].decode("utf-8", "replace")
        if any(character in part for character in characters):
            return True
        start = end
    return False


_CLASSES: Final[Mapping[Kind | None, str]] = {
    Kind.BIDI: "bidi",
    Kind.CONTROL: "control",
    Kind.INVISIBLE: "invisible",
}
_SENTENCES: Final = {
    "bidi": "characters that reorder the text around them: it does not read as it compiles",
    "control": "control characters, which a display may obey instead of showing",
    "invisible": "characters that are shown as nothing or as an ordinary blank",
}


def _character_finding(
    file: CrateFile, text: str, name: str, characters: list[str], tier: Tier | None, *, is_live: bool
) -> Evidence:
    worth = Grade.ALERT if name == "bidi" else max(_grade_in_surface(each) for each in characters)
    elsewhere = Grade.NOTE if name == "bidi" or _NUL in characters else Grade.EXPECTED
    counts = tier if is_live else None
    detail = " ".join([f"U+{ord(each):04X}" for each in characters[:8]])
    line = text.count("\n", 0, min(text.index(each) for each in characters)) + 1
    return finding(
        f"hidden-text/{name}",
        detail,
        elsewhere if counts is None else worth,
        file,
        line=line,
        sentence=_SENTENCES[name],
        tier=counts,
        when_new=worth if is_live else elsewhere,
    )


def _grade_in_surface(character: str) -> Grade:
    """Blanks of other kinds, and characters newer than our tables, are oddities; what has no shape is a disguise.

    For NUL tools take a file for one that is not text, and show nothing of it.
    """
    if character == _NUL:
        return Grade.ALERT
    return Grade.NOTE if category(character) in {"Zs", "Zl", "Zp", "Cn", "Co"} else Grade.REVIEW


def _is_ordinary(character: str, text: str) -> bool:
    if character == _BYTE_ORDER_MARK:
        return text.count(character) == text.startswith(character)
    before = _EMOJI_PARTS.get(character, frozenset())
    places = (found.start() for found in re.finditer(re.escape(character), text))
    return bool(before) and all(place > 0 and category(text[place - 1]) in before for place in places)


def _check_lines(file: CrateFile, text: str, tier: Tier) -> Iterator[Evidence]:
    longest, number = max((len(line), -index) for index, line in enumerate(text.split("\n"), 1))
    if longest > _LONG_LINE:
        grade = Grade.REVIEW if longest > _VERY_LONG_LINE else Grade.NOTE
        sentence = f"a line of {longest:,} characters, which no window shows as a whole"
        yield finding("hidden-text/long-line", "long line", grade, file, line=-number, sentence=sentence, tier=tier)
    pushed = _OUT_OF_SIGHT.search(text)
    if pushed is not None:
        sentence = "code that blanks push out of sight"
        line = text.count("\n", 0, pushed.start()) + 1
        rule, detail = "hidden-text/pushed-aside", "blanks"
        yield finding(rule, detail, Grade.REVIEW, file, line=line, sentence=sentence, tier=tier)


def _check_origin(file: CrateFile, tier: Tier) -> Iterator[Evidence]:
    for number, line in enumerate(file.content.split(b"\n", _HEAD_LINES)[:_HEAD_LINES], 1):
        if _GENERATED.match(line):
            sentence = "says that a tool wrote it: make it anew to see whether it did"
            yield finding("generated/mark", file.path, Grade.NOTE, file, line=number, sentence=sentence, tier=tier)
            return
    if len(file.content) > _BIG_FILE:
        sentence = f"{len(file.content):,} bytes of code in one file"
        yield finding("generated/size", file.path, Grade.NOTE, file, line=None, sentence=sentence, tier=tier)
