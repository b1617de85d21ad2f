"""The table of commands: who is treated how (shared spec resolver 9)."""

from __future__ import annotations

import pytest

from vetflow.resolve.search import SearchMode
from vetflow.resolve.update_plan import (
    CHECK,
    MINIMAL,
    PRUNE,
    REGENERATE_EXEMPTIONS,
    UpdateMode,
    UpdatePlan,
    prune_plan,
    record_plan,
)

PREFER_EXEMPTIONS = SearchMode.PREFER_EXEMPTIONS
PREFER_FRESH = SearchMode.PREFER_FRESH_IMPORTS


@pytest.mark.parametrize(
    ("plan", "mode"),
    [
        (CHECK, UpdateMode(PREFER_EXEMPTIONS, False, False, False)),
        (PRUNE, UpdateMode(PREFER_FRESH, True, True, True)),
        (REGENERATE_EXEMPTIONS, UpdateMode(SearchMode.REGENERATE_EXEMPTIONS, True, True, True)),
        (prune_plan(), PRUNE.default),
        (prune_plan(exemptions=False), UpdateMode(PREFER_EXEMPTIONS, False, True, True)),
        (prune_plan(non_importable=False), UpdateMode(PREFER_FRESH, True, False, True)),
        (prune_plan(imports=False), UpdateMode(PREFER_FRESH, True, True, False)),
    ],
)
def test_most_commands_treat_all_crates_alike(plan: UpdatePlan, mode: UpdateMode) -> None:
    assert plan.mode("anvil") == mode


def test_what_was_recorded_replaces_entries_of_its_own_crate_only() -> None:
    plan = record_plan("anvil")
    assert plan.mode("anvil") == UpdateMode(PREFER_FRESH, True, True, False)
    assert plan.mode("bellows") == MINIMAL
