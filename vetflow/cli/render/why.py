"""The answer of `why`: one tree branch a way for people, a document for programs (docs/schemas/why.json)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from vetflow.app.why import Why
from vetflow.app.wording import enumerate_words
from vetflow.cli.output import Line, Style, Styled
from vetflow.cli.render.report_json import pretty
from vetflow.model.decisions import Hold
from vetflow.model.packages import DependencyKind, Node

SCHEMA: Final = "vetflow/why/1"
_KINDS: Final = ((DependencyKind.NORMAL, "normal"), (DependencyKind.BUILD, "build"), (DependencyKind.DEV, "dev"))


def as_lines(answers: Iterable[Why]) -> Iterator[Line]:
    """Yield each version with what is required of it, then its ways from the roots."""
    for answer in answers:
        role = "third party" if answer.node.is_third_party else "first party, not audited"
        yield (Styled(_label(answer.node), Style.TITLE), f" ({role})")
        yield (f"  required: {enumerate_words(answer.required) or 'nothing'}",)
        if answer.hold is not None:
            reason = f" since {answer.hold.since}, because {answer.hold.reason}"
            yield ("  ", Styled("held back", Style.WARN), f"{reason}; until {answer.hold.cleared_when}")
        if not answer.ways:
            yield ("  no package of yours leads to it",)
        for way in answer.ways:
            yield ()
            yield ("  ", _label(way.root), Styled(f"  [{way.policy}]", Style.FAINT))
            for depth, hop in enumerate(way.hops, 1):
                policy = f"  [{hop.policy}]" if hop.policy else ""
                kinds = " and ".join(kind_names(hop.kinds)) if hop.exact else "normal or build"
                yield ("  " + "   " * depth + "└─ ", f"{_label(hop.to)} ({kinds})", Styled(policy, Style.FAINT))


def as_json(answers: Iterable[Why]) -> str:
    """Return the answer as a document with a schema."""
    return pretty({"schema": SCHEMA, "crates": [_object(answer) for answer in answers]})


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
