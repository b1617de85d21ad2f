"""The checklist of one version or delta: its items with what was found for each, and where that stands.

What is found ranks and reminds; nothing here answers anything. Every place has a key made of its content: the item as
it is worded, the file, the items around it and the text of the smallest one that holds it. So an answer to a place
holds in another version as long as all of that is the same, and ends once a byte of it changes. What has no place is
keyed by all that was searched (shared spec users C2, C3).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import takewhile
from typing import Final, NamedTuple

from vetflow.formats.checklist_toml import TIERS
from vetflow.model.checklists import Answer, ChecklistItem, Scope
from vetflow.model.contents import CrateFiles
from vetflow.model.names import CrateName, CriteriaName
from vetflow.review.enclosing_code import EnclosingCode, enclosing_code
from vetflow.review.hunks import split_lines
from vetflow.review.nearness import Nearness, Where
from vetflow.review.outlines import Outlines
from vetflow.review.patches import CrateDiff
from vetflow.surface.declared import DEPENDENCY, DESCRIPTION, FEATURE
from vetflow.surface.evidence import Evidence
from vetflow.surface.rules import Rules
from vetflow.surface.tiers import CrateSurface, Tier
from vetflow.surface.whole_crate import KINDS, UNSAFE, WORD, WholeCrate
from vetflow.trust.canonical_json import canonical, digest

FACTS: Final = ("publisher", "workflow", "age")
"""Evidence that is no place in a crate: what is known of who published it."""
_FOUND_WITHOUT_RULES: Final = (
    "blob", "compiled", "hidden-text", "generated", "package", "reach", "tool-settings", DEPENDENCY, DESCRIPTION,
    FEATURE, UNSAFE,
)  # fmt: skip
"""Capabilities of evidence that no rule of the table finds, but code."""
_TIERS: Final[Mapping[str, Tier | None]] = dict(
    zip(TIERS, (Tier.BUILD_SCRIPT, Tier.PROC_MACRO, Tier.HOST_LIBRARY, None), strict=True)
)


class Material(NamedTuple):
    """What a checklist is made of.

    version: in words. diff: None where the whole version is under review. evidence: of the new version, each place.
    facts: by the names in `FACTS`, in words. code: Rust files whatever they are called. rules: which were used.
    """

    crate: CrateName
    version: str
    diff: CrateDiff | None
    old: CrateFiles
    new: CrateFiles
    surface: CrateSurface
    evidence: Sequence[Evidence]
    facts: Mapping[str, tuple[str, ...]]
    code: Collection[str]
    rules: Rules


class Site(NamedTuple):
    """A place that bears on an item. key: tells its content, as this item asks about it, from every other."""

    evidence: Evidence
    where: Where
    key: str


class Question(NamedTuple):
    """An item that is asked of this crate.

    sites: all there are in the new version, those on changed lines first. facts: what is known that has no place.
    rules: how many were looked for. key: of the item as a whole, by all that was searched.
    """

    item: ChecklistItem
    sites: tuple[Site, ...]
    facts: tuple[str, ...]
    rules: int
    key: str

    @property
    def wanted(self) -> tuple[Site, ...]:
        """The places that are to be looked at."""
        scope = self.item.scope
        return tuple(
            site
            for site in self.sites
            if scope is Scope.FINAL or site.where is (Where.DELTA if scope is Scope.DELTA else Where.NEAR)
        )

    @property
    def keys(self) -> tuple[str, ...]:
        """What has to be answered: each place, or the item as a whole where it has none or asks for words."""
        return tuple(site.key for site in self.wanted) if self.is_by_site else (self.key,)

    @property
    def is_by_site(self) -> bool:
        """Whether its places are answered, and not the item as a whole."""
        return self.item.answer is Answer.SITES and bool(self.wanted)

    def count(self, *where: Where) -> int:
        """Return how many places stand so."""
        return sum(site.where in where for site in self.sites)


class Checklist(NamedTuple):
    """All that is asked of a version or delta, in order. digest: of the items of the project, asked here or not.

    replaced: vetflow's own items that the project words itself, or never asks.
    """

    crate: CrateName
    version: str
    is_delta: bool
    questions: tuple[Question, ...]
    digest: str
    replaced: tuple[str, ...] = ()

    def for_criteria(self, criteria: Collection[CriteriaName]) -> Checklist:
        """Return what is asked of somebody who vouches for these criteria."""
        kept = tuple(each for each in self.questions if is_asked(each.item, criteria))
        return self._replace(questions=kept)


def known_evidence(rules: Rules) -> frozenset[str]:
    """Return the names that items may look for."""
    ids = [*rules.by_id, *(each.rule.id for each in rules.combinations)]
    kinds = (f"{UNSAFE}/{kind}" for kind in KINDS)
    return frozenset({*ids, *(each.partition("/")[0] for each in ids), *kinds, *_FOUND_WITHOUT_RULES, *FACTS})


def merged(shipped: Iterable[ChecklistItem], own: Iterable[ChecklistItem]) -> tuple[ChecklistItem, ...]:
    """Return vetflow's items with a project's: one of the same id takes the place of ours, others follow."""
    items = {item.id: item for item in shipped}
    return tuple({**items, **{item.id: item for item in own}}.values())


def is_asked(item: ChecklistItem, criteria: Collection[CriteriaName]) -> bool:
    """Whether an item is for one of the criteria."""
    return any(fits(pattern, name) for pattern in item.criteria for name in criteria)


def fits(pattern: str, name: str) -> bool:
    """Whether a name fits a pattern, in which `*` stands for any letters."""
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), name) is not None


def checklist(items: Sequence[ChecklistItem], material: Material) -> Checklist:
    """Ask a crate all items whose conditions hold; linear in its code, and in the difference."""
    asking = _Asking(material)
    questions = (asking.question(item) for item in items if item.criteria)
    return Checklist(
        crate=material.crate,
        version=material.version,
        is_delta=material.diff is not None,
        questions=tuple(each for each in questions if each is not None),
        digest=digest([_spelled(item) for item in items]),
    )


class _Asking:
    """One crate, and what was computed of it on the way from item to item."""

    def __init__(self, material: Material) -> None:
        self._material = material
        tiers = {file.path: file.tier for file in material.surface.files}
        self._crate = WholeCrate(material.new, tiers, material.code, material.rules.lists["emitting-macros"])
        self._outlines = Outlines(material.new)
        self._nearness = Nearness(material.diff, self._outlines)
        self._evidence = (*material.evidence, *self._crate.find_unsafe())
        self._has = {each.capability for each in self._evidence} | {each.rule for each in self._evidence}
        self._tiers: set[Tier | None] = {*tiers.values(), *_at_run_time(material.surface)}
        self._enclosing: dict[str, EnclosingCode] = {}
        self._digests: dict[str, str] = {}

    def question(self, item: ChecklistItem) -> Question | None:
        """Return an item with what is found for it; None where its conditions do not hold."""
        wanted = {_TIERS[tier] for tier in item.when.tiers}
        is_lost = item.scope is Scope.NEAR and self._material.diff is None  # nothing is near where all is new
        if is_lost or (wanted and not wanted & self._tiers) or not set(item.when.has) <= self._has:
            return None
        facts = tuple(fact for name in item.evidence for fact in self._material.facts.get(name, ()))
        return Question(
            item=item,
            sites=tuple(self._sites(item, self._found(item, wanted))),
            facts=facts,
            rules=self._rules(item),
            key=_hash(_spelled(item), self._searched(item, wanted), list(facts)),
        )

    def _found(self, item: ChecklistItem, tiers: Collection[Tier | None]) -> Iterator[Evidence]:
        names = set(item.evidence)
        for each in (*self._evidence, *self._crate.find_words(item.words)):
            is_named = each.capability in names or each.rule in names or each.capability == WORD
            is_crate = each.capability == DEPENDENCY and any(fits(crate, each.detail) for crate in item.crates)
            if (is_named and (not tiers or each.tier in tiers)) or is_crate:
                yield each

    def _sites(self, item: ChecklistItem, found: Iterable[Evidence]) -> list[Site]:
        seen: Counter[str] = Counter()
        sites = []
        for each in sorted(dict.fromkeys(found), key=lambda each: (each.path, each.line or 0)):
            key = _hash(
                item.id, item.text, each.path, self._code(each), each.rule, each.detail, each.sentence, each.text
            )
            seen[key] += 1  # what is there twice, word for word, is two places
            sites.append(Site(each, self._nearness.where(each.path, each.line), _hash(key, seen[key])))
        order = list(Where)
        return sorted(sites, key=lambda site: order.index(site.where))

    def _code(self, place: Evidence) -> list[str]:
        """Return what tells the code that a place stands in; without a line that is all of the file."""
        file = self._material.new.get(place.path)
        if file is None:
            return []
        if place.line is None:
            return [sha256(file.content).hexdigest()]
        if place.path not in self._enclosing:
            self._enclosing[place.path] = enclosing_code(place.path, file.content)
        around = [each.hex() for each in self._enclosing[place.path].around([place.line])]
        return [*around, _table(file.content, place.line)] if place.capability == DEPENDENCY else around

    def _rules(self, item: ChecklistItem) -> int:
        """Return how many things were looked for: rules, and words and crates of the item's own."""
        names = [name for name in item.evidence if name not in FACTS]
        ids = self._material.rules.by_id
        counted = (sum(each == name or each.startswith(f"{name}/") for each in ids) or 1 for name in names)
        return sum(counted) + len(item.words) + len(item.crates)

    def _searched(self, item: ChecklistItem, tiers: Collection[Tier | None]) -> str:
        """Return what tells all that was searched for an item from anything else."""
        new, surface = self._material.new, self._material.surface
        if tiers and None not in tiers:
            paths = surface.paths(*(tier for tier in tiers if tier), Tier.INPUT)
            return self._digest("new", {path: new[path].content for path in paths if path in new})
        whole = self._digest("new", {path: file.content for path, file in new.items()})
        if item.scope is Scope.FINAL or self._material.diff is None:
            return whole
        return whole + self._digest("old", {path: file.content for path, file in self._material.old.items()})

    def _digest(self, side: str, contents: Mapping[str, bytes]) -> str:
        key = canonical([side, sorted(contents)])
        if key not in self._digests:
            rows = [[path, sha256(content).hexdigest()] for path, content in sorted(contents.items())]
            self._digests[key] = _hash(rows)
        return self._digests[key]


