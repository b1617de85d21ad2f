"""Which sets of audits are known: the store's imports, and publishers of the registry that none of them is."""

from __future__ import annotations

import pytest

from vetflow.app.audit_sets import KnownSet, choose_sets, known_sets
from vetflow.app.shipped import shipped_path
from vetflow.errors import NotFoundError
from vetflow.model.store import Import
from vetflow.sources.registry import shipped_registry

REGISTRY = shipped_registry(shipped_path("registry.toml"))
GOOGLE = REGISTRY["google"]
MOZILLA = REGISTRY["mozilla"]
SUCCESSOR = GOOGLE.successor or ""


def known(**imports: str) -> dict[str, KnownSet]:
    return {each.name: each for each in known_sets({name: Import((url,)) for name, url in imports.items()})}


def test_without_imports_it_is_the_registry() -> None:
    assert list(known()) == sorted(REGISTRY)
    assert not any(each.imported for each in known().values())


def test_a_set_that_moved_is_looked_for_where_it_lives_on() -> None:
    assert known()["google"].source.url == (SUCCESSOR,)
    assert known()["google"].successor == SUCCESSOR
    assert known()["mozilla"].successor is None


def test_imports_come_first_and_are_taken_as_they_are_configured() -> None:
    found = known(ours="https://peer.example/audits.toml", google=GOOGLE.urls[0])
    assert list(found)[:2] == ["google", "ours"]
    assert found["google"].source.url == GOOGLE.urls
    assert (found["ours"].imported, found["ours"].publisher) == (True, None)


def test_a_publisher_imported_under_another_name_is_known_by_its_address() -> None:
    found = known(firefox=MOZILLA.urls[0])
    assert found["firefox"].publisher == MOZILLA
    assert "mozilla" not in found


@pytest.mark.parametrize(
    ("url", "successor"),
    [(GOOGLE.urls[0], SUCCESSOR), (SUCCESSOR, None), ("https://mirror.example/google.toml", None)],
)
def test_an_import_is_stale_when_it_is_of_the_address_that_was_left(url: str, successor: str | None) -> None:
    assert known(google=url)["google"].successor == successor


def test_names_choose_and_no_names_choose_all() -> None:
    sets = known_sets({})
    assert [each.name for each in choose_sets(sets, ["zcash", "isrg"])] == ["isrg", "zcash"]
    assert choose_sets(sets, []) == sets


def test_a_name_nobody_has() -> None:
    with pytest.raises(NotFoundError, match="is called 'nobody'") as raised:
        choose_sets(known_sets({}), ["nobody"])
    assert "mozilla" in (raised.value.help or "")
