"""The one spelling of a statement: JSON with sorted keys, no blanks, and nothing that has two spellings.

Strings, integers, booleans, arrays and objects with ASCII keys only; no numbers with a point, no null. That is a part
of RFC 8785 in which Python's own writer is canonical.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final, TypeAlias

Json: TypeAlias = "str | int | bool | list[Any] | dict[str, Any]"

_LARGEST: Final = 256 * 1024
_LARGEST_INTEGER: Final = 2**63 - 1


class CanonicalError(ValueError):
    """The text is no canonical JSON object; the message says why."""


def canonical(value: Json) -> str:
    """Return the spelling of a value."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def digest(value: Json) -> str:
    """Return `sha256:...` of a value's spelling."""
    return text_digest(canonical(value))


def text_digest(text: str) -> str:
    """Return `sha256:...` of a text."""
    return f"sha256:{hashlib.sha256(text.encode(errors='surrogatepass')).hexdigest()}"


def parse_canonical(text: str) -> dict[str, Any]:
    """Read an object whose spelling is `text`, byte for byte; raises CanonicalError for anything else."""
    if len(text) > _LARGEST:
        raise CanonicalError("it is too long")
    try:
        text.encode()  # half of a surrogate pair is no text
        value = json.loads(text, parse_float=_refuse, parse_constant=_refuse)
        spelled = canonical(value)
    except (ValueError, RecursionError, TypeError) as error:
        raise CanonicalError(f"it is no JSON of the kind that is signed: {error}") from None
    if not isinstance(value, dict) or not _is_plain(value):
        raise CanonicalError("it holds values that have more than one spelling")
    if spelled != text:
        raise CanonicalError("it is not spelled canonically")
    return value


def _refuse(literal: str) -> Any:
    raise ValueError(f"{literal} is not among the numbers that are signed")


def _is_plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, str) and key.isascii() and _is_plain(inner) for key, inner in value.items())
    if isinstance(value, list):
        return all(map(_is_plain, value))
    return isinstance(value, str | bool) or (isinstance(value, int) and abs(value) <= _LARGEST_INTEGER)
