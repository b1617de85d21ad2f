"""What people made of a checklist: which items they considered, what concerns them, what they left open.

Nothing is ever answered by itself: "no evidence found" wants somebody to say that they saw it, too.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from vetflow.model.checklists import Blocks
from vetflow.model.names import CriteriaName
from vetflow.model.rules import ChecklistWeight
from vetflow.review.checklist import Checklist, Question, fits
from vetflow.review.session import Tick, Verdict
from vetflow.trust.statement import CheckedItems

Ticks: TypeAlias = Mapping[tuple[str, str, str], Tick]


class Standing(NamedTuple):
    """How an item stands. done, of: places that were answered. words: what was said, a concern's first."""

    verdict: Verdict
    done: int
    of: int
    words: tuple[str, ...]


class Answers:
    """A checklist with the ticks of its reader as they are now. weight: what the project wants of them."""

    def __init__(self, asked: Checklist, ticks: Ticks, weight: ChecklistWeight) -> None:
        self.asked = asked
        self.weight = weight
        self._ticks = ticks

    def tick(self, question: Question, key: str) -> Tick | None:
        """Return what was answered under a key; None for what this project does not take as an answer."""
        tick = self._ticks.get((self.asked.crate, question.item.id, key))
        is_short = self.weight is ChecklistWeight.THOROUGH and question.is_by_site and tick and not tick.words
        return None if is_short else tick

    def standing(self, question: Question) -> Standing:
        """Return how an item stands."""
        keys = question.keys
        ticks = [tick for key in keys if (tick := self.tick(question, key))]
        concerns = [tick for tick in ticks if tick.verdict is Verdict.CONCERN]
        whole = None if question.key in keys else self.tick(question, question.key)
        if whole is not None and whole.verdict is Verdict.CONCERN:  # about the item, whatever its places
            concerns.append(whole)
        is_done = len(ticks) == len(keys)
        verdict = Verdict.CONCERN if concerns else Verdict.CONSIDERED if is_done else Verdict.OPEN
        said = dict.fromkeys(tick.words for tick in (*concerns, *ticks) if tick.words)
        return Standing(verdict, len(ticks), len(keys), tuple(said))

    def open(self) -> tuple[Question, ...]:
        """Return the items that nobody has answered."""
        return tuple(each for each in self.asked.questions if self.standing(each).verdict is Verdict.OPEN)

    def count(self) -> tuple[int, int]:
        """Return how many items were answered, and how many there are."""
        return len(self.asked.questions) - len(self.open()), len(self.asked.questions)

    def checked(self) -> CheckedItems:
        """Return what a statement says of it: which items were considered, raised a concern, or neither."""
        by_verdict: dict[Verdict, list[str]] = {verdict: [] for verdict in Verdict}
        for question in self.asked.questions:
            by_verdict[self.standing(question).verdict].append(question.item.id)
        considered, concerns, left = (
            tuple(sorted(by_verdict[each])) for each in (Verdict.CONSIDERED, Verdict.CONCERN, Verdict.OPEN)
        )
        return CheckedItems(self.asked.digest, considered, concerns, left)

    def against(self, criteria: Collection[CriteriaName]) -> Iterator[str]:
        """Yield in sentences what speaks against certifying criteria; the weight says whether that stops anybody."""
        for question in self.asked.for_criteria(criteria).questions:
            item, standing = question.item, self.standing(question)
            modes = {name: mode for name in criteria for each, mode in item.blocks.items() if fits(each, name)}
            none = [name for name, mode in modes.items() if mode is Blocks.PLACES]
            if none and question.wanted:
                places = f"{len(question.wanted)} in {self.asked.version}"
                yield f"{', '.join(none)}: {item.subject}, {places} ({item.id})"
            elif standing.verdict is Verdict.OPEN and (Blocks.UNANSWERED in modes.values() or self._wants_all):
                places = "" if standing.of == 1 else f" ({standing.done} of {standing.of} places)"
                yield f"{item.id} was not answered{places}"

    @property
    def blocks(self) -> bool:
        """Whether what speaks against a certification stops it here."""
        return self.weight is not ChecklistWeight.LIGHT

    @property
    def _wants_all(self) -> bool:
        return self.weight is ChecklistWeight.THOROUGH
