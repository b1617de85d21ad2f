"""Reading the three files of a store."""

from __future__ import annotations

import pytest

from tests.fakes import MemoryTree
from tests.stores import AUDITS, CONFIG, FOLDER, IMPORTS, in_memory, texts
from vetflow.errors import Place, StoreError
from vetflow.store.folder import read_texts, shown_name


class Unreadable(MemoryTree):
    """A store in which one file may not be read."""

    def __init__(self, name: str) -> None:
        super().__init__({f"{FOLDER}/{file}": text for file, text in texts().items()})
        self._unreadable = f"{FOLDER}/{name}"

    def read(self, path: str) -> bytes:
        if path == self._unreadable:
            raise PermissionError(13, "Permission denied", path)
        return super().read(path)


def test_texts_are_returned_by_file_name() -> None:
    assert read_texts(in_memory(), FOLDER) == {
        "config.toml": CONFIG,
        "audits.toml": AUDITS,
        "imports.lock": IMPORTS,
    }


def test_other_files_of_the_folder_are_left_alone() -> None:
    tree = MemoryTree(
        {
            f"{FOLDER}/vetflow.toml": b"\xff not even text",
            **{f"{FOLDER}/{n}": b"" for n in ("config.toml", "audits.toml", "imports.lock")},
        }
    )
    assert set(read_texts(tree, FOLDER)) == {"config.toml", "audits.toml", "imports.lock"}


def test_a_missing_folder_is_no_store() -> None:
    with pytest.raises(StoreError) as caught:
        read_texts(MemoryTree({"/project/Cargo.lock": ""}), FOLDER)
    assert caught.value.message == f"You must run 'vetflow init' (store not found at {FOLDER})"
    assert caught.value.help is not None
    assert "--store-path" in caught.value.help


def test_a_file_in_the_place_of_the_folder_is_named_as_the_cause() -> None:
    with pytest.raises(StoreError, match="store not found") as caught:
        read_texts(MemoryTree({FOLDER: "a file"}), FOLDER)
    assert caught.value.causes == ("there is a file of that name, not a folder",)


def test_a_missing_config_reads_as_an_empty_one() -> None:
    assert read_texts(in_memory(config=None), FOLDER)["config.toml"] == ""


def test_all_missing_files_are_reported_at_once() -> None:
    with pytest.raises(StoreError) as caught:
        read_texts(in_memory(audits=None, imports=None), FOLDER)
    places = [problem.place for problem in caught.value.related]
    assert places == [Place("supply-chain/audits.toml"), Place("supply-chain/imports.lock")]
    assert all("Couldn't acquire the store" in problem.message for problem in caught.value.related)


def test_one_missing_file_is_the_error_itself() -> None:
    with pytest.raises(StoreError) as caught:
        read_texts(in_memory(imports=None), FOLDER)
    assert caught.value.place == Place("supply-chain/imports.lock")
    assert caught.value.related == ()


def test_an_unreadable_file_is_named_with_the_words_of_the_system() -> None:
    with pytest.raises(StoreError) as caught:
        read_texts(Unreadable("audits.toml"), FOLDER)
    assert caught.value.place == Place("supply-chain/audits.toml")
    assert caught.value.causes == ("Permission denied",)


def test_an_unreadable_config_is_not_taken_for_a_missing_one() -> None:
    with pytest.raises(StoreError) as caught:
        read_texts(Unreadable("config.toml"), FOLDER)
    assert caught.value.place == Place("supply-chain/config.toml")


def test_a_file_that_is_not_utf_8_is_refused_by_name() -> None:
    with pytest.raises(StoreError) as caught:
        read_texts(in_memory(audits=b"[audits]\n# caf\xe9\n"), FOLDER)
    assert caught.value.place is not None
    assert caught.value.place.file == "supply-chain/audits.toml"


@pytest.mark.parametrize(
    ("folder", "shown"), [("/project/supply-chain", "supply-chain"), ("/a/vet", "vet"), ("/", "/")]
)
def test_errors_call_a_store_by_its_last_part(folder: str, shown: str) -> None:
    assert shown_name(folder) == shown
