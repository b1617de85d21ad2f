"""The three files of a store together."""

from __future__ import annotations

import pytest

from tests.stores import AUDITS, CONFIG, IMPORTS, texts
from vetflow.errors import Place, StoreError
from vetflow.formats.store_files import canonical_texts, parse_store
from vetflow.model.store import OLDEST_STORE, StoreVersion

OLD = CONFIG.replace("0.10", "0.9")


def test_canonical_texts_come_back_as_they_are() -> None:
    assert canonical_texts(parse_store("supply-chain", texts(), locked=True)) == texts()


def test_canonical_texts_carry_the_current_version_of_an_older_store() -> None:
    assert canonical_texts(parse_store("supply-chain", texts(config=OLD), locked=False)) == texts()


def test_user_ids_carry_the_login_that_imports_lock_knows() -> None:
    publisher = (
        '\n[[publisher.quill]]\nversion = "1.2.0"\nwhen = "2025-03-04"\n'
        'user-id = 7\nuser-login = "inka"\nuser-name = "Inka"\n'
    )
    trusted = '\n[[trusted.quill]]\ncriteria = "safe-to-run"\nuser-id = 7{}\nstart = "2024-01-01"\nend = "2026-01-01"\n'
    files = parse_store(
        "supply-chain",
        texts(audits=AUDITS + trusted.format(" # somebody else"), imports=IMPORTS + publisher),
        locked=True,
    )
    assert canonical_texts(files)["audits.toml"] == AUDITS + trusted.format(" # Inka (inka)")


@pytest.mark.parametrize("locked", [True, False])
def test_a_newer_store_is_refused_and_nothing_else_is_said_about_it(locked: bool) -> None:
    newer = texts(config=CONFIG.replace("0.10", "0.11"), audits="audits = 3")
    with pytest.raises(StoreError) as caught:
        parse_store("supply-chain", newer, locked=locked)
    assert "created with a newer version of cargo-vet (0.11)" in caught.value.message
    assert caught.value.place == Place("supply-chain/config.toml", 5, 11)
    assert caught.value.help is not None
    assert "update vetflow" in caught.value.help


def test_a_locked_run_refuses_an_older_store_and_names_the_way_out() -> None:
    with pytest.raises(StoreError) as caught:
        parse_store("supply-chain", texts(config=OLD), locked=True)
    assert "created with an incompatible version of cargo-vet (0.9)" in caught.value.message
    assert caught.value.place == Place("supply-chain/config.toml", 5, 11)
    assert caught.value.help is not None
    assert "`vetflow fmt`" in caught.value.help


def test_an_unlocked_run_reads_an_older_store() -> None:
    assert parse_store("supply-chain", texts(config=OLD), locked=False).config.version == StoreVersion(0, 9)


def test_an_empty_config_is_a_store_of_the_oldest_version() -> None:
    assert parse_store("supply-chain", texts(config=""), locked=False).config.version == OLDEST_STORE
    with pytest.raises(StoreError, match=r"\(0\.4\)") as caught:
        parse_store("supply-chain", texts(config=""), locked=True)
    assert caught.value.causes == ("config.toml names no cargo-vet version, and so counts as one of version 0.4",)


def test_problems_of_all_files_are_reported_at_once() -> None:
    broken = texts(config="=", audits="[audits]\n[[audits.quill]]\nversion = 1\nwho = 2\n", imports="]")
    with pytest.raises(StoreError) as caught:
        parse_store("supply-chain", broken, locked=True)
    assert [problem.place for problem in caught.value.related] == [
        Place("supply-chain/config.toml", 1, 1),
        Place("supply-chain/audits.toml", 3, 11),
        Place("supply-chain/audits.toml", 4, 7),
        Place("supply-chain/imports.lock", 1, 1),
    ]


def test_problems_beside_an_old_version_are_reported_with_it() -> None:
    with pytest.raises(StoreError) as caught:
        parse_store("supply-chain", texts(config="", audits=""), locked=True)
    assert [problem.place and problem.place.file for problem in caught.value.related] == [
        "supply-chain/config.toml",
        "supply-chain/audits.toml",
    ]


def test_the_only_problem_is_the_error_itself() -> None:
    with pytest.raises(StoreError) as caught:
        parse_store("supply-chain", texts(audits="x ="), locked=True)
    assert caught.value.related == ()
    assert caught.value.place is not None
    assert caught.value.place.file == "supply-chain/audits.toml"
