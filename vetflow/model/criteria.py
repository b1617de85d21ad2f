"""Criteria as bit sets: closed under implication, in cargo-vet's fixed order.

Index 0 is `safe-to-run`, 1 is `safe-to-deploy` (which implies the former), then the custom names in byte
order. A set of criteria is an `int`; every set handed out by `Criteria` is closed under implication.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from vetflow.model.names import SAFE_TO_DEPLOY, SAFE_TO_RUN, CriteriaName

CriteriaSet: TypeAlias = int
MAX_CRITERIA: Final = 64


class CriteriaError(ValueError):
    """The criteria tables contradict themselves: a cycle, a redefined built-in, too many names.

    name: the criterion that is the trouble, None when there are too many of them.
    """

    def __init__(self, message: str, name: CriteriaName | None = None) -> None:
        super().__init__(message)
        self.name = name


class UnknownCriteriaError(KeyError):
    """A criteria name that nobody defined."""

    def __init__(self, name: CriteriaName) -> None:
        super().__init__(name)
        self.name = name


class Criteria:
    """The criteria a store knows, and the arithmetic on sets of them.

    names: index to name.
    everything: the set an `unpublished` entry gives. With exactly 64 criteria it is empty: cargo-vet's own
    overflow, part of its verdict and therefore copied (shared spec resolver 16 I).
    """

    __slots__ = ("_closures", "_implied", "_index", "_sets", "everything", "names")

    def __init__(self, implies: Mapping[CriteriaName, Iterable[CriteriaName]]) -> None:
        """Take the custom criteria with what each implies; raises CriteriaError or UnknownCriteriaError."""
        for builtin in (SAFE_TO_RUN, SAFE_TO_DEPLOY):
            if builtin in implies:
                raise CriteriaError(f"'{builtin}' is built in and cannot be defined again", builtin)
        self.names: tuple[CriteriaName, ...] = (SAFE_TO_RUN, SAFE_TO_DEPLOY, *sorted(implies))
        count = len(self.names)
        if count > MAX_CRITERIA:
            raise CriteriaError(
                f"{count} criteria are defined; cargo-vet can hold {MAX_CRITERIA}, its own two included",
            )
        self._index = {name: index for index, name in enumerate(self.names)}
        direct = [(), (0,), *(tuple(map(self._index_of, implies[name])) for name in self.names[2:])]
        self._closures = self._close(direct)
        self._implied = tuple(closure & ~(1 << index) for index, closure in enumerate(self._closures))
        self.everything: CriteriaSet = 0 if count == MAX_CRITERIA else (1 << count) - 1
        self._sets: dict[tuple[CriteriaName, ...], CriteriaSet] = {}

    def _close(self, direct: Sequence[tuple[int, ...]]) -> tuple[CriteriaSet, ...]:
        """Return for each index all that it implies, itself included; raises CriteriaError for a cycle."""
        closures: dict[int, CriteriaSet] = {}

        def close(index: int, path: tuple[int, ...]) -> CriteriaSet:
            if index in path:
                raise CriteriaError(f"criteria '{self.names[index]}' implies itself", self.names[index])
            if index not in closures:
                closure = 1 << index
                for implied in direct[index]:
                    closure |= close(implied, (*path, index))
                closures[index] = closure
            return closures[index]

        return tuple(close(index, ()) for index in range(len(direct)))

    def _index_of(self, name: CriteriaName) -> int:
        try:
            return self._index[name]
        except KeyError:
            raise UnknownCriteriaError(name) from None

    def __contains__(self, name: object) -> bool:
        return name in self._index

    def __len__(self) -> int:
        return len(self.names)

    def closure(self, name: CriteriaName) -> CriteriaSet:
        """Return the set of one criterion and all it implies; raises UnknownCriteriaError."""
        return self._closures[self._index_of(name)]

    def set(self, names: tuple[CriteriaName, ...]) -> CriteriaSet:
        """Return the union of the closures of `names`; raises UnknownCriteriaError."""
        known = self._sets.get(names)
        if known is None:
            known = 0
            for name in names:
                known |= self._closures[self._index_of(name)]
            self._sets[names] = known
        return known

    def minimal(self, criteria: CriteriaSet) -> CriteriaSet:
        """Return the members of a closed set that no other member implies."""
        result = criteria
        for index in self.indices(criteria):
            result &= ~self._implied[index]
        return result

    def minimal_names(self, criteria: CriteriaSet) -> tuple[CriteriaName, ...]:
        """Return the names of `minimal(criteria)` in index order, as cargo-vet writes lists of its own."""
        return tuple(self.names[index] for index in self.indices(self.minimal(criteria)))

    def indices(self, criteria: CriteriaSet) -> list[int]:
        """Return the indices of the members in ascending order."""
        found = []
        while criteria:
            lowest = criteria & -criteria
            found.append(lowest.bit_length() - 1)
            criteria ^= lowest
        return found
