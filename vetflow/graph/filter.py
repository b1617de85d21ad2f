"""`--filter-graph`: a part of the graph, chosen by a small query language (shared spec resolver 2.4).

FILTER = `include(Q)` | `exclude(Q)`; Q = `any(Q,...)` | `all(Q,...)` | `not(Q)` | `name(X)` | `version(V)` |
`is_root(B)` | `is_workspace_member(B)` | `is_third_party(B)` | `is_dev_only(B)`; B = `true` | `false`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeAlias

from vetflow.errors import UsageError
from vetflow.model.packages import Node, PackageGraph
from vetflow.model.version import VersionSyntaxError, parse_version

GraphFilter: TypeAlias = Callable[[Node], bool]
"""Whether a node passes."""

_MAX_DEPTH: Final = 100
"""More than anybody types; queries are evaluated recursively."""
_BLANKS: Final = " \t\r\n"
_FLAGS: Final[dict[str, GraphFilter]] = {
    "is_root": lambda node: node.is_root,
    "is_workspace_member": lambda node: node.is_member,
    "is_third_party": lambda node: node.is_third_party,
    "is_dev_only": lambda node: node.is_dev_only,
}


def parse_filter(text: str) -> GraphFilter:
    """Read one filter. Raises UsageError that says where reading stopped."""
    parser = _Parser(text)
    word = parser.open("include", "exclude")
    query = parser.query()
    parser.close()
    if parser.at < len(text):
        raise parser.failure("the end")
    return query if word == "include" else _negated(query)


def filter_graph(graph: PackageGraph, filters: Sequence[GraphFilter]) -> PackageGraph:
    """Return the part of a graph that passing members reach through passing nodes; linear in the graph.

    A node passes if it satisfies all filters. Roles are not computed anew: after its root was excluded, a member
    stays no root. `packages` stays complete, because policy checks ask for all of them.
    """
    passing = [all(passes(node) for passes in filters) for node in graph.nodes]
    waiting = [i for i, node in enumerate(graph.nodes) if node.is_member and passing[i]]
    reached = set(waiting)
    while waiting:
        for target in graph.nodes[waiting.pop()].all:
            if passing[target] and target not in reached:
                reached.add(target)
                waiting.append(target)
    order = sorted(reached)
    position = {old: new for new, old in enumerate(order)}

    def renumbered(targets: Sequence[int]) -> tuple[int, ...]:
        return tuple([position[target] for target in targets if target in position])

    nodes = [graph.nodes[old] for old in order]
    return graph._replace(
        nodes=tuple(
            [
                node._replace(
                    normal=renumbered(node.normal),
                    build=renumbered(node.build),
                    dev=renumbered(node.dev),
                    normal_and_build=renumbered(node.normal_and_build),
                    all=renumbered(node.all),
                    reverse=renumbered(node.reverse),
                )
                for node in nodes
            ]
        ),
        topological=renumbered(graph.topological),
    )


class _Parser:
    """Recursive descent over one filter; `at` is the offset reached."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.at = 0

    def failure(self, expected: str) -> UsageError:
        return UsageError(
            f"`{self._text}` is not a graph filter: expected {expected} at column {self.at + 1}",
            help="for example `--filter-graph 'exclude(any(name(foo),is_dev_only(true)))'`",
        )

    def _skip_blanks(self) -> None:
        while self._text[self.at : self.at + 1] and self._text[self.at] in _BLANKS:
            self.at += 1

    def open(self, *words: str) -> str:
        """Read `WORD(`, one of the given words; blanks may not stand before the bracket."""
        self._skip_blanks()
        for word in words:
            if self._text.startswith(f"{word}(", self.at):
                self.at += len(word) + 1
                self._skip_blanks()
                return word
        raise self.failure(" or ".join(f"`{word}(`" for word in words))

    def close(self) -> None:
        self._skip_blanks()
        if not self._text.startswith(")", self.at):
            raise self.failure("`)`")
        self.at += 1
        self._skip_blanks()

    def query(self, depth: int = 0) -> GraphFilter:
        if depth == _MAX_DEPTH:
            raise self.failure("less nesting")
        word = self.open("any", "all", "not", "name", "version", *_FLAGS)
        if word in {"any", "all"}:
            queries = [self.query(depth + 1)]
            while self._text.startswith(",", self.at):
                self.at += 1
                queries.append(self.query(depth + 1))
            result = _combined(any if word == "any" else all, queries)
        elif word == "not":
            result = _negated(self.query(depth + 1))
        elif word in _FLAGS:
            result = self._flag(_FLAGS[word])
        else:
            result = self._value(word)
        self.close()
        return result

    def _flag(self, has_flag: GraphFilter) -> GraphFilter:
        for word, wanted in (("true", True), ("false", False)):
            if self._text.startswith(word, self.at):
                self.at += len(word)
                return has_flag if wanted else _negated(has_flag)
        raise self.failure("`true` or `false`")

    def _value(self, word: str) -> GraphFilter:
        """Read a name or a version: everything up to a blank or the bracket."""
        start = self.at
        while self._text[self.at : self.at + 1] not in {"", " ", ")"}:
            self.at += 1
        value = self._text[start : self.at]
        if not value:
            raise self.failure(f"a {word}")
        if word == "name":
            return lambda node: node.name == value
        try:
            version = parse_version(value)
        except VersionSyntaxError as error:
            self.at = start
            raise self.failure(f"a version ({error})") from None
        return lambda node: node.version == version


def _negated(query: GraphFilter) -> GraphFilter:
    return lambda node: not query(node)


def _combined(combine: Callable[[Iterable[bool]], bool], queries: Sequence[GraphFilter]) -> GraphFilter:
    return lambda node: combine(query(node) for query in queries)
