from __future__ import annotations

from pathlib import Path

import pytest

from vetflow.errors import Place, WorkspaceError
from vetflow.formats.popular_toml import parse_popular
from vetflow.graph.look_alikes import KnownNames


def test_the_names_are_an_array() -> None:
    assert parse_popular('names = ["anvil", "bramble"]', "popular.toml") == ("anvil", "bramble")


def test_the_names_that_are_shipped_are_sorted_and_each_is_there_once_however_it_is_spelled() -> None:
    path = Path(__file__).parents[3] / "audits" / "popular.toml"
    names = parse_popular(path.read_text(), "popular.toml")
    assert len(names) > 300
    assert list(names) == sorted(names)
    assert len({name.lower().replace("_", "-") for name in names}) == len(names)


def test_imitations_of_shipped_names_are_seen() -> None:
    path = Path(__file__).parents[3] / "audits" / "popular.toml"
    known = KnownNames(parse_popular(path.read_text(), "popular.toml"))
    found = {
        name: known.resembled_by(name) for name in ("proc-macro1", "lazystatic", "if-cfg", "serd", "rust-decimall")
    }
    assert {name: like.known for name, like in found.items() if like} == {
        "proc-macro1": "proc-macro2",
        "lazystatic": "lazy_static",
        "if-cfg": "cfg-if",
        "serd": "serde",
        "rust-decimall": "rust_decimal",
    }


@pytest.mark.parametrize("text", ['names = "anvil"', "names = [1]", "", 'names = []\nothers = ["x"]', "names = {}"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(WorkspaceError, match="only an array of strings `names` is known here") as raised:
        parse_popular(text, "popular.toml")
    assert isinstance(raised.value.place, Place)
