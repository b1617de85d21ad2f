"""What stands in all Rust code of a crate, whoever compiles it: every `unsafe`, and identifiers somebody looks for.

The units of `surface.analysis` are what a root reaches; here every file counts that a program may be made of, so that
"no `unsafe` in this version" rests on no walk. `unsafe` counts outside comments, literals, longer words and code for
tests only, as in Google's rule for `ub-risk-0`; tests, benches and examples count where other code reaches them.
Source: shared spec users C1, C2.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from vetflow.model.contents import CrateFile, CrateFiles
from vetflow.surface.evidence import Evidence
from vetflow.surface.findings import finding
from vetflow.surface.lexemes import Lexemes, Ranges, line_at, lines_of, read_lexemes
from vetflow.surface.rust import parse_rust
from vetflow.surface.tiers import Grade, Tier

UNSAFE: Final = "unsafe-site"
KINDS: Final = ("block", "fn", "impl", "trait", "extern", "attribute", "other", "emitted")
"""What an `unsafe` begins, the second part of its rule's id; `emitted`: whatever it is, a macro gives it out."""
WORD: Final = "word"

_NOT_BUILT_BY_USERS: Final = ("tests/", "benches/", "examples/")
_LETTER: Final = rb"[0-9A-Za-z_\x80-\xff]"
_UNSAFE: Final = re.compile(rb"(?<!" + _LETTER + rb")unsafe(?!" + _LETTER + rb")")
_RAW: Final = re.compile(rb"(?<!" + _LETTER + rb")r#\Z")
_FOLLOWING: Final = re.compile(
    rb'\s*(?:(?P<block>\{)|(?P<attribute>\()|(?P<impl>impl\b)|(?P<trait>(?:auto\s+)?trait\b)|(?P<extern>extern\s*(?:"[^"]*"\s*)?\{)'
    rb'|(?P<fn>(?:(?:async|const|extern(?:\s*"[^"]*")?)\s+)*fn\b))'
)
_HEADER: Final = re.compile(rb"[^{;]*")
_LONGEST_HEADER: Final = 120
_LINES_ABOVE: Final = 60
_SAFETY: Final = re.compile(rb"safety", re.IGNORECASE)
_COMMENT: Final = re.compile(rb"\s*(?://|/\*|\*|#\[)")
_PARTS: Final = re.compile(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+")


class WholeCrate:
    """All Rust code of a crate that users of it may build; files are split into their words when somebody asks."""

    def __init__(
        self, files: CrateFiles, tiers: Mapping[str, Tier], code: Collection[str], emitting: Collection[str]
    ) -> None:
        """Take the files. tiers: of those that run during a build. code: Rust whatever it is called.

        emitting: the macros whose tokens are code for somewhere else.
        """
        self._files = files
        self._tiers = tiers
        self._emitting = frozenset(emitting)
        self._lexemes: dict[str, Lexemes] = {}
        self.paths: Final = tuple(
            path
            for path in sorted(files)
            if path in code or (path.endswith(".rs") and not path.startswith(_NOT_BUILT_BY_USERS))
        )

    def find_unsafe(self) -> Iterator[Evidence]:
        """Yield every `unsafe`, in the order of the files; linear in those that have the word."""
        for path in self.paths:
            file = self._files[path]
            if b"unsafe" in file.content:
                yield from self._unsafe(file)

    def _unsafe(self, file: CrateFile) -> Iterator[Evidence]:
        lexemes, starts = self._read(file), lines_of(file.content)
        emitting = lexemes.within("macro", self._emitting) if self._emitting else Ranges(())
        for match in _UNSAFE.finditer(lexemes.code):
            offset = match.start()
            if _RAW.search(lexemes.code[max(0, offset - 3) : offset]):
                continue
            kind, what = _kind(lexemes.code, match.end())
            line = line_at(starts, offset)
            comment = "" if _says_why(file.content, starts, line) else ", no comment on its safety"
            yield finding(
                f"{UNSAFE}/{'emitted' if offset in emitting else kind}",
                f"unsafe {what}{comment}",
                Grade.NOTE,
                file,
                line=line,
                sentence="leaves the rules that Rust checks",
                tier=self._tiers.get(file.path),
            )

    def find_words(self, patterns: Iterable[str]) -> Iterator[Evidence]:
        """Yield identifiers with a part that fits a pattern, each once in a file. `*` stands for any letters.

        `Sha256Core` has the parts `sha256` and `core`. Linear in the files that have one of the words at all.
        """
        words = _Words.of(patterns)
        if words is None:
            return
        for path in self.paths:
            file = self._files[path]
            if words.anywhere.search(file.content):
                yield from self._words(file, words)

    def _words(self, file: CrateFile, words: _Words) -> Iterator[Evidence]:
        starts, seen = lines_of(file.content), set()
        for name, offsets in self._read(file).names.items():
            for each in name.rstrip(b"!").split(b"::"):
                text = each.decode("utf-8", "replace")
                if text not in seen and any(words.part.fullmatch(part.lower()) for part in _PARTS.findall(text)):
                    seen.add(text)
                    yield finding(
                        f"{WORD}/identifier",
                        text,
                        Grade.NOTE,
                        file,
                        line=line_at(starts, offsets[0]),
                        sentence="is called by a word that is looked for",
                        tier=self._tiers.get(file.path),
                    )

    def _read(self, file: CrateFile) -> Lexemes:
        if file.path not in self._lexemes:
            self._lexemes[file.path] = read_lexemes(parse_rust(file.path, file.content))
        return self._lexemes[file.path]


class _Words(NamedTuple):
    """Patterns made ready. anywhere: finds each of them and more, quickly. part: fits one part of an identifier."""

    anywhere: re.Pattern[bytes]
    part: re.Pattern[str]

    @classmethod
    def of(cls, patterns: Iterable[str]) -> _Words | None:
        texts = [pattern.lower() for pattern in patterns]
        if not texts:
            return None
        longest = [max(text.split("*"), key=len).encode() for text in texts]
        return cls(
            re.compile(b"|".join(map(re.escape, longest)), re.IGNORECASE),
            re.compile("|".join(re.escape(text).replace(r"\*", ".*") for text in texts)),
        )


def _kind(code: bytes, end: int) -> tuple[str, str]:
    """Return what an `unsafe` that ends at an offset begins: its kind, and in words."""
    following = _FOLLOWING.match(code, end)
    kind = following.lastgroup if following is not None else None
    if kind is None:
        return "other", "code"
    header = _HEADER.match(code, end, end + _LONGEST_HEADER)
    if kind in {"impl", "trait", "fn"} and header is not None:
        return kind, " ".join(header[0].decode("utf-8", "replace").split())
    return kind, kind


def _says_why(source: bytes, starts: list[int], line: int) -> bool:
    """Whether a comment in the line, in the one after it, or right above it speaks of safety."""

    def text(number: int) -> bytes:
        end = starts[number] if number < len(starts) else len(source)
        return source[starts[number - 1] : end]

    if any(_SAFETY.search(text(each).partition(b"//")[2]) for each in (line, line + 1) if each <= len(starts)):
        return True
    for above in range(line - 1, max(0, line - _LINES_ABOVE), -1):
        if not _COMMENT.match(text(above)):
            return False
        if _SAFETY.search(text(above)):
            return True
    return False
