"""Values followed through the code of a unit: what the parts of that search hand each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, Protocol

from vetflow.surface.bindings import Bindings, Source
from vetflow.surface.names import UnitNames
from vetflow.surface.traced import Value

if TYPE_CHECKING:
    from tree_sitter import Node


class Frame(NamedTuple):
    """What the parameters of a function are bound to while one call of it is followed."""

    arguments: Mapping[str, tuple[Source, Step]]


class Step(NamedTuple):
    """Where the search is: within which call, and how deep in expressions."""

    frame: Frame | None = None
    depth: int = 0


class Follower(Protocol):
    """The search, as those see it that know one kind of expression."""

    @property
    def names(self) -> UnitNames:
        """What names mean in the unit."""
        ...

    @property
    def bindings(self) -> Bindings:
        """What names are bound to in the unit."""
        ...

    def follow(self, source: Source, step: Step) -> Value:
        """Return what an expression may be worth."""
        ...

    def variable(self, file: str, offset: int, name: str, step: Step) -> Value:
        """Return what a name may be worth where it stands."""
        ...

    def once(self, key: tuple[object, ...]) -> bool:
        """Begin something that must not be begun again before it ends; False where it is under way."""
        ...

    def end(self, key: tuple[object, ...]) -> None:
        """End what was begun."""
        ...

    def arguments(self, file: str, tokens: Node) -> list[Node]:
        """Return the expressions in the brackets of a macro."""
        ...
