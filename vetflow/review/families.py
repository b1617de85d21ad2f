"""Crates of one repository that changed in the same way: one is read, the others are shown where they differ from it.

The shape of a delta is a list of parts: each hunk with the code it stands in (`review.hunk_identity`), what happened to
each file (with all it holds, where that gets another name, mode or part in the build), what moved into or out of the
build-time surface, each finding. A crate may differ from the representative in how it names itself
(`review.own_names`), and in nothing else; whatever has one part more, less or other is an outlier.
Two deltas of one shape are the same text in the same places; they are not proved to do the same (docs/decisions 0013).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from vetflow.model.contents import CrateFiles
from vetflow.review.enclosing_code import digest
from vetflow.review.hunk_identity import Sides, identities
from vetflow.review.hunk_memory import roles
from vetflow.review.hunks import parse_hunks
from vetflow.review.own_names import OwnName, without_own_name
from vetflow.review.patches import CrateDiff, FilePatch, Hunk, LineKind, PatchLine, Side
from vetflow.review.plan import ReadingPlan
from vetflow.review.session import Pair
from vetflow.surface.evidence import Evidence
from vetflow.surface.tiers import Grade


class Member(NamedTuple):
    """A delta that may be like others."""

    pair: Pair
    diff: CrateDiff
    old: CrateFiles
    new: CrateFiles
    plan: ReadingPlan
    findings: tuple[Evidence, ...]


class Part(NamedTuple):
    """One thing about a delta. digest: what it is compared by. words: what it is. hunk: its lines, if it has any."""

    path: str
    digest: str
    words: str
    hunk: Hunk | None = None


class Outlier(NamedTuple):
    """Deltas of one shape that is not the representative's. extra: what they have more, as the first of them has it.

    lacking: what only the representative has.
    """

    pairs: tuple[Pair, ...]
    extra: tuple[Part, ...]
    lacking: tuple[Part, ...]


class Named(NamedTuple):
    """A changed line in which a crate names itself, as it stands there."""

    path: str
    line: PatchLine


class Family(NamedTuple):
    """Deltas side by side. same: those of the representative's shape, each with the lines in which it differs."""

    representative: Pair
    same: tuple[tuple[Pair, tuple[Named, ...]], ...]
    outliers: tuple[Outlier, ...]

    @property
    def read_as_one(self) -> tuple[Pair, ...]:
        """The representative, then those of its shape."""
        return (self.representative, *(pair for pair, _ in self.same))


class Shape:
    """What a delta is, part by part."""

    def __init__(self, member: Member) -> None:
        """Take it to pieces; linear in what differs and in the files that do."""
        self.member = member
        self._own = (
            OwnName(member.pair.crate, member.pair.base or ""),
            OwnName(member.pair.crate, member.pair.version),
        )
        self.named: list[Named] = []
        self.parts = tuple(self._parts())
        self._counts = Counter(each[:2] for each in self.parts)
        self._by_path: dict[str, list[str]] = {}
        for path, identity in sorted(self._counts.elements()):
            self._by_path.setdefault(path, []).append(identity)

    @property
    def key(self) -> frozenset[tuple[tuple[str, str], int]]:
        """What is the same for deltas of one shape."""
        return frozenset(self._counts.items())

    def without(self, other: Shape) -> tuple[Part, ...]:
        """Return the parts that another shape has not, or has fewer times."""
        left = Counter(other._counts)
        found = []
        for each in self.parts:
            if left[each[:2]]:
                left[each[:2]] -= 1
            else:
                found.append(each)
        return tuple(found)

    def is_same_at(self, path: str, other: Shape) -> bool:
        """Whether both have the same parts at a path, and any at all."""
        return path in self._by_path and self._by_path[path] == other._by_path.get(path)

    def _parts(self) -> Iterator[Part]:
        member, part_of = self.member, roles(self.member.plan)
        for patch in member.diff.files:
            yield from self._file_parts(patch, part_of[patch.path])
        for group in member.plan.groups:
            for moved in group.moved:
                content = (member.new if moved.into else member.old)[moved.path].content
                words = f"unchanged, and {'now' if moved.into else 'no longer'} part of the {group.title}"
                yield Part(moved.path, _words(words, digest([content]).hex()), words)
        for each in member.findings:
            if each.grade > Grade.EXPECTED:
                words = f"{each.sentence} ({each.detail})"
                yield Part(each.path, _words(each.rule, each.detail, each.sentence), words)
        for missing in member.diff.incomplete:  # nobody can say what differs there: never like anything else
            yield Part(missing.path, _words("incomplete", member.pair.crate), f"diff incomplete: {missing.reason}")

    def _file_parts(self, patch: FilePatch, role: str) -> Iterator[Part]:
        raw = Sides(patch.path, _text(patch.old, self.member.old), _text(patch.new, self.member.new))
        sides = Sides(
            patch.path,
            without_own_name(patch.old.path, raw.old, self._own[0]) if patch.old else b"",
            without_own_name(patch.path, raw.new, self._own[1]),
        )
        facts = [patch.change.value, role, str(patch.applies), *map(_facts, (patch.old, patch.new))]
        if _is_put_to_use(patch) or patch.path in self.member.plan.recast:  # then the lines that stayed are news, too
            facts.append(digest([sides.new]).hex())
        yield Part(patch.path, _words("file", *facts), _what_happened(patch))
        hunks = parse_hunks(patch.text)
        self.named += _named(patch.path, hunks, raw, sides)
        for hunk, identity in zip(hunks, identities(hunks, sides, role), strict=True):
            yield Part(patch.path, identity, "hunk", hunk)


