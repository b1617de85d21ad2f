"""Reading TOML: bytes to text, text to plain tables, and what to tell a person when either fails.

Files are read as cargo-vet reads them: UTF-8 with or without a byte order mark, any line ends. tomli also
takes the syntax of TOML 1.1, which cargo reads in manifests; in a store a locked run refuses it as not
formatted.
"""

from __future__ import annotations

import re
from typing import Any, Final

from vetflow.errors import Place, TomlError

try:
    from tomli import loads
except ModuleNotFoundError:
    # Slower, but all that is needed; tomli is compiled.
    from tomllib import loads

_BYTE_ORDER_MARK: Final = "\ufeff"
_POSITION = re.compile(r" \(at (?:line (?P<line>[0-9]+), column (?P<column>[0-9]+)|end of document)\)\Z")
_CONFLICT_MARKERS: Final = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")


def parse_toml(text: str, file: str) -> dict[str, Any]:
    """Return the tables of a TOML document: dicts, lists, strings, numbers, booleans, `datetime` values.

    file: what errors call it. Raises TomlError with line and column.
    """
    try:
        return loads(text.removeprefix(_BYTE_ORDER_MARK))
    except RecursionError:
        raise TomlError(
            f"{file} is nested too deeply to be read",
            help="arrays and tables that deep are in no file of cargo or cargo-vet: restore the file",
            place=Place(file),
        ) from None
    except ValueError as error:  # TOMLDecodeError, or Python's own for a number with thousands of digits
        raise _syntax_error(str(error), text, file) from None


def decode_utf8(data: bytes, file: str) -> str:
    """Return the text of a file; raises TomlError with the place of the first byte that is not UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line_start = before.rfind(b"\n") + 1
        place = Place(file, before.count(b"\n") + 1, len(before[line_start:].decode()) + 1)
        raise TomlError(
            f"{file} is not valid UTF-8: unexpected byte 0x{data[error.start]:02x}",
            help="save the file in UTF-8, or restore it if it was damaged",
            place=place,
        ) from None


def _syntax_error(reason: str, text: str, file: str) -> TomlError:
    """Turn the library's sentence, which ends in a position, into an error with a place."""
    help_ = "correct the TOML at this place"
    place = Place(file)
    position = _POSITION.search(reason)
    if position is not None:
        lines = text.split("\n")
        line = int(position["line"] or len(lines))
        column = int(position["column"] or len(lines[-1]) + 1)
        place = Place(file, line, column)
        reason = reason[: position.start()]
        if lines[line - 1].startswith(_CONFLICT_MARKERS):
            help_ = "this is a merge conflict: resolve it"
    return TomlError(f"{file} is not valid TOML: {reason}", help=help_, place=place)
