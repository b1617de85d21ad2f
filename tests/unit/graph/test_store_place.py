from __future__ import annotations

import pytest

from tests.builders import make_workspace
from vetflow.graph.store_place import StorePlace, store_place


@pytest.mark.parametrize(
    ("metadata", "given", "cwd", "expected"),
    [
        (None, None, "/ws/app", StorePlace("/ws/supply-chain")),
        ("audits", None, "/ws", StorePlace("/ws/audits")),
        ("audits", None, "/ws/app", StorePlace("/ws/app/audits", depends_on_cwd=True)),
        ("/audits", None, "/ws/app", StorePlace("/audits")),
        ("audits", "mine", "/ws/app", StorePlace("/ws/app/mine")),
        (None, "/mine", "/ws/app", StorePlace("/mine")),
    ],
)
def test_the_last_word_on_the_place_of_the_store(
    metadata: str | None, given: str | None, cwd: str, expected: StorePlace
) -> None:
    workspace = make_workspace({"members": {"app 0.1.0": []}})._replace(store_path=metadata)
    assert store_place(workspace, given, cwd) == expected
