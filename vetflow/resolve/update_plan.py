"""How a command updates the store: for each crate name, what is preferred and what is thrown out.

The table of shared spec resolver 9 as values.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from vetflow.model.names import CrateName
from vetflow.resolve.search import SearchMode


class UpdateMode(NamedTuple):
    """How the entries of one crate name are treated.

    search: which paths decide what is needed. The flags: whether what is not needed goes, among the exemptions (and
    unpublished rows), the own audits marked as not importable, the imports (and publisher rows).
    """

    search: SearchMode
    prune_exemptions: bool
    prune_non_importable: bool
    prune_imports: bool


MINIMAL: Final = UpdateMode(SearchMode.PREFER_EXEMPTIONS, False, False, False)
"""Take over what is needed and disturb nothing else."""
_PRUNE: Final = UpdateMode(SearchMode.PREFER_FRESH_IMPORTS, True, True, True)
_REGENERATE: Final = UpdateMode(SearchMode.REGENERATE_EXEMPTIONS, True, True, True)
_RECORD: Final = UpdateMode(SearchMode.PREFER_FRESH_IMPORTS, True, True, False)


class UpdatePlan(NamedTuple):
    """The mode of every crate name: `default`, unless `by_crate` has another one."""

    default: UpdateMode
    by_crate: Mapping[CrateName, UpdateMode] = {}

    def mode(self, name: CrateName) -> UpdateMode:
        """Return how the entries of a crate are treated."""
        return self.by_crate.get(name, self.default)


CHECK: Final = UpdatePlan(MINIMAL)
"""`check`, once it has succeeded, and `regenerate unpublished`."""
PRUNE: Final = UpdatePlan(_PRUNE)
"""`prune`, `import` and `regenerate imports`."""
REGENERATE_EXEMPTIONS: Final = UpdatePlan(_REGENERATE)
"""`regenerate exemptions` and `init`."""


def prune_plan(*, exemptions: bool = True, non_importable: bool = True, imports: bool = True) -> UpdatePlan:
    """Return the plan of `prune` that spares some kinds of entries (`--no-exemptions` and so on)."""
    search = SearchMode.PREFER_FRESH_IMPORTS if exemptions else SearchMode.PREFER_EXEMPTIONS
    return UpdatePlan(UpdateMode(search, exemptions, non_importable, imports))


def record_plan(crate: CrateName) -> UpdatePlan:
    """Return the plan of `certify` and `trust`: what was recorded may replace other entries of that crate only."""
    return UpdatePlan(MINIMAL, {crate: _RECORD})
