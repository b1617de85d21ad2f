"""Native source text that does something without being called, or brings in another file unseen.

C is not read as Rust is: what a build script compiles is listed for a person to read. But a function that runs when a
program is loaded also runs in tests and in proc macros that link it, so it is pointed out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from vetflow.model.contents import CrateFile
from vetflow.surface.evidence import Evidence
from vetflow.surface.findings import finding
from vetflow.surface.tiers import Grade, Tier

_RUNS_ON_LOAD: Final = re.compile(
    rb"__attribute__\s*\(\(\s*(?:__)?(?:con|de)structor|\[\[\s*gnu\s*::\s*constructor"
    rb"|\.init_array|\.preinit_array|\.ctors\b|\.CRT\$X|__mod_init_func"
)
_EMBEDS: Final = re.compile(rb"\.incbin\b|^[ \t]*#[ \t]*embed\b", re.MULTILINE)


class _Check(NamedTuple):
    """What to look for. words: one of them is in every find; most files have none, and are done with."""

    words: tuple[bytes, ...]
    pattern: re.Pattern[bytes]
    rule: str
    sentence: str


_CHECKS: Final = (
    _Check(
        (b"structor", b".init_array", b".preinit_array", b".ctors", b".CRT$X", b"__mod_init_func"),
        _RUNS_ON_LOAD,
        "compiled/runs-on-load",
        "native code that runs as soon as a program with it is loaded",
    ),
    _Check(
        (b".incbin", b"embed"),
        _EMBEDS,
        "compiled/embeds-file",
        "native code that takes in another file as it is",
    ),
)


def check_native_code(file: CrateFile) -> Iterator[Evidence]:
    """Yield what stands out in a file that the build script may compile; linear in its size.

    Comments count: telling them from code is easily got wrong, and this is a hint.
    """
    for check in _CHECKS:
        if any(word in file.content for word in check.words):
            found = check.pattern.search(file.content)
            if found is not None:
                line = file.content.count(b"\n", 0, found.start()) + 1
                word = found[0].strip().decode("ascii", "replace")
                yield finding(check.rule, word, Grade.NOTE, file, line=line, sentence=check.sentence, tier=Tier.INPUT)
