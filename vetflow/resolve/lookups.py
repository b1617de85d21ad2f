"""Which crates are worth asking crates.io about: those that something not yet in imports.lock could change.

cargo-vet asks about every crate that anybody trusts a publisher of. A crate whose paths need nothing new comes out the
same whatever crates.io says today, as fresh entries are preferred to none of what these paths rest on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from vetflow.model.names import CrateName
from vetflow.resolve.conclude import Resolution
from vetflow.resolve.needed import best_paths
from vetflow.resolve.search import Level, SearchMode
from vetflow.resolve.update_plan import UpdatePlan

_BEFORE_NEWS: Final[Mapping[SearchMode, Level]] = {
    SearchMode.PREFER_EXEMPTIONS: 3,
    SearchMode.PREFER_FRESH_IMPORTS: 1,
    SearchMode.REGENERATE_EXEMPTIONS: 1,
}
"""By mode the highest level below that of every fresh publisher row and fresh unpublished row."""


def crates_to_look_up(resolution: Resolution, plan: UpdatePlan) -> frozenset[CrateName]:
    """Return the third-party crates that do not vet, or only with what a fresh row could replace.

    resolution: with the live imports, and with the publisher and unpublished rows of imports.lock. With the rows of
    these crates brought up to date, the update by `plan` comes out as with those of all crates, except that other
    crates keep their rows as they stand in imports.lock.
    """
    return frozenset(
        node.name
        for index, node in enumerate(resolution.graph.nodes)
        if node.is_third_party and _is_open(resolution, index, plan.mode(node.name).search)
    )


def _is_open(resolution: Resolution, node: int, mode: SearchMode) -> bool:
    return any(path is None or path.level > _BEFORE_NEWS[mode] for _, path in best_paths(resolution, node, mode))
