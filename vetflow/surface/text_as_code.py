"""Text that becomes code while a macro runs: what it gives out can then be anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from vetflow.surface.expressions import STRINGS
from vetflow.surface.mention import Mention
from vetflow.surface.sighting import Sighting
from vetflow.surface.syntax import arguments_of

if TYPE_CHECKING:
    from tree_sitter import Node

_RULE: Final = "code-generation/from-text"
_DETAIL: Final = "text that is computed"
_TOKENS: Final = re.compile(rb"\s*::\s*<[^;{}()]*\bTokenStream")
_TAKES_TOKENS: Final = re.compile(rb"\bParse(?:Stream|Buffer)\b")
_FUNCTIONS: Final = frozenset({"closure_expression", "function_item"})


def judge_stream(mention: Mention) -> Iterator[Sighting]:
    """Yield that a function makes tokens of text, unless the text stands in the code."""
    source, call = mention.file.syntax.file.source, mention.call
    arguments = [] if call is None else arguments_of(call)
    is_written = bool(arguments) and all(each.type in STRINGS for each in arguments)
    makes_stream = mention.function.endswith("from_str") or _TOKENS.match(source, mention.end)
    if makes_stream and not is_written:
        yield mention.sighting(_RULE, _DETAIL)


def judge_parse(mention: Mention) -> Iterator[Sighting]:
    """Yield that `.parse::<TokenStream>()` makes tokens of text that does not stand in the code."""
    receiver = mention.receiver
    if receiver is not None and (receiver.type in STRINGS or _is_given_tokens(receiver)):
        return
    if _TOKENS.match(mention.file.syntax.file.source, mention.end):
        yield mention.sighting(_RULE, _DETAIL)


def _is_given_tokens(node: Node) -> bool:
    """Whether the function around a place is given a parser of `syn`, whose method has the same name."""
    around: Node | None = node
    while around is not None and around.type not in _FUNCTIONS:
        around = around.parent
    parameters = None if around is None else around.child_by_field_name("parameters")
    return parameters is not None and _TAKES_TOKENS.search(parameters.text or b"") is not None
