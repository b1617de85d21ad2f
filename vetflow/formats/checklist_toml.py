"""Checklists: `audits/checklists/*.toml`, which vetflow ships, and `supply-chain/checklists/*.toml` of a project.

Each `[[item]]` is a `model.checklists.ChecklistItem`. An item that looks for what no rule can see would find nothing,
and say so for ever: such a name is an error, as is any key that is not known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

from vetflow.formats.entries import Reader, read_file
from vetflow.model.checklists import Answer, Blocks, ChecklistItem, Condition, Scope

_KEYS: Final = dict.fromkeys(
    ("id", "subject", "text", "for", "when", "evidence", "words", "crates", "scope", "answer", "blocks")
)
_WHEN: Final = dict.fromkeys(("tiers", "has"))
TIERS: Final = ("build-script", "proc-macro", "host-library", "runtime")
_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\.[a-z0-9]+(?:-[a-z0-9]+)*")
_Value = TypeVar("_Value")
_WAY_OUT: Final = "remove it, or correct the spelling: what vetflow does not know asks nobody anything"


def parse_checklist(text: str, file: str, known: Collection[str]) -> tuple[ChecklistItem, ...]:
    """Read a checklist; `file` is what errors call it. Raises StoreError with all problems at once.

    known: the capabilities and ids of rules that evidence can have.
    """
    return read_file(text, file, lambda reader, tables: _read(reader, tables, known))


def _read(reader: Reader, tables: dict[str, Any], known: Collection[str]) -> tuple[ChecklistItem, ...]:
    reader.only_keys(tables, {"item": None}, _WAY_OUT)
    seen: set[str] = set()

    def item(inner: Reader, row: dict[str, Any]) -> ChecklistItem:
        found = _item(inner, row, known)
        if found.id in seen:
            inner.note(("id",), f"there are two items `{found.id}`", "give each an id of its own")
        seen.add(found.id)
        return found

    return reader.rows(tables, "item", item)


def _item(reader: Reader, row: dict[str, Any], known: Collection[str]) -> ChecklistItem:
    reader.only_keys(row, _KEYS, _WAY_OUT)
    identifier = reader.required_text(row, "id") or ""
    if identifier and not _ID.fullmatch(identifier):
        reader.note(("id",), "an id has the form `group.name`, in small letters", 'write for example `"build.network"`')
    if "for" not in row:
        reader.missing("for", 'the criteria it is asked for, `["*"]` for all; `[]` asks it never')
    return ChecklistItem(
        id=identifier,
        subject=_sentence(reader, row, "subject"),
        text=_sentence(reader, row, "text"),
        criteria=reader.string_list(row, "for"),
        when=_condition(reader, row, known),
        evidence=_known(reader, row, "evidence", known),
        words=reader.string_list(row, "words"),
        crates=reader.string_list(row, "crates"),
        scope=reader.choice(row, "scope", {each.value: each for each in Scope}, Scope.FINAL),
        answer=reader.choice(row, "answer", {each.value: each for each in Answer}, Answer.SITES),
        blocks=_blocks(reader, row),
    )


def _sentence(reader: Reader, row: Mapping[str, Any], key: str) -> str:
    text = reader.required_text(row, key)
    if text is not None and (not text.strip() or "\n" in text):
        reader.note((key,), "it must say something, on one line", None)
    return text or ""


def _condition(reader: Reader, row: Mapping[str, Any], known: Collection[str]) -> Condition:
    return _within(reader, row, "when", lambda table: _read_condition(reader, table, known))


def _read_condition(reader: Reader, table: dict[str, Any], known: Collection[str]) -> Condition:
    reader.only_keys(table, _WHEN, _WAY_OUT)
    tiers = _known(reader, table, "tiers", TIERS)
    return Condition(tiers, _known(reader, table, "has", known))


def _blocks(reader: Reader, row: Mapping[str, Any]) -> dict[str, Blocks]:
    words = {each.value: each for each in Blocks}
    return _within(
        reader,
        row,
        "blocks",
        lambda table: {name: reader.choice(table, name, words, Blocks.UNANSWERED) for name in table},
    )


def _within(reader: Reader, row: Mapping[str, Any], key: str, read: Callable[[dict[str, Any]], _Value]) -> _Value:
    """Read the table at a key, with problems placed in it."""
    table, top = reader.table(row, key), reader.at
    reader.at = (*top, key)
    value = read(table)
    reader.at = top
    return value


def _known(reader: Reader, row: Mapping[str, Any], key: str, known: Collection[str]) -> tuple[str, ...]:
    names = reader.string_list(row, key)
    for index, name in enumerate(names):
        if type(name) is str and name not in known:
            reader.note((key, index), f"nothing is called `{name}` here{_near(name, known)}", None)
    return names


def _near(name: str, known: Iterable[str]) -> str:
    """Name what somebody may have meant: what has the same beginning, or all there is where that is little."""
    names = sorted(known)
    meant: Sequence[str] = [each for each in names if each.startswith(name.partition("/")[0][:4])] or names
    return f"; there are {', '.join(f'`{each}`' for each in meant)}" if len(meant) <= 12 else ""
