"""What to do about a crate that is not vetted: a kind of work, and the commands that do it."""

from __future__ import annotations

from enum import Enum
from typing import Final, NamedTuple

from vetflow.model.audits import Publisher, WildcardAudit
from vetflow.model.criteria import Criteria
from vetflow.model.packages import Node
from vetflow.model.report import Failure, Miss, MissCause, Step

RECORD: Final = "vetflow"


class Work(Enum):
    """What kind of work settles a failure; the value is the heading people read. Cheapest first."""

    TRUST = "Decide whether to trust who published them"
    DELTA = "Review what changed since a vetted version"
    BASE = "Changes are audited, but not what they start from"
    RAISE = "Audited, but for less than is required"
    FULL = "Review in full: no audit leads near them"


class Advice(NamedTuple):
    """The kind of work, and the commands in order; a person replaces what stands in capitals."""

    work: Work
    commands: tuple[str, ...]


_TRUST_CAUSES: Final = frozenset(
    {
        MissCause.TRUST_ENDED,
        MissCause.TRUST_NOT_BEGUN,
        MissCause.OTHER_PUBLISHER,
        MissCause.PUBLISHER_UNKNOWN,
    }
)
_WEAK_CAUSES: Final = frozenset({MissCause.CRITERIA_TOO_WEAK, MissCause.OTHER_VERSION_TOO_WEAK})


def advise(node: Node, failure: Failure, miss: Miss, criteria: Criteria) -> Advice:
    """Choose the work and its commands for one failing crate."""
    name, version = node.name, str(node.version)
    wanted = "".join(f" --criteria {each}" for each in criteria.minimal_names(failure.missing))
    if miss.cause in _TRUST_CAUSES and miss.step:
        review = _delta(name, str(miss.step.version), version, wanted) if _covers_other(miss.step, version) else ()
        return Advice(Work.TRUST, (*_trust(name, miss, miss.step), *(review or _full(name, version, wanted))))
    if miss.cause in _WEAK_CAUSES:
        return Advice(Work.RAISE, _full(name, version, wanted))
    if miss.cause is MissCause.BASE_NOT_VETTED and miss.step and miss.step.base:
        return Advice(Work.BASE, _full(name, str(miss.step.base), wanted))
    if miss.step and miss.towards:
        return Advice(Work.DELTA, _delta(name, str(miss.step.version), str(miss.towards), wanted))
    return Advice(Work.FULL, _full(name, version, wanted))


def _covers_other(step: Step, version: str) -> bool:
    return step.publisher is not None and str(step.version) != version


def _trust(name: str, miss: Miss, step: Step) -> tuple[str, ...]:
    if miss.cause is MissCause.PUBLISHER_UNKNOWN:
        return (f"{RECORD} check",)
    if miss.cause is MissCause.TRUST_ENDED and step.origin.source is None and isinstance(step.entry, WildcardAudit):
        return (f"{RECORD} renew {name}",)
    return (f"{RECORD} trust {name} {_login(miss.publisher)}",)


def _login(publisher: Publisher | None) -> str:
    if publisher is None:
        return "LOGIN"
    return publisher.user_login or (str(publisher.source) if isinstance(publisher.source, str) else "LOGIN")


def _delta(name: str, base: str, version: str, wanted: str) -> tuple[str, ...]:
    return (f"{RECORD} diff {name} {base} {version}", f"{RECORD} certify {name} {base} {version}{wanted}")


def _full(name: str, version: str, wanted: str) -> tuple[str, ...]:
    return (f"{RECORD} inspect {name} {version}", f"{RECORD} certify {name} {version}{wanted}")
