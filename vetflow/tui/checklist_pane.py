"""The checklist beside the code: its items with what was found for each, the places to go to, and a person's answers.

This is the only place where a `Tick` is made, and each is made by a key that somebody presses: nothing answers by
itself, no command and no assistant (shared spec users C3).
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from vetflow.app.review.values import AskedChecklist
from vetflow.model.checklists import Answer
from vetflow.model.rules import ChecklistWeight
from vetflow.review.answers import Answers
from vetflow.review.checklist import Question, Site
from vetflow.review.checklist_words import SIGNS, counts, found, place, said
from vetflow.review.session import Record, Session, Tick, Verdict
from vetflow.tui.choices import Choice, Choices
from vetflow.tui.dialogs import AskLine, Choose
from vetflow.tui.safe_text import plain

_YES_NO: Final = ("yes", "no", "does not apply")
_TAKE_BACK: Final = "take it back"


class ChecklistPane(Vertical):
    """The items, and below them what there is to say of the one with the cursor; not there until somebody wants it."""

    DEFAULT_CSS = """
    ChecklistPane { display: none; background: $background; }
    ChecklistPane.-open { display: block; dock: bottom; height: 45%; border-top: solid $dim; }
    ChecklistPane #checks { height: 1; background: $panel; text-style: bold; text-wrap: nowrap; }
    ChecklistPane Choices { height: 1fr; min-height: 2; text-wrap: nowrap; text-overflow: ellipsis; }
    ChecklistPane VerticalScroll { height: auto; max-height: 50%; border-top: dashed $dim; scrollbar-size-vertical: 1; }
    ChecklistPane #item-said { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "consider", "Considered", id="checklist.considered"),
        Binding("X", "concern", "Concern", id="checklist.concern"),
        Binding("E", "open_item", "Next open", id="checklist.next-open"),
        Binding("b", "whole", "Delta or all of it", id="checklist.whole"),
        Binding("escape", "close", "Close", id="checklist.close"),
    ]

    class Wanted(Message):
        """A place is to be shown."""

        def __init__(self, path: str, line: int | None) -> None:
            super().__init__()
            self.path, self.line = path, line

    class Answered(Message):
        """An item was answered, or an answer taken back."""

    class Closed(Message):
        """Nobody wants it any more."""

    def __init__(
        self,
        session: Callable[[], Session],
        keep: Callable[[Record], object],
        now: Callable[[], str],
        ask: Callable[[Coroutine[None, None, None]], object],
    ) -> None:
        """Take the session, what adds to it, the clock, and what leads through questions."""
        super().__init__()
        self._session, self._keep, self._now, self._ask = session, keep, now, ask
        self._asked: AskedChecklist | None = None
        self._at: tuple[str, int] | None = None
        self._is_whole = False

    def compose(self) -> ComposeResult:
        """Put title, items and what is said under each other."""
        yield Static(id="checks", markup=False)
        yield Choices(id="items")
        with VerticalScroll(can_focus=False):
            yield Static(id="item-said", markup=False)

    # -- what is shown ------------------------------------------------------------------------------------------------

    def show_checklist(self, asked: AskedChecklist | None) -> None:
        """Show what is asked of a delta; None while nobody knows."""
        self._asked, self._at = asked, None
        self._draw()

    @property
    def answers(self) -> Answers | None:
        """What was made of it by now; None while nobody knows what is asked."""
        return None if self._asked is None else self._asked.answers(self._session())

    def _draw(self) -> None:
        answers = self.answers
        if answers is None:
            self.query_one("#checks", Static).update("looking for every place …")
            self.query_one(Choices).offer(())
            self.query_one("#item-said", Static).update("")
            return
        done, of = answers.count()
        what = f"all of {answers.asked.version}" if self._is_whole or not answers.asked.is_delta else "the delta"
        replaced = len(answers.asked.replaced)
        own = f"  {replaced} of vetflow's items replaced by the project" if replaced else ""
        self.query_one("#checks", Static).update(plain(f"checks {done}/{of}  {what}  {answers.weight.value}{own}"))
        self.query_one(Choices).offer([Choice(each.item.id, _row(each, answers)) for each in answers.asked.questions])
        self._tell()

    @on(Choices.OptionHighlighted)
    def _tell(self) -> None:
        """Say what there is to say of the item with the cursor."""
        question, answers = self._question(), self.answers
        told: list[Content] = []
        if question is not None and answers is not None:
            site = self._site(question)
            told = [plain(question.item.text, "bold")]
            if site is not None:
                number = self._places(question).index(site) + 1
                told.append(plain(f"{number} of {len(self._places(question))}: {place(site)}", "$accent"))
            told += [plain(line) for line in (*found(question, answers.asked), *said(question, answers))]
            told.append(plain(self._what_x_does(question, site), "$dim"))
        self.query_one("#item-said", Static).update(Content("\n").join(told))
        self.call_after_refresh(self.query_one(Choices).scroll_to_highlight)  # what is said may take its room

    def _what_x_does(self, question: Question, site: Site | None) -> str:
        if not question.is_by_site:
            return "x: considered · X: a concern"
        if site is not None:
            return "x: this place · X: a concern about it · enter: the next"
        if self._is_thorough:
            return "enter: the first place; each is answered by itself"
        return f"enter: the first place · x: {_all(len(question.wanted))}"

    @property
    def _is_thorough(self) -> bool:
        return self._asked is not None and self._asked.weight is ChecklistWeight.THOROUGH

    def _question(self) -> Question | None:
        answers, number = self.answers, self.query_one(Choices).highlighted
        return None if answers is None or number is None else answers.asked.questions[number]

    def _places(self, question: Question) -> tuple[Site, ...]:
        return question.sites if self._is_whole or not question.wanted else question.wanted

    def _site(self, question: Question) -> Site | None:
        """Return the place of an item that is shown."""
        places = self._places(question)
        if self._at is None or self._at[0] != question.item.id or self._at[1] >= len(places):
            return None
        return places[self._at[1]]

    def _go_to(self, question: Question, number: int) -> None:
        places = self._places(question)
        self._at = (question.item.id, number % len(places))
        site = places[self._at[1]]
        self.post_message(self.Wanted(site.evidence.path, site.evidence.line))
        self._tell()

    # -- keys ---------------------------------------------------------------------------------------------------------

    @on(Choices.OptionSelected)
    def _next_place(self, message: Choices.OptionSelected) -> None:
        """Show the first place of an item, or the next one."""
        message.stop()
        question = self._question()
        if question is None:
            return
        if not self._places(question):
            self.notify(found(question, None)[0], markup=False)
            return
        at = self._at[1] if self._at is not None and self._at[0] == question.item.id else -1
        self._go_to(question, at + 1)

    def action_whole(self) -> None:
        """Go through the places that are to be looked at, or through all of the version."""
        self._is_whole, self._at = not self._is_whole, None
        self._draw()

    def action_open_item(self) -> None:
        """Go to the next item that nobody answered."""
        answers = self.answers
        if answers is None:
            return
        left, items = answers.open(), self.query_one(Choices)
        order = answers.asked.questions
        at = items.highlighted if items.highlighted is not None else -1
        for number in (*range(at + 1, len(order)), *range(at + 1)):
            if order[number] in left:
                items.highlighted = number
                return
        self.notify("every item was answered; c certifies", markup=False)

    def toggle(self) -> None:
        """Show the list, go to it, or put it away when somebody is in it."""
        items = self.query_one(Choices)
        if self.has_class("-open") and items.has_focus:
            self.action_close()
        else:
            self.add_class("-open")
            items.focus()

    def action_close(self) -> None:
        """Put the list away."""
        self.remove_class("-open")
        self.post_message(self.Closed())

    def action_consider(self) -> None:
        """Say that the place, or the item, was considered; or take that back."""
        question = self._question()
        if question is None:
            return
        site = self._site(question)
        if question.is_by_site and site is not None:
            self._consider_place(question, site)
        elif question.is_by_site and self._is_thorough:
            self.notify("each place is answered by itself, with a line; enter goes to the first", markup=False)
        elif question.is_by_site or question.item.answer is Answer.SITES:
            self._consider(question, question.keys)
        elif question.item.answer is Answer.TEXT:
            self._ask(self._say(question))
        else:
            self._choose(question)

    def _consider_place(self, question: Question, site: Site) -> None:
        if site not in question.wanted:
            self.notify("this place is not asked about; b goes back to those that are", markup=False)
        elif self._is_thorough and not self._is_considered(question, [site.key]):
            self._ask(self._line_for(question, site))
        else:
            self._consider(question, [site.key])

    async def _line_for(self, question: Question, site: Site) -> None:
        words = await self.app.push_screen_wait(AskLine(f"{place(site)}: why is it in order?"))
        if words:
            self._tick(question, [site.key], Verdict.CONSIDERED, words)

    def _is_considered(self, question: Question, keys: Iterable[str]) -> bool:
        ticks = [self._answered(question, key) for key in keys]
        return all(tick is not None and tick.verdict is Verdict.CONSIDERED for tick in ticks)

    def _answered(self, question: Question, key: str) -> Tick | None:
        answers = self.answers
        return None if answers is None else answers.tick(question, key)

    def _consider(self, question: Question, keys: Iterable[str]) -> None:
        is_considered = self._is_considered(question, keys)
        self._tick(question, keys, Verdict.OPEN if is_considered else Verdict.CONSIDERED, "")

    async def _say(self, question: Question) -> None:
        """Ask for words."""
        before = self._answered(question, question.key)
        words = await self.app.push_screen_wait(AskLine(question.item.text, text=before.words if before else "nothing"))
        if words:
            self._tick(question, [question.key], Verdict.CONSIDERED, words)

    @work
    async def _choose(self, question: Question) -> None:
        """Ask for a yes or no."""
        offered = (*_YES_NO, *([_TAKE_BACK] if self._answered(question, question.key) else []))
        words = await self.app.push_screen_wait(
            Choose(question.item.text, [Choice(each, plain(each)) for each in offered])
        )
        if words == _TAKE_BACK:
            self._tick(question, [question.key], Verdict.OPEN, "")
        elif words:
            self._tick(question, [question.key], Verdict.CONSIDERED, words)

    def action_concern(self) -> None:
        """Say what is wrong with the place, or with the item."""
        question = self._question()
        if question is not None:
            site = self._site(question)
            self._ask(self._concern(question, site.key if site is not None else question.key))

    async def _concern(self, question: Question, key: str) -> None:
        before = self._answered(question, key)
        text = before.words if before and before.verdict is Verdict.CONCERN else ""
        title = f"{question.item.subject}: what concerns you?{' (empty: nothing any more)' if text else ''}"
        words = await self.app.push_screen_wait(AskLine(title, text=text, needed=not text))
        if words is not None:
            self._tick(question, [key], Verdict.CONCERN if words else Verdict.OPEN, words)

    def _tick(self, question: Question, keys: Iterable[str], verdict: Verdict, words: str) -> None:
        """Keep what a person answered, and go on to what is still open."""
        if self._asked is None:
            return
        for key in keys:
            self._keep(Tick(self._asked.asked.crate, question.item.id, key, verdict, words, self._now()))
        self._draw()
        self.post_message(self.Answered())
        if verdict is not Verdict.OPEN:
            self._go_on(question)

    def _go_on(self, question: Question) -> None:
        """Show the next place of an item that nobody answered; after the last one go to the next open item."""
        answers = self.answers
        places = self._places(question)
        if answers is not None and self._site(question) is not None and self._at is not None:
            start = self._at[1] + 1
            for number in (*range(start, len(places)), *range(start)):
                if places[number] in question.wanted and answers.tick(question, places[number].key) is None:
                    self._go_to(question, number)
                    return
        if answers is not None and answers.standing(question).verdict is not Verdict.OPEN and answers.open():
            self.action_open_item()


def _row(question: Question, answers: Answers) -> Content:
    standing = answers.standing(question)
    part = f" {standing.done}/{standing.of}" if 0 < standing.done < standing.of else ""
    text = f"{SIGNS[standing.verdict]} {question.item.id}{part}  {counts(question, answers.asked)}"
    return plain(
        text, "bold" if standing.verdict is Verdict.OPEN else "$bad" if standing.verdict is Verdict.CONCERN else ""
    )


def _all(count: int) -> str:
    return "considered" if count == 1 else f"all {count} places at once"