class Folded(NamedTuple):
    """A file that was not viewed, and the crate in which the same difference was."""

    crate: str
    path: str
    viewed_in: str

    def __str__(self) -> str:
        """Return it as a statement names it."""
        return f"{self.crate}/{self.path} (the same change as viewed in {self.viewed_in})"


def folded(shapes: Sequence[Shape], viewed: Mapping[Pair, frozenset[str]]) -> tuple[Folded, ...]:
    """Return the files nobody viewed of which each part is that of a viewed file with the same path in another crate.

    viewed: the paths by delta. A file in which a crate names itself on a changed line is none of them: nobody saw that
    line. Each file is compared by itself; what it is part of may differ elsewhere.
    """
    found = []
    for shape in shapes:
        pair, named = shape.member.pair, {each.path for each in shape.named}
        for path in (patch.path for patch in shape.member.diff.files):
            others = (each for each in shapes if path in viewed[each.member.pair])
            like = next((each.member.pair.crate for each in others if shape.is_same_at(path, each)), None)
            if like is not None and path not in viewed[pair] and path not in named:
                found.append(Folded(pair.crate, path, like))
    return tuple(found)


def family(shapes: Iterable[Shape]) -> Family:
    """Put deltas side by side, at least one. The representative is of the commonest shape, the first by name."""
    groups: dict[object, list[Shape]] = {}
    for shape in sorted(shapes, key=lambda shape: shape.member.pair.crate):
        groups.setdefault(shape.key, []).append(shape)
    first, *others = sorted(groups.values(), key=len, reverse=True)
    model = first[0]
    return Family(
        model.member.pair,
        tuple((shape.member.pair, _otherwise(shape.named, model.named)) for shape in first[1:]),
        tuple(
            Outlier(tuple(shape.member.pair for shape in group), group[0].without(model), model.without(group[0]))
            for group in others
        ),
    )


def _otherwise(named: Iterable[Named], model: Iterable[Named]) -> tuple[Named, ...]:
    """Return the lines that the representative does not have word for word."""
    known = {(each.path, each.line.kind, each.line.text) for each in model}
    return tuple(each for each in named if (each.path, each.line.kind, each.line.text) not in known)


def _named(path: str, hunks: Iterable[Hunk], raw: Sides, sides: Sides) -> Iterator[Named]:
    """Yield the changed lines that differ from what they are compared as."""
    before = _differing(raw.old, sides.old)
    after = _differing(raw.new, sides.new)
    for hunk in hunks:
        for line in hunk.lines:
            number, found = (line.old, before) if line.kind is LineKind.REMOVED else (line.new, after)
            if line.kind is not LineKind.CONTEXT and number in found:
                yield Named(path, line)


def _differing(raw: bytes, marked: bytes) -> frozenset[int]:
    if raw == marked:
        return frozenset()
    pairs = zip(raw.split(b"\n"), marked.split(b"\n"), strict=True)
    return frozenset(number for number, (one, other) in enumerate(pairs, 1) if one != other)


def _facts(side: Side | None) -> str:
    """Return what is compared of one side of a file beside its lines: of a binary one its every byte."""
    if side is None:
        return "none"
    return f"{side.path} {side.executable} {side.sha256 if side.binary else 'text'}"


def _is_put_to_use(patch: FilePatch) -> bool:
    """Whether a file that was there has another name or mode: what it held may be something else by that."""
    old, new = patch.old, patch.new
    return old is not None and new is not None and (old.path, old.executable) != (new.path, new.executable)


def _what_happened(patch: FilePatch) -> str:
    words = [patch.change.value]
    if patch.old and patch.new and patch.old.path != patch.new.path:
        words.append(f"from {patch.old.path}")
    if patch.new and patch.new.executable:
        words.append("may be executed")
    words += [f"sha256 {side.sha256}" for side in (patch.old, patch.new) if side and side.binary]
    return ", ".join(words)


def _text(side: Side | None, files: CrateFiles) -> bytes:
    return b"" if side is None or side.binary or side.path not in files else files[side.path].content


def _words(*words: str) -> str:
    return digest([word.encode(errors="surrogateescape") for word in words]).hex()
