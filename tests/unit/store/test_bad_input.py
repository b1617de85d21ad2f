"""Damaged, hostile and absurd files: an error that names the file, or a store that means what it says."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pytest

from tests.stores import AUDITS, CONFIG, FOLDER, IMPORTS, in_memory
from vetflow.errors import StoreError, VetflowError
from vetflow.model.dates import Date
from vetflow.model.store import STORE_FILES
from vetflow.store.open import OpenedStore, open_store

DATED = 'user-id = 7\nstart = "2024-01-01"\nend = "2026-01-01"\n'
FULL = {
    "config.toml": f"""{CONFIG}
[imports.peer]
url = "https://peer.example/a"
exclude = ["ink"]
[imports.peer.criteria-map]
theirs = "safe-to-run"
[policy.app]
audit-as-crates-io = false
criteria = "safe-to-run"
dev-criteria = []
notes = "n"
dependency-criteria = {{ quill = "safe-to-run" }}
""",
    "audits.toml": f"""
[criteria.ours]
description = "d"
implies = "safe-to-run"
aggregated-from = "u"
[[audits.quill]]
who = "w"
criteria = "ours"
version = "1.0.0"
importable = false
notes = "n"
[[audits.quill]]
criteria = ["ours"]
delta = "1.0.0 -> 1.1.0"
[[audits.quill]]
criteria = "safe-to-run"
violation = "<1"
[[wildcard-audits.quill]]
criteria = "ours"
renew = true
{DATED}
[[trusted.quill]]
criteria = "ours"
{DATED}
""",
    "imports.lock": f"""
