"""A `certify` that is killed loses nothing; the campaign of 200 is `python -m tests.compat.kills`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.compat.kills import campaign


@pytest.mark.cargo_vet
def test_a_killed_certify_leaves_the_old_store_or_the_new_one(cargo_vet: Path) -> None:
    assert cargo_vet.exists()
    states, problems = campaign(12, seed=7)
    assert problems == []
    assert states["old"] + states["new"] == 12
