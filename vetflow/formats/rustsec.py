"""Advisories as the RustSec database keeps them: Markdown files that begin with TOML in a code block.

Only what is needed to match and to tell is read; what else stands in a file is left alone: it may be of a newer form.
"""

from __future__ import annotations

from typing import Any, Final

from vetflow.errors import TomlError
from vetflow.formats.affected_versions import affected_ranges
from vetflow.formats.toml import parse_toml
from vetflow.model.advisories import Advisory, AdvisoryKind, AdvisorySyntaxError
from vetflow.model.dates import Date, DateSyntaxError, parse_date

_OPENING: Final = "```toml"
_CLOSING: Final = "\n```"
_TABLE: Final = "[advisory]"
_MALICIOUS: Final = "malicious"
_PAGE: Final = "https://rustsec.org/advisories/"


def parse_rustsec(text: str, file: str) -> Advisory | None:
    """Return the advisory of a file; None for one that informs about something nobody here has a word for.

    Raises AdvisorySyntaxError.
    """
    text = text.replace("\r\n", "\n")
    end = text.find(_CLOSING)
    if not text.startswith(_OPENING) or end < 0:
        raise AdvisorySyntaxError("it does not begin with a block of TOML")
    front = text[len(_OPENING) : end].strip()
    if not front.startswith(_TABLE):  # newer files leave the name of the first table out
        front = f"{_TABLE}\n{front}"
    try:
        table = parse_toml(front, file)
    except TomlError as error:
        raise AdvisorySyntaxError(error.message) from None
    body = text[end + len(_CLOSING) :].strip()
    about = _table(table, "advisory")
    kind = _kind(about.get("informational"))
    return None if kind is None else _advisory(table, about, kind, body.partition("\n")[0].removeprefix("# "), file)


def _advisory(table: dict[str, Any], about: dict[str, Any], kind: AdvisoryKind, title: str, file: str) -> Advisory:
    name = _text(about, "id")
    versions, affected = _table(table, "versions"), table.get("affected", {})
    functions = affected.get("functions", {}) if isinstance(affected, dict) else {}
    return Advisory(
        id=name,
        crate=_text(about, "package"),
        kind=kind,
        title=title.strip(),
        affected=affected_ranges((*_texts(versions, "patched"), *_texts(versions, "unaffected"))),
        published=_day(about.get("date")),
        aliases=_texts(about, "aliases"),
        url=f"{_PAGE}{name}",
        malicious=_MALICIOUS in _texts(about, "categories"),
        withdrawn=about.get("withdrawn") is not None,
        functions=tuple(functions) if isinstance(functions, dict) else (),
        file=file,
    )


def _kind(informational: object) -> AdvisoryKind | None:
    if informational is None:
        return AdvisoryKind.VULNERABILITY
    kinds = (AdvisoryKind.UNSOUND, AdvisoryKind.UNMAINTAINED, AdvisoryKind.NOTICE)
    return next((kind for kind in kinds if kind.value == informational), None)


def _table(table: dict[str, Any], key: str) -> dict[str, Any]:
    value = table.get(key)
    if not isinstance(value, dict):
        raise AdvisorySyntaxError(f"it has no [{key}]")
    return value


def _text(table: dict[str, Any], key: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value:
        raise AdvisorySyntaxError(f"it has no text `{key}`")
    return value


def _texts(table: dict[str, Any], key: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise AdvisorySyntaxError(f"its `{key}` is no array of texts")
    return tuple(value)


def _day(value: object) -> Date | None:
    """Return a day that is written as text or as TOML's own date."""
    try:
        return parse_date(str(value)[:10])
    except DateSyntaxError:
        return None
