"""A place in the code that names a function whose argument decides what a call of it means."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from vetflow.surface.sighting import Sighting
from vetflow.surface.syntax import call_of
from vetflow.surface.tiers import Grade
from vetflow.surface.unit_code import FileCode, UnitCode

if TYPE_CHECKING:
    from tree_sitter import Node


class Mention(NamedTuple):
    """A name in a file. function: what it means. start, end: where it stands. chain: how it came to mean that."""

    code: UnitCode
    file: FileCode
    function: str
    start: int
    end: int
    chain: tuple[str, ...] = ()

    @property
    def node(self) -> Node | None:
        """The name in the syntax."""
        return self.file.syntax.node_at(self.start, self.end)

    @property
    def call(self) -> Node | None:
        """The call whose function the name is; None where it is not called."""
        node = self.node
        return None if node is None else call_of(node)

    @property
    def receiver(self) -> Node | None:
        """What is before the point, for the name of a method."""
        node = self.node
        return None if node is None or node.parent is None else node.parent.child_by_field_name("value")

    def sighting(self, rule: str, detail: str, *more: str, at_least: Grade = Grade.EXPECTED) -> Sighting:
        """Return that a rule fits here. more: what belongs into the chain, too."""
        return Sighting(rule, detail, self.start, (*self.chain, *more), self.start in self.file.emitting, at_least)
