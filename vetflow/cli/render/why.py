"""The answer of `why`: one tree branch a way for people, a document for programs (docs/schemas/why.json)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeAlias

from vetflow.app.why import Dependent, Hop, Why
from vetflow.app.wording import enumerate_words
from vetflow.cli.output import Line, Style, Styled
from vetflow.cli.render.report_json import inert
from vetflow.model.decisions import Hold
from vetflow.model.packages import DependencyKind, Node

NodeLine: TypeAlias = tuple[Line, Node | None]
"""A line and the package it names, if it names one."""
SCHEMA: Final = "vetflow/why/1"
_KINDS: Final = ((DependencyKind.NORMAL, "normal"), (DependencyKind.BUILD, "build"), (DependencyKind.DEV, "dev"))


def as_lines(answers: Iterable[Why]) -> Iterator[Line]:
    """Yield each version with what is required of it, then its ways from the roots."""
    for line, _ in ways(answers):
        yield line


def ways(answers: Iterable[Why]) -> Iterator[NodeLine]:
    """Yield the lines of `as_lines`, each with the package it names."""
    for answer in answers:
        yield from _head(answer)
        if not answer.ways:
            yield ("  no package of yours leads to it",), None
        for way in answer.ways:
            yield (), None
            yield ("  ", _label(way.root), Styled(f"  [{way.policy}]", Style.FAINT)), way.root
            for depth, hop in enumerate(way.hops, 1):
                policy = f"  [{hop.policy}]" if hop.policy else ""
                what = f"{_label(hop.to)} ({_kinds(hop)})"
                yield ("  " + "   " * depth + "└─ ", what, Styled(policy, Style.FAINT)), hop.to


def dependents(answers: Iterable[Why]) -> Iterator[NodeLine]:
    """Yield each version with who depends on it directly, each line with the package it names."""
    for answer in answers:
        yield from _head(answer)
        if not answer.dependents:
            yield ("  nothing depends on it",), None
        for each in answer.dependents:
            whose = "" if each.node.is_third_party else "  [yours]"
            yield ("  ", f"{_label(each.node)} ({_kinds(each)})", Styled(whose, Style.FAINT)), each.node


def _head(answer: Why) -> Iterator[NodeLine]:
    role = "third party" if answer.node.is_third_party else "first party, not audited"
    yield (Styled(_label(answer.node), Style.TITLE), f" ({role})"), answer.node
    yield (f"  required: {enumerate_words(answer.required) or 'nothing'}",), None
    if answer.hold is not None:
        reason = f" since {answer.hold.since}, because {answer.hold.reason}"
        yield ("  ", Styled("held back", Style.WARN), f"{reason}; until {answer.hold.cleared_when}"), None


def _kinds(edge: Hop | Dependent) -> str:
    return " and ".join(kind_names(edge.kinds)) if edge.exact else "normal or build"


def as_json(answers: Iterable[Why]) -> str:
    """Return the answer as a document with a schema."""
    return inert({"schema": SCHEMA, "crates": [_object(answer) for answer in answers]})


def _object(answer: Why) -> dict[str, Any]:
    return {
        **_crate(answer.node),
        "third_party": answer.node.is_third_party,
        "required": list(answer.required),
        "hold": None if answer.hold is None else hold_object(answer.hold),
        "paths": [
            {
                "root": _crate(way.root),
                "policy": way.policy,
                "edges": [
                    {
                        "to": _crate(hop.to),
                        "kinds": kind_names(hop.kinds),
                        "exact": hop.exact,
                        "policy": hop.policy,
                    }
                    for hop in way.hops
                ],
            }
            for way in answer.ways
        ],
        "dependents": [
            {**_crate(each.node), "kinds": kind_names(each.kinds), "exact": each.exact} for each in answer.dependents
        ],
    }


def hold_object(hold: Hold) -> dict[str, Any]:
    """Return what holds a crate back, as every document says it."""
    return {
        "reason": hold.reason,
        "cleared_when": hold.cleared_when,
        "by": list(hold.by),
        "since": str(hold.since),
    }


def _crate(node: Node) -> dict[str, str]:
    return {"name": node.name, "version": str(node.version)}


def _label(node: Node) -> str:
    return f"{node.name} {node.version}"


def kind_names(kinds: DependencyKind) -> list[str]:
    """Return the kinds of an edge in words."""
    return [name for kind, name in _KINDS if kinds & kind]
