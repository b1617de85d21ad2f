"""TOML text in many spellings: the same document, written as different people and tools would.

cargo-vet reads any spelling and `fmt` brings it to one form; a suite whose files are all tidy would never
notice a reader or a writer that only knows the tidy form. All choices are taken from one `random.Random`;
without one the text is plain.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from random import Random
from typing import NamedTuple, TypeAlias

Value: TypeAlias = "str | bool | int | Raw | Sequence[Value] | Mapping[str, Value]"
Document: TypeAlias = "Mapping[str, Value]"

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+\Z")
_SHORT_ESCAPES = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


class Raw(NamedTuple):
    """Text to put where a value stands, as it is: for values of a wrong type, and for no TOML at all."""

    text: str


class Scribe:
    """Writes values; `rng` decides between spellings, None always takes the plainest."""

    def __init__(self, rng: Random | None = None) -> None:
        self._rng = rng

    def _chance(self, probability: float) -> bool:
        return self._rng is not None and self._rng.random() < probability

    def document(self, document: Document) -> str:
        """Return the text of a whole document."""
        top, blocks = self._table((), document)
        if self._rng is not None and self._chance(0.5):
            self._rng.shuffle(blocks)
        parts = [top] if top else []
        parts += [f"{header}{self._remark()}\n{body}" for header, body in blocks]
        text = ("\n" * (2 if self._chance(0.2) else 1)).join(parts)
        if self._chance(0.2):
            text = "# written by hand\n\n" + text
        if self._chance(0.1):
            text = text.replace("\n", "\r\n")
        return "\ufeff" + text if self._chance(0.05) else text

    def _table(self, path: tuple[str, ...], table: Document) -> tuple[str, list[tuple[str, str]]]:
        """Return the `key = value` lines of a table, and the blocks of everything that gets a header."""
        items = list(table.items())
        if self._rng is not None and self._chance(0.4):
            self._rng.shuffle(items)
        lines: list[str] = []
        blocks: list[tuple[str, str]] = []
        for key, value in items:
            inner = (*path, key)
            if isinstance(value, Mapping) and not (path and self._chance(0.08)):
                body, below = self._table(inner, value)
                if body or not below or self._chance(0.1):
                    blocks.append((f"[{self.path(inner)}]", body))
                blocks += below
            elif (entries := _table_list(value)) and not (path and self._chance(0.08)):
                for entry in entries:
                    body, below = self._table(inner, entry)
                    blocks.append((f"[[{self.path(inner)}]]", body))
                    blocks += below
            else:
                lines.append(f"{self.key(key)}{self._equals()}{self.value(value)}{self._remark()}\n")
        return "".join(lines), blocks

    def _equals(self) -> str:
        return "=" if self._chance(0.1) else "  =\t" if self._chance(0.05) else " = "

    def _remark(self) -> str:
        return " # a remark" if self._chance(0.05) else ""

    def path(self, keys: Sequence[str]) -> str:
        """Return a header's dotted path."""
        return (" . " if self._chance(0.03) else ".").join(map(self.key, keys))

    def key(self, key: str) -> str:
        """Return a key, quoted where it must be."""
        if _BARE_KEY.match(key) and not self._chance(0.05):
            return key
        return self._literal(key) or self._basic(key) if self._chance(0.5) else self._basic(key)

    def value(self, value: Value) -> str:
        """Return a value as it stands after `=`; tables are inline."""
        match value:
            case Raw():
                return value.text
            case bool():
                return "true" if value else "false"
            case int():
                return self._integer(value)
            case str():
                return self._string(value)
            case Mapping():
                inside = ", ".join(f"{self.key(key)} = {self.value(inner)}" for key, inner in value.items())
                return f"{{ {inside} }}" if inside else "{}"
            case _:
                return self._array([self.value(inner) for inner in value])

    def _array(self, items: list[str]) -> str:
        if items and self._chance(0.2):
            return "[\n" + "".join(f"  {item},{self._remark()}\n" for item in items) + "]"
        return "[" + ", ".join(items) + ("," if items and self._chance(0.1) else "") + "]"

    def _integer(self, number: int) -> str:
        if self._rng is None:
            return str(number)
        spellings = [str(number)] * 6 + [f"{number:_}"]
        if number >= 0:
            spellings += [hex(number), oct(number), f"+{number}"]
        return self._rng.choice(spellings)

    def _string(self, text: str) -> str:
        if self._rng is None:
            return self._basic(text)
        forms = [self._basic(text)] * 3
        forms += [form for form in (self._literal(text), self._long(text), self._long_literal(text)) if form]
        return self._rng.choice(forms)

    def _basic(self, text: str) -> str:
        return '"' + "".join(map(self._escaped, text)) + '"'

    def _escaped(self, character: str) -> str:
        if character in _SHORT_ESCAPES:
            return _SHORT_ESCAPES[character]
        code = ord(character)
        if code < 0x20 or code == 0x7F or (code > 0x7F and self._chance(0.3)):
            return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08X}"
        return character

    def _long(self, text: str) -> str:
        body = "".join("\n" if character == "\n" else self._escaped(character) for character in text)
        return f'"""\n{body}"""' if "\n" in text or self._chance(0.5) else f'"""{body}"""'

    def _literal(self, text: str) -> str | None:
        return f"'{text}'" if _is_plain(text) and not set(text) & {"'", "\n"} else None

    def _long_literal(self, text: str) -> str | None:
        if not _is_plain(text) or "'''" in text or text.endswith("'"):
            return None
        return f"'''\n{text}'''"


def _is_plain(text: str) -> bool:
    return all(character in "\t\n" or (character >= " " and character != "\x7f") for character in text)


def _table_list(value: Value) -> list[Document]:
    """Return the tables of a list that holds nothing else; an empty list when it is no such list."""
    if not isinstance(value, Sequence) or isinstance(value, str | Raw):
        return []
    tables = [entry for entry in value if isinstance(entry, Mapping)]
    return tables if len(tables) == len(value) else []
