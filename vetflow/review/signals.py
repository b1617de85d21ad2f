"""What is known of a change between two versions that makes it more or less urgent to read.

Two readings of crates are compared, never two texts: what counts is what code newly can do and newly runs. Evidence is
compared by capability and detail, so that a line that moved is nothing new.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, Protocol

from vetflow.graph.crate_facts import CrateFacts
from vetflow.model.packages import DependencyKind
from vetflow.model.pins import ShippedBinary
from vetflow.review.risk import Signal
from vetflow.surface.evidence import Evidence
from vetflow.surface.tiers import CrateSurface, Grade, Tier

YOUNG: Final = 14
"""Days after which somebody would have noticed the usual attack."""

_PLACES: Final = {
    Tier.BUILD_SCRIPT: "build",
    Tier.PROC_MACRO: "build",
    Tier.HOST_LIBRARY: "host",
}
_GRADES: Final = {Grade.ALERT: "alert", Grade.REVIEW: "review", Grade.NOTE: "note"}


class CrateReading(Protocol):
    """A crate as its content shows it. evidence: without what somebody accepts."""

    @property
    def facts(self) -> CrateFacts:
        """What its manifest says."""
        ...

    @property
    def surface(self) -> CrateSurface | None:
        """What of it runs during the build; None where nothing does."""
        ...

    @property
    def evidence(self) -> Sequence[Evidence]:
        """What its code can do."""
        ...

    @property
    def binaries(self) -> Sequence[ShippedBinary]:
        """Machine code in the package."""
        ...


class Circumstances(NamedTuple):
    """What is known of a change besides the two crates.

    host: the crate is linked into something that runs during a build. lines, build_lines: to read, None where nobody
    knows. is_young: it was published within `YOUNG` days. publisher_changed: somebody else published what it starts
    from.
    """

    host: bool = False
    lines: int | None = None
    build_lines: int | None = None
    is_young: bool = False
    publisher_changed: bool = False


def signals(old: CrateReading | None, new: CrateReading, circumstances: Circumstances) -> tuple[Signal, ...]:
    """Return what makes reading a change urgent; old: None for a version that is to be read as a whole."""
    return (
        *_evidence(old, new, host=circumstances.host),
        *_running(old, new, host=circumstances.host),
        *_dependencies(old, new),
        *_circumstances(circumstances, is_whole=old is None),
    )


def new_evidence(old: CrateReading | None, new: CrateReading) -> tuple[Evidence, ...]:
    """Return the evidence that is not in the old crate at the same grade or a higher one; the gravest first."""
    known = _grades(old.evidence if old else ())
    found = [each for each in new.evidence if each.grade > known.get(_key(each), Grade.EXPECTED)]
    return tuple(sorted(found, key=lambda each: (-each.grade, each.path, each.line or 0, each.rule)))


def running(reading: CrateReading) -> frozenset[Tier]:
    """Return how a crate's own code runs during a build, whoever uses it."""
    targets = reading.facts.targets
    own = ((Tier.BUILD_SCRIPT, targets.build_script), (Tier.PROC_MACRO, targets.proc_macro))
    return frozenset(tier for tier, runs in own if runs)


def _evidence(old: CrateReading | None, new: CrateReading, *, host: bool) -> Iterator[Signal]:
    """Yield one signal for each place that newly does something, named by the worst of it: no grade outweighs a higher.

    Code that is not linked into a build runs in the product. What build-time code could do before counts a little, too.
    """
    known = _grades(old.evidence if old else ())
    by_place: dict[str, list[tuple[Grade, str]]] = {}
    for key, grade in _grades(new.evidence).items():
        place, words = key[0], f"{key[1]} {key[2]}".strip()
        if grade > known.get(key, Grade.EXPECTED):
            where = "run" if place == "host" and not host else place
            by_place.setdefault(where, []).append((grade, words))
        if place == "build" and grade >= Grade.REVIEW:
            by_place.setdefault("can", []).append((grade, words))
    for place, found in by_place.items():
        found.sort(key=lambda each: (-each[0], each[1]))
        yield Signal(f"{place}-{_GRADES[found[0][0]]}", len(found), tuple(words for _, words in found))


def _grades(evidence: Iterable[Evidence]) -> dict[tuple[str, str, str], Grade]:
    """Return the highest grade of each thing that code can do, by where it does it."""
    grades: dict[tuple[str, str, str], Grade] = {}
    for each in evidence:
        grades[_key(each)] = max(each.grade, grades.get(_key(each), each.grade))
    return grades


def _key(evidence: Evidence) -> tuple[str, str, str]:
    place = _PLACES.get(evidence.tier, "run") if evidence.tier else "run"
    return place, evidence.capability, evidence.detail


def _running(old: CrateReading | None, new: CrateReading, *, host: bool) -> Iterator[Signal]:
    now = running(new)
    began = now - running(old) if old else frozenset()
    yield Signal("runs-at-build", len(now))
    yield Signal("became-build-time", len(began))
    yield Signal("linked-at-build", int(host))
    yield Signal("links-native", int(new.facts.links is not None), (new.facts.links or "",))
    before = {binary.digest for binary in old.binaries} if old else set()
    binaries = [binary.path for binary in new.binaries if binary.digest not in before]
    yield Signal("binary", len(binaries), tuple(binaries))
    if new.surface is not None:
        lost = [f"{each.path}: {each.what}" for each in (*new.surface.escaping, *new.surface.unresolved)]
        yield Signal("unresolved", len(lost), tuple(lost))


def _dependencies(old: CrateReading | None, new: CrateReading) -> Iterator[Signal]:
    """Yield what it depends on now; for a whole version nothing, as these crates are read by themselves."""
    if old is None:
        return
    before, now = _kinds(old.facts), _kinds(new.facts)
    for identifier, kind in (("build-dependency", DependencyKind.BUILD), ("dependency", DependencyKind.NORMAL)):
        names = sorted(name for name, kinds in now.items() if kind in kinds and kind not in before.get(name, ()))
        yield Signal(identifier, len(names), tuple(names))


def _kinds(facts: CrateFacts) -> Mapping[str, set[DependencyKind]]:
    kinds: dict[str, set[DependencyKind]] = {}
    for each in facts.dependencies:
        kinds.setdefault(each.package, set()).add(each.kind)
    return kinds


def _circumstances(known: Circumstances, *, is_whole: bool) -> Iterator[Signal]:
    for identifier, lines in (("build-lines", known.build_lines), ("lines", known.lines)):
        yield Signal(identifier, (lines or 0).bit_length(), (f"{lines:,}",) if lines else ())
    yield Signal("young", int(known.is_young))
    yield Signal("publisher", int(known.publisher_changed))
    yield Signal("unread", int(is_whole))
