"""Laws of the canonical writer and the readers: what is written is read back, and written the same again."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, TypeVar

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.property.strategies import (
    audits_files,
    config_files,
    imports_files,
    names,
    plain_tables,
    strings,
)
from vetflow.errors import StoreError, TomlError, VetflowError
from vetflow.formats.audits_toml import parse_audits, write_audits
from vetflow.formats.config_toml import parse_config, write_config
from vetflow.formats.imports_lock import login_comments, parse_imports_lock, write_imports_lock
from vetflow.formats.positions import KeyPath, locate
from vetflow.formats.spelling import spell_key, spell_string
from vetflow.formats.toml import parse_toml
from vetflow.model.store import AuditsFile, ConfigFile, ImportsFile

_Entry = TypeVar("_Entry")
PARSERS = (parse_audits, parse_config, parse_imports_lock)


def counted(entries: Mapping[str, tuple[_Entry, ...]]) -> dict[str, Counter[_Entry]]:
    """Return entries without their order, but not without their number."""
    return {name: Counter(rows) for name, rows in entries.items()}


def unordered_audits(file: AuditsFile) -> tuple[object, ...]:
    return file.criteria, counted(file.wildcard_audits), counted(file.audits), counted(file.trusted)


def unordered_imports(file: ImportsFile) -> tuple[object, ...]:
    peers = {name: unordered_audits(audits) for name, audits in file.audits.items()}
    return counted(file.unpublished), counted(file.publisher), peers


@given(text=strings)
def test_a_spelled_string_reads_as_the_text(text: str) -> None:
    assert tomllib.loads(f"k = {spell_string(text)}\n") == {"k": text}


@given(key=names | strings)
def test_a_spelled_key_reads_as_the_key_and_stays_on_its_line(key: str) -> None:
    spelled = spell_key(key)

    assert "\n" not in spelled
    assert tomllib.loads(f"[a.{spelled}]\n") == {"a": {key: {}}}


@given(file=audits_files, logins=st.dictionaries(st.integers(0, 3), st.sampled_from(["ada", "B (b)"])))
def test_audits_are_read_back_and_written_the_same_again(file: AuditsFile, logins: dict[int, str]) -> None:
    text = write_audits(file, logins)
    again = parse_audits(text, "audits.toml")

    assert unordered_audits(again) == unordered_audits(file)
    assert write_audits(again, logins) == text


@given(file=config_files)
def test_a_config_is_read_back_and_written_the_same_again(file: ConfigFile) -> None:
    text = write_config(file)
    again = parse_config(text, "config.toml")

    assert again._replace(exemptions={}) == file._replace(exemptions={})
    assert counted(again.exemptions) == counted(file.exemptions)
    assert write_config(again) == text


@given(file=imports_files)
def test_imports_are_read_back_and_written_the_same_again(file: ImportsFile) -> None:
    text = write_imports_lock(file)
    again = parse_imports_lock(text, "imports.lock")

    assert unordered_imports(again) == unordered_imports(file)
    # Sorting may bring another record of an id to the front: two rounds settle that, as in cargo-vet.
    settled = write_imports_lock(again)
    assert write_imports_lock(parse_imports_lock(settled, "imports.lock")) == settled


@given(file=imports_files)
def test_no_name_of_a_publisher_can_end_its_comment(file: ImportsFile) -> None:
    for comment in login_comments(file.publisher).values():
        assert tomllib.loads(f"id = 1 # {comment}\n") == {"id": 1}
        assert len(f"id = 1 # {comment}\n".split("\n")) == 2


@given(file=config_files)
def test_every_value_of_a_file_is_found_where_it_stands(file: ConfigFile) -> None:
    text = write_config(file)
    lines = text.split("\n")
    for path, value in paths(tomllib.loads(text)):
        place = locate(text, path)
        assert place is not None, path
        line, column = place
        rest = lines[line - 1][column - 1 :]
        if isinstance(value, str):
            assert rest[0] in "\"'"
        elif isinstance(value, bool):
            assert rest.startswith(str(value).lower())
        else:
            assert rest[0] in "[{"


def paths(value: object, path: KeyPath = ()) -> Iterator[tuple[KeyPath, object]]:
    """Yield every key path of a document with its value."""
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key), inner
        yield from paths(inner, (*path, key))


@given(text=strings | st.text(st.sampled_from("ab[]{}=.,\"'#\n\\ \t1"), max_size=40))
@example("a = [[[[")
@example('"\\x" = 1')
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    locate(text, ("a",))
    with suppress(TomlError):
        parse_toml(text, "some.toml")


@given(tables=plain_tables)
@pytest.mark.parametrize("parse", PARSERS)
def test_a_document_of_any_shape_is_read_or_refused_with_places(
    parse: Callable[[str, str], object],
    tables: dict[str, Any],
) -> None:
    text = "".join(f"{spell_key(key)} = {inline(value)}\n" for key, value in tables.items())
    problems: tuple[VetflowError, ...] = ()
    try:
        parse(text, "some.toml")
    except StoreError as error:
        problems = error.related or (error,)
    for problem in problems:
        assert problem.place is not None
        assert problem.place.line is not None
        assert problem.help


def inline(value: object) -> str:
    """Return any value as TOML on one line."""
    if isinstance(value, str):
        return spell_string(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(inline, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{spell_key(key)} = {inline(inner)}" for key, inner in value.items()) + "}"
    return repr(value)
