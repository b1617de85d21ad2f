"""Make text safe to show: every character that is not plainly printable becomes visible and inert."""

from __future__ import annotations

from typing import Final

_DELETE: Final = 0x7F
_CONTROL_PICTURES: Final = 0x2400
_DELETE_PICTURE: Final = "\u2421"


def shown(raw: str) -> str:
    """Return `raw` with every unprintable character replaced by a picture or its code point.

    Control characters become Unicode's control pictures (ESC is `␛`, LF is `␊`), everything else that Unicode calls
    unprintable (bidirectional and zero-width marks, other separators, lone surrogates) becomes `<U+202E>`. The result
    contains neither line breaks nor escape sequences. Linear; text without such characters is returned as it is.
    """
    if raw.isprintable():
        return raw
    return "".join(character if character.isprintable() else _picture(character) for character in raw)


def _picture(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(_CONTROL_PICTURES + code)
    if code == _DELETE:
        return _DELETE_PICTURE
    return f"<U+{code:04X}>"