[[publisher.quill]]
version = "1.2.0"
when = "2025-01-01"
user-id = 7
user-login = "inka"
[[unpublished.quill]]
version = "1.3.0"
audited_as = "1.2.0"
[[audits.peer.wildcard-audits.quill]]
criteria = "ours"
{DATED}
[audits.peer.audits]
""",
}
"""A store that uses every key, not in canonical form."""


def opened(name: str, text: str | bytes, *, locked: bool = False) -> OpenedStore:
    files: dict[str, str | bytes] = {**FULL, name: text}
    tree = in_memory(config=files["config.toml"], audits=files["audits.toml"], imports=files["imports.lock"])
    return open_store(tree, FOLDER, today=Date(2025, 6, 1), locked=locked)


def single(error: StoreError) -> Sequence[VetflowError]:
    """Return the single problems of an error."""
    return error.related or (error,)


def error_of(name: str, text: str) -> StoreError | None:
    """Return why a store with this file is refused, if it is."""
    try:
        opened(name, text)
    except StoreError as error:
        return error
    return None


def every_beginning(text: str) -> list[str]:
    return [text[:end] for end in range(len(text))]


def refusal(name: str, text: str | bytes) -> StoreError:
    """Return why a store with this file is refused; every problem must be placed in that file."""
    with pytest.raises(StoreError) as caught:
        opened(name, text)
    for problem in single(caught.value):
        assert problem.place is not None
        assert problem.place.file == f"supply-chain/{name}"
        assert problem.message
        assert problem.help
    return caught.value


FIELDS = [(name, line) for name, text in FULL.items() for line in text.splitlines() if " = " in line]
"""Every line of `FULL` that gives a key a value, with its file."""


@pytest.mark.parametrize("name", STORE_FILES)
def test_the_whole_store_is_sound(name: str) -> None:
    assert opened(name, FULL[name]).store.criteria.names == ("safe-to-run", "safe-to-deploy", "ours")


@pytest.mark.parametrize("name", STORE_FILES)
def test_a_truncated_file_is_refused_or_is_a_smaller_store(name: str) -> None:
    refusals = [error for error in map(partial(error_of, name), every_beginning(FULL[name])) if error]
    assert 0 < len(refusals) < len(FULL[name])
    assert all(problem.place and problem.place.line for error in refusals for problem in single(error))


@pytest.mark.parametrize("name", STORE_FILES)
@pytest.mark.parametrize(
    "content",
    [
        b"\x7fELF\x02\x01\x01\x00\x00",
        b"PK\x03\x04",
        b"\x00",
        b"\xff\xfe[\x00",
        b"\x89PNG\r\n\x1a\n",
        bytes(range(256)),
    ],
)
def test_a_binary_file_is_refused(name: str, content: bytes) -> None:
    refusal(name, content)


@pytest.mark.parametrize("name", STORE_FILES)
@pytest.mark.parametrize(("byte", "line"), [(b"\xff", 2), (b"\xc3", 2), (b"\xed\xa0\x80", 2), (b"\xf4\x90\x80\x80", 2)])
def test_what_is_not_utf_8_is_refused_at_its_line(name: str, byte: bytes, line: int) -> None:
    error = refusal(name, b"# first\n# second " + byte + b"\n" + FULL[name].encode())
    assert error.place is not None
    assert error.place.line == line


@pytest.mark.parametrize("name", STORE_FILES)
@pytest.mark.parametrize("value", ["[" * 5000 + "]" * 5000, "{a=" * 5000 + "1" + "}" * 5000])
def test_deep_nesting_is_refused(name: str, value: str) -> None:
    refusal(name, f"x = {value}\n{FULL[name]}")


@pytest.mark.parametrize("name", STORE_FILES)
def test_deeply_dotted_keys_are_refused(name: str) -> None:
    refusal(name, f"{'.'.join('a' * 5000)} = 1\n{FULL[name]}")


@pytest.mark.parametrize("name", STORE_FILES)
def test_numbers_of_any_length_are_read_or_refused(name: str) -> None:
    refusal(name, f"x = {'9' * 100_000}\n{FULL[name]}")


@pytest.mark.parametrize("text", ["a" * 5_000_000, "\\u0001" * 500_000, "\\n" * 1_000_000])
def test_a_huge_string_is_just_a_string(text: str) -> None:
    audits = f'[[audits.quill]]\ncriteria = "safe-to-run"\nversion = "1.0.0"\nnotes = "{text}"\n'
    (entry,) = opened("audits.toml", audits, locked=False).store.audits.audits["quill"]
    assert entry.notes is not None
    assert len(entry.notes) >= 500_000


@pytest.mark.parametrize(("name", "line"), FIELDS)
def test_a_duplicate_key_is_refused_at_its_line(name: str, line: str) -> None:
    error = refusal(name, FULL[name].replace(line, f"{line}\n{line}", 1))
    assert error.place is not None
    assert error.place.line == FULL[name][: FULL[name].index(line)].count("\n") + 2


@pytest.mark.parametrize(("name", "line"), FIELDS)
@pytest.mark.parametrize("wrong", ["1.5", "{ wrong = 1 }", "2024-01-01", "[1]", "[[]]"])
def test_a_value_of_the_wrong_type_is_refused_at_its_line(name: str, line: str, wrong: str) -> None:
    key = line.partition(" = ")[0]
    error = refusal(name, FULL[name].replace(line, f"{key} = {wrong}", 1))
    expected = FULL[name][: FULL[name].index(line)].count("\n") + 1
    lines = [problem.place.line for problem in single(error) if problem.place]
    assert expected in lines


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("audits.toml", "[criteria.ours]"),
        ("audits.toml", "[[audits.quill]]"),
    ],
)
def test_an_unknown_key_of_what_is_strict_is_refused(name: str, table: str) -> None:
    error = refusal(name, FULL[name].replace(table, f"{table}\nsignature = 1", 1))
    assert "unknown field `signature`" in error.message


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("config.toml", "[cargo-vet]"),
        ("config.toml", "[[exemptions.quill]]"),
        ("config.toml", "[imports.peer]"),
        ("config.toml", "[policy.app]"),
        ("audits.toml", "[[wildcard-audits.quill]]"),
        ("audits.toml", "[[trusted.quill]]"),
        ("imports.lock", "[[publisher.quill]]"),
        ("imports.lock", "[[unpublished.quill]]"),
        ("imports.lock", "[audits.peer.audits]\n\n[other]"),
    ],
)
def test_an_unknown_key_elsewhere_is_ignored(name: str, table: str) -> None:
    old = table.partition("\n")[0]
    assert opened(name, FULL[name].replace(old, f"{table}\nsignature = 1", 1)).store.audits.audits


def test_a_locked_run_refuses_an_unknown_key_anywhere() -> None:
    tree = in_memory(config=CONFIG + "signature = 1\n", audits=AUDITS, imports=IMPORTS)
    with pytest.raises(StoreError) as caught:
        open_store(tree, FOLDER, today=Date(2025, 6, 1), locked=True)
    assert "\n-signature = 1" in caught.value.related[0].message


@pytest.mark.parametrize("marker", ["<<<<<<< HEAD", "=======", ">>>>>>> topic"])
def test_a_merge_conflict_is_called_one(marker: str) -> None:
    error = refusal("audits.toml", FULL["audits.toml"].replace("[[audits", f"{marker}\n[[audits", 1))
    assert error.help == "this is a merge conflict: resolve it"