def _table(content: bytes, first: int) -> str:
    """Return what tells a dependency's lines: its own table, which names its features as well, or the one line."""
    line, *following = split_lines(content)[first - 1 :] or [b""]
    own = takewhile(lambda each: not each.lstrip().startswith(b"["), following) if line.lstrip()[:1] == b"[" else ()
    return sha256(b"".join(each for each in (line, *own) if each.strip())).hexdigest()


def _at_run_time(surface: CrateSurface) -> tuple[None, ...]:
    """Return the tier of a library that runs in the product alone, where there is one."""
    roots = surface.roots
    return () if roots.library is None or roots.proc_macro or surface.paths(Tier.HOST_LIBRARY) else (None,)


def _spelled(item: ChecklistItem) -> dict[str, object]:
    """Return an item as it is hashed: whoever answered another wording answered another question."""
    return {
        "id": item.id,
        "text": item.text,
        "for": list(item.criteria),
        "when": [list(item.when.tiers), list(item.when.has)],
        "evidence": [list(item.evidence), list(item.words), list(item.crates)],
        "scope": item.scope.value,
        "answer": item.answer.value,
        "blocks": {name: each.value for name, each in item.blocks.items()},
    }


def _hash(*values: object) -> str:
    return digest(list(values)).removeprefix("sha256:")
